"""Which notices an export holds: all that the filters let through, or only what changed since a cursor.

A cursor is the number of the last change that was taken. Another system that keeps it misses nothing: what changed
comes whole and as it is now, and what went, or is no longer to be given out, comes as a withdrawal. A change may come
twice, never not at all; taking it again changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.export.tables import Item
from pipeline.files import write_atomically
from schemas.errors import DubanError

if TYPE_CHECKING:
    from pipeline.store import Change, NoticeRow, Store

_PAGE = 1000
#: A notice may be read anew between its record and its keys.
_TRIES = 5


class ExportError(DubanError):
    """An export that can't be made or written, with the remedy."""


@dataclass(frozen=True)
class Filter:
    """What an export is to hold. Nothing given lets everything through, but internal papers."""

    city: str | None = None
    agency: str | None = None
    year: int | None = None
    topic: str | None = None
    ids: tuple[str, ...] = ()
    internal: bool = False

    def arguments(self) -> dict[str, Any]:
        """The filters as the store takes them."""
        given = {"city": self.city, "agency": self.agency, "year": self.year, "topic": self.topic}
        arguments: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        return arguments | ({"ids": list(self.ids)} if self.ids else {})


@dataclass
class Selection:
    """What to export: rows of the store, ids that were withdrawn, and the cursor up to which this goes."""

    cursor: int
    rows: list[NoticeRow] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    changes: Mapping[str, Change] = field(default_factory=dict)

    def items(self, store: Store) -> Iterator[Item]:
        """The records one by one, so that memory holds one of them; withdrawals last."""
        for row in self.rows:
            yield item_of(store, row)
        for notice_id in self.withdrawn:
            yield Item(notice_id, None)


def select(store: Store, filters: Filter, since: int | None = None) -> Selection:
    """Notices of the store by filters, all or those that changed since a cursor.

    Raises:
        ExportError: the cursor is ahead of the store, which an older copy was restored into.
    """
    # The cursor is read first: what changes while the records are read comes again with the next export.
    cursor = store.cursor()
    if since is not None and since > cursor:
        raise ExportError(
            "export.cursor", f"游标 {since} 比库里最新的变动（{cursor}）还新，库可能恢复过旧备份",
            remedy="请不带 --since 重新导出全部，再用新的游标",
        )  # fmt: skip
    if since == cursor:
        return Selection(cursor)
    arguments = filters.arguments() | ({"since": since} if since else {})
    rows = [row for row in store.notices(**arguments) if filters.internal or not row.internal]
    rows.sort(key=lambda row: row.notice_id)
    if since is None:
        return Selection(cursor, rows)
    first, last = _changed(store, since, cursor)
    chosen = [row for row in rows if row.notice_id in last]
    there = {row.notice_id for row in chosen}
    # Who saw a notice's first change only now never had it, so it need not be taken back.
    gone = sorted(
        notice_id for notice_id, change in last.items()
        if notice_id not in there and not (since == 0 or first[notice_id].kind == "new")
    )  # fmt: skip
    if filters.ids:
        gone = [notice_id for notice_id in gone if notice_id in filters.ids]
    return Selection(cursor, chosen, gone, last)


def item_of(store: Store, row: NoticeRow) -> Item:
    """A notice of the store with its corrections and its tasks' permanent keys."""
    from pipeline.store.rows import StoreError

    for _ in range(_TRIES):
        try:
            record, keys = store.record(row.notice_id), store.keys(row.notice_id)
        except StoreError as error:
            if error.code != "store.no_notice":
                raise
            # It went while the others were read.
            return Item(row.notice_id, None)
        if all(task.id in keys for task in record.tasks):
            break
    return Item(row.notice_id, record, keys, row.version, row.internal)


def read_cursor(since: str | int | Path | None) -> tuple[int | None, Path | None]:
    """A cursor given as a number, or as a file that holds one and gets the next; a missing file means from the start.

    Raises:
        ExportError: neither a number nor a file with one.
    """
    if since is None:
        return None, None
    if isinstance(since, int):
        return since, None
    text = str(since).strip()
    if text.isascii() and text.isdigit():
        return int(text), None
    path = Path(since)
    try:
        content = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return 0, path
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "不是文本"
        raise ExportError(
            "export.cursor", f"游标文件读不了（{reason}）", file=str(path), remedy="请检查路径和权限",
        ) from error  # fmt: skip
    if not (content.isascii() and content.isdigit()):
        raise ExportError(
            "export.cursor", "游标文件里应是一个整数", file=str(path), remedy="请改正，或删去该文件以便重新导出全部",
        )  # fmt: skip
    return int(content), path


def write_cursor(path: Path, cursor: int) -> None:
    """Keeps a cursor in its file, when all before it is safely written."""
    write(path, f"{cursor}\n")


def write(path: Path, text: str) -> None:
    """A text file written whole or not at all.

    Raises:
        ExportError: the folder can't be made or written to.
    """
    try:
        write_atomically(path, text)
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> ExportError:
    """A path that can't be written, as an error for people."""
    reason = "文件正被其他程序打开或没有写权限" if isinstance(error, PermissionError) else error.strerror or str(error)
    return ExportError(
        "export.unwritable", f"写不了（{reason}）", file=os.fspath(path),
        remedy="请关闭打开它的程序，检查磁盘空间和权限",
    )  # fmt: skip


def _changed(store: Store, since: int, cursor: int) -> tuple[dict[str, Change], dict[str, Change]]:
    """The first and the last change of every notice that changed after one cursor, up to another."""
    first: dict[str, Change] = {}
    last: dict[str, Change] = {}
    at = since
    while at < cursor:
        page = [change for change in store.changes(at, _PAGE) if change.seq <= cursor]
        if not page:
            break
        for change in page:
            first.setdefault(change.notice_id, change)
            last[change.notice_id] = change
        at = page[-1].seq
    return first, last
