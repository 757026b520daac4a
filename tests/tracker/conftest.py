"""A ledger to test on, on SQLite and on PostgreSQL, over a store with one notice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.store import Arrival, Saved, Store
from pipeline.tracker.ledger import Ledger
from pipeline.tracker.settings import LedgerSettings
from schemas.record import NoticeRecord

TODAY = date(2024, 3, 1)


@pytest.fixture
def water(root: Path) -> NoticeRecord:
    """A record of three plans: 14 tasks, 6 events, 6 requirements and a goal, of 2024-02-26."""
    return NoticeRecord.model_validate_json((root / "tests/golden/rugao-water-plans.txt.json").read_text("utf-8"))


@pytest.fixture
def take(store: Store) -> Callable[[NoticeRecord], Saved]:
    """Saves a record as it would come from a file of its own."""

    def save(record: NoticeRecord) -> Saved:
        digest = sha256(record.to_json().encode()).hexdigest()
        copy = record.model_copy(deep=True)
        copy.notice.content_hash = digest
        (saved,) = store.save(
            [copy], Arrival("通知.txt", "txt", digest, 1000), by="李科", at=datetime(2024, 2, 27, 8, tzinfo=UTC)
        )
        return saved

    return save


@pytest.fixture
def open_ledger(store: Store, tmp_path: Path) -> Callable[..., Ledger]:
    """The ledger on a day, by somebody."""

    def opened(today: date = TODAY, by: str = "张三", **settings: object) -> Ledger:
        now = datetime(today.year, today.month, today.day, 9, tzinfo=UTC)
        return Ledger(
            store, today=today, by=by, now=now, settings=LedgerSettings(**settings),  # type: ignore[arg-type]
            evidence=tmp_path / "evidence",
        )  # fmt: skip

    return opened


@pytest.fixture
def ledger(take: Callable[[NoticeRecord], Saved], water: NoticeRecord, open_ledger: Callable[..., Ledger]) -> Ledger:
    """The ledger with the notice's items, waiting for 立项."""
    take(water)
    opened = open_ledger()
    assert opened.propose() == len(water.tasks)
    return opened


@pytest.fixture
def find(ledger: Ledger) -> Callable[[str], int]:
    """An item's number by its title."""
    from pipeline.tracker.types import Query

    def by_title(title: str) -> int:
        everything = Query(today=TODAY, filing=())
        (found,) = [item for item in ledger.items(everything) if item.title == title]
        return found.id

    return by_title
