"""A workspace with notices in it, without the time that workers take to start."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from extractors import extract
from pipeline import cli
from pipeline.office import Office
from pipeline.store import Arrival
from pipeline.workspace import init

AT = datetime(2024, 3, 20, 8, 30, tzinfo=UTC)
NOTICE = """临江市水务局文件
临水发〔2024〕{number}号

关于做好{what}工作的通知

各科室：
一、落实责任。
办公室牵头，于11月底前完成{what}台账整理，联系电话13912345678。
二、报送信息。
水资源科每月5日前报送信息不少于{count}篇。

临江市水务局
2024年3月{number}日
"""


def notice(number: int = 4, what: str = "节水宣传", count: int = 2) -> str:
    """A notice's text; another count makes another version of it."""
    return NOTICE.format(number=number, what=what, count=count)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An empty workspace."""
    folder = tmp_path / "督办"
    init(folder)
    return Office.open(folder, "李科", {})


@pytest.fixture
def put() -> Callable[..., str]:
    """Puts a notice into a workspace as intake does, original and all; gives its id."""

    def save(office: Office, text: str, name: str = "通知.txt", **more: Any) -> str:
        path = office.workspace.archive / "2024" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        data = path.read_bytes()
        place = office.workspace.relative(path)
        arrival = Arrival(name, "txt", hashlib.sha256(data).hexdigest(), len(data), archived_path=place, **more)
        with closing(office.store()) as store:
            (saved,) = store.save(extract(path), arrival, by="李科", at=AT)
        return saved.notice_id

    return save


@pytest.fixture
def text() -> Callable[..., str]:
    return notice


@pytest.fixture
def run(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    """The command line in the workspace: exit status, output, messages."""
    monkeypatch.chdir(office.workspace.folder)
    monkeypatch.setenv("DUBAN_OPERATOR", "李科")

    def invoke(*arguments: str, answer: str = "") -> tuple[int, str, str]:
        runner = CliRunner()
        with runner.isolation(input=answer) as streams:
            with pytest.raises(SystemExit) as stop:
                cli.main(list(arguments))
            sys.stdout.flush()
            sys.stderr.flush()
        status = stop.value.code
        return int(status or 0), streams[0].getvalue().decode(), streams[1].getvalue().decode()

    return invoke
