"""Which item each row of a returned workbook is about: by the hidden number, by 督办编号, by its words."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.tracker.cells import CellError, read_date
from pipeline.tracker.heads import Table, find_tables, label
from pipeline.tracker.ledger_book import GRID_SHEET, ID_HEAD, KEPT_MARK, KEPT_SHEET
from pipeline.tracker.quota_sheet import QUOTA_SHEET, QuotaRow, read_quotas
from pipeline.tracker.returns_types import Place
from pipeline.tracker.sheets import Book, plain, read_book
from pipeline.tracker.types import Item, LedgerError

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

#: From this likeness on a row's words tell the item, if no other comes near.
_LIKE, _MARGIN = 0.75, 0.06
_NEEDED = ("progress_text", "actual", "progress", "problems", "next_steps", "closed_on")


@dataclass(frozen=True)
class Known:
    """What the hidden sheet says of a row as it was written."""

    number: str
    revision: int
    period: str
    digests: Mapping[str, str]


@dataclass(frozen=True)
class RowRead:
    """A row and the item that it is about.

    Attributes:
        item: None where it can't be told, ``why`` then says so.
        by: ``id``, ``number``, ``words`` (the very same) or ``text`` (alike).
        known: as the row was written; None where that was lost.
    """

    table: Table
    row: int
    item: Item | None
    by: str = ""
    known: Known | None = None
    why: str = ""


@dataclass
class BookRead:
    """A returned workbook.

    Attributes:
        unit: 填报单位 as the file says; empty where it doesn't.
        as_of: 截至日期; None where the file doesn't say.
        gone: items that it was written with and that have no row any more.
        quotas: rows of its sheet 指标填报.
    """

    path: Path
    book: Book
    unit: str = ""
    as_of: date | None = None
    rows: list[RowRead] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    quotas: list[QuotaRow] = field(default_factory=list)

    def place(self, row: RowRead, column: int | None = None) -> Place:
        """A cell of a row, for messages and comments."""
        return Place(self.path.name, row.table.grid.name, row.row, column)


class Index:
    """The ledger's items, to be found by number and by words."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.by_id = {item.id: item for item in items}
        self.by_number = {_number(item.number): item for item in items if item.number}
        self._texts = {item.id: _words(item.title or "", item.requirement or item.text) for item in items}
        self._by_words: dict[str, list[int]] = {}
        for number, text in self._texts.items():
            self._by_words.setdefault(text, []).append(number)

    def find(self, number: str) -> Item | None:
        """The item of a 督办编号, however it is typed."""
        return self.by_number.get(_number(number))

    def same(self, title: str, requirement: str, unit: str) -> Item | None:
        """The only item with just these words, among the unit's or all."""
        found = [self.by_id[number] for number in self._by_words.get(_words(title, requirement), ())]
        own = [item for item in found if unit and _belongs(item, unit)] or found
        return own[0] if len(own) == 1 else None

    def like(self, title: str, requirement: str, unit: str) -> tuple[Item | None, str]:
        """The item that a row's words tell, and why none."""
        from pipeline.store.matching import likeness

        words = _words(title, requirement)
        if len(words) < 4:
            return None, "没有督办编号，也没有工作任务，看不出是哪一事项"
        chosen = [n for n in self._texts if not unit or _belongs(self.by_id[n], unit)] or list(self._texts)
        # The pair of texts with few characters in common can't be alike.
        letters = set(words)
        near = [n for n in chosen if len(letters & set(self._texts[n])) >= 0.5 * len(letters)]
        scored = sorted(((likeness(words, self._texts[n]), n) for n in near), reverse=True)
        if not scored or scored[0][0] < _LIKE:
            return None, "台账里没有这一事项；新增事项请另用 duban add"
        if len(scored) > 1 and scored[0][0] - scored[1][0] < _MARGIN:
            names = "、".join(str(self.by_id[n].number or n) for _, n in scored[:3])
            return None, f"没有督办编号，按文字看可能是 {names}，请补上督办编号"
        return self.by_id[scored[0][1]], ""


def read_return(path: Path, index: Index) -> BookRead:
    """A returned workbook with the item of each row.

    Raises:
        LedgerError: it can't be read, or has no table of a ledger.
    """
    book = read_book(path)
    known, unit, as_of = _kept(book)
    tables = [t for t in find_tables(book, _NEEDED) if t.grid.name not in (GRID_SHEET, KEPT_SHEET, QUOTA_SHEET)]
    if not tables:
        raise LedgerError(
            "ledger.no_table", "没有找到台账的表头（如督办编号、工作任务、本期进展）", file=path.name,
            remedy="请检查表头是否被删改",
        )  # fmt: skip
    read = BookRead(path, book, unit or _label(tables, "unit"), as_of or _day(tables))
    seen: set[int] = set()
    for table in tables:
        hidden = next((column for column, head in table.heads.items() if head.split("/")[0] == ID_HEAD), None)
        for row in table.rows():
            read.rows.append(_match(table, row, hidden, index, known, seen, read.unit))
    read.unit = read.unit or _by_rows(read, index)
    read.quotas = read_quotas(book)
    read.gone = [number for number in known if number not in seen and number in index.by_id]
    return read


def _match(
    table: Table, row: int, hidden: int | None, index: Index, known: Mapping[int, Known], seen: set[int], unit: str
) -> RowRead:
    number = _number(table.text(row, "number"))
    item: Item | None = None
    by = why = ""
    if hidden is not None and (text := table.grid.text(row, hidden)).isdecimal():
        item, by = index.by_id.get(int(text)), "id"
        if item and number and item.number and _number(item.number) != number:
            # A row that was copied and given another number bears its first one's.
            item = None
    if item is None and number:
        item, by = index.by_number.get(number), "number"
        if item is None:
            why = f"台账里没有编号 {table.text(row, 'number')}"
    if item is None and not why:
        title, requirement = table.text(row, "title"), table.text(row, "requirement")
        item = index.same(title, requirement, unit)
        by = "words"
        if item is None:
            item, why = index.like(title, requirement, unit)
            by = "text"
    if item is not None and item.id in seen:
        return RowRead(table, row, None, why=f"与前面的行重复（{item.number or item.id}），只取了前一行")
    if item is not None:
        seen.add(item.id)
    return RowRead(table, row, item, by, known.get(item.id) if item else None, why)


def _kept(book: Book) -> tuple[dict[int, Known], str, date | None]:
    grid = book.grid(KEPT_SHEET)
    if grid is None or grid.text(0, 0) != KEPT_MARK:
        return {}, "", None
    known: dict[int, Known] = {}
    for row in range(1, len(grid.rows)):
        number = grid.text(row, 0)
        if not number.isdecimal():
            continue
        try:
            digests = json.loads(grid.text(row, 4) or "{}")
        except ValueError:
            continue
        known[int(number)] = Known(grid.text(row, 1), int(grid.text(row, 2) or 0), grid.text(row, 3), digests)
    return known, grid.text(0, 3), _iso(grid.text(0, 2))


def _label(tables: Sequence[Table], name: str) -> str:
    for table in tables:
        if found := label(table.grid, name, table.first):
            return found[2]
    return ""


def _day(tables: Sequence[Table]) -> date | None:
    text = re.sub(r"\s+", "", _label(tables, "as_of"))
    if not re.match(r"20\d\d", text):
        return None
    try:
        return read_date(text, date(2000, 1, 1))
    except CellError:
        return None


def _by_rows(read: BookRead, index: Index) -> str:
    """The unit that most rows are of, or that the file's name names."""
    counted = Counter(unit for row in read.rows if row.item for unit in units_of(row.item))
    named = [unit for unit in counted if unit in unicodedata.normalize("NFKC", read.path.stem)]
    if len(named) == 1:
        return named[0]
    common = counted.most_common(1)
    return common[0][0] if common and common[0][1] == sum(1 for row in read.rows if row.item) else ""


def units_of(item: Item) -> tuple[str, ...]:
    """Who has to report on an item."""
    from pipeline.tracker.lines import Line

    return Line(item).units


def may_report(ledger: Ledger, unit: str, item: Item) -> bool:
    """Whether a unit may report on an item: it has a part in it, the item names nobody, or it is one's own unit."""
    if not unit or unit == ledger.settings.unit:
        return True
    names = {*units_of(item), *item.names(), *(party.unit for party in item.parties if party.unit)}
    return not names or any(unit == name or unit in name or name in unit for name in names)


def _belongs(item: Item, unit: str) -> bool:
    return unit in units_of(item) or unit in item.names()


def _number(text: str | None) -> str:
    plain_text = unicodedata.normalize("NFKC", text or "")
    return re.sub(r"[—–－‐―_]", "-", re.sub(r"\s+", "", plain_text)).upper().strip("-")


def _words(title: str, requirement: str) -> str:
    return re.sub(r"[\s，。；、：:,.;（）()“”\"…]+", "", plain(title) + plain(requirement))


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
