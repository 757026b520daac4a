"""A PostgreSQL server that goes away while files are taken in, and comes back."""

from __future__ import annotations

import contextlib
import glob
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.intake import Options
from pipeline.log import Log
from pipeline.settings import Settings
from pipeline.store import open_store
from pipeline.watch import watch
from pipeline.workspace import files_under, init

FILES = 30


class Server:
    """A cluster of its own in a temporary folder, which an ordinary user must run."""

    def __init__(self, folder: Path, bin: Path) -> None:
        self.folder, self.bin = folder, bin
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"postgresql://tester@127.0.0.1:{self.port}/postgres"

    def run(self, *command: str) -> None:
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*prefix, str(self.bin / command[0]), *command[1:]], check=True, cwd=self.folder, timeout=60,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def make(self) -> None:
        self.run("initdb", "-D", str(self.folder / "data"), "-U", "tester", "-A", "trust", "-E", "UTF8", "-N")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        self.run(
            "pg_ctl", "-D", str(self.folder / "data"), "-w", "-o", options, "-l", str(self.folder / "log"), "start"
        )

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop")


@pytest.fixture
def server() -> Iterator[Server]:
    pytest.importorskip("psycopg", reason="needs psycopg (duban[postgres])")
    found = shutil.which("initdb") or max(glob.glob("/usr/lib/postgresql/*/bin/initdb"), default=None)
    if sys.platform == "win32" or not found:
        pytest.skip("needs PostgreSQL's initdb")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if os.geteuid() == 0:
            try:
                shutil.chown(folder, "postgres")
            except LookupError:
                pytest.skip("root can't run PostgreSQL, and there is no user postgres")
        server = Server(folder, Path(found).parent)
        try:
            server.make()
            server.start()
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"PostgreSQL can't be started here: {error}")
        try:
            yield server
        finally:
            with contextlib.suppress(subprocess.SubprocessError):
                server.stop()


def notice(number: int) -> str:
    return (
        f"某市某局关于第{number}项工作的通知\n\n各科室：\n\n一、每月5日前报送第{number}类信息不少于{number + 1}篇。\n"
    )


def test_nothing_is_lost_or_twice_when_the_server_goes_away(server: Server, tmp_path: Path) -> None:
    workspace, lines, stop = init(tmp_path), io.StringIO(), threading.Event()
    for number in range(FILES):
        (workspace.inbox / f"{number}.txt").write_text(notice(number), "utf-8")
    options = Options("张三", Settings(jobs=2), settle=0.05, method="fork")
    watcher = threading.Thread(
        target=watch, args=(workspace,),
        kwargs={
            "open_store": lambda: open_store(server.url), "options": options, "log": Log(lines, machine=True),
            "poll": True, "interval": 0.2, "stop": stop,
        },
    )  # fmt: skip
    watcher.start()

    def archived() -> int:
        return len(list(files_under(workspace.archive)))

    end = time.monotonic() + 40
    try:
        for part in (3, 10, 18):
            while archived() < part and time.monotonic() < end:
                time.sleep(0.005)
            server.stop()
            time.sleep(0.2)
            server.start()
        while archived() < FILES and time.monotonic() < end:
            time.sleep(0.02)
    finally:
        stop.set()
        watcher.join(timeout=30)
    assert archived() == FILES
    assert not [*files_under(workspace.inbox), *files_under(workspace.failed)]
    with open_store(server.url) as store:
        assert len(store.notices()) == FILES
    assert '"trouble"' in lines.getvalue() and '"trouble.over"' in lines.getvalue()
