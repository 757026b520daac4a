"""What tests of the store share: files taken in, rows and keys to compare."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from extractors import extract
from pipeline.store import Arrival, Saved, Store
from schemas.record import NoticeRecord

AT = datetime(2023, 3, 20, 8, 30, tzinfo=UTC)


@pytest.fixture
def put(store: Store, tmp_path: Path) -> Callable[..., Saved]:
    """Reads a file, or text with the name that it should have, and saves what was read; gives what became of it."""

    def save(source: Path | str, name: str = "通知.txt", **more: object) -> Saved:
        path = source
        if isinstance(source, str):
            path = tmp_path / name
            path.write_text(source, encoding="utf-8")
        assert isinstance(path, Path)
        (saved,) = store.save(extract(path), arrival(path, **more), by="李科", at=AT)
        return saved

    return save


def arrival(path: Path, **more: object) -> Arrival:
    """A file as it arrives."""
    data = path.read_bytes()
    return Arrival(path.name, path.suffix[1:], sha256(data).hexdigest(), len(data), **more)  # type: ignore[arg-type]


@pytest.fixture
def arrived() -> Callable[..., Arrival]:
    return arrival


@pytest.fixture
def sample(root: Path) -> Callable[[str], Path]:
    """A sample's path by its file name."""
    return lambda name: root / "samples" / name


@pytest.fixture
def projects(root: Path) -> str:
    """The text of a notice whose tasks stand in a table."""
    return (root / "samples" / "xuzhou-renewal-projects.txt").read_text(encoding="utf-8")


@pytest.fixture
def volunteers(root: Path) -> str:
    """The text of a notice whose tasks stand in numbered items."""
    return (root / "samples" / "haining-river-volunteers.txt").read_text(encoding="utf-8")


@pytest.fixture
def everything(store: Store) -> Callable[[], dict[str, list[tuple[object, ...]]]]:
    """All rows of all tables, to compare."""
    from sqlalchemy import select

    from pipeline.store.tables import metadata

    def rows() -> dict[str, list[tuple[object, ...]]]:
        with store._gate.reading() as session:
            return {
                table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
                for table in metadata.sorted_tables
            }

    return rows


def keys_by_text(store: Store, notice_id: str, version: int | None = None) -> dict[str, str]:
    """A version's keys by the first words of each task."""
    record: NoticeRecord = store.record(notice_id, version=version, corrected=False)
    keys = store.keys(notice_id, version=version)
    return {task.title or task.text: keys[task.id] for task in record.tasks}


@pytest.fixture
def keys_of() -> Callable[..., dict[str, str]]:
    return keys_by_text
