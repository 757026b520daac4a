from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.intake import Options, Tally
from pipeline.log import Log
from pipeline.settings import Settings
from pipeline.store import open_store
from pipeline.watch import watch
from pipeline.workspace import Workspace, WorkspaceError, files_under, init

ROOT = Path(__file__).resolve().parent.parent.parent
METHOD = None if sys.platform == "win32" else "fork"


def notice(subject: str) -> str:
    return (
        f"某市城市管理局关于做好{subject}工作的通知\n\n各科室：\n\n一、每月5日前报送信息不少于2篇。\n\n2021年3月2日\n"
    )


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def archived(workspace: Workspace) -> list[str]:
    return sorted(path.name for path in files_under(workspace.archive))


@contextmanager
def watching(workspace: Workspace, lines: io.StringIO, *, settle: float = 0.1, **options: Any) -> Iterator[Any]:
    stop, results = threading.Event(), []

    def run() -> None:
        results.append(
            watch(
                workspace, open_store=lambda: open_store(workspace.database), log=Log(lines, machine=True), stop=stop,
                options=Options("张三", Settings(jobs=1), settle=settle, method=METHOD), **options,
            )
        )  # fmt: skip

    thread = threading.Thread(target=run)
    thread.start()
    until(lambda: "watch.started" in lines.getvalue())
    try:
        yield results
    finally:
        stop.set()
        thread.join(timeout=20)
        assert not thread.is_alive()


@pytest.mark.parametrize("options", [{"poll": False}, {"poll": True, "interval": 0.1}], ids=["events", "polling"])
def test_what_is_dropped_is_taken(tmp_path: Path, options: dict[str, Any]) -> None:
    workspace, lines = init(tmp_path), io.StringIO()
    (workspace.inbox / "先.txt").write_text(notice("先"), "utf-8")
    days: list[date] = []
    with watching(workspace, lines, daily=lambda _, today: days.append(today), **options) as results:
        until(lambda: archived(workspace) == ["先.txt"])
        (workspace.inbox / "后.txt").write_text(notice("后"), "utf-8")
        (tmp_path / "夹").mkdir()
        (tmp_path / "夹" / "中.txt").write_text(notice("中"), "utf-8")
        os.rename(tmp_path / "夹", workspace.inbox / "夹")
        until(lambda: archived(workspace) == ["中.txt", "先.txt", "后.txt"])
    assert results == [Tally(saved=3)] and len(days) == 1
    assert all(json.loads(line)["time"] for line in lines.getvalue().splitlines())


def test_a_growing_file_is_taken_when_it_has_stopped(tmp_path: Path) -> None:
    workspace, lines = init(tmp_path), io.StringIO()
    with watching(workspace, lines, settle=0.6, poll=True, interval=0.05):
        with open(workspace.inbox / "甲.txt", "w", encoding="utf-8") as file:
            for char in notice("甲")[:20]:
                file.write(char)
                file.flush()
                time.sleep(0.05)
            file.write(notice("甲")[20:])
        assert archived(workspace) == []
        until(lambda: archived(workspace))
    assert next(files_under(workspace.archive)).read_text("utf-8") == notice("甲")


def test_a_second_watcher_says_so(tmp_path: Path) -> None:
    workspace, lines = init(tmp_path), io.StringIO()
    with watching(workspace, lines, poll=True, interval=0.1):
        options = Options("李四", Settings(jobs=1), settle=0.1, method=METHOD)
        with pytest.raises(WorkspaceError, match=rf"已有一个.*进程 {os.getpid()}"):
            watch(workspace, open_store=lambda: open_store(workspace.database), options=options, log=Log(), once=True)
    options = Options("李四", Settings(jobs=1), settle=0.1, method=METHOD)
    reach = lambda: open_store(workspace.database)  # noqa: E731
    assert watch(workspace, open_store=reach, options=options, log=Log(lines), once=True) == Tally()


SCRIPT = """
import sys
from pathlib import Path
from pipeline.intake import Options
from pipeline.log import Log
from pipeline.settings import Settings
from pipeline.store import open_store
from pipeline.watch import watch
from pipeline.workspace import Workspace

if __name__ == "__main__":
    workspace = Workspace.open(Path(sys.argv[1]))
    options = Options("张三", Settings(jobs=1), settle=0.1)
    watch(workspace, open_store=lambda: open_store(workspace.database), options=options, log=Log(machine=True))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_whole_group_ends_it_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    workspace = init(tmp_path)
    (workspace.inbox / "甲.txt").write_text(notice("甲"), "utf-8")
    watcher = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, tmp_path], cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    until(lambda: archived(workspace))
    os.killpg(watcher.pid, number)
    _, lines = watcher.communicate(timeout=20)
    assert watcher.returncode == 0, lines
    assert json.loads(lines.splitlines()[-1])["event"] == "watch.stopped"
    assert not list((workspace.private / "claims").iterdir())
