"""How paragraphs and runs look, from their own properties, their styles and the document's defaults.

Source: ECMA-376 part 1, 17.7.2 (style hierarchy); toggle properties are taken from the nearest level that states them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from extractors.readers.docx_package import W
from schemas.document import Layout

if TYPE_CHECKING:
    from lxml.etree import _Element

Align = Literal["left", "center", "right", "justify"]

_VAL = f"{W}val"
_OFF = frozenset({"0", "false", "off", "none"})
_ALIGN: dict[str, Align] = {
    "left": "left", "start": "left", "center": "center", "right": "right", "end": "right", "both": "justify",
    "distribute": "justify", "thaiDistribute": "justify", "lowKashida": "justify", "mediumKashida": "justify",
    "highKashida": "justify",
}  # fmt: skip
_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-9])$", re.IGNORECASE)
_PLACEHOLDER = frozenset({"placeholder text", "占位符文本"})
_DEEPEST = 64


@dataclass(slots=True)
class RunLook:
    """What a run's properties state; None is left to the level above."""

    size: float | None = None
    bold: bool | None = None
    colour: str | None = None
    hidden: bool | None = None
    font: str | None = None
    style: str | None = None
    deleted: bool | None = None


@dataclass(slots=True)
class ParagraphLook:
    """What a paragraph's properties state; None is left to the level above."""

    align: Align | None = None
    indent: float | None = None
    indent_chars: float | None = None
    outline: int | None = None
    number: str | None = None
    level: int | None = None
    break_before: bool | None = None
    style: str | None = None


@dataclass(slots=True)
class Style:
    """A style with what it inherits, without and with the document's defaults.

    ``chain`` is its own id and those it is based on, nearest first.
    """

    run: RunLook
    paragraph: ParagraphLook
    full_run: RunLook
    full_paragraph: ParagraphLook
    chain: tuple[str, ...]


def on(element: _Element) -> bool:
    """Whether an on/off element says on; without a value it does."""
    return (element.get(_VAL) or "1").lower() not in _OFF


def number(text: str | None) -> float | None:
    """A measure's number, a unit at its end ignored; None where there is none."""
    match = re.match(r"-?\d{1,12}(?:\.\d{1,6})?", text or "")
    return float(match[0]) if match else None


def integer(text: str | None) -> int | None:
    """A whole number, None where there is none."""
    value = number(text)
    return None if value is None else int(value)


def run_look(properties: _Element | None) -> RunLook:
    """What a ``w:rPr`` states itself."""
    look = RunLook()
    for child in properties if properties is not None else ():
        tag = child.tag
        if tag == _SZ:
            half_points = number(child.get(_VAL))
            look.size = half_points / 2 if half_points else None
        elif tag == _B:
            look.bold = on(child)
        elif tag == _COLOR:
            look.colour = (child.get(_VAL) or "auto").lower()
        elif tag == _FONTS:
            look.font = child.get(_ASCII) or child.get(_HANSI)
        elif tag in _HIDING:
            look.hidden = on(child) or bool(look.hidden)
        elif tag == _RSTYLE:
            look.style = child.get(_VAL)
        elif tag in _DELETING:
            look.deleted = True
    return look


def paragraph_look(properties: _Element | None) -> ParagraphLook:
    """What a ``w:pPr`` states itself."""
    look = ParagraphLook()
    for child in properties if properties is not None else ():
        tag = child.tag
        if tag == _PSTYLE:
            look.style = child.get(_VAL)
        elif tag == _JC:
            look.align = _ALIGN.get(child.get(_VAL) or "")
        elif tag == _IND:
            _indent(child, look)
        elif tag == _NUMPR:
            for part in child:
                if part.tag == _NUMID:
                    look.number = part.get(_VAL)
                elif part.tag == _ILVL:
                    look.level = integer(part.get(_VAL))
        elif tag == _OUTLINE:
            level = integer(child.get(_VAL))
            look.outline = level + 1 if level is not None and 0 <= level <= 9 else None
        elif tag == _BREAK:
            look.break_before = on(child)
    return look


def _indent(element: _Element, look: ParagraphLook) -> None:
    """First line's indent in points, and in hundredths of a character, which wins; hanging is negative."""
    for name, sign in (("hanging", -1), ("firstLine", 1)):
        twips, chars = number(element.get(f"{W}{name}")), number(element.get(f"{W}{name}Chars"))
        if twips is not None and (look.indent is None or look.indent == 0):
            look.indent = sign * twips / 20
        if chars is not None and (look.indent_chars is None or look.indent_chars == 0):
            look.indent_chars = sign * chars / 100


def _over(upper: RunLook, lower: RunLook) -> RunLook:
    """Field by field and written out: this runs for every run of a document."""
    return RunLook(
        lower.size if upper.size is None else upper.size,
        lower.bold if upper.bold is None else upper.bold,
        lower.colour if upper.colour is None else upper.colour,
        lower.hidden if upper.hidden is None else upper.hidden,
        lower.font if upper.font is None else upper.font,
        lower.style if upper.style is None else upper.style,
        lower.deleted if upper.deleted is None else upper.deleted,
    )


def _over_paragraph(upper: ParagraphLook, lower: ParagraphLook) -> ParagraphLook:
    stated = upper.indent is not None and upper.indent_chars is None
    return ParagraphLook(
        lower.align if upper.align is None else upper.align,
        lower.indent if upper.indent is None else upper.indent,
        lower.indent_chars if upper.indent_chars is None and not stated else upper.indent_chars,
        lower.outline if upper.outline is None else upper.outline,
        lower.number if upper.number is None else upper.number,
        lower.level if upper.level is None else upper.level,
        lower.break_before if upper.break_before is None else upper.break_before,
        lower.style if upper.style is None else upper.style,
    )


class Styles:
    """The styles part: each style with its inheritance resolved, once."""

    def __init__(self, root: _Element | None) -> None:
        self._elements: dict[str, _Element] = {}
        self._resolved: dict[str, Style] = {}
        self._default_paragraph = ""
        self.default_run = RunLook()
        self.default_paragraph = ParagraphLook()
        for child in root if root is not None else ():
            if child.tag == f"{W}style":
                identity = child.get(f"{W}styleId") or ""
                self._elements[identity] = child
                default = (child.get(f"{W}default") or "0").lower() not in _OFF
                if default and child.get(f"{W}type") == "paragraph":
                    self._default_paragraph = identity
            elif child.tag == f"{W}docDefaults":
                self.default_run = run_look(child.find(f"{W}rPrDefault/{W}rPr"))
                self.default_paragraph = paragraph_look(child.find(f"{W}pPrDefault/{W}pPr"))
                if self.default_run.size is None:
                    self.default_run.size = 10.0

    def element(self, identity: str) -> _Element | None:
        """The ``w:style`` of an id."""
        return self._elements.get(identity)

    def style(self, identity: str | None) -> Style:
        """A style by its id; without one or with an unknown one the default paragraph style."""
        if not identity or identity not in self._elements:
            identity = self._default_paragraph
        if identity not in self._resolved:
            self._resolved[identity] = self._resolve(identity)
        return self._resolved[identity]

    def _resolve(self, identity: str) -> Style:
        chain: list[str] = []
        run, paragraph = RunLook(), ParagraphLook()
        while identity in self._elements and identity not in chain and len(chain) < _DEEPEST:
            element = self._elements[identity]
            own = element.find(f"{W}name")
            name = (own.get(_VAL) or "") if own is not None else ""
            run = _over(run, run_look(element.find(f"{W}rPr")))
            stated = paragraph_look(element.find(f"{W}pPr"))
            heading = _HEADING.match(name)
            if stated.outline is None and heading:
                stated.outline = int(heading[1])
            paragraph = _over_paragraph(paragraph, stated)
            chain.append(identity)
            based = element.find(f"{W}basedOn")
            identity = (based.get(_VAL) or "") if based is not None else ""
        full = _over(run, self.default_run), _over_paragraph(paragraph, self.default_paragraph)
        return Style(run, paragraph, *full, tuple(chain))

    def run(self, look: RunLook, paragraph: Style) -> RunLook:
        """A run's look with its character style, its paragraph's style and the defaults laid under it."""
        if look.style:
            look = _over(look, self._character(look.style))
        return _over(look, paragraph.full_run)

    def is_placeholder(self, look: RunLook) -> bool:
        """Whether a run shows a form's prompt (单击此处输入文字) by its style."""
        if not look.style or look.style not in self._elements:
            return False
        name = self._elements[look.style].find(f"{W}name")
        return name is not None and (name.get(_VAL) or "").lower() in _PLACEHOLDER

    def _character(self, identity: str) -> RunLook:
        return self.style(identity).run if identity in self._elements else RunLook()

    def paragraph(self, look: ParagraphLook) -> ParagraphLook:
        """A paragraph's look with its style and the defaults laid under it; numbering is kept apart."""
        return _over_paragraph(look, self.style(look.style).full_paragraph)


def layout(look: ParagraphLook, runs: Iterable[tuple[int, RunLook]]) -> Layout:
    """Layout hints of a paragraph from its resolved look and those of its runs, each with its weight in characters."""
    sizes: Counter[float] = Counter()
    colours: Counter[str] = Counter()
    bold, weighed = True, False
    for weight, run in runs:
        if not weight:
            continue
        weighed = True
        bold = bold and bool(run.bold)
        if run.size:
            sizes[run.size] += weight
        colours[run.colour or "auto"] += weight
    size = sizes.most_common(1)[0][0] if sizes else None
    colour = colours.most_common(1)[0][0] if colours else "auto"
    indent = look.indent
    if look.indent_chars and size:
        indent = look.indent_chars * size
    return Layout(
        align=look.align,
        size=size,
        bold=bold and weighed,
        indent=None if indent is None else round(indent, 1),
        outline=look.outline if look.outline is not None and look.outline <= 9 else None,
        colour=f"#{colour}" if re.fullmatch(r"(?!000000)[0-9a-f]{6}", colour) else None,
    )


_SZ, _B, _COLOR, _FONTS, _RSTYLE = (f"{W}{name}" for name in ("sz", "b", "color", "rFonts", "rStyle"))
_ASCII, _HANSI = f"{W}ascii", f"{W}hAnsi"
_HIDING = frozenset({f"{W}vanish", f"{W}specVanish"})
_DELETING = frozenset({f"{W}del", f"{W}moveFrom"})
_PSTYLE, _JC, _IND, _NUMPR, _NUMID, _ILVL = (f"{W}{n}" for n in ("pStyle", "jc", "ind", "numPr", "numId", "ilvl"))
_OUTLINE, _BREAK = f"{W}outlineLvl", f"{W}pageBreakBefore"
