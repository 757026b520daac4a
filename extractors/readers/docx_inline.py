"""What stands in a paragraph, as text: runs, fields, revisions, symbols, formulas; and the boxes anchored in it.

Source: ECMA-376 part 1, 17.3 (paragraphs and runs), 17.13.5 (revisions), 17.16 (fields).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractors.readers.docx_numerals import circled
from extractors.readers.docx_package import MC, WP, M, V, W
from extractors.readers.docx_styles import RunLook, Style, Styles, integer, on, run_look
from extractors.readers.docx_symbols import symbol, symbols

if TYPE_CHECKING:
    from lxml.etree import _Element

_VAL = f"{W}val"
_R, _RPR, _T, _ALTERNATE, _SDT = f"{W}r", f"{W}rPr", f"{W}t", f"{MC}AlternateContent", f"{W}sdt"
_FIELD = f"{W}fldSimple"
#: Wrappers that show what they hold.
TRANSPARENT = frozenset(
    f"{W}{name}" for name in ("hyperlink", "ins", "moveTo", "smartTag", "customXml", "sdtContent", "dir", "bdo")
)
#: Text boxes: in shapes of either generation, and lettering drawn as a shape.
_BOX, _LETTERING = f"{W}txbxContent", f"{V}textpath"
_PICTURES = frozenset(f"{W}{name}" for name in ("drawing", "pict", "object"))
_PAGE_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION"})
#: A character drawn into a ring by a formula field: EQ \o\ac(○,1).
_RINGED = re.compile(r"^\s*eq\s+\\o\s*(?:\\a[clr]\s*)?\(\s*[○〇◯]\s*[,，]\s*([^)]+?)\s*\)", re.IGNORECASE)
_CODE = 200
_CM = 360_000


@dataclass(slots=True)
class Text:
    """A paragraph as it is gathered: pieces of text, how each run looks, boxes before and after the first text."""

    pieces: list[str] = field(default_factory=list)
    looks: list[tuple[int, RunLook]] = field(default_factory=list)
    boxes_before: list[_Element] = field(default_factory=list)
    boxes_after: list[_Element] = field(default_factory=list)
    page: int | None = None
    inked: bool = False
    hidden: int = 0


class Pages:
    """Counts pages by the breaks that the word processor left when it last laid the document out."""

    def __init__(self, known: bool) -> None:
        self.known = known
        self.at = 1
        self._fresh = False

    def turn(self) -> None:
        """A break that the author set; the layout's own mark may follow it and is the same break."""
        self.at += 1
        self._fresh = True

    def rendered(self) -> None:
        """A break that the layout found."""
        if not self._fresh:
            self.at += 1
        self._fresh = False

    def ink(self) -> int | None:
        """Text was set: the page it stands on."""
        self._fresh = False
        return self.at if self.known else None


class Inline:
    """Gathers paragraphs' text. Open fields carry over from one paragraph to the next.

    Attributes:
        notes: footnotes and endnotes in the order of their references, as (kind, id).
        unmapped: how many symbols could not be told.
        pictures: how many pictures are large enough to hold text.
        embedded: how many charts, diagrams and embedded objects there are.
    """

    def __init__(self, styles: Styles, pages: Pages) -> None:
        self._styles = styles
        self._pages = pages
        self._fields: list[list[str]] = []
        self.notes: list[tuple[str, str]] = []
        self.unmapped = 0
        self.pictures = 0
        self.embedded = 0
        self.skip_page_fields = False

    def gather(self, paragraph: _Element, into: Text, style: Style) -> None:
        """Adds a paragraph's text to what is gathered already.

        Args:
            paragraph: a ``w:p``.
            into: gathers; two paragraphs whose mark was deleted are one text.
            style: the paragraph's style.
        """
        self._walk(paragraph, into, style)
        # A field whose code never ends would swallow the rest of the document.
        while self._fields and self._fields[-1][0] == "code":
            self._fields.pop()

    def end_story(self) -> None:
        """Forgets fields left open."""
        self._fields.clear()

    def _walk(self, parent: _Element, into: Text, style: Style) -> None:
        for child in parent:
            tag = child.tag
            if tag == _R:
                self._run(child, into, style)
            elif tag in TRANSPARENT:
                self._walk(child, into, style)
            elif tag == _SDT:
                self._control(child, into, style)
            elif tag == _FIELD:
                if not self._is_page_number(child.get(f"{W}instr") or ""):
                    self._walk(child, into, style)
            elif tag == _ALTERNATE:
                self._walk(choice(child), into, style)
            elif tag in (f"{M}oMath", f"{M}oMathPara"):
                self._add(formula(child), RunLook(), into, style)

    def _control(self, control: _Element, into: Text, style: Style) -> None:
        """A content control; its prompt is no text, recognised by both its flag and its style."""
        prompting = control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None
        for content in control.iterchildren(f"{W}sdtContent"):
            if prompting:
                runs = list(content.iter(_R))
                if runs and all(self._styles.is_placeholder(run_look(run.find(_RPR))) for run in runs):
                    continue
            self._walk(content, into, style)

    def _run(self, run: _Element, into: Text, style: Style) -> None:
        first = run[0] if len(run) else None
        look = self._styles.run(run_look(first if first is not None and first.tag == _RPR else None), style)
        for child in run:
            tag = child.tag
            if tag == _T:
                self._add(_unwrapped(child.text or ""), look, into, style)
            elif tag in _WORDS:
                self._add(_WORDS[tag], look, into, style)
            elif tag == _BR:
                self._break(child, look, into, style)
            elif tag == _RENDERED:
                self._pages.rendered()
            elif tag == _FLDCHAR:
                self._field(child, look, into, style)
            elif tag == _INSTR:
                if self._fields:
                    self._fields[-1][1] += child.text or ""
            elif tag == _SYM:
                self._symbol(child, look, into, style)
            elif tag == _RUBY:
                for base in child.iterchildren(f"{W}rubyBase"):
                    self._walk(base, into, style)
            elif tag in _NOTES:
                if not look.hidden and self._showing():
                    self.notes.append((_NOTES[tag], child.get(f"{W}id") or ""))
            elif tag in _PICTURES or tag == _ALTERNATE:
                self._shape(child, into, style)

    def _add(self, text: str, look: RunLook, into: Text, style: Style) -> None:
        if not text or not self._showing():
            return
        if look.hidden:
            into.hidden += 1
            return
        if look.font and (len(text) == 1 or not text.isascii()):
            text = symbols(text, look.font, unknown="\ufffd")
        weight = len(text) - text.count(" ") - text.count("\u3000") - text.count("\t") - text.count("\n")
        into.pieces.append(text)
        if weight:
            into.looks.append((weight, look))
            page = self._pages.ink()
            if not into.inked:
                into.inked, into.page = True, page

    def _break(self, element: _Element, look: RunLook, into: Text, style: Style) -> None:
        kind = element.get(f"{W}type")
        if kind == "page" and not look.hidden and self._showing():
            self._pages.turn()
        # Text after a page or column break starts a new line.
        self._add("\n", look, into, style)

    def _symbol(self, element: _Element, look: RunLook, into: Text, style: Style) -> None:
        try:
            code = int(element.get(f"{W}char") or "", 16)
        except ValueError:
            return
        text = symbol(code, element.get(f"{W}font") or "", unknown="\ufffd")
        if text == "\ufffd" and not look.hidden and self._showing():
            self.unmapped += 1
        self._add(text, look, into, style)

    def _showing(self) -> bool:
        return all(phase == "result" for phase, _ in self._fields)

    def _field(self, mark: _Element, look: RunLook, into: Text, style: Style) -> None:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            box = mark.find(f"{W}ffData/{W}checkBox")
            if box is not None:
                self._add(_tick(box), look, into, style)
            self._fields.append(["code", ""])
        elif kind == "separate" and self._fields:
            top = self._fields[-1]
            top[0] = "muted" if self._is_page_number(top[1]) or _RINGED.match(top[1][:_CODE]) else "result"
        elif kind == "end" and self._fields:
            _, code = self._fields.pop()
            ringed = _RINGED.match(code[:_CODE])
            if ringed:
                self._add(_ring(ringed[1]), look, into, style)

    def _is_page_number(self, code: str) -> bool:
        words = code.split(None, 1)
        return self.skip_page_fields and bool(words) and words[0].upper() in _PAGE_FIELDS

    def _shape(self, element: _Element, into: Text, style: Style) -> None:
        if not self._showing():
            return
        target = into.boxes_after if into.inked else into.boxes_before
        if element.tag == _ALTERNATE:
            branch = choice(element)
            if any(child.tag not in _PICTURES for child in branch):
                # Runs' content of a newer kind, not a shape.
                self._alternate_run(branch, into, style)
            for shape in branch:
                if shape.tag in _PICTURES:
                    self._shape(shape, into, style)
            return
        found = list(boxes(element))
        target.extend(found)
        if not found:
            self._count_picture(element)

    def _alternate_run(self, branch: _Element, into: Text, style: Style) -> None:
        for child in branch:
            if child.tag == _T:
                self._add(_unwrapped(child.text or ""), RunLook(), into, style)

    def _count_picture(self, element: _Element) -> None:
        data = next((e for e in element.iter() if str(e.tag).endswith("}graphicData")), None)
        uri = (data.get("uri") or "") if data is not None else ""
        if element.tag == f"{W}object" or uri.endswith(("/chart", "/diagram")):
            self.embedded += 1
            return
        extent = next(element.iter(f"{WP}extent"), None)
        if uri.endswith("/picture") and extent is not None:
            wide, high = integer(extent.get("cx")) or 0, integer(extent.get("cy")) or 0
            self.pictures += wide >= 6 * _CM and high >= 3 * _CM


def choice(alternate: _Element) -> _Element:
    """The branch of an ``mc:AlternateContent`` to read: the first choice that holds anything, else the fallback."""
    branches = [child for child in alternate if child.tag == f"{MC}Choice"]
    fallback = [child for child in alternate if child.tag == f"{MC}Fallback"]
    both = [*branches, *fallback]
    for branch in both:
        if next(branch.iter(_BOX, _LETTERING, _T), None) is not None:
            return branch
    return next((branch for branch in both if len(branch)), both[0] if both else alternate)


def boxes(element: _Element) -> Iterator[_Element]:
    """The text boxes and lettering in a shape, each once, those inside another box left to it."""
    for child in element:
        tag = child.tag
        if tag == _BOX or (tag == _LETTERING and (child.get("string") or "").strip() and not _watermark(element)):
            yield child
        elif tag == _ALTERNATE:
            yield from boxes(choice(child))
        elif isinstance(tag, str):
            yield from boxes(child)


def _watermark(shape: _Element) -> bool:
    return "watermark" in (shape.get("id") or "").lower()


def lettering(box: _Element) -> str | None:
    """The words of lettering drawn as a shape (red letterheads are), or None for a text box."""
    return (box.get("string") or "").strip() if box.tag == _LETTERING else None


def formula(element: _Element) -> str:
    """A formula on one line: fractions with ``/``, powers with ``^``, the rest as it is written."""
    text = ""
    for child in element:
        tag = child.tag
        if tag == f"{M}t" or tag == _T:
            text += child.text or ""
        elif tag == f"{M}f":
            text += "/".join(_grouped(_part(child, name)) for name in ("num", "den"))
        elif tag == f"{M}sSup":
            text += f"{_part(child, 'e')}^{_grouped(_part(child, 'sup'))}"
        elif isinstance(tag, str) and not tag.endswith(("Pr", "}del", "}moveFrom")):
            text += formula(child)
    return text


def _part(element: _Element, name: str) -> str:
    part = element.find(f"{M}{name}")
    return formula(part) if part is not None else ""


def _grouped(text: str) -> str:
    return f"({text})" if re.search(r"[+\-−×÷*/=]", text) else text


def _tick(box: _Element) -> str:
    """A form's check box as it stands: its state, else its default."""
    state = box.find(f"{W}checked")
    if state is None:
        state = box.find(f"{W}default")
    return "☑" if state is not None and on(state) else "☐"


def _ring(text: str) -> str:
    if text.isascii() and text.isdigit() and len(text) <= 2:
        return circled(int(text), last=50)
    index = "一二三四五六七八九十".find(text)
    return chr(0x3280 + index) if len(text) == 1 and index >= 0 else text


def _unwrapped(text: str) -> str:
    """Text whose XML was laid out over lines: a line break in the source is no line break on the page."""
    if "\n" not in text:
        return text
    joined, *rest = (line.strip() for line in text.split("\n"))
    for line in rest:
        gap = " " if _latin(joined[-1:]) and _latin(line[:1]) else ""
        joined = f"{joined}{gap}{line}" if line else joined
    return joined


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


_BR, _RENDERED, _FLDCHAR, _INSTR, _SYM, _RUBY = (
    f"{W}{name}" for name in ("br", "lastRenderedPageBreak", "fldChar", "instrText", "sym", "ruby")
)
_WORDS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
