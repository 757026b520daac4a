"""The stories of a Word 97-2003 file as WordprocessingML: paragraphs, tables, fields, notes, boxes.

Source: [MS-DOC] 2.4.2-2.4.4 (paragraph and cell boundaries), 2.8.25 (fields), 2.9.78 (form fields).
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.readers import word_tree
from extractors.readers.doc_file import WordFile, paired
from extractors.readers.doc_looks import paragraph_properties, run_properties
from extractors.readers.doc_properties import Properties, Sprm, number, sprms
from extractors.readers.doc_rows import CellShape, RowShape, across, column, grid, is_row_end, lines_of, row_shape
from extractors.readers.doc_shapes import Shapes
from extractors.readers.word_tree import make

if TYPE_CHECKING:
    from lxml.etree import _Element

_CELL, _PARAGRAPH, _PAGE = "\x07", "\r", "\x0c"
_BEGIN, _SEPARATE, _END = "\x13", "\x14", "\x15"
_PICTURE, _NOTE, _DRAWN, _SYMBOL = "\x01", "\x02", "\x08", "("
_WORDS = {"\x0b": "\n", "\x1e": "-", "\x1f": "", "\x00": "", "\x05": "", "\x03": "", "\x04": ""}
_SPECIAL = frozenset({_BEGIN, _SEPARATE, _END, _PICTURE, _NOTE, _DRAWN, _PAGE, "\x0e"})
_DELETED, _SYMBOL_CODE, _PICTURE_PLACE, _DATA, _OBJECT, _OLE = 0x0800, 0x6A09, 0x6A03, 0x0806, 0x0856, 0x080A
_DEEPEST = 16
_TWIP = 635
_CHECK_BOX, _DEFAULT = 1, 25


@dataclass(slots=True)
class Paragraph:
    """A paragraph's positions (the mark's last), style, modifiers, and how deep in tables it stands."""

    start: int
    mark: int
    style: int
    items: list[Sprm]
    depth: int
    ends_cell: bool
    ends_row: bool


class Stories:
    """Makes trees of a document's stories.

    Args:
        word: the document.
        fonts: its fonts' names.
        shapes: what is anchored in the body and in the headers.
        notes: by position of its reference, kind and number of a note.
        sections: the properties of each section by the position of its last mark.
    """

    def __init__(
        self, word: WordFile, fonts: list[str], shapes: Sequence[Shapes], notes: dict[int, tuple[str, int]],
        sections: dict[int, _Element],
    ) -> None:  # fmt: skip
        self._word = word
        self._fonts = fonts
        self._shapes = shapes
        self._notes = notes
        self._sections = sections
        self._properties = Properties(word)
        self._fields: list[tuple[_Element, bool]] = []

    def fill(self, container: _Element, start: int, end: int) -> None:
        """Adds the paragraphs and tables between two positions to a container."""
        fields, self._fields = self._fields, []
        self._blocks(container, self._paragraphs(start, end), 0)
        self._fields = fields

    def _paragraphs(self, start: int, end: int) -> list[Paragraph]:
        text, found, begin = self._word.text, [], start
        for at in range(start, end):
            char = text[at]
            if char == _PAGE and at not in self._sections:
                continue
            if char in (_CELL, _PARAGRAPH, _PAGE):
                found.append(self._paragraph(begin, at))
                begin = at + 1
        if begin < end:
            found.append(self._paragraph(begin, end))
        return found

    def _paragraph(self, start: int, mark: int) -> Paragraph:
        style, items = self._properties.paragraph(mark)
        depth, inner, cell = 0, False, self._word.text[mark : mark + 1] == _CELL
        for code, operand in items:
            if code == 0x2416:
                depth = max(depth, 1) if number(operand) else 0
            elif code == 0x6649:
                depth = min(max(number(operand, signed=True), 0), _DEEPEST)
            elif code == 0x664A:
                depth = min(max(depth + number(operand, signed=True), 0), _DEEPEST)
            elif code in (0x244B, 0x244C) and number(operand):
                inner = True
        ends_row = is_row_end(items)
        if cell:
            depth = max(depth, 1)
        return Paragraph(start, mark, style, items, depth, cell or (inner and depth > 1), ends_row)

    def _blocks(self, container: _Element, paragraphs: Sequence[Paragraph], depth: int) -> None:
        at = 0
        while at < len(paragraphs):
            if paragraphs[at].depth <= depth:
                self._write(container, paragraphs[at])
                at += 1
                continue
            end = at
            while end < len(paragraphs) and paragraphs[end].depth > depth:
                end += 1
            self._table(container, paragraphs[at:end], depth + 1)
            at = end

    def _table(self, container: _Element, paragraphs: Sequence[Paragraph], depth: int) -> None:
        """The rows of a table; what stands behind the last row's end, in a broken file, comes as paragraphs."""
        rows: list[tuple[list[list[Paragraph]], RowShape, bool]] = []
        cells: list[list[Paragraph]] = []
        held: list[Paragraph] = []
        for paragraph in paragraphs:
            if paragraph.depth == depth and paragraph.ends_row:
                if held:
                    cells.append(held)
                if cells:
                    rows.append((cells, row_shape(paragraph.items), self._deleted(paragraph.mark)))
                cells, held = [], []
                continue
            held.append(paragraph)
            if paragraph.depth == depth and paragraph.ends_cell:
                cells.append(held)
                held = []
        if rows:
            self._rows(make("tbl", container), rows, depth)
        for paragraph in (*(p for cell in cells for p in cell), *held):
            self._write(container, paragraph)

    def _rows(self, table: _Element, rows: Sequence[tuple[list[list[Paragraph]], RowShape, bool]], depth: int) -> None:
        for cells, shape, _ in rows:
            _completed(shape, len(cells))
        edges = grid([shape for _, shape, _ in rows])
        columns = make("tblGrid", table)
        for left, right in itertools.pairwise(edges):
            make("gridCol", columns, w=right - left)
        for cells, shape, deleted in rows:
            tr = make("tr", table)
            lines_of(shape, make("tblPrEx", tr), "tblBorders", shape.lines)
            properties = make("trPr", tr)
            make("gridBefore", properties, val=column(edges, shape.edges[0]))
            make("gridAfter", properties, val=max(0, len(edges) - 1 - column(edges, shape.edges[len(cells)])))
            if deleted:
                make("del", properties)
            merged = across(shape.cells)
            tc: _Element | None = None
            for i, cell in enumerate(cells):
                span = column(edges, shape.edges[i + 1]) - column(edges, shape.edges[i])
                if span > 0 or tc is None:
                    tc = make("tc", tr)
                    own = make("tcPr", tc)
                    make("gridSpan", own, val=max(span, 1))
                    if merged[i]:
                        make("hMerge", own, val=merged[i])
                    if shape.cells[i].down:
                        make("vMerge", own, val="restart" if shape.cells[i].down == "start" else "continue")
                    lines_of(shape, own, "tcBorders", shape.cells[i].lines)
                self._blocks(tc, cell, depth)

    def _deleted(self, cp: int) -> bool:
        return any(
            code == _DELETED and number(operand)
            for _, _, raw in self._properties.runs(cp, cp + 1) for code, operand in sprms(raw)
        )  # fmt: skip

    def _write(self, container: _Element, paragraph: Paragraph) -> None:
        element = make("p", container)
        properties = paragraph_properties(paragraph.style, paragraph.items, element)
        for _, _, raw in self._properties.runs(paragraph.mark, paragraph.mark + 1):
            mark = run_properties(sprms(raw), self._fonts, properties)
            if any(code == _DELETED and number(operand) for code, operand in sprms(raw)):
                make("del", mark)
        if paragraph.mark in self._sections:
            properties.append(self._sections[paragraph.mark])
        for start, end, raw in self._properties.runs(paragraph.start, paragraph.mark):
            items = list(sprms(raw))
            if not any(code == _DELETED and number(operand) for code, operand in items):
                self._run(element, start, end, items)

    def _run(self, paragraph: _Element, start: int, end: int, items: list[Sprm]) -> None:
        symbol = next((operand for code, operand in items if code == _SYMBOL_CODE and len(operand) == 4), None)
        run = self._styled(paragraph, items)
        words: list[str] = []
        for cp in range(start, end):
            char = self._word.text[cp]
            if char not in _SPECIAL and not (char == _SYMBOL and symbol):
                words.append(_WORDS.get(char, char))
                continue
            self._words(run, words)
            words = []
            if char == _SYMBOL and symbol:
                font, code = struct.unpack("<HH", symbol)
                make("sym", run, font=self._fonts[font] if font < len(self._fonts) else "", char=f"{code:04X}")
            else:
                self._special(run, char, cp, items)
        self._words(run, words)

    def _styled(self, paragraph: _Element, items: list[Sprm]) -> _Element:
        run = make("r", paragraph)
        run_properties(items, self._fonts, run)
        return run

    def _words(self, run: _Element, words: list[str]) -> None:
        text = paired("".join(words))
        if not text:
            return
        if self._fields and self._fields[-1][1]:
            make("instrText", run).text = "".join(char for char in text if char >= " ")
        else:
            word_tree.text(run, text)

    def _special(self, run: _Element, char: str, cp: int, items: list[Sprm]) -> None:
        if char == _BEGIN:
            self._fields.append((make("fldChar", run, fldCharType="begin"), True))
        elif char == _SEPARATE and self._fields:
            make("fldChar", run, fldCharType="separate")
            self._fields[-1] = (self._fields[-1][0], False)
        elif char == _END and self._fields:
            make("fldChar", run, fldCharType="end")
            self._fields.pop()
        elif char == _PAGE:
            make("br", run, type="page")
        elif char == "\x0e":
            make("br", run, type="column")
        elif char == _NOTE and cp in self._notes:
            kind, identity = self._notes[cp]
            make(f"{kind}Reference", run, id=identity)
        elif char == _PICTURE:
            self._picture(run, items)
        elif char == _DRAWN:
            self._drawn(run, cp)

    def _picture(self, run: _Element, items: list[Sprm]) -> None:
        """A picture in the line, or the data of a form's field."""
        stated = dict(items)
        place = stated.get(_PICTURE_PLACE)
        if any(number(stated.get(code, b"")) for code in (_OBJECT, _OLE)):
            make("object", run)
        elif place is not None and number(place) + 36 <= len(self._word.data):
            at, data = number(place), self._word.data
            if number(stated.get(_DATA, b"")):
                header = struct.unpack_from("<H", data, at + 4)[0]
                if self._fields:
                    _check_box(data[at + header : at + header + 600], self._fields[-1][0])
                return
            wide, high, scale_x, scale_y = struct.unpack_from("<4H", data, at + 28)
            word_tree.picture(run, wide * (scale_x or 1000) * _TWIP // 1000, high * (scale_y or 1000) * _TWIP // 1000)

    def _drawn(self, run: _Element, cp: int) -> None:
        """Text boxes, lettering and pictures anchored here."""
        for shapes in self._shapes:
            shape = shapes.anchored.get(cp)
            if shape is None:
                continue
            for words in shapes.letters.get(shape, ()):
                word_tree.lettering(run, words)
            # Each story is told once: a box that names another as its own place would never end.
            for start, end in shapes.boxes.pop(shape, ()):
                self.fill(word_tree.box(run), start, end)
            if shape in shapes.pictures:
                wide, high = shapes.pictures[shape]
                word_tree.picture(run, wide * _TWIP, high * _TWIP)


def _completed(shape: RowShape, cells: int) -> None:
    """A row whose properties tell fewer cells than its text has gets the missing ones, of equal width."""
    shape.edges = shape.edges or [0]
    if any(right < left for left, right in zip(shape.edges, shape.edges[1:], strict=False)):
        shape.edges = sorted(shape.edges)
    while len(shape.edges) <= cells:
        shape.edges.append(shape.edges[-1] + 1000)
    while len(shape.cells) < cells:
        shape.cells.append(CellShape())


def _check_box(data: bytes, begin: _Element) -> None:
    """The state of a form's check box, put where a docx has it."""
    if len(data) < 12:
        return
    bits, _, _, length = struct.unpack_from("<4H", data, 4)
    state = bits >> 2 & 31
    if bits & 3 != _CHECK_BOX:
        return
    place = 12 + 2 * length + 2
    if state == _DEFAULT:
        state = number(data[place : place + 2])
    box = make("checkBox", make("ffData", begin))
    make("checked", box, val="1" if state else "0")
