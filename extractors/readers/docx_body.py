"""A story of a Word document (its body, a header, a note, a cell, a text box) as paragraphs and tables in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractors.readers.docx_inline import TRANSPARENT, Inline, Pages, Text, choice, lettering
from extractors.readers.docx_lines import is_red, lines
from extractors.readers.docx_numbering import Label, Numbering
from extractors.readers.docx_package import MC, W
from extractors.readers.docx_styles import (
    ParagraphLook,
    RunLook,
    Styles,
    integer,
    layout,
    number,
    on,
    paragraph_look,
    run_look,
)
from extractors.readers.docx_tables import Cell, Grid, Row, build, lays_out, without_repeats
from extractors.readers.limits import Limits
from extractors.readers.text import clean
from schemas.document import Layout
from schemas.errors import LimitError
from schemas.labels import BlockType

if TYPE_CHECKING:
    from lxml.etree import _Element

_VAL = f"{W}val"
_P, _TBL, _SDT, _ALTERNATE, _PPR = f"{W}p", f"{W}tbl", f"{W}sdt", f"{MC}AlternateContent", f"{W}pPr"
_TR, _TC = f"{W}tr", f"{W}tc"
#: A short box may well stand twice on purpose; a long one that comes again is a copy.
_COPY = 4
_WIDEST = 1000
#: Where tables only lay out a line or two.
_FLAT: frozenset[BlockType] = frozenset({"header", "footer", "footnote"})


@dataclass(slots=True)
class Para:
    """A paragraph read: its text, its rebuilt number, how it looks."""

    type: BlockType
    text: str
    label: Label | None
    layout: Layout
    page: int | None

    def line(self) -> str:
        """Number and text on one line, as a table's cell shows them."""
        return self.label.before(self.text) if self.label else self.text


@dataclass(slots=True)
class TableItem:
    """A table read; ``nested`` tells tables in its cells, each with its position in the grid."""

    grid: Grid
    page: int | None
    nested: list[tuple[int, int, TableItem]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SectionEnd:
    """The last paragraph of a section has been read."""


Item = Para | TableItem | SectionEnd


class Reader:
    """Walks stories; numbering, fields and pages carry over from one to the next."""

    def __init__(self, styles: Styles, numbering: Numbering, pages: Pages, limits: Limits) -> None:
        self.inline = Inline(styles, pages)
        self._styles = styles
        self._numbering = numbering
        self._pages = pages
        self._limits = limits
        self._cells = 0
        self._boxes: set[str] = set()

    def story(self, container: _Element, kind: BlockType = "paragraph") -> Iterator[Item]:
        """What a container holds, in reading order; paragraphs without text or number are left out.

        Raises:
            LimitError: limit.cells.
        """
        gathered: Text | None = None
        look = ParagraphLook()
        for child in _children(container):
            if child.tag == _TBL:
                if gathered is not None:
                    yield from self._finish(gathered, look, kind)
                    gathered = None
                yield from self._table(child, kind)
                continue
            properties = child.find(_PPR)
            mark = run_look(properties.find(f"{W}rPr")) if properties is not None else RunLook()
            if gathered is None or not mark.hidden:
                look = paragraph_look(properties)
            style = self._styles.style(look.style)
            if gathered is None:
                gathered = Text()
            if look.break_before or (look.break_before is None and style.paragraph.break_before):
                self._pages.turn()
            self.inline.gather(child, gathered, style)
            section = properties.find(f"{W}sectPr") if properties is not None else None
            if (mark.deleted or mark.hidden or _drops_cap(properties)) and section is None:
                continue
            yield from self._finish(gathered, look, kind)
            gathered = None
            if section is not None:
                yield SectionEnd()
        if gathered is not None:
            yield from self._finish(gathered, look, kind)

    def _finish(self, gathered: Text, look: ParagraphLook, kind: BlockType) -> Iterator[Item]:
        for box in gathered.boxes_before:
            yield from self._box(box, kind)
        style = self._styles.style(look.style)
        text = "\n".join(line.strip() for line in clean("".join(gathered.pieces)).split("\n")).strip()
        if text or not gathered.hidden:
            label = self._numbering.next(look, style)
            if text or label:
                hints = layout(self._styles.paragraph(look), gathered.looks)
                yield Para(kind, text, label, hints, gathered.page if gathered.inked else self._page())
        for box in gathered.boxes_after:
            yield from self._box(box, kind)

    def _page(self) -> int | None:
        return self._pages.at if self._pages.known else None

    def _box(self, box: _Element, kind: BlockType) -> Iterator[Item]:
        """A text box's story; copies of one that was read already are left out."""
        within: BlockType = "text_box" if kind == "paragraph" else kind
        words = lettering(box)
        items: list[Item]
        if words is not None:
            items = [Para(within, clean(words).strip(), None, Layout(), self._page())]
        else:
            items = [item for item in self.story(box, within) if not isinstance(item, SectionEnd)]
        key = re.sub(r"\s+", "", "\n".join(_text(item) for item in items))
        if len(key) >= _COPY:
            if key in self._boxes:
                return
            self._boxes.add(key)
        yield from items

    def _table(self, table: _Element, kind: BlockType) -> Iterator[Item]:
        page = self._page()
        rows: list[Row] = []
        held: list[list[Item]] = []
        bordered: list[list[_Element | None]] = []
        for tr in _descend(table, _TR):
            if _unseen(tr.find(f"{W}trPr")):
                continue
            row, properties = self._row(tr, held, kind)
            rows.append(row)
            bordered.append(properties)
        self._bound(rows)
        paragraphs = [item for items in held for item in items if isinstance(item, Para)]
        texts = [[cell.text for cell in row.cells if not cell.continues] for row in rows]
        if kind in _FLAT or lays_out(
            [row for row in texts if row], lines(table, bordered, self._styles),
            red=any(item.layout.colour and is_red(item.layout.colour) for item in paragraphs),
            size=max((item.layout.size or 0 for item in paragraphs), default=0),
            nested=any(isinstance(item, TableItem) for items in held for item in items),
        ):  # fmt: skip
            for items in held:
                yield from (item for item in items if not isinstance(item, Para) or item.text)
            return
        widths = [(number(col.get(f"{W}w")) or 0) / 20 for col in table.iterfind(f"{W}tblGrid/{W}gridCol")]
        grid = without_repeats(build(rows, widths))
        if grid.cells and grid.cells[0]:
            nested = [
                (*grid.places.get(index, (0, 0)), item)
                for index, items in enumerate(held) for item in items if isinstance(item, TableItem)
            ]  # fmt: skip
            yield TableItem(grid, page, nested)

    def _bound(self, rows: list[Row]) -> None:
        self._cells += len(rows) * max((row.width for row in rows), default=0)
        if self._cells > self._limits.max_cells:
            most = self._limits.max_cells
            raise LimitError("limit.cells", f"表格单元格超过上限{most}个", remedy="请拆分文件后再放入")

    def _row(self, tr: _Element, held: list[list[Item]], kind: BlockType) -> tuple[Row, list[_Element | None]]:
        """A row's cells; their items go to ``held``, at the index that each cell keeps.

        A page break may show in several cells of a row that was split; the row ends on the last page that one reached.
        """
        start, end = self._pages.at, self._pages.at
        column = _gap(tr, "gridBefore")
        row = Row([], 0, start if self._pages.known else None)
        properties: list[_Element | None] = []
        for tc in _descend(tr, _TC):
            own = tc.find(f"{W}tcPr")
            if own is not None and own.find(f"{W}cellDel") is not None:
                continue
            self._pages.at = start
            span, continues, absorbed = _spans(own)
            # What stands in the covered part of a merged cell is not seen, nor does it count a list on.
            seen = not continues or any((t.text or "").strip() for t in tc.iter(f"{W}t"))
            items: list[Item] = []
            if seen:
                items = [item for item in self.story(tc, kind) if not isinstance(item, SectionEnd)]
            end = max(end, self._pages.at)
            if absorbed and row.cells:
                row.cells[-1].span += span
            else:
                text = "\n".join(part for part in map(_text, items) if part)
                row.cells.append(Cell(column, span, text, continues, len(held)))
                held.append([] if continues else items)
                properties.append(own)
            column += span
        self._pages.at = end
        row.width = column + _gap(tr, "gridAfter")
        return row, properties


def _text(item: Item) -> str:
    if isinstance(item, Para):
        return item.line()
    if isinstance(item, TableItem):
        return "\n".join(text for text in _once(item.grid) if text)
    return ""


def _once(grid: Grid) -> Iterator[str]:
    """The texts of a grid, merged ones once."""
    covered = {(r, c) for top, left, high, wide in grid.merges for r in range(top, top + high)
               for c in range(left, left + wide) if (r, c) != (top, left)}  # fmt: skip
    for r, row in enumerate(grid.cells):
        for c, text in enumerate(row):
            if (r, c) not in covered:
                yield text


def _children(container: _Element) -> Iterator[_Element]:
    """Paragraphs and tables of a container, through content controls and the like."""
    for child in container:
        tag = child.tag
        if tag in (_P, _TBL):
            yield child
        elif tag in TRANSPARENT:
            yield from _children(child)
        elif tag == _SDT:
            for content in child.iterchildren(f"{W}sdtContent"):
                yield from _children(content)
        elif tag == _ALTERNATE:
            yield from _children(choice(child))


def _descend(parent: _Element, wanted: str) -> Iterator[_Element]:
    """Rows of a table or cells of a row, through content controls and the like."""
    for child in parent:
        tag = child.tag
        if tag == wanted:
            yield child
        elif tag in TRANSPARENT or tag == _SDT:
            yield from _descend(child, wanted)
        elif tag == _ALTERNATE:
            yield from _descend(choice(child), wanted)


def _drops_cap(properties: _Element | None) -> bool:
    """Whether a paragraph is the large first letter of the next one."""
    frame = properties.find(f"{W}framePr") if properties is not None else None
    return frame is not None and (frame.get(f"{W}dropCap") or "none") != "none"


def _unseen(properties: _Element | None) -> bool:
    """Whether a row was deleted in a tracked change or is hidden."""
    if properties is None:
        return False
    hidden = properties.find(f"{W}hidden")
    return properties.find(f"{W}del") is not None or (hidden is not None and on(hidden))


def _gap(tr: _Element, name: str) -> int:
    element = tr.find(f"{W}trPr/{W}{name}")
    value = integer(element.get(_VAL)) if element is not None else None
    return min(max(value or 0, 0), _WIDEST)


def _spans(properties: _Element | None) -> tuple[int, bool, bool]:
    """A cell's column span, whether it goes on the cell above, and whether on the one to its left."""
    span, continues, absorbed = 1, False, False
    for child in properties if properties is not None else ():
        if child.tag == f"{W}gridSpan":
            span = min(max(integer(child.get(_VAL)) or 1, 1), _WIDEST)
        elif child.tag == f"{W}vMerge":
            continues = child.get(_VAL) != "restart"
        elif child.tag == f"{W}hMerge":
            absorbed = child.get(_VAL) != "restart"
    return span, continues, absorbed
