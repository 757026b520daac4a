"""Where a rich text file's paragraphs go, and what its groups state about them."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractors.readers.rtf_tables import Row, RowRule, table

if TYPE_CHECKING:
    from lxml.etree import _Element


@dataclass
class State:
    """What a group states; copied at each opening brace."""

    skip: bool = False
    unicode: int = 1
    font: int = -1
    bold: bool = False
    hidden: bool = False
    deleted: bool = False
    wide: bool = False
    size: int = 24
    colour: int = 0
    align: str = "left"
    indent: int | None = None
    outline: int | None = None
    depth: int = 0
    destination: str = ""
    style: int = -1
    leave: Callable[[], None] | None = None

    def plain(self) -> None:
        """As ``plain`` sets characters."""
        self.bold = self.hidden = self.deleted = self.wide = False
        self.size, self.colour, self.font = 24, 0, -1

    def paragraph(self) -> None:
        """As ``pard`` sets paragraphs."""
        self.align, self.indent, self.outline, self.depth = "left", None, None, 0


@dataclass
class Story:
    """A place that paragraphs go to, with tables that are not yet done, outermost first."""

    container: _Element
    open: list[tuple[list[Row], list[list[_Element]], list[_Element]]] = field(default_factory=list)
    paragraph: _Element | None = None
    rule: RowRule = field(default_factory=RowRule)

    def put(self, element: _Element, depth: int) -> None:
        """An element at a depth in tables; deeper tables end before it."""
        self.close(depth)
        while len(self.open) < depth:
            self.open.append(([], [], []))
        if self.open:
            self.open[-1][2].append(element)
        else:
            self.container.append(element)

    def close(self, depth: int) -> None:
        """Ends the tables that are deeper."""
        while len(self.open) > depth:
            rows, cells, held = self.open.pop()
            if cells or held:
                rows.append(Row([*cells, held] if held else cells, self.rule))
            if rows:
                (self.open[-1][2] if self.open else self.container).append(table(rows))

    def end_cell(self, depth: int) -> None:
        """What was held becomes a cell."""
        self.close(depth)
        while len(self.open) < depth:
            self.open.append(([], [], []))
        rows, cells, held = self.open[-1]
        self.open[-1] = (rows, [*cells, held], [])

    def end_row(self, depth: int) -> None:
        """The cells become a row."""
        self.close(depth)
        if len(self.open) == depth and self.open[-1][1]:
            rows, cells, held = self.open[-1]
            rows.append(Row(cells, copy(self.rule)))
            self.open[-1] = (rows, [], held)
