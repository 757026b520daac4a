"""Rows of tables in a Word 97-2003 file: edges and merges of their cells, and the lines around them.

Source: [MS-DOC] 2.6.3 (table properties), 2.9.317 (TCGRF), 2.9.318 (TC80), 2.9.16 (BRC).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractors.readers.doc_looks import PALETTE, colour
from extractors.readers.doc_properties import Sprm, number
from extractors.readers.word_tree import make

if TYPE_CHECKING:
    from lxml.etree import _Element

_TC = 20
_MOST = 1000
#: Edges that differ by no more than this, in twips, are one.
_SAME = 3
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_OF_CELL = ("top", "left", "bottom", "right")
_NONE = "nil"


@dataclass(slots=True)
class CellShape:
    """How a cell is merged (``start``, ``on``, or empty), and its own lines by side as colour or ``nil``."""

    across: int = 0
    down: str = ""
    lines: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class RowShape:
    """A row's edges in twips, one more than its cells, and lines of the whole table by side."""

    edges: list[int] = field(default_factory=list)
    cells: list[CellShape] = field(default_factory=list)
    lines: dict[str, str] = field(default_factory=dict)
    styled: bool = False


def row_shape(items: Iterable[Sprm]) -> RowShape:
    """What the modifiers of a row's end say."""
    row = RowShape()
    for code, operand in items:
        if code == 0xD608:
            _define(row, operand)
        elif code == 0xD605:
            row.lines = {side: _old_line(operand[4 * i : 4 * i + 4]) or _NONE for i, side in enumerate(_SIDES)}
        elif code == 0xD613:
            row.lines = {side: _line(operand[8 * i : 8 * i + 8]) or _NONE for i, side in enumerate(_SIDES)}
        elif code == 0x563A:
            row.styled = True
        elif code in (0xD620, 0xD62F) and len(operand) >= 7:
            line = (_old_line(operand[3:7]) if code == 0xD620 else _line(operand[3:11])) or _NONE
            for cell in row.cells[operand[0] : operand[1]]:
                cell.lines.update({side: line for i, side in enumerate(_OF_CELL) if operand[2] >> i & 1})
        elif code == 0xD62B and len(operand) >= 2 and operand[0] < len(row.cells):
            row.cells[operand[0]].down = ("", "on", "", "start")[operand[1] & 3]
        else:
            _change(row, code, operand)
    return row


def _define(row: RowShape, operand: bytes) -> None:
    count = min(operand[0], (len(operand) - 3) // 2) if operand else 0
    if count <= 0:
        return
    row.edges = list(struct.unpack_from(f"<{count + 1}h", operand, 1))
    row.cells = []
    for i in range(count):
        raw = operand[1 + 2 * (count + 1) + _TC * i :][:_TC].ljust(_TC, b"\0")
        bits = struct.unpack_from("<H", raw)[0]
        own = {side: _old_line(raw[4 + 4 * n : 8 + 4 * n]) for n, side in enumerate(_OF_CELL)}
        stated = {side: line for side, line in own.items() if line is not None}
        row.cells.append(CellShape(bits & 3, ("", "on", "", "start")[bits >> 5 & 3], stated))


def _change(row: RowShape, code: int, operand: bytes) -> None:
    """Changes laid over a definition, as fast saving leaves them."""
    if code == 0x7623 and len(operand) == 4:
        first, last, width = struct.unpack("<BBh", operand)
        for i in range(first, min(last, len(row.cells))):
            moved = row.edges[i] + width - row.edges[i + 1]
            row.edges[i + 1 :] = [edge + moved for edge in row.edges[i + 1 :]]
    elif code == 0x7621 and len(operand) == 4 and row.edges:
        first, count, width = struct.unpack("<BBh", operand)
        first = min(first, len(row.cells))
        if len(row.cells) + count <= _MOST:
            left = row.edges[first]
            new = [left + width * (i + 1) for i in range(count)]
            row.edges[first + 1 :] = [*new, *(edge + width * count for edge in row.edges[first + 1 :])]
            row.cells[first:first] = [CellShape() for _ in range(count)]
    elif code == 0x5622 and len(operand) == 2:
        first, last = operand[0], min(operand[1], len(row.cells))
        if first < last:
            gone = row.edges[last] - row.edges[first]
            row.edges[first + 1 :] = [edge - gone for edge in row.edges[last + 1 :]]
            del row.cells[first:last]
    elif code in (0x5624, 0x5625) and len(operand) == 2:
        for i, cell in enumerate(row.cells[operand[0] : operand[1]]):
            cell.across = 0 if code == 0x5625 else (1 if i == 0 else 2)


def _old_line(raw: bytes) -> str | None:
    """A line's colour; None where it is left to the table, ``nil`` where there is none."""
    if raw == b"\xff\xff\xff\xff":
        return _NONE
    if len(raw) < 4 or not raw[1]:
        return None
    return PALETTE[raw[2]] if raw[2] < len(PALETTE) else "auto"


def _line(raw: bytes) -> str | None:
    if len(raw) < 8 or raw[5] in (0, 0xFF):
        return None
    return colour(raw[:4])


def grid(rows: Sequence[RowShape]) -> list[int]:
    """The edges of all columns of a table, those that are nearly the same once."""
    edges: list[int] = []
    for edge in sorted({edge for row in rows for edge in row.edges}):
        if not edges or edge - edges[-1] > _SAME:
            edges.append(edge)
    return edges[: _MOST + 1]


def column(edges: Sequence[int], edge: int) -> int:
    """The place of a row's edge among a table's."""
    return max((i for i, known in enumerate(edges) if known <= edge), default=0)


def across(cells: Sequence[CellShape]) -> list[str]:
    """For each cell ``restart``, ``continue`` or nothing.

    Editors disagree which value begins a set: whichever stands first does.
    """
    found: list[str] = []
    first = 0
    for cell in cells:
        if not cell.across:
            first = 0
            found.append("")
        elif not first or cell.across == first:
            first = cell.across
            found.append("restart")
        else:
            found.append("continue")
    return found


def lines_of(row: RowShape, parent: _Element, name: str, lines: dict[str, str]) -> None:
    """Lines by side as WordprocessingML; a table whose style alone could draw them counts as drawn."""
    if not lines and name == "tblBorders" and row.styled:
        lines = dict.fromkeys(_SIDES, "auto")
    if not lines:
        return
    borders = make(name, parent)
    for side, line in lines.items():
        if line == _NONE:
            make(side, borders, val="nil")
        else:
            make(side, borders, val="single", color=line)


def is_row_end(items: Iterable[Sprm]) -> bool:
    """Whether a paragraph's mark ends a row."""
    return any(code in (0x2417, 0x244C) and number(operand) for code, operand in items)
