from __future__ import annotations

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.locks import Lock
from pipeline.office import Office
from pipeline.publish import publish

Put = Callable[..., str]
Text = Callable[..., str]


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[dict[str, object]], list[int]]]:
    """Another system: its address, what it got, and the answers that it gives before it says yes."""
    got: list[dict[str, object]] = []
    answers: list[int] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = answers.pop(0) if answers else 200
            if status == 200:
                got.append(body)
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/duban", got, answers
    server.shutdown()
    server.server_close()


def configured(office: Office, text: str) -> Office:
    office.workspace.config.write_text(text, encoding="utf-8")
    return Office.open(office.workspace.folder, "李科", {})


def test_what_changed_is_sent_once(
    office: Office, put: Put, text: Text, receiver: tuple[str, list[dict[str, object]], list[int]]
) -> None:
    url, got, answers = receiver
    office = configured(office, f'[export.webhook]\nurl = "{url}"\nsecret = "甲"\nattempts = 1\n')
    notice_id = put(office, text(4), "甲.txt")
    put(office, text(5, "防汛"), "乙.txt", internal=True)
    assert publish(office).sent == 1
    assert [each["notice_id"] for each in got] == [notice_id]
    assert "13912345678" not in json.dumps(got, ensure_ascii=False)
    assert publish(office).sent == 0
    # Away: nothing is lost. Refused: put aside, and sent again when asked to.
    put(office, text(4, count=7), "重印.txt")
    answers.append(503)
    assert publish(office).stopped
    answers.append(422)
    assert publish(office).dead == 1
    assert publish(office, again=True).sent == 1
    assert len(got) == 2


def test_one_process_sends_at_a_time(office: Office, put: Put, text: Text) -> None:
    office = configured(office, '[export.outbox]\nfolder = "outputs/发件箱"\n')
    put(office, text(4), "甲.txt")
    lock = Lock(office.workspace.private / "publish.lock")
    assert lock.take()
    try:
        assert publish(office).stopped
    finally:
        lock.release()
    assert publish(office).written == 1


def wait(what: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited for too long"
        time.sleep(0.1)


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_the_watcher_takes_publishes_backs_up_and_ends(office: Office, text: Text, root: Path) -> None:
    folder = office.workspace.folder
    configured(office, '[watch]\nsettle = 0.2\n[export.outbox]\nfolder = "发件箱"\n')
    environment = {**os.environ, "PYTHONPATH": str(root), "DUBAN_OPERATOR": "李科"}
    program = "from pipeline import publish; publish.EVERY = 0.2; from pipeline.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "watch", "--json-log"], cwd=folder, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        wait(lambda: any(office.backups.glob("duban-*.zip")))
        (folder / "inbox" / "甲.txt").write_text(text(4), encoding="utf-8")
        wait(lambda: any((folder / "发件箱").glob("*.json")))
        again = subprocess.run(
            [sys.executable, "-m", "duban", "watch"], cwd=folder, env=environment, capture_output=True, timeout=60
        )
        assert again.returncode == 1
        assert "已有一个 duban watch".encode() in again.stderr
    finally:
        process.send_signal(signal.SIGTERM)
        out, log = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, b"")
    events = [json.loads(line)["event"] for line in log.decode().splitlines()]
    assert events[-1] == "watch.stopped"
    assert {"watch.started", "backup.made", "file.saved", "publish"} <= set(events)
    assert list((folder / "archive").rglob("甲.txt"))
