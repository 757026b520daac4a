from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extractors import extract, lexicons
from pipeline import parallel
from pipeline.office import Office
from pipeline.process import process
from pipeline.reprocess import reprocess
from pipeline.store import Arrival
from pipeline.workspace import hash_file

Put = Callable[..., str]
Text = Callable[..., str]


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads in this process instead of in workers."""

    def each(function: object, items: list[Path], **_: object) -> Iterator[tuple[int, Any]]:
        for index, item in enumerate(items):
            yield index, parallel.Lost("crashed", "SIGSEGV") if "坏" in item.name else parallel.Returned(process(item))

    monkeypatch.setattr(parallel, "each", each)


def older(office: Office, text: str, name: str) -> tuple[str, str]:
    """A notice as older rules read it: without its second task's owners; its id and that task's key."""
    path = office.workspace.archive / "2024" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    (record,) = extract(path)
    record.producer.rules = "older"
    record.tasks[1].owners = []
    place = office.workspace.relative(path)
    arrival = Arrival(name, "txt", hash_file(path), path.stat().st_size, archived_path=place)
    with closing(office.store()) as store:
        (saved,) = store.save([record], arrival, by="李科", at=datetime.now(UTC))
        return saved.notice_id, store.keys(saved.notice_id)[record.tasks[1].id]


def test_newer_rules_change_the_record_and_nothing_that_people_did(office: Office, text: Text) -> None:
    notice_id, key = older(office, text(), "甲.txt")
    with closing(office.store()) as store:
        store.correct(key, "title", "set", "人写的标题", "王", datetime.now(UTC))
        before = store.keys(notice_id)
        report = reprocess(office, store)
        (saved,) = report.changed
        assert (saved.notice_id, saved.version, report.same, report.failed) == (notice_id, 1, 0, [])
        assert saved.diff is not None
        assert [moved.key for moved in saved.diff.owners] == [key]
        assert store.keys(notice_id) == before
        task = store.task(key)
        assert [owner.name for owner in task.task.owners] == ["水资源科"]
        assert task.task.title == "人写的标题"
        (version,) = store.versions(notice_id)
        assert version.rules == lexicons.fingerprint()
        assert store.changes(0)[-1].by == "李科"
        # What today's rules have read is left alone, unless it is asked for.
        again = reprocess(office, store)
        assert (again.changed, again.same, again.current) == ([], 0, 1)
        forced = reprocess(office, store, [notice_id], force=True)
        assert (forced.changed, forced.same, forced.current) == ([], 1, 0)


def test_an_original_is_found_by_its_content(office: Office, text: Text) -> None:
    older(office, text(), "甲.txt")
    path = office.workspace.archive / "2024" / "甲.txt"
    path.rename(path.with_name("改了名.txt"))
    with closing(office.store()) as store:
        report = reprocess(office, store)
        assert len(report.changed) == 1
        assert store.record(report.changed[0].notice_id).notice.sources[0].name == "甲.txt"


def test_what_cannot_be_read_fails_alone(office: Office, text: Text) -> None:
    older(office, text(4), "甲.txt")
    older(office, text(5, "防汛"), "坏了.txt")
    older(office, text(6, "绿化"), "没有了.txt")
    (office.workspace.archive / "2024" / "没有了.txt").write_text("改过")
    with closing(office.store()) as store:
        report = reprocess(office, store)
        assert len(report.changed) == 1
        assert {name: reason.split("；")[0] for name, reason in report.failed} == {
            "坏了.txt": "读取时程序异常中止（SIGSEGV）",
            "没有了.txt": "归档里没有原件，或原件已被改动",
        }
        assert len(store.notices()) == 3
