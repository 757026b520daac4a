"""Where a workbook's table is, and what its columns are for, told by the words of their heads (``heads.toml``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.tracker.sheets import Book, Grid, plain

_BRACKETS = re.compile(r"[（(【\[〔][^（()）【】\[\]〔〕]*[）)】\]〕]")
_MARKS = re.compile(r"[\s：:*＊★（）()【】\[\]]+")
#: Rows that may stand above the heads.
_ABOVE = 15
#: Rows that the heads may take.
_LEVELS = 3
#: So many heads must be known for a row to be one of heads.
_LEAST = 3
#: What tells that a row is about an item, and not one of heads of something else.
_TELLING = frozenset({"title", "requirement", "number", "progress_text", "lead", "due"})


@dataclass(frozen=True)
class Table:
    """A table within a sheet.

    Attributes:
        grid: the sheet.
        first, last: its head rows; data begin behind ``last``.
        columns: columns by field; each field has one column.
        heads: words of each column's head, by column.
    """

    grid: Grid
    first: int
    last: int
    columns: Mapping[str, int]
    heads: Mapping[int, str]

    def value(self, row: int, field: str) -> Any:
        """A row's value for a field; None where there is no such column."""
        column = self.columns.get(field)
        return None if column is None else self.grid.at(row, column)

    def text(self, row: int, field: str) -> str:
        """A row's value for a field as text."""
        return plain(self.value(row, field))

    def rows(self) -> list[int]:
        """Rows that hold something: neither repeated heads, nor headings across the table, nor the rows below it."""
        found = []
        for row in range(self.last + 1, len(self.grid.rows)):
            if is_foot(self.grid, row):
                break
            if self._blank(row) or self._repeated(row) or self._across(row):
                continue
            found.append(row)
        return found

    def _blank(self, row: int) -> bool:
        fields = [field for field in self.columns if field != "index"]
        return not any(self.text(row, field) for field in fields)

    def _repeated(self, row: int) -> bool:
        said = {column: self.grid.text(row, column) for column in self.columns.values()}
        same = sum(1 for column, text in said.items() if text and _squeeze(text) in _squeeze(self.heads[column]))
        return same >= min(_LEAST, len(self.columns)) and same >= len([t for t in said.values() if t]) - 1

    def _across(self, row: int) -> bool:
        wide = max((right - left for top, left, bottom, right in self.grid.merges if top == row == bottom), default=0)
        filled = [column for column, value in enumerate(self.grid.rows[row]) if plain(value)]
        return wide >= max(3, len(self.columns) // 2) and len(filled) <= 1


@cache
def lexicon() -> Mapping[str, Any]:
    """The data of ``heads.toml``."""
    import tomllib

    return tomllib.loads((files(__package__) / "heads.toml").read_text(encoding="utf-8"))


@cache
def _rules() -> tuple[tuple[str, float, re.Pattern[str]], ...]:
    rules = [(each["field"], each["weight"], re.compile(each["pattern"])) for each in lexicon()["head"]]
    return tuple(sorted(rules, key=lambda rule: -rule[1]))


@cache
def field_of(head: str) -> tuple[str, float] | None:
    """What a column of this head is for, with the weight of the rule that says so; None where no rule does."""
    outside = "/".join(_MARKS.sub("", _BRACKETS.sub("", level)) for level in head.split("/"))
    inside = "/".join(_MARKS.sub("", level) for level in head.split("/"))
    for words in dict.fromkeys((outside.strip("/"), inside)):
        spoken = [words, words.rpartition("/")[2]]
        if not re.search(r"[^/]/(?:原文|日期)$", words):
            spoken.append(words.split("/")[0])
        best: tuple[str, float] | None = None
        for text in filter(None, dict.fromkeys(spoken)):
            rule = next((rule for rule in _rules() if rule[2].search(text)), None)
            if rule and (best is None or rule[1] > best[1]):
                best = rule[0], rule[1]
        if best:
            return best
    return None


def find_table(grid: Grid, needed: Sequence[str] = ()) -> Table | None:
    """The table of a sheet; None where no row tells what its columns are for.

    Args:
        needed: fields of which at least one must have a column.
    """
    best: tuple[float, Table] | None = None
    for first in range(min(_ABOVE, len(grid.rows))):
        for levels in range(1, _LEVELS + 1):
            last = first + levels - 1
            if last >= len(grid.rows):
                break
            table = _read(grid, first, last)
            if len(table.columns) < _LEAST or not _TELLING & set(table.columns):
                continue
            if needed and not set(needed) & set(table.columns):
                continue
            # A further row of heads has to tell more than the rows above it.
            score = len(table.columns) - 0.6 * (levels - 1) - 0.01 * first
            if best is None or score > best[0]:
                best = score, table
    if best is None:
        return None
    found = best[1]
    deepest = max(
        (bottom for top, _, bottom, _ in grid.merges if top == found.first and bottom - top < _LEVELS),
        default=found.last,
    )
    return _read(grid, found.first, max(found.last, deepest)) if deepest > found.last else found


def find_tables(book: Book, needed: Sequence[str] = ()) -> list[Table]:
    """The tables of a workbook's visible sheets, of the hidden ones where there is no other."""
    shown = [find_table(grid, needed) for grid in book.grids if not grid.hidden]
    if not any(shown):
        shown = [find_table(grid, needed) for grid in book.grids if grid.hidden and not grid.name.startswith("_")]
    return [table for table in shown if table is not None]


def is_foot(grid: Grid, row: int) -> bool:
    """Whether a row is what stands below a table: notes, signatures, sums."""
    first = next((plain(value) for value in grid.rows[row] if plain(value)), "")
    return bool(re.search(lexicon()["foot"]["pattern"], first))


def label(grid: Grid, name: str, rows: int = _ABOVE) -> tuple[int, int, str] | None:
    """Where a label (``unit``: 填报单位, ``as_of``: 截至日期) stands above a table: row, column, what follows it."""
    pattern = re.compile(lexicon()["labels"][name])
    for row in range(min(rows, len(grid.rows))):
        for column, value in enumerate(grid.rows[row]):
            text = plain(value)
            found = pattern.search(text) or pattern.search(re.split(r"\s{2,}", text)[-1])
            if isinstance(value, str) and found:
                rest = text[text.index(found[0]) + len(found[0]) :].strip()
                if not rest:
                    rest = next((plain(v) for v in grid.rows[row][column + 1 : column + 4] if plain(v)), "")
                return row, column, re.split(r"\s{2,}", rest)[0]
    return None


def _read(grid: Grid, first: int, last: int) -> Table:
    width = max((len(row) for row in grid.rows[first : last + 1]), default=0)
    heads: dict[int, str] = {}
    for column in range(width):
        levels: list[str] = []
        for row in range(first, last + 1):
            text = re.sub(r"\s+", "", _head_at(grid, row, column, last))
            if text and text not in levels:
                levels.append(text.replace("/", "、"))
        if levels:
            heads[column] = "/".join(levels)
    chosen: dict[str, tuple[float, int]] = {}
    for column, head in heads.items():
        if len(head) > 40:
            continue
        found = field_of(head)
        if found and (found[0] not in chosen or found[1] > chosen[found[0]][0]):
            chosen[found[0]] = found[1], column
    return Table(grid, first, last, {field: column for field, (_, column) in chosen.items()}, heads)


def _head_at(grid: Grid, row: int, column: int, last: int) -> str:
    text = grid.text(row, column)
    if text:
        return text
    for top, left, bottom, right in grid.merges:
        if top <= row <= bottom and left <= column <= right:
            return grid.text(top, left)
    if row < last and column and grid.text(row + 1, column) and grid.text(row + 1, column - 1):
        # A head over two columns whose merge was lost when the table was copied.
        return grid.text(row, column - 1)
    return ""


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)
