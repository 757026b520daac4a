"""Tables on a terminal, by the columns that Chinese takes; quick also where there are thousands of rows."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.columns import width, wrap

#: Columns of a table that goes to a file or another program.
_WIDE = 160
_GAP = "  "
_CUT = "…"
#: A column that takes what is left has at least so much.
_LEAST = 12


@dataclass(frozen=True)
class Column:
    """A column. ``most``: its greatest width; None: it takes what the others leave. ``lines``: so many at most."""

    head: str
    most: int | None = None
    lines: int = 2


@dataclass(frozen=True)
class Cell:
    """A cell of another colour, by click's names."""

    text: str
    colour: str | None = None


def columns_here() -> int:
    """How wide the output is: of a terminal what it has, ``COLUMNS`` where it is set, else wide."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdecimal():
        return max(shutil.get_terminal_size().columns, 40)
    return _WIDE


def coloured() -> bool:
    """Whether the output shows colours; https://no-color.org says when it is not to."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def lines(columns: Sequence[Column], rows: Iterable[Sequence[str | Cell]], total: int, colour: bool) -> Iterator[str]:
    """The table's lines. Parts of a cell that are apart by a line's end stand below each other, or beside in a wide
    table."""
    kept = [[each if isinstance(each, Cell) else Cell(each) for each in row] for row in rows]
    joined = total >= _WIDE
    if joined:
        kept = [[Cell(cell.text.replace("\n", " "), cell.colour) for cell in row] for row in kept]
    widths = _widths(columns, kept, total, 2 if joined else 1)
    yield _line([Cell(column.head) for column in columns], [c.head for c in columns], widths, colour and "bold")
    for row in kept:
        cells = [_parts(cell.text, wide, 1 if joined else column.lines)
                 for column, cell, wide in zip(columns, row, widths, strict=True)]  # fmt: skip
        for number in range(max(map(len, cells))):
            yield _line(row, [cell[number] if number < len(cell) else "" for cell in cells], widths, colour)


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], total: int, room: int) -> list[int]:
    found: list[int] = []
    for number, column in enumerate(columns):
        texts = (part for row in rows for part in row[number].text.split("\n"))
        most = max(map(width, {column.head, *texts}), default=0)
        found.append(min(most, column.most * room) if column.most is not None else most)
    open_ended = [number for number, column in enumerate(columns) if column.most is None]
    left = total - sum(found) - len(_GAP) * (len(columns) - 1) + sum(found[number] for number in open_ended)
    for number in open_ended:
        found[number] = min(found[number], max(left // len(open_ended), _LEAST))
    return found


def _parts(text: str, columns: int, most: int) -> list[str]:
    parts: list[str] = []
    for part in text.split("\n"):
        parts += [part] if width(part) <= columns else wrap(part[: columns * most + 2], columns)
    if len(parts) > most:
        parts = parts[:most]
        parts[-1] = cut(parts[-1] + _CUT * 2, columns)
    return parts


def cut(text: str, columns: int) -> str:
    """A text in so many columns, with a mark where something is left out."""
    if width(text) <= columns:
        return text.replace(_CUT * 2, _CUT)
    kept, used = "", width(_CUT)
    for each in text.rstrip(_CUT):
        used += width(each)
        if used > columns:
            break
        kept += each
    return kept.rstrip() + _CUT


def _line(row: Sequence[Cell], texts: Sequence[str], widths: Sequence[int], colour: bool | str) -> str:
    from click import style

    shown = []
    last = len(texts) - 1
    for number, (cell, text, wide) in enumerate(zip(row, texts, widths, strict=True)):
        pad = "" if number == last else " " * (wide - width(text))
        if text and colour == "bold":
            text = style(text, bold=True)
        elif text and colour and cell.colour:
            text = style(text, fg=cell.colour)
        shown.append(text + pad)
    return _GAP.join(shown).rstrip()


def show(columns: Sequence[Column], rows: Iterable[Sequence[str | Cell]]) -> None:
    """Prints a table."""
    for line in lines(columns, rows, columns_here(), coloured()):
        print(line)
