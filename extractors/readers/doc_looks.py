"""How text looks in a Word 97-2003 file, as WordprocessingML: runs, paragraphs, styles, fonts.

Source: [MS-DOC] 2.6.1, 2.6.2 (character and paragraph properties), 2.9.271 (STSH), 2.9.87 (FFN).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import TYPE_CHECKING

from extractors.readers.doc_properties import Sprm, number, sprms
from extractors.readers.word_tree import flag, make

if TYPE_CHECKING:
    from lxml.etree import _Element

#: The old palette. Source: [MS-DOC] 2.9.119 (Ico).
PALETTE = (
    "auto", "000000", "0000FF", "00FFFF", "00FF00", "FF00FF", "FF0000", "FFFF00", "FFFFFF", "00008B", "008B8B",
    "006400", "800080", "8B0000", "808000", "808080", "C0C0C0",
)  # fmt: skip
_ALIGN = ("left", "center", "right", "both", "distribute")
_TOGGLES = {0x0835: "b", 0x083C: "vanish", 0x0818: "specVanish"}
_MOST_STYLES = 4094
_NO_STYLE = 0xFFF
_NAMES = {0x4A4F: "ascii", 0x4A51: "hAnsi", 0x4A50: "eastAsia"}


def colour(operand: bytes) -> str:
    """A colour as ``RRGGBB`` or ``auto``."""
    return "auto" if len(operand) < 4 or operand[3] else operand[:3].hex().upper()


def run_properties(items: Iterable[Sprm], fonts: list[str], parent: _Element) -> _Element:
    """The ``w:rPr`` of character modifiers, added to its parent."""
    properties = make("rPr", parent)
    family: dict[str, str | int | float | None] = {}
    for code, operand in items:
        if code in _TOGGLES and operand and operand[0] in (0, 1, 0x81):
            flag(properties, _TOGGLES[code], bool(operand[0]))
        elif code == 0x4A43:
            make("sz", properties, val=number(operand))
        elif code == 0x2A42 and number(operand) < len(PALETTE):
            make("color", properties, val=PALETTE[number(operand)])
        elif code == 0x6870:
            make("color", properties, val=colour(operand))
        elif code == 0x4A30:
            make("rStyle", properties, val=f"s{number(operand)}")
        elif code in _NAMES and number(operand) < len(fonts):
            family[_NAMES[code]] = fonts[number(operand)]
    if family:
        make("rFonts", properties, **family)
    return properties


def paragraph_properties(style: int | None, items: Iterable[Sprm], parent: _Element) -> _Element:
    """The ``w:pPr`` of paragraph modifiers, added to its parent; ``style`` None where a style itself is described."""
    properties = make("pPr", parent)
    if style is not None:
        make("pStyle", properties, val=f"s{style}")
    level = use = None
    for code, operand in items:
        if code in (0x2403, 0x2461) and number(operand) < len(_ALIGN):
            make("jc", properties, val=_ALIGN[number(operand)])
        elif code in (0x8411, 0x8460):
            value = number(operand, signed=True)
            make("ind", properties, **({"hanging": -value} if value < 0 else {"firstLine": value}))
        elif code == 0x4457:
            value = number(operand, signed=True)
            make("ind", properties, **({"hangingChars": -value} if value < 0 else {"firstLineChars": value}))
        elif code == 0x2640:
            make("outlineLvl", properties, val=number(operand))
        elif code == 0x2407:
            flag(properties, "pageBreakBefore", bool(number(operand)))
        elif code == 0x442C and operand and operand[0] & 7:
            make("framePr", properties, dropCap="drop")
        elif code == 0x260A:
            level = number(operand)
        elif code == 0x460B:
            use = number(operand, signed=True)
    if level is not None or use is not None:
        numbered = make("numPr", properties)
        if level is not None:
            make("ilvl", numbered, val=level)
        if use is not None:
            # A negative number is a list taken away whose indents were kept.
            make("numId", numbered, val=max(use, 0))
    return properties


def font_names(part: bytes) -> list[str]:
    """The names of the fonts, in the order of their numbers."""
    names: list[str] = []
    if len(part) < 4:
        return names
    count, at = struct.unpack_from("<H", part)[0], 4
    while len(names) < count and at < len(part):
        size = part[at]
        name = part[at + 40 : at + 1 + size]
        names.append(name[: len(name) // 2 * 2].decode("utf-16-le", "replace").split("\0", 1)[0])
        at += 1 + size
    return names


def style_sheet(part: bytes, fonts: list[str]) -> _Element:
    """The ``w:styles`` of a style sheet; a damaged style ends it."""
    root = make("styles")
    make("rPr", make("rPrDefault", make("docDefaults", root)))
    if len(part) < 8:
        return root
    header, count, base = struct.unpack_from("<HHH", part)
    at = 2 + header
    for index in range(min(count, _MOST_STYLES)):
        if at + 2 > len(part):
            break
        size = struct.unpack_from("<H", part, at)[0]
        entry = part[at + 2 : at + 2 + size]
        at += 2 + size
        if len(entry) > max(base, 10) + 2:
            _style(root, index, entry, base, fonts)
    return root


def _style(root: _Element, index: int, entry: bytes, base: int, fonts: list[str]) -> None:
    first, second, third = struct.unpack_from("<HHH", entry)
    built_in, kind, parent, count = first & 0xFFF, second & 15, second >> 4, third & 15
    if kind not in (1, 2, 3):
        return
    length = struct.unpack_from("<H", entry, base)[0]
    name = entry[base + 2 : base + 2 + 2 * length].decode("utf-16-le", "replace")
    if 1 <= built_in <= 9:
        name = f"heading {built_in}"
    style = make("style", root, styleId=f"s{index}", type=("paragraph", "character", "table")[kind - 1])
    if kind == 1 and built_in == 0:
        style.set(style.tag.replace("}style", "}default"), "1")
    make("name", style, val=name)
    if parent != _NO_STYLE:
        make("basedOn", style, val=f"s{parent}")
    changes = _changes(entry, base + 2 + 2 * length + 2, count)
    if kind == 1 and changes:
        paragraph_properties(None, sprms(changes[0][2:]), style)
    if kind == 2 and changes:
        run_properties(sprms(changes[0]), fonts, style)
    elif kind == 1 and len(changes) > 1:
        run_properties(sprms(changes[1]), fonts, style)


def _changes(entry: bytes, at: int, count: int) -> list[bytes]:
    """The lists of modifiers in a style, each at an even place."""
    found = []
    for _ in range(count):
        at += at & 1
        if at + 2 > len(entry):
            break
        size = struct.unpack_from("<H", entry, at)[0]
        found.append(entry[at + 2 : at + 2 + size])
        at += 2 + size
    return found
