"""The workbook for 立项, read back: decisions and edits in bulk, told first and then taken over as one step of undo."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.tracker import cells
from pipeline.tracker.book_columns import digest
from pipeline.tracker.cells import CellError
from pipeline.tracker.deciding import Decision, Outcome, decide, lead_field
from pipeline.tracker.review_book import COLUMNS, DECISIONS, EDITS, KEPT_MARK, KEPT_SHEET, SHEET
from pipeline.tracker.sheets import Grid, plain, read_book
from pipeline.tracker.types import Item, LedgerError, Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger

_BY_LABEL = {label: code for code, label in DECISIONS.items()} | {"存档": "archived", "合并": "merged", "": "pending"}
_ABOVE = 10


@dataclass
class Review:
    """What a workbook says: decisions by item (several for one that is divided), rows that can't be taken, and how many
    items are left as they are."""

    decisions: dict[int, list[Decision]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    waiting: int = 0

    def count(self, decision: str) -> int:
        """How many items are decided so."""
        return sum(1 for rows in self.decisions.values() if rows[0].decision == decision)

    def lines(self) -> Iterator[str]:
        """The decisions as lines to print."""
        count = {code: self.count(code) for code in DECISIONS}
        count["pending"] += self.waiting
        counts = [f"{label} {count[code]}" for code, label in DECISIONS.items()]
        edits = sum(len(each.edits) for rows in self.decisions.values() for each in rows)
        divided = sum(1 for rows in self.decisions.values() if len(rows) > 1)
        yield f"{'，'.join(counts)}；改动 {edits} 处，拆分 {divided} 项"
        yield from (f"  ？{line}" for line in self.refused)


def read_review(ledger: Ledger, path: Path) -> Review:
    """The decisions in a workbook of ``review_book.write_review``; changes nothing.

    Raises:
        LedgerError: the file can't be read, or is no such workbook.
    """
    book = read_book(path)
    grid, kept = book.grid(SHEET), book.grid(KEPT_SHEET)
    if grid is None or kept is None or kept.text(0, 0) != KEPT_MARK:
        raise LedgerError(
            "ledger.review", "不是立项审核表，或隐藏的表被删去了", file=path.name, remedy="请重新导出立项审核表"
        )
    known = {
        int(kept.text(row, 0)): [kept.text(row, column) for column in range(1, 2 + len(EDITS))]
        for row in range(1, len(kept.rows))
        if kept.text(row, 0).isdecimal()
    }
    items = {item.id: item for item in ledger.items(Query(ledger.today, filing=(), ids=tuple(known)))}
    return _Reading(grid, known, items, ledger.today).read()


class _Reading:
    def __init__(self, grid: Grid, known: dict[int, list[str]], items: dict[int, Item], today: date) -> None:
        self.grid, self.known, self.items, self.today = grid, known, items, today
        self.review = Review()

    def read(self) -> Review:
        start, columns = self._heads()
        rows = [row for row in range(start, len(self.grid.rows)) if self.grid.text(row, columns["_id"]).isdecimal()]
        numbered = {self.grid.text(row, columns["index"]): self._id(row, columns) for row in reversed(rows)}
        for row in rows:
            place = f"第{row + 1}行"
            try:
                decision = self._row(row, columns, numbered, place)
            except CellError as error:
                self.review.refused.append(f"{place}：{error}")
                continue
            if decision:
                self.review.decisions.setdefault(decision.item, []).append(decision)
        for row in range(start, len(self.grid.rows)):
            if row not in rows and any(plain(value) for value in self.grid.rows[row]):
                self.review.refused.append(f"第{row + 1}行：不是导出的行；新增事项请用 duban add")
        self._drop_lost()
        return self.review

    def _drop_lost(self) -> None:
        """Takes out what would be merged into an item that nobody follows up then."""
        decided = {number: rows[0].decision for number, rows in self.review.decisions.items()}
        for number, (first, *_) in list(self.review.decisions.items()):
            into = self.items.get(first.into or 0)
            filing = decided.get(first.into or 0) or (into.filing if into else "pending")
            if first.decision == "merged" and filing in ("archived", "merged"):
                word = "仅存档" if filing == "archived" else "并入另一项"
                self.review.refused.append(f"{first.place}：要并入的那一项{word}，没有改动")
                del self.review.decisions[number]

    def _id(self, row: int, columns: Mapping[str, int]) -> int:
        return int(self.grid.text(row, columns["_id"]))

    def _heads(self) -> tuple[int, dict[str, int]]:
        wanted = {column.head: column.name for column in COLUMNS} | {"_id": "_id"}
        for row in range(min(_ABOVE, len(self.grid.rows))):
            found = {
                wanted[self.grid.text(row, column)]: column
                for column in range(len(self.grid.rows[row]))
                if self.grid.text(row, column) in wanted
            }
            if {"_id", "decision", "index"} <= set(found):
                return row + 1, found
        raise LedgerError("ledger.review", "表头不全（决定、序号和隐藏的编号列）", remedy="请重新导出立项审核表")

    def _row(
        self, row: int, columns: Mapping[str, int], numbered: Mapping[str, int], place: str
    ) -> Decision | None:  # fmt: skip
        item = self.items.get(self._id(row, columns))
        if item is None:
            raise CellError("台账里已没有这一项")
        word = self.grid.text(row, columns["decision"])
        code = _BY_LABEL.get(word)
        if code is None:
            raise CellError(f"“决定”写的是“{word}”，应是 {'、'.join(DECISIONS.values())} 之一")
        edits = self._edits(row, columns, item)
        if code == "pending" and not edits:
            self.review.waiting += item.filing == "pending"
            return None
        if item.filing != "pending":
            if item.filing == code:
                return None
            raise CellError(f"已经决定过，没有改动；要重新决定请先 duban confirm --items {item.id} --reopen")
        into = self._into(row, columns, numbered) if code == "merged" else None
        if into == item.id:
            raise CellError("不能并入它自己")
        reason = self.grid.text(row, columns["reason"]) if "reason" in columns else ""
        if code == "archived" and not reason:
            raise CellError("仅存档要写明理由")
        return Decision(item.id, code, place, into, reason, edits)

    def _into(self, row: int, columns: Mapping[str, int], numbered: Mapping[str, int]) -> int:
        text = self.grid.text(row, columns["into"]) if "into" in columns else ""
        if text in numbered:
            return numbered[text]
        if match := re.fullmatch(r"#(\d+)", text):
            return int(match[1])
        raise CellError(f"看不出并入哪一项（现为“{text}”），请填表中的序号")

    def _edits(self, row: int, columns: Mapping[str, int], item: Item) -> dict[str, Any]:
        found: dict[str, Any] = {}
        known = self.known.get(item.id, [])
        for number, name in enumerate(EDITS, 1):
            if name not in columns:
                continue
            value = self.grid.at(row, columns[name])
            if number < len(known) and digest(value) == known[number]:
                continue
            if name == "due":
                found[name] = cells.read_date(value, self.today)
            elif name in ("lead", "support"):
                found[lead_field(item) if name == "lead" else name] = "、".join(cells.read_names(value))
            else:
                found[name] = plain(value)
        return found


def apply_review(
    ledger: Ledger, review: Review, *, assigned_on: date | None = None, each: bool | None = None
) -> Outcome:  # fmt: skip
    """Takes over the decisions as one step of undo.

    Args:
        assigned_on: 交办日期 of what is filed; None: not assigned yet.
        each: as of ``parts.plan_parts``.
    """
    return decide(ledger, review.decisions, assigned_on=assigned_on, each=each) if review.decisions else Outcome()
