"""Tables of rich text as WordprocessingML: rows by their definitions, tables in cells.

Source: Rich Text Format specification 1.9.1, "Table definitions".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from extractors.readers.doc_rows import column
from extractors.readers.word_tree import make

if TYPE_CHECKING:
    from lxml.etree import _Element

_SAME = 3
_SIDES = {"t": "top", "l": "left", "b": "bottom", "r": "right", "h": "insideH", "v": "insideV"}
_MOST = 1000


@dataclass
class CellRule:
    """A cell's merges and lines; ``edge`` is its right edge in twips."""

    edge: int = 0
    across: str = ""
    down: str = ""
    lines: dict[str, bool] = field(default_factory=dict)


@dataclass
class RowRule:
    """A row as it was defined: its left edge, lines of the table, cells."""

    left: int = 0
    lines: dict[str, bool] = field(default_factory=dict)
    cells: list[CellRule] = field(default_factory=list)
    pending: CellRule = field(default_factory=CellRule)
    _line: tuple[dict[str, bool], str] | None = None

    def take(self, name: str, number: int | None) -> bool:
        """Takes a control word of a row's definition; whether it was one."""
        if name == "cellx":
            if len(self.cells) < _MOST:
                self.pending.edge = number or 0
                self.cells.append(self.pending)
            self.pending = CellRule()
        elif name == "trleft":
            self.left = number or 0
        elif name in ("clmgf", "clmrg"):
            self.pending.across = "restart" if name == "clmgf" else "continue"
        elif name in ("clvmgf", "clvmrg"):
            self.pending.down = "restart" if name == "clvmgf" else "continue"
        elif name.startswith("clbrdr") and name[6:] in _SIDES:
            self._line = (self.pending.lines, _SIDES[name[6:]])
        elif name.startswith("trbrdr") and name[6:] in _SIDES:
            self._line = (self.lines, _SIDES[name[6:]])
        elif name.startswith("brdr") and self._line is not None and name not in ("brdrw", "brdrcf", "brsp"):
            lines, side = self._line
            lines[side] = name not in ("brdrnil", "brdrnone", "brdrtbl")
            self._line = None
        else:
            return False
        return True


@dataclass
class Row:
    """A row read: what each cell holds, and its definition."""

    cells: list[list[_Element]]
    rule: RowRule


def table(rows: list[Row]) -> _Element:
    """The ``w:tbl`` of rows."""
    element = make("tbl")
    for row in rows:
        while len(row.rule.cells) < len(row.cells):
            last = row.rule.cells[-1].edge if row.rule.cells else row.rule.left
            row.rule.cells.append(CellRule(last + 1000))
    edges: list[int] = []
    for edge in sorted({e for row in rows for e in (row.rule.left, *(cell.edge for cell in row.rule.cells))}):
        if not edges or edge - edges[-1] > _SAME:
            edges.append(edge)
    grid = make("tblGrid", element)
    for left, right in pairwise(edges):
        make("gridCol", grid, w=right - left)
    for row in rows:
        _row(element, row, edges)
    return element


def _row(parent: _Element, row: Row, edges: list[int]) -> None:
    tr = make("tr", parent)
    _lines(make("tblPrEx", tr), "tblBorders", row.rule.lines)
    properties = make("trPr", tr)
    at = column(edges, row.rule.left)
    make("gridBefore", properties, val=at)
    tc: _Element | None = None
    for content, rule in zip(row.cells, row.rule.cells, strict=False):
        end = column(edges, rule.edge)
        if end > at or tc is None:
            tc = make("tc", tr)
            own = make("tcPr", tc)
            make("gridSpan", own, val=max(1, end - at))
            if rule.across:
                make("hMerge", own, val=rule.across)
            if rule.down:
                make("vMerge", own, val=rule.down)
            _lines(own, "tcBorders", rule.lines)
        for item in content:
            tc.append(item)
        at = max(at, end)
    make("gridAfter", properties, val=max(0, len(edges) - 1 - at))


def _lines(parent: _Element, name: str, lines: dict[str, bool]) -> None:
    if lines:
        borders = make(name, parent)
        for side, drawn in lines.items():
            make(side, borders, val="single" if drawn else "nil")
