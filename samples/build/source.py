"""A sample's source, read into what is on its pages.

``samples/source/NAME.toml`` holds settings and ``text``, one paragraph or table row a line:

    = a title                   * a line without indent         > a line at the right
    # ## ### #### an item       @ a table's caption             ~ a line of the imprint (抄送, 印发)
    |# a | b  a head row        | a | b  a row                  --- a new page (--- landscape)

Anything else is a paragraph. Items are numbered here: 一、（一）1.（1）, anew under each title. In a row ``^`` belongs
to the cell above, ``<`` to the cell on the left.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal["title", "flush", "item", "body", "right", "caption", "imprint", "letterhead", "number"]

_MARKS: dict[str, Kind] = {"=": "title", "*": "flush", ">": "right", "@": "caption", "~": "imprint"}
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Paragraph:
    """A line of the notice. ``number`` is an item's, ``level`` its depth from 0."""

    kind: Kind
    text: str
    number: str = ""
    level: int = 0

    @property
    def heading(self) -> int:
        """The length of an item's heading: up to its first full stop, or all of a short one."""
        stop = self.text.find("。")
        return stop + 1 if 0 <= stop < 24 else len(self.text) if len(self.text) < 30 else 0


@dataclass(frozen=True)
class Merge:
    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True)
class Table:
    """Rows of cells; a cell that a merge covers is None, but for the merge's first."""

    head_rows: int
    rows: tuple[tuple[str | None, ...], ...]
    merges: tuple[Merge, ...]


@dataclass(frozen=True)
class PageBreak:
    landscape: bool = False


Element = Paragraph | Table | PageBreak


@dataclass(frozen=True)
class Sample:
    """A notice with how each format shows it."""

    name: str
    why: str
    elements: tuple[Element, ...]
    letterhead: str = ""
    number: str = ""
    letterhead_as: Literal["plain", "table", "text_box", "none"] = "plain"
    numbering: Literal["typed", "automatic"] = "typed"
    one_line: bool = False
    spaced: bool = False
    encoding: str = "utf-8"
    title: str = field(default="", compare=False)


def read(path: Path) -> Sample:
    """A source file as a sample.

    Raises:
        ValueError: a row with another number of cells, or a merge that is no rectangle.
    """
    settings = tomllib.loads(path.read_text(encoding="utf-8"))
    elements = tuple(_elements(settings.pop("text").strip().splitlines()))
    title = next(each.text for each in elements if isinstance(each, Paragraph) and each.kind == "title")
    return Sample(name=path.stem, elements=elements, title=title, **settings)


def chinese(number: int) -> str:
    """A number from 1 to 99 in Chinese, as headings count."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


def item_number(level: int, count: int) -> str:
    """An item's number by its level (GB/T 9704-2012, 7.3.3)."""
    return (f"{chinese(count)}、", f"（{chinese(count)}）", f"{count}.", f"（{count}）")[level]


def _elements(lines: list[str]) -> list[Element]:
    elements: list[Element] = []
    counts = [0, 0, 0, 0]
    rows: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            rows.append(line)
            continue
        if rows:
            elements.append(_table(rows))
            rows = []
        mark, _, rest = line.partition(" ")
        if not line:
            continue
        if mark == "---":
            elements.append(PageBreak(rest == "landscape"))
        elif re.fullmatch("#{1,4}", mark):
            level = len(mark) - 1
            counts[level] += 1
            counts[level + 1 :] = [0] * (3 - level)
            elements.append(Paragraph("item", rest, item_number(level, counts[level]), level))
        elif mark in _MARKS:
            if mark == "=":
                counts = [0, 0, 0, 0]
            elements.append(Paragraph(_MARKS[mark], rest))
        else:
            elements.append(Paragraph("body", line))
    return elements


def _table(lines: list[str]) -> Table:
    head_rows = sum(line.startswith("|#") for line in lines)
    grid = [[cell.strip() for cell in line.removeprefix("|#").removeprefix("|").split("|")] for line in lines]
    if len({len(row) for row in grid}) != 1:
        raise ValueError(f"rows of different length: {lines[0]}")
    owner = {}
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            above, left = owner.get((row - 1, column)), owner.get((row, column - 1))
            owner[row, column] = {"^": above, "<": left}.get(cell, (row, column)) or (row, column)
    merges = []
    for first in dict.fromkeys(owner.values()):
        places = [place for place, home in owner.items() if home == first]
        rows, columns = ({place[axis] for place in places} for axis in (0, 1))
        if len(places) != len(rows) * len(columns):
            raise ValueError(f"a merge that is no rectangle at {first}: {lines[first[0]]}")
        if len(places) > 1:
            merges.append(Merge(*first, len(rows), len(columns)))
    filled = tuple(
        tuple(cell if owner[row, column] == (row, column) else None for column, cell in enumerate(cells))
        for row, cells in enumerate(grid)
    )
    return Table(head_rows, filled, tuple(merges))


def widths(table: Table) -> list[float]:
    """Each column's share of the width, from how much its cells say."""
    weights = []
    for column in range(len(table.rows[0])):
        longest = max(len(row[column] or "") for row in table.rows)
        weights.append(min(max(longest, 3), 40) ** 0.6)
    return [weight / sum(weights) for weight in weights]
