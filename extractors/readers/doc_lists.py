"""Automatic numbering of a Word 97-2003 file as WordprocessingML.

Source: [MS-DOC] 2.9.131 (LFO), 2.9.147 (LSTF), 2.9.149 (LVL); [MS-OSHARED] 2.2.1.3 (number formats).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from extractors.readers.doc_file import WordFile, paired
from extractors.readers.doc_looks import run_properties
from extractors.readers.doc_properties import sprms
from extractors.readers.word_tree import flag, make

if TYPE_CHECKING:
    from lxml.etree import _Element

_LSTF, _LVLF, _LFO = 28, 28, 16
_MOST = 5000
_NO_STYLE = 0xFFF
_FORMATS = [
    "decimal",
    "upperRoman",
    "lowerRoman",
    "upperLetter",
    "lowerLetter",
    "ordinal",
    "cardinalText",
    "ordinalText",
    "hex",
    "chicago",
    "ideographDigital",
    "japaneseCounting",
    "aiueo",
    "iroha",
    "decimalFullWidth",
    "decimalHalfWidth",
    "japaneseLegal",
    "japaneseDigitalTenThousand",
    "decimalEnclosedCircle",
    "decimalFullWidth2",
    "aiueoFullWidth",
    "irohaFullWidth",
    "decimalZero",
    "bullet",
    "ganada",
    "chosung",
    "decimalEnclosedFullstop",
    "decimalEnclosedParen",
    "decimalEnclosedCircleChinese",
    "ideographEnclosedCircle",
    "ideographTraditional",
    "ideographZodiac",
    "ideographZodiacTraditional",
    "taiwaneseCounting",
    "ideographLegalTraditional",
    "taiwaneseCountingThousand",
    "taiwaneseDigital",
    "chineseCounting",
    "chineseLegalSimplified",
    "chineseCountingThousand",
    "decimal",
    "koreanDigital",
    "koreanCounting",
    "koreanLegal",
    "koreanDigital2",
]
_DASHED = 0x39


def number_format(code: int) -> str:
    """A number format's name; ``decimal`` for one of other scripts."""
    if code == 0xFF:
        return "none"
    if code == _DASHED:
        return "numberInDash"
    return _FORMATS[code] if code < len(_FORMATS) else "decimal"


def numbering(word: WordFile, fonts: list[str]) -> _Element:
    """The ``w:numbering`` of a document; damaged lists end it."""
    root = make("numbering")
    offset, length = word.place("lists")
    if length < 2:
        return root
    table = word.table
    try:
        count = struct.unpack_from("<h", table, offset)[0]
        at = offset + length
        identities = set()
        for i in range(min(max(count, 0), _MOST)):
            place = offset + 2 + i * _LSTF
            identity = struct.unpack_from("<i", table, place)[0]
            identities.add(identity)
            abstract = make("abstractNum", root, abstractNumId=identity)
            simple = table[place + 26] & 1
            for depth in range(1 if simple else 9):
                style = struct.unpack_from("<H", table, place + 8 + 2 * depth)[0]
                at = _level(table, at, depth, style, abstract, fonts)
    except (struct.error, IndexError):
        pass
    _uses(word, root, fonts)
    return root


def _level(table: bytes, at: int, depth: int, style: int, parent: _Element, fonts: list[str]) -> int:
    """One level; gives the place behind it."""
    start, form, bits = struct.unpack_from("<iBB", table, at)
    follow = table[at + 15]
    chpx, papx, limit = table[at + 24], table[at + 25], table[at + 26]
    at += _LVLF
    looks = table[at + papx : at + papx + chpx]
    at += papx + chpx
    length = struct.unpack_from("<H", table, at)[0]
    raw = table[at + 2 : at + 2 + 2 * length]
    pattern = paired(raw.decode("utf-16-le", "surrogatepass"))
    level = make("lvl", parent, ilvl=depth)
    make("start", level, val=start)
    make("numFmt", level, val=number_format(form))
    # Places of counters are the characters 0 to 8.
    text = "".join(f"%{ord(char) + 1}" if char < "\t" else char for char in pattern)
    make("lvlText", level, val=text)
    make("suff", level, val=("tab", "space", "nothing")[min(follow, 2)])
    if bits & 4:
        flag(level, "isLgl", True)
    if bits & 8:
        make("lvlRestart", level, val=limit)
    if style != _NO_STYLE:
        make("pStyle", level, val=f"s{style}")
    run_properties(sprms(looks), fonts, level)
    return int(at + 2 + 2 * length)


def _uses(word: WordFile, root: _Element, fonts: list[str]) -> None:
    """The lists as paragraphs use them, with what they change about a list."""
    part = word.part("list_uses")
    try:
        count = min(struct.unpack_from("<i", part)[0], _MOST)
        at = 4 + _LFO * max(count, 0)
        for i in range(count):
            identity = struct.unpack_from("<i", part, 4 + _LFO * i)[0]
            use = make("num", root, numId=i + 1)
            make("abstractNumId", use, val=identity)
            changes = part[4 + _LFO * i + 12]
            at += 4
            for _ in range(changes):
                start, bits = struct.unpack_from("<iI", part, at)
                at += 8
                override = make("lvlOverride", use, ilvl=bits & 15)
                if bits & 32:
                    at = _level(part, at, bits & 15, _NO_STYLE, override, fonts)
                elif bits & 16:
                    make("startOverride", override, val=start)
    except (struct.error, IndexError):
        return
