"""The ledger and its evidence in backups, put back, and purged with their notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.backup import BackupError, back_up, daily_backup
from pipeline.office import Office
from pipeline.purge import purge, trace
from pipeline.restore import open_for_restore, restore
from pipeline.tracker.ledger import Ledger
from pipeline.tracker.types import Query

TODAY = date(2024, 4, 1)
FILED = Query(today=TODAY)


@contextmanager
def opened(office: Office) -> Iterator[Ledger]:
    with closing(office.store()) as store:
        now = datetime(2024, 4, 1, 9, tzinfo=UTC)
        yield Ledger(store, today=TODAY, by="李科", now=now, evidence=office.workspace.evidence)


def file_all(ledger: Ledger) -> list[int]:
    ledger.propose()
    found = [item.id for item in ledger.items(Query(today=TODAY, filing=("pending",)))]
    ledger.file(found, assigned_on=TODAY)
    return found


def kept(office: Office) -> list[bytes]:
    return sorted(path.read_bytes() for path in office.workspace.evidence.rglob("*") if path.is_file())


def test_a_ledger_is_put_back(
    office: Office, put: Callable[..., str], text: Callable[..., str], tmp_path: Path
) -> None:
    put(office, text())
    paper = tmp_path / "名单.txt"
    paper.write_bytes(b"names")
    with opened(office) as ledger:
        (first, *_) = file_all(ledger)
        ledger.split(first, [{"unit": "一站"}, {"unit": "二站"}])
        ledger.attach(first, paper)
        ledger.report(first, progress="已报")
        before = [ledger.item(item.id) for item in ledger.items(FILED)]
    made = back_up(office, tmp_path / "b.zip")
    other = open_for_restore(tmp_path / "新")
    restore(made.path, other)
    with opened(other) as ledger:
        assert [ledger.item(item.id) for item in ledger.items(FILED)] == before
        assert ledger.propose() == 0
        ledger.undo()
    assert kept(other) == kept(office) == [b"names"]


def test_a_ledger_that_went_on_is_only_replaced_by_force(
    office: Office, put: Callable[..., str], text: Callable[..., str], tmp_path: Path
) -> None:
    put(office, text())
    with opened(office) as ledger:
        file_all(ledger)
    made = back_up(office, tmp_path / "b.zip")
    assert restore(made.path, office).saved
    with opened(office) as ledger:
        ledger.set(ledger.items(FILED)[0].id, "leader", "陈局长")
    with pytest.raises(BackupError, match="比备份"):
        restore(made.path, office)
    restore(made.path, office, force=True)
    with opened(office) as ledger:
        assert ledger.items(FILED)[0].leader == ""


def test_a_ledger_without_notices_is_no_empty_store(office: Office, tmp_path: Path) -> None:
    made = back_up(office, tmp_path / "b.zip")
    with opened(office) as ledger:
        ledger.add({"text": "整改排口"}, "instruction")
    with pytest.raises(BackupError, match="比备份"):
        restore(made.path, office)


def test_the_days_copy_is_made_where_only_the_ledger_changed(
    office: Office, put: Callable[..., str], text: Callable[..., str]
) -> None:
    put(office, text())
    with opened(office) as ledger:
        file_all(ledger)
    assert daily_backup(office, date(2024, 4, 1))
    with opened(office) as ledger:
        ledger.propose()
    assert daily_backup(office, date(2024, 4, 2)) is None
    with opened(office) as ledger:
        ledger.set(ledger.items(FILED)[0].id, "leader", "陈局长")
    assert daily_backup(office, date(2024, 4, 3))


def test_evidence_goes_with_its_notice(
    office: Office, put: Callable[..., str], text: Callable[..., str], tmp_path: Path
) -> None:
    gone, stays = put(office, text(4, "节水宣传"), "甲.txt"), put(office, text(5, "防汛"), "乙.txt")
    papers = {name: tmp_path / name for name in ("own", "undone", "shared")}
    for name, path in papers.items():
        path.write_text(name, encoding="utf-8")
    with opened(office) as ledger:
        file_all(ledger)
        mine = ledger.items(Query(today=TODAY, notice_id=gone))[0].id
        other = ledger.items(Query(today=TODAY, notice_id=stays))[0].id
        ledger.attach(mine, papers["undone"])
        ledger.undo()
        for item, name in ((mine, "own"), (mine, "shared"), (other, "shared")):
            ledger.attach(item, papers[name])
    assert len(kept(office)) == 3
    with closing(office.store()) as store:
        found = trace(office, store, gone)
        assert sum(path.is_relative_to(office.workspace.evidence) for path in found.originals) == 2
        purge(office, store, found)
    assert kept(office) == [b"shared"]
    with opened(office) as ledger:
        assert {item.notice_id for item in ledger.items(Query(today=TODAY, filing=()))} == {stays}
    for path in office.workspace.folder.rglob("*"):
        assert not path.is_file() or "节水宣传".encode() not in path.read_bytes()
