"""WordprocessingML made in memory, so that documents of other Word formats are read like a docx.

Source: ECMA-376 part 1, 17 (the elements' names); only what the docx reader looks at is made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractors.readers.docx_package import WP, R, Relation, V, W
from schemas.document import Warning

if TYPE_CHECKING:
    from lxml.etree import _Element

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
Value = str | int | float | None
#: What XML can't hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def make(name: str, parent: _Element | None = None, **attributes: Value) -> _Element:
    """A ``w:`` element with ``w:`` attributes, those that are None left out; added to its parent."""
    from lxml import etree

    element = etree.Element(f"{W}{name}") if parent is None else etree.SubElement(parent, f"{W}{name}")
    for key, value in attributes.items():
        if value is not None:
            element.set(f"{W}{key}", _FORBIDDEN.sub("", str(value)))
    return element


def flag(parent: _Element, name: str, on: bool | None) -> None:
    """An on/off property, where it is stated."""
    if on is not None:
        make(name, parent, val="1" if on else "0")


def text(run: _Element, words: str) -> None:
    """Words added to a run, tabs and line breaks as their own elements."""
    for piece in re.split("([\t\n])", words):
        if piece == "\t":
            make("tab", run)
        elif piece == "\n":
            make("br", run)
        elif piece:
            make("t", run).text = _FORBIDDEN.sub("", piece)


def lettering(run: _Element, words: str) -> None:
    """Letters drawn as a shape."""
    from lxml import etree

    shape = etree.SubElement(make("pict", run), f"{V}shape")
    etree.SubElement(shape, f"{V}textpath").set("string", _FORBIDDEN.sub("", words))


def box(run: _Element) -> _Element:
    """A text box in a run; its paragraphs go into what is given back."""
    from lxml import etree

    shape = etree.SubElement(make("pict", run), f"{V}shape")
    return make("txbxContent", etree.SubElement(shape, f"{V}textbox"))


def margin(properties: _Element, kind: str, which: str, part: str) -> None:
    """A section's reference to the part of a header or footer."""
    make(f"{kind}Reference", properties, type=which).set(f"{R}id", part)


def picture(run: _Element, wide: int, high: int) -> None:
    """A picture of a size in EMU, without its contents."""
    from lxml import etree

    drawing = etree.SubElement(make("drawing", run), f"{WP}inline")
    extent = etree.SubElement(drawing, f"{WP}extent")
    extent.set("cx", str(max(wide, 0)))
    extent.set("cy", str(max(high, 0)))
    etree.SubElement(drawing, f"{_A}graphicData").set("uri", _PICTURE)


@dataclass
class Parts:
    """The parts of a made document, as the docx reader asks a package for them."""

    document: _Element
    parts: dict[str, tuple[str, _Element]] = field(default_factory=dict)
    warnings: list[Warning] = field(default_factory=list)
    main: str = "正文"
    paged: bool = False

    def root(self) -> _Element:
        """The main part's tree."""
        return self.document

    def related(self, kind: str) -> _Element | None:
        """The first part of a kind."""
        return next((tree for this, tree in self.parts.values() if this == kind), None)

    def part(self, name: str) -> _Element | None:
        """A part by its name."""
        return self.parts[name][1] if name in self.parts else None

    @property
    def relations(self) -> dict[str, Relation]:
        """The parts by their names, which are their relations' ids too."""
        return {name: Relation(kind, name) for name, (kind, _) in self.parts.items()}

    def add(self, kind: str, tree: _Element) -> str:
        """A part of a kind; gives its name."""
        name = f"{kind}{len(self.parts) + 1}"
        self.parts[name] = (kind, tree)
        return name
