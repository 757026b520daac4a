"""Which lines of a Word table can be seen: its own borders, its style's, and those of its cells.

Source: ECMA-376 part 1, 17.4.38 (table borders), 17.4.66 (cell borders).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from extractors.readers.docx_package import W
from extractors.readers.docx_styles import Styles
from extractors.readers.docx_tables import Lines

if TYPE_CHECKING:
    from lxml.etree import _Element

_VAL, _COLOUR = f"{W}val", f"{W}color"
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_SAME = {"start": "left", "end": "right"}
#: A side of a table: the colour of its line, or None where there is none to see.
_Sides = dict[str, str | None]


def lines(table: _Element, rows: Sequence[Sequence[_Element | None]], styles: Styles) -> Lines:
    """The lines that can be seen.

    Args:
        table: a ``w:tbl``.
        rows: for each row its cells' properties (``w:tcPr``).
        styles: the document's.
    """
    whole = _of_table(table, styles)
    drawn: list[tuple[bool, str]] = []
    for r, row in enumerate(rows):
        for c, properties in enumerate(row):
            own = _sides(properties.find(f"{W}tcBorders") if properties is not None else None)
            for side, outer, inner in (
                ("top", r == 0, "insideH"), ("bottom", r == len(rows) - 1, "insideH"),
                ("left", c == 0, "insideV"), ("right", c == len(row) - 1, "insideV"),
            ):  # fmt: skip
                colour = own[side] if side in own else whole.get(side if outer else inner)
                if colour is not None:
                    drawn.append((inner == "insideV", colour))
    return Lines(
        vertical=any(vertical for vertical, _ in drawn),
        horizontal=any(not vertical for vertical, _ in drawn),
        red=any(is_red(colour) for _, colour in drawn),
    )


def is_red(colour: str) -> bool:
    """Whether a colour (``rrggbb``, a ``#`` before it or not) is the red of letterheads."""
    text = colour.lstrip("#")
    try:
        red, green, blue = (int(text[i : i + 2], 16) for i in (0, 2, 4))
    except ValueError:
        return False
    return len(text) == 6 and red >= 0xA0 and green <= 0x60 and blue <= 0x60


def _of_table(table: _Element, styles: Styles) -> _Sides:
    """The table's sides: its style's from the root down, then its own."""
    properties = table.find(f"{W}tblPr")
    found: _Sides = {}
    style = properties.find(f"{W}tblStyle") if properties is not None else None
    chain = styles.style(style.get(_VAL)).chain if style is not None else ()
    for identity in reversed(chain):
        element = styles.element(identity)
        if element is not None:
            for borders in element.iter(f"{W}tblBorders", f"{W}tcBorders"):
                _add(found, _sides(borders))
    found.update(_sides(properties.find(f"{W}tblBorders") if properties is not None else None))
    for borders in table.iterfind(f"{W}tr/{W}tblPrEx/{W}tblBorders"):
        _add(found, _sides(borders))
    return found


def _add(found: _Sides, sides: _Sides) -> None:
    """Lines of parts of a table: one that is drawn anywhere can be seen."""
    for side, colour in sides.items():
        if colour is not None or side not in found:
            found[side] = colour


def _sides(borders: _Element | None) -> _Sides:
    found: _Sides = {}
    for child in borders if borders is not None else ():
        name = str(child.tag).rsplit("}", 1)[-1]
        side = _SAME.get(name, name)
        if side in _SIDES:
            colour = (child.get(_COLOUR) or "auto").lower()
            seen = (child.get(_VAL) or "none") not in ("none", "nil") and colour != "ffffff"
            found[side] = colour if seen else None
    return found
