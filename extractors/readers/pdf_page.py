"""What a page of a PDF is before it is text: glyphs with their boxes, rulings, and lines made of glyphs.

Coordinates are points from the top left corner of the page as it is read: a page whose text stands on its side is
turned first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from schemas.document import Box


class Glyph(NamedTuple):
    """A character and its box; ``at`` asks the page for its look, ``spaces`` counts typed ones before it."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    at: int
    spaces: int


class Look(NamedTuple):
    """How a glyph looks: font size in points, weight, ``#rrggbb``."""

    size: float
    bold: bool
    colour: str | None


class Seen(NamedTuple):
    """A recognised character: where it stands, and how sure the recogniser is of it, 0 to 1."""

    text: str
    page: int
    box: Box
    score: float


#: The region of footnotes.
NOTE = -1
#: The region of a slip that an office laid before the notice.
SLIP = -2
#: An edge as pdfplumber's table finder takes it: x0, x1, top, bottom, width, height, orientation.
Ruling = dict[str, Any]


@dataclass
class RawPage:
    """A page's objects. ``look`` may be asked only while the page is open.

    ``unmapped`` is about how many glyphs have a font that does not tell what they mean. Of a page that was recognised
    from its picture ``scores`` tells by a glyph's ``at`` how sure it is, and ``unread`` where something stands that
    could not be read. ``drawn`` tells that pictures or lines are painted, ``pictured`` which share of the page pictures
    cover, ``pictures`` where they stand, ``pixels`` how many the largest has, and ``unit`` how many of the file's
    points make one of the layout's.
    """

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    rulings: list[Ruling]
    look: Callable[[int], Look]
    unmapped: int = 0
    scores: dict[int, float] | None = None
    unread: list[Box] = field(default_factory=list)
    drawn: bool = False
    pictured: float = 0.0
    pictures: list[Box] = field(default_factory=list)
    pixels: int = 0
    unit: float = 1.0


@dataclass
class Line:
    """A line of text. ``em`` is the width of an ideograph, ``lead`` that of the first piece that can't be broken.

    ``left`` and ``right`` are the margins that the line is set between, ``region`` tells the frame that it stands
    in (0 the page itself, ``NOTE`` its foot); both are filled in once the whole document has been seen. ``seen`` holds
    the characters of a line that was recognised from a picture.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    em: float
    lead: float
    page: int
    look: Look
    page_width: float = 0.0
    page_height: float = 0.0
    left: float = 0.0
    right: float = 0.0
    region: int = 0
    seen: tuple[Seen, ...] = ()

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def box(self) -> Box:
        return (self.x0, self.top, self.x1, self.bottom)


def characters(lines: Sequence[Line]) -> tuple[Seen, ...]:
    """The characters of lines where any of them was recognised; those of the others are as sure as can be."""
    if not any(line.seen for line in lines):
        return ()
    found: list[Seen] = []
    for line in lines:
        found += line.seen or [Seen(letter, line.page, line.box, 1.0) for letter in line.text if not letter.isspace()]
    return tuple(found)


@dataclass
class Cell:
    """A ruled cell and its lines."""

    x0: float
    top: float
    x1: float
    bottom: float
    lines: list[Line] = field(default_factory=list)


@dataclass
class Part:
    """A table on one page: its cells, and the same text as lines in case it turns out to be no table."""

    page: int
    box: Box
    cells: list[Cell]
    loose: list[Line]
    at_top: bool = False
    at_bottom: bool = False
    slip: bool = False
    page_height: float = 0.0

    @property
    def top(self) -> float:
        return self.box[1]


@dataclass
class PageContent:
    """A page after its objects are gone: lines and tables from top to bottom.

    ``lost`` tells that it could not be read, ``dense`` that it has too many rulings to look for tables among them,
    ``recognised`` that its text is from its picture. ``unit`` is how many of the file's points make one of its own.
    """

    number: int
    width: float
    height: float
    items: list[Line | Part]
    glyphs: int = 0
    garbled: int = 0
    lost: bool = False
    dense: bool = False
    recognised: bool = False
    unit: float = 1.0


def ruling(x0: float, top: float, x1: float, bottom: float) -> Ruling:
    """An edge for the table finder; the longer side tells its direction."""
    upright = (bottom - top) > (x1 - x0)
    if upright:
        x0 = x1 = (x0 + x1) / 2
    else:
        top = bottom = (top + bottom) / 2
    return {
        "x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top,
        "orientation": "v" if upright else "h", "object_type": "line",
    }  # fmt: skip


def hull(boxes: Sequence[Box]) -> Box:
    """The smallest box around all."""
    return (
        min(box[0] for box in boxes), min(box[1] for box in boxes),
        max(box[2] for box in boxes), max(box[3] for box in boxes),
    )  # fmt: skip


def rounded(box: Box) -> Box:
    """A box to a tenth of a point."""
    return (round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1))
