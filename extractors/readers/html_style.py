"""How a web page's words look, from the elements themselves and their own style attributes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from extractors.readers.html_page import local

if TYPE_CHECKING:
    from lxml.etree import _Element

Align = Literal["left", "center", "right", "justify"]

_SIZE = re.compile(r"font-size\s*:\s*([\d.]+)\s*(px|pt|em|rem|%)", re.IGNORECASE)
_ALIGN = re.compile(r"text-align(?:-last)?\s*:\s*(left|center|right|justify)", re.IGNORECASE)
_WEIGHT = re.compile(r"font-weight\s*:\s*(bold|bolder|[6-9]00|normal|[1-5]00)", re.IGNORECASE)
_INDENT = re.compile(r"text-indent\s*:\s*(-?[\d.]+)\s*(px|pt|em)", re.IGNORECASE)
_HEADINGS = {"h1": 24.0, "h2": 18.0, "h3": 14.0, "h4": 12.0, "h5": 10.0, "h6": 8.0}
_FONT_SIZES = {"1": 7.5, "2": 10.0, "3": 12.0, "4": 13.5, "5": 18.0, "6": 24.0, "7": 36.0}
_ALIGNS: dict[str, Align] = {"left": "left", "center": "center", "middle": "center", "right": "right"}


@dataclass(frozen=True)
class Look:
    """What an element passes on to what stands in it; sizes in points."""

    align: Align | None = None
    size: float = 12.0
    sized: bool = False
    bold: bool = False
    indent: float | None = None
    pre: bool = False


def look_of(element: _Element, above: Look) -> Look:
    """An element's look, from its name, its attributes and its style, over what it inherits."""
    name = local(element)
    look = above
    if name in _HEADINGS:
        look = replace(look, bold=True, size=_HEADINGS[name], sized=True)
    elif name in ("b", "strong", "th"):
        look = replace(look, bold=True)
    elif name == "center":
        look = replace(look, align="center")
    elif name in ("pre", "listing", "xmp"):
        look = replace(look, pre=True)
    elif name == "font" and (element.get("size") or "") in _FONT_SIZES:
        look = replace(look, size=_FONT_SIZES[element.get("size") or ""], sized=True)
    if align := _ALIGNS.get((element.get("align") or "").lower()):
        look = replace(look, align=align)
    style = element.get("style")
    return _styled(look, style) if style else look


def _styled(look: Look, style: str) -> Look:
    if found := _ALIGN.search(style):
        align: Align = found[1].lower()  # type: ignore[assignment]
        look = replace(look, align=align)
    if found := _SIZE.search(style):
        look = replace(look, size=_points(found[1], found[2], look.size), sized=True)
    if found := _WEIGHT.search(style):
        look = replace(look, bold=found[1].lower() not in ("normal", "100", "200", "300", "400", "500"))
    if found := _INDENT.search(style):
        look = replace(look, indent=_points(found[1], found[2], look.size))
    if re.search(r"white-space\s*:\s*pre", style, re.IGNORECASE):
        look = replace(look, pre=True)
    return look


def _points(number: str, unit: str, above: float) -> float:
    try:
        value = float(number)
    except ValueError:
        return above
    unit = unit.lower()
    factor = {"px": 0.75, "pt": 1.0, "em": above, "rem": 12.0, "%": above / 100}[unit]
    return round(min(value * factor, 500.0), 1)
