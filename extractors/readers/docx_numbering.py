"""Automatic numbers, which stand in no paragraph's text: counted again from the numbering part.

Source: ECMA-376 part 1, 17.9 (numbering). Lists that share an abstract definition share its counters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractors.readers.docx_numerals import knows, numeral, padded
from extractors.readers.docx_package import MC, W
from extractors.readers.docx_styles import ParagraphLook, Style, Styles, integer, on
from extractors.readers.docx_symbols import symbols

if TYPE_CHECKING:
    from lxml.etree import _Element

_VAL = f"{W}val"
_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_BULLET = "•"
_TEXT_MOST = 120


@dataclass(slots=True)
class Level:
    """One level of a list. ``custom`` is a pattern such as ``001, 002``; ``restart`` 0 never, N after level N."""

    start: int = 1
    form: str = "decimal"
    custom: str = ""
    text: str = ""
    legal: bool = False
    restart: int | None = None
    style: str | None = None
    suffix: str = "tab"
    hidden: bool = False
    font: str | None = None


@dataclass(slots=True)
class _Abstract:
    levels: dict[int, Level] = field(default_factory=dict)
    values: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)
    link: str | None = None
    style_link: str | None = None


@dataclass(slots=True)
class _Instance:
    abstract: str
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Label:
    """A rebuilt number: as a person sees it, its level, and what stands between it and the text."""

    text: str
    depth: int
    suffix: str

    def before(self, text: str) -> str:
        """The label and a text as one line: no gap after Chinese punctuation or where the list asks for none."""
        if not text:
            return self.text
        gap = "" if self.suffix == "nothing" or not re.search(r"[A-Za-z0-9.)•]$", self.text) else " "
        return f"{self.text}{gap}{text}"


class Numbering:
    """The lists of a document and how far each has counted.

    ``unknown`` collects number formats that are shown as plain digits for want of their own.
    """

    def __init__(self, root: _Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstracts: dict[str, _Abstract] = {}
        self._instances: dict[str, _Instance] = {}
        self.unknown: set[str] = set()
        for child in root if root is not None else ():
            if child.tag == f"{W}abstractNum":
                self._abstracts[child.get(f"{W}abstractNumId") or ""] = _abstract(child)
            elif child.tag == f"{W}num":
                self._instances[child.get(f"{W}numId") or ""] = _instance(child)

    def next(self, look: ParagraphLook, style: Style) -> Label | None:
        """Counts a paragraph on; None where it is in no list or its number can't be seen.

        Args:
            look: what the paragraph states itself.
            style: its style, resolved.
        """
        identity = look.number if look.number is not None else style.paragraph.number
        if identity is None or identity == "0" or identity not in self._instances:
            return None
        instance = self._instances[identity]
        abstract = self._definition(instance.abstract)
        if abstract is None:
            return None
        depth = self._depth(look, style, abstract, instance)
        if self._level(abstract, instance, depth) is None:
            return None
        self._count(abstract, instance, depth)
        return self._label(abstract, instance, depth)

    def _definition(self, identity: str) -> _Abstract | None:
        """An abstract definition, by way of the numbering style that it points to."""
        abstract = self._abstracts.get(identity)
        if abstract is None or not abstract.link or abstract.levels:
            return abstract
        element = self._styles.element(abstract.link)
        target = element.find(f"{W}pPr/{W}numPr/{W}numId") if element is not None else None
        instance = self._instances.get(target.get(_VAL) or "") if target is not None else None
        if instance is not None and instance.abstract != identity:
            return self._abstracts.get(instance.abstract)
        return next((a for a in self._abstracts.values() if a.style_link == abstract.link), abstract)

    def _depth(self, look: ParagraphLook, style: Style, abstract: _Abstract, instance: _Instance) -> int:
        """The level: the paragraph's own, else the one that names its style, else the style's."""
        if look.level is None and look.number is None:
            for identity in style.chain:
                for depth in range(_LEVELS):
                    level = self._level(abstract, instance, depth)
                    if level is not None and level.style == identity:
                        return depth
        stated = look.level if look.level is not None else style.paragraph.level
        return min(max(stated or 0, 0), _LEVELS - 1)

    def _level(self, abstract: _Abstract, instance: _Instance, depth: int) -> Level | None:
        return instance.levels.get(depth) or abstract.levels.get(depth)

    def _start(self, abstract: _Abstract, instance: _Instance, depth: int) -> int:
        if depth in instance.starts:
            return instance.starts[depth]
        level = self._level(abstract, instance, depth)
        return level.start if level is not None else 1

    def _count(self, abstract: _Abstract, instance: _Instance, depth: int) -> None:
        values = abstract.values
        for above in range(depth):
            if values[above] is None:
                values[above] = self._start(abstract, instance, above)
        current = values[depth]
        overridden = depth in instance.starts and depth not in instance.begun
        if current is None or overridden:
            values[depth] = self._start(abstract, instance, depth)
        else:
            values[depth] = current + 1
        instance.begun.add(depth)
        for below in range(depth + 1, _LEVELS):
            level = self._level(abstract, instance, below)
            restart = level.restart if level is not None else None
            if restart is None or (restart > 0 and depth < restart):
                values[below] = None

    def _label(self, abstract: _Abstract, instance: _Instance, depth: int) -> Label | None:
        level = self._level(abstract, instance, depth)
        if level is None or level.hidden:
            return None
        if level.form == "bullet":
            glyph = symbols(level.text, level.font or "", unknown=_BULLET).strip()
            return Label(glyph, depth, level.suffix) if glyph else None

        def value(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            at = self._level(abstract, instance, place)
            count = abstract.values[place]
            if at is None or place > depth:
                return ""
            return self._numeral(at, self._start(abstract, instance, place) if count is None else count, level.legal)

        text = symbols(_PLACE.sub(value, level.text), level.font or "", unknown="").strip()
        return Label(text, depth, level.suffix) if text else None

    def _numeral(self, level: Level, value: int, legal: bool) -> str:
        if level.form == "custom":
            return padded(level.custom, value)
        if legal:
            return numeral("decimalZero" if level.form == "decimalZero" else "decimal", value)
        if not knows(level.form):
            self.unknown.add(level.form)
        return numeral(level.form, value)


def _abstract(element: _Element) -> _Abstract:
    abstract = _Abstract()
    for child in element:
        if child.tag == f"{W}lvl":
            depth = integer(child.get(f"{W}ilvl"))
            if depth is not None and 0 <= depth < _LEVELS:
                abstract.levels[depth] = _read_level(child)
        elif child.tag == f"{W}numStyleLink":
            abstract.link = child.get(_VAL)
        elif child.tag == f"{W}styleLink":
            abstract.style_link = child.get(_VAL)
    return abstract


def _instance(element: _Element) -> _Instance:
    target = element.find(f"{W}abstractNumId")
    instance = _Instance((target.get(_VAL) or "") if target is not None else "")
    for override in element.findall(f"{W}lvlOverride"):
        depth = integer(override.get(f"{W}ilvl"))
        if depth is None or not 0 <= depth < _LEVELS:
            continue
        level, start = override.find(f"{W}lvl"), override.find(f"{W}startOverride")
        if level is not None:
            instance.levels[depth] = _read_level(level)
        if start is not None:
            value = integer(start.get(_VAL))
            instance.starts[depth] = 0 if value is None else value
    return instance


def _read_level(element: _Element) -> Level:
    level = Level()
    for child in element.iter(f"{W}*"):
        name, value = str(child.tag).rsplit("}", 1)[-1], child.get(_VAL)
        if name == "start":
            level.start = integer(value) or 0
        elif name == "numFmt":
            _read_format(child, level)
        elif name == "lvlText":
            level.text = (value or "")[:_TEXT_MOST]
        elif name == "isLgl":
            level.legal = on(child)
        elif name == "lvlRestart":
            level.restart = integer(value)
        elif name == "pStyle":
            level.style = value
        elif name == "suff":
            level.suffix = value or "tab"
        elif name == "vanish":
            level.hidden = on(child)
        elif name == "rFonts":
            level.font = child.get(f"{W}ascii") or child.get(f"{W}hAnsi")
    return level


def _read_format(element: _Element, level: Level) -> None:
    """A custom format stands in the choice, a plain one beside it in the fallback; digits alone can be followed."""
    parent = element.getparent()
    fallback = parent is not None and parent.tag == f"{MC}Fallback"
    form = element.get(_VAL) or "decimal"
    if form == "custom":
        level.custom = element.get(f"{W}format") or ""
        level.form = form if level.custom.split(",", 1)[0].strip().isdigit() else "decimal"
    elif not (fallback and level.form == "custom"):
        level.form = form
