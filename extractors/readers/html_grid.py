"""A web table's cells, with rowspan and colspan, as a full grid. Source: HTML Standard, 4.9.12 (forming a table)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractors.readers.html_page import local

if TYPE_CHECKING:
    from lxml.etree import _Element

    from schemas.document import Merge

_WIDEST, _TALLEST = 1000, 65534


@dataclass
class Slots:
    """Which cell covers which place: ``cells`` with row, column, row span, column span, in the order of the page.

    ``ragged`` are rows with fewer cells than the table has columns, by how many.
    """

    rows: int = 0
    columns: int = 0
    cells: list[tuple[_Element, int, int, int, int]] = field(default_factory=list)
    ragged: list[tuple[int, int]] = field(default_factory=list)

    @property
    def merges(self) -> list[Merge]:
        """The cells that cover more than one place."""
        return [(row, column, high, wide) for _, row, column, high, wide in self.cells if high > 1 or wide > 1]


def rows_of(table: _Element) -> Iterator[tuple[_Element, _Element]]:
    """A table's rows with the group that each is in (thead, tbody, tfoot, or the table), in the order of the page."""
    for child in table:
        if local(child) == "tr":
            yield table, child
        elif local(child) in ("thead", "tbody", "tfoot"):
            for row in child:
                if local(row) == "tr":
                    yield child, row


def cells_of(row: _Element) -> list[_Element]:
    """A row's cells."""
    return [cell for cell in row if local(cell) in ("td", "th")]


def slots(table: _Element, max_cells: int) -> Slots | None:
    """The places that a table's cells cover; None where they are more than ``max_cells``.

    A span that runs beyond its group of rows ends with it, two cells never share a place, and rows and columns that
    no cell begins in are left out, as a browser shows nothing of them.
    """
    found = Slots()
    taken: set[tuple[int, int]] = set()
    listed = [(group, row) for group, row in rows_of(table) if len(cells_of(row)) or _is_covered(row)]
    ends = {id(group): i + 1 for i, (group, _) in enumerate(listed)}
    for number, (group, row) in enumerate(listed):
        column = 0
        for cell in cells_of(row):
            while (number, column) in taken:
                column += 1
            wide = _span(cell, "colspan", _WIDEST)
            high = _span(cell, "rowspan", _TALLEST)
            high = ends[id(group)] - number if high == 0 else min(high, ends[id(group)] - number)
            wide = _fits(taken, number, column, wide)
            high = max(1, high)
            if len(taken) + high * wide > max_cells:
                return None
            taken.update((r, c) for r in range(number, number + high) for c in range(column, column + wide))
            found.cells.append((cell, number, column, high, wide))
            column += wide
    found.rows = len(listed)
    found.columns = max((column for _, column in taken), default=-1) + 1
    if found.rows * found.columns > max_cells:
        return None
    _squeeze(found)
    for number in range(found.rows):
        covered = sum(wide for _, row, _, high, wide in found.cells if row <= number < row + high)
        if covered < found.columns:
            found.ragged.append((number, found.columns - covered))
    return found


def _squeeze(found: Slots) -> None:
    """Takes out columns and rows in which no cell begins: spans that are wider than there are columns make them."""
    begins = sorted({column for _, _, column, _, _ in found.cells})
    starts = sorted({row for _, row, _, _, _ in found.cells})
    if len(begins) == found.columns and len(starts) == found.rows:
        return

    def count(places: list[int], first: int, size: int) -> int:
        return max(1, sum(first <= place < first + size for place in places))

    found.cells = [
        (cell, starts.index(row), begins.index(column), count(starts, row, high), count(begins, column, wide))
        for cell, row, column, high, wide in found.cells
    ]
    found.rows, found.columns = len(starts), len(begins)


def _is_covered(row: _Element) -> bool:
    """An empty row counts where cells from above may run through it."""
    return len(row) == 0 and row.getprevious() is not None


def _fits(taken: set[tuple[int, int]], row: int, column: int, wide: int) -> int:
    for used in range(1, wide):
        if (row, column + used) in taken:
            return used
    return wide


def _span(cell: _Element, name: str, bound: int) -> int:
    digits = re.match(r"\s*\+?(\d{1,6})", cell.get(name) or "")
    if digits is None:
        return 1
    size = min(int(digits[1]), bound)
    return size if size or name == "rowspan" else 1
