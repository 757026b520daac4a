"""A sample as PDF, laid out after GB/T 9704-2012, with the CID font that every reader knows: no font file is needed."""

from __future__ import annotations

import io
from typing import Any

from reportlab.lib.colors import black, red
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    HRFlowable,
    NextPageTemplate,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import (
    PageBreak as NewPage,
)
from reportlab.platypus import (
    Paragraph as Words,
)
from reportlab.platypus import (
    Table as Grid,
)
from source import Element, Merge, PageBreak, Paragraph, Sample, widths

FONT = "STSong-Light"
BODY = 16  # 3号
TITLE = 22  # 2号
PADDING = 3

_BASE: dict[str, Any] = {"fontName": FONT, "fontSize": BODY, "leading": 28, "wordWrap": "CJK"}
STYLES = {
    "letterhead": ParagraphStyle("letterhead", **{**_BASE, "fontSize": 30, "leading": 44}, alignment=1, textColor=red),
    "number": ParagraphStyle("number", **_BASE, alignment=TA_CENTER, spaceBefore=12),
    "title": ParagraphStyle(
        "title", **{**_BASE, "fontSize": TITLE, "leading": 34}, alignment=TA_CENTER, spaceBefore=20, spaceAfter=20
    ),
    "flush": ParagraphStyle("flush", **_BASE),
    "item": ParagraphStyle("item", **_BASE, firstLineIndent=2 * BODY),
    "body": ParagraphStyle("body", **_BASE, firstLineIndent=2 * BODY),
    "right": ParagraphStyle("right", **_BASE, alignment=TA_RIGHT, rightIndent=2 * BODY),
    "caption": ParagraphStyle("caption", **_BASE, alignment=TA_CENTER, spaceBefore=8, spaceAfter=4),
    "imprint": ParagraphStyle("imprint", **{**_BASE, "fontSize": 14}),
    # Closing marks hang over the end of a line by up to one character, which stays inside the cell.
    "cell": ParagraphStyle(
        "cell", **{**_BASE, "fontSize": 10.5, "leading": 15}, allowOrphans=1, rightIndent=6, allowWidows=1
    ),
}


def build(sample: Sample) -> bytes:
    """The PDF's bytes: the same at every build with the same reportlab, and uncompressed so that zlib has no say."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    margins = {"leftMargin": 28 * mm, "rightMargin": 26 * mm, "topMargin": 37 * mm, "bottomMargin": 35 * mm}
    document = BaseDocTemplate(
        out, title=sample.title, author=sample.letterhead, pageCompression=0, invariant=1, pagesize=A4, **margins
    )
    document.addPageTemplates([_page("portrait", A4, document), _page("landscape", landscape(A4), document)])
    document.build([*_letterhead(sample), *(flow for element in sample.elements for flow in _flow(element))])
    return out.getvalue()


def _page(name: str, size: tuple[float, float], document: Any) -> PageTemplate:
    width, height = size
    frame = Frame(
        document.leftMargin,
        document.bottomMargin,
        width - document.leftMargin - document.rightMargin,
        height - document.topMargin - document.bottomMargin,
        0, 0, 0, 0,
    )  # fmt: skip

    def number(canvas: Any, _: Any) -> None:
        canvas.setFont(FONT, 14)
        canvas.drawCentredString(width / 2, 25 * mm, f"— {canvas.getPageNumber()} —")

    return PageTemplate(name, [frame], onPage=number, pagesize=size)


def _letterhead(sample: Sample) -> list[Any]:
    if sample.letterhead_as == "none":
        return []
    # Long names shrink to one line, as on printed letterheads.
    size = min(30, 440 / len(sample.letterhead))
    style = ParagraphStyle("head", parent=STYLES["letterhead"], fontSize=size)
    rule = HRFlowable(width="100%", thickness=1.5, color=red, spaceBefore=6, spaceAfter=6)
    return [Words(sample.letterhead, style), Words(sample.number, STYLES["number"]), rule]


def _flow(element: Element) -> list[Any]:
    if isinstance(element, PageBreak):
        return [NextPageTemplate("landscape" if element.landscape else "portrait"), NewPage()]
    if isinstance(element, Paragraph):
        return [Words(element.number + element.text, STYLES[element.kind])]
    cells = [[[Words(cell, STYLES["cell"])] if cell else [] for cell in row] for row in element.rows]
    return [Rows(cells, element.head_rows, element.merges, widths(element)), Spacer(1, 10)]


class Rows(Flowable):
    """A table that breaks over pages anywhere: between rows, inside a merged cell, and inside a row's lines.

    On each page the head rows are repeated, and the rest of a merged cell is an empty one, as word processors do it.
    """

    def __init__(
        self,
        cells: list[list[list[Any]]],
        head_rows: int,
        merges: tuple[Merge, ...],
        shares: list[float],
        cut: tuple[int, ...] = (),
    ) -> None:
        super().__init__()
        self.cells, self.head_rows, self.merges, self.shares = cells, head_rows, merges, shares
        self.cut = cut  # rows that are a part of one: their text runs on from the top instead of standing in the middle

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.columns = [width * share for share in self.shares]
        style: list[Any] = [("GRID", (0, 0), (-1, -1), 0.5, black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
        style += [
            (side, (0, 0), (-1, -1), PADDING) for side in ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
        ]
        style += [
            ("SPAN", (m.column, m.row), (m.column + m.columns - 1, m.row + m.rows - 1)) for m in self.merges
        ]  # fmt: skip
        self.grid = Grid(self.cells, self.columns, style=style)
        size: tuple[float, float] = self.grid.wrap(width, height)
        return size

    def draw(self) -> None:
        self.grid.drawOn(self.canv, 0, 0)

    def split(self, width: float, height: float) -> list[Flowable]:
        self.wrap(width, height)
        heights = self.grid._rowHeights
        whole, used = 0, 0.0
        while whole < len(heights) and used + heights[whole] <= height:
            used += heights[whole]
            whole += 1
        if whole < self.head_rows:
            return []
        upper, lower = self._cut(self.cells[whole], height - used)
        if not upper and whole == self.head_rows:
            return []
        cut = bool(upper)
        first = Rows(
            self.cells[:whole] + [upper] * cut,
            self.head_rows,
            self._kept(0, whole + cut),
            self.shares,
            (*self.cut, *[whole] * cut),
        )
        rest = Rows(
            [*self.cells[: self.head_rows], lower, *self.cells[whole + 1 :]],
            self.head_rows,
            self._kept(whole, len(self.cells), self.head_rows),
            self.shares,
            (self.head_rows,) * cut,
        )
        return [first, rest]

    def _cut(self, row: list[list[Any]], height: float) -> tuple[list[list[Any]], list[list[Any]]]:
        """A row's cells above and below the page's end; nothing above where no line fits."""
        upper: list[list[Any]] = []
        lower: list[list[Any]] = []
        for cell, width in zip(row, self.columns, strict=True):
            room, inner = height - 2 * PADDING, width - 2 * PADDING
            if not cell or cell[0].wrap(inner, room)[1] <= room:
                upper.append(cell)
                lower.append([])
                continue
            parts = cell[0].split(inner, room)
            if len(parts) != 2:
                return [], row
            upper.append([parts[0]])
            lower.append([parts[1]])
        return (upper, lower) if any(lower) else ([], row)

    def _kept(self, start: int, end: int, offset: int = 0) -> tuple[Merge, ...]:
        """The merges of rows start to end, where they begin after the rows that are repeated."""
        kept = [m for m in self.merges if offset and m.row < self.head_rows]
        for m in self.merges:
            top, bottom = max(m.row, start), min(m.row + m.rows, end)
            if bottom > top and bottom - top + m.columns > 2 and not (offset and m.row < self.head_rows):
                kept.append(Merge(top - start + offset, m.column, bottom - top, m.columns))
        return tuple(kept)
