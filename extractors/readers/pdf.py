"""PDF files: text and rulings from PDFium, tables by pdfplumber's finder on them, lines joined to paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractors.ocr.grounding import doubted, letters_of
from extractors.readers.limits import Limits
from extractors.readers.pdf_furniture import drop_furniture, mark_notes
from extractors.readers.pdf_grid import layout_page
from extractors.readers.pdf_page import NOTE, SLIP, Line, PageContent, Part, characters, hull, rounded
from extractors.readers.pdf_paragraphs import Flow, Paragraph, build_paragraphs, layout_of, set_margins
from extractors.readers.pdf_scan import Scans, runs
from extractors.readers.pdf_slips import mark_slips, slip_warning
from extractors.readers.pdf_tables import Grid, build_grid, goes_on, mark_ends, page_floors
from schemas.document import Block, Box, Document, Letters, Source, SourceFile, Table, Warning
from schemas.errors import LimitError, SourceError
from schemas.labels import BlockType

Found = tuple[list[Part], Grid]

#: PDFium's error for a missing password.
_PASSWORD = 4


def read(source: SourceFile, limits: Limits) -> Document:
    """The text and tables of a PDF file, page numbers and running heads left out.

    Args:
        source: a PDF's bytes.
        limits: how much is read at most.

    Returns:
        Blocks in reading order with page and box (in points from the page's top left corner as it is read). Pages
        without a text layer give a warning each, and a file of nothing else no blocks.

    Raises:
        SourceError: source.encrypted, source.damaged.
        LimitError: limit.pages, limit.blocks, limit.cells, limit.text.
    """
    warnings: list[Warning] = []
    scans = Scans(limits)
    pages = list(_pages(source, limits, warnings, scans))
    if all(scans.unread.get(page.number) in ("picture", "stamp") for page in pages):
        check_installed(source)
    _tell_dense(pages, warnings)
    warnings += scans.warnings()
    return assemble(pages, source, limits, warnings)


def assemble(pages: list[PageContent], source: SourceFile, limits: Limits, warnings: list[Warning]) -> Document:
    """A document of its pages' lines and tables, whatever format they come from.

    Raises:
        LimitError: limit.blocks, limit.cells.
    """
    drop_furniture(pages)
    flow = set_margins(pages)
    mark_notes(pages, flow.body_size)
    slips = mark_slips(pages)
    builder = _Builder(source, limits, flow, {page.number: page.unit for page in pages})
    for item in _flow(pages):
        builder.add(item)
    builder.flush()
    if slips:
        warnings = [*warnings, slip_warning(slips, builder.blocks)]
    count = len(pages)
    kind = Source(name=source.name, format=source.format, sha256=source.sha256, bytes=len(source.data), pages=count)
    document = Document(
        source=kind, blocks=builder.blocks, tables=builder.tables, warnings=warnings, letters=builder.letters
    )
    return doubted(document) if builder.letters else document


def check_installed(source: SourceFile) -> None:
    """Refuse a file that is nothing but pictures where they can't be read.

    Raises:
        SourceError: source.no_ocr.
    """
    from extractors.ocr import INSTALL, installed

    if not installed():
        raise SourceError("source.no_ocr", "是扫描件或图片，没有可读的文字", file=source.name, remedy=INSTALL)


def _pages(source: SourceFile, limits: Limits, warnings: list[Warning], scans: Scans) -> Iterator[PageContent]:
    """Each page's lines and tables; its objects are let go before the next page is opened."""
    document = _open(source)
    try:
        count = len(document)
        if count > limits.max_pages:
            raise LimitError(
                "limit.pages", f"共{count}页，超过上限{limits.max_pages}页", file=source.name,
                remedy="请拆成几个文件再放入，或调高页数上限",
            )  # fmt: skip
        characters = 0
        for number in range(1, count + 1):
            content = _page(document, source, number, warnings, scans)
            characters += content.glyphs
            if characters > limits.max_text_chars:
                raise LimitError(
                    "limit.text", f"文字超过上限{limits.max_text_chars}字", file=source.name, place=f"第{number}页",
                    remedy="请拆成几个文件再放入",
                )  # fmt: skip
            yield content
    finally:
        document.close()


def _open(source: SourceFile) -> Any:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(source.data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
            raise SourceError(
                "source.encrypted", "文件有打开密码", file=source.name, remedy="请去掉密码后再放入"
            ) from error
        raise _damaged(source) from error
    if not len(document):
        document.close()
        raise _damaged(source)
    return document


def _damaged(source: SourceFile) -> SourceError:
    return SourceError(
        "source.damaged", "文件损坏或不完整，打不开", file=source.name, remedy="请重新下载或向来文单位索取"
    )


def _page(document: Any, source: SourceFile, number: int, warnings: list[Warning], scans: Scans) -> PageContent:
    """A page by PDFium, by recognition where it is a picture, else by pdfplumber, else empty with a warning."""
    import pypdfium2

    from extractors.readers import pdf_pdfium, pdf_plumber

    try:
        page = document[number - 1]
        try:
            return scans.content(page, pdf_pdfium.read_page(page, number))
        finally:
            page.close()
    except (pypdfium2.PdfiumError, pdf_pdfium.LostText):
        pass
    try:
        return layout_page(pdf_plumber.read_page(source.data, number))
    except Exception:  # pdfminer raises whatever its interpreter stumbles over
        message = f"第{number}页损坏，读不出内容；请核对原件，必要时重新下载"
        warnings.append(Warning(code="source.bad_page", message=message))
        return PageContent(number, 0.0, 0.0, [], lost=True)


def _tell_dense(pages: list[PageContent], warnings: list[Warning]) -> None:
    if run := runs([page.number for page in pages if page.glyphs and page.dense]):
        message = f"第{run}页的线条过密，没有从中识别表格，只取文字；请对照原件核对这几页的表格"
        warnings.append(Warning(code="source.dense_page", message=message))


def _flow(pages: list[PageContent]) -> Iterator[Line | Found]:
    """Lines and tables in reading order; grids that turn out to be no table come as lines."""
    mark_ends(pages)
    floors = page_floors(pages)
    group: list[Part] = []
    for page in pages:
        for item in page.items:
            if isinstance(item, Part) and group and goes_on(group, item, floors):
                group.append(item)
                continue
            yield from _finish(group, floors)
            group = [item] if isinstance(item, Part) else []
            if isinstance(item, Line):
                yield item
    yield from _finish(group, floors)


def _finish(group: list[Part], floors: dict[int, float]) -> Iterator[Line | Found]:
    if not group:
        return
    grid = build_grid(group, floors)
    if grid.is_table():
        yield group, grid
        return
    for part in group:
        yield from part.loose


class _Builder:
    """Puts blocks and tables together in reading order."""

    def __init__(self, source: SourceFile, limits: Limits, flow: Flow, units: dict[int, float]) -> None:
        self.source, self.limits, self.flow, self.units = source, limits, flow, units
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.letters: list[Letters] = []
        self.cells = 0
        self.lines: list[Line] = []
        self.notes: list[Line] = []

    def add(self, item: Line | Found) -> None:
        """Takes the next line or table."""
        if isinstance(item, Line):
            (self.notes if item.region == NOTE else self.lines).append(item)
            return
        self.flush()
        parts, grid = item
        self.cells += len(grid.rows) * len(grid.rows[0])
        if self.cells > self.limits.max_cells:
            raise self._limit("limit.cells", f"表格单元格超过上限{self.limits.max_cells}个", parts[0].page)
        table = Table(
            id=f"t{len(self.tables) + 1}", block=len(self.blocks), cells=grid.cells(), merges=grid.merges(),
            row_pages=grid.pages,
        )  # fmt: skip
        self.tables.append(table)
        for row, column, text, seen in grid.seen():
            self.letters.append(letters_of(table.block, text, seen, row, column))
        self._append("slip" if parts[0].slip else "table", parts[0].page, parts[0].box, table=table.id)

    def flush(self) -> None:
        """Makes paragraphs of the lines taken so far; footnotes come behind the paragraph that their page ends with."""
        notes = build_paragraphs(self.notes, self.flow)
        for paragraph in build_paragraphs(self.lines, self.flow):
            while notes and notes[0].lines[0].page < paragraph.lines[0].page:
                self._paragraph("footnote", notes.pop(0))
            self._paragraph("slip" if paragraph.lines[0].region == SLIP else "paragraph", paragraph)
        for note in notes:
            self._paragraph("footnote", note)
        self.lines, self.notes = [], []

    def _paragraph(self, kind: BlockType, paragraph: Paragraph) -> None:
        first = paragraph.lines[0]
        box = hull([line.box for line in paragraph.lines if line.page == first.page])
        if seen := characters(paragraph.lines):
            self.letters.append(letters_of(len(self.blocks), paragraph.text, seen))
        self._append(kind, first.page, box, text=paragraph.text, layout=layout_of(paragraph, self.flow))

    def _append(self, kind: BlockType, page: int, box: Box, **values: Any) -> None:
        if len(self.blocks) >= self.limits.max_blocks:
            raise self._limit("limit.blocks", f"段落和表格超过上限{self.limits.max_blocks}个", page)
        unit = self.units.get(page, 1.0)
        box = rounded((box[0] * unit, box[1] * unit, box[2] * unit, box[3] * unit))
        self.blocks.append(Block(id=len(self.blocks), type=kind, page=page, bbox=box, **values))

    def _limit(self, code: str, message: str, page: int) -> LimitError:
        return LimitError(code, message, file=self.source.name, place=f"第{page}页", remedy="请拆成几个文件再放入")
