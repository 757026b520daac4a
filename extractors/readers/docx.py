"""Word documents (docx, docm, dotx): paragraphs with their automatic numbers, tables as full grids, boxes and notes.

Read from the package's XML itself: what Word shows (numbers, text boxes, content controls, revisions) stands there
in places that paragraph objects do not reach.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from extractors.readers.docx_body import Item, Para, Reader, SectionEnd, TableItem
from extractors.readers.docx_inline import Pages
from extractors.readers.docx_numbering import Numbering
from extractors.readers.docx_numerals import numeral
from extractors.readers.docx_package import Package, R, W
from extractors.readers.docx_styles import Styles
from extractors.readers.limits import Limits
from schemas.document import Block, Document, Layout, Source, SourceFile, Span, Table, Warning
from schemas.errors import LimitError, SourceError
from schemas.labels import BlockType

if TYPE_CHECKING:
    from lxml.etree import _Element

    from extractors.readers.word_tree import Parts

_VAL = f"{W}val"
_MARGINS: dict[BlockType, str] = {"header": f"{W}headerReference", "footer": f"{W}footerReference"}
#: What is left of a header or footer that only counts pages.
_PAGE_NUMBER = re.compile(r"[\s\d０-９IVXivx第页頁共総总/／—–―─\-－_·•．.…~～]*")


def read(source: SourceFile, limits: Limits) -> Document:
    """A Word document as blocks and tables in reading order.

    Args:
        source: its bytes; macros are not looked at, templates and strict documents are read like any other.
        limits: upper bounds.

    Returns:
        Rebuilt numbers stand in ``Block.label``, in a table's cell before its text. Headers and footers that hold
        more than page numbers stand at the start and end of their section, notes at the end. Pages are told only
        where Word left the breaks of its last layout.

    Raises:
        SourceError: source.damaged, source.encrypted, source.unsupported, source.unsafe_xml, source.bad_entry.
        LimitError: the document goes beyond a limit.
    """
    package = Package(source, limits)
    try:
        return assemble(package, source, limits)
    finally:
        package.close()


def assemble(package: Package | Parts, source: SourceFile, limits: Limits) -> Document:
    """A document of its parts, whatever format they come from.

    Raises:
        SourceError, LimitError: as ``read``.
    """
    try:
        return _Assembly(package, source, limits).document()
    except RecursionError:
        raise SourceError(
            "source.damaged", "文件内部层层嵌套，超出正常范围", file=source.name, place=package.main,
            remedy="请用 Word 或 WPS 打开另存为新的 docx 再试",
        ) from None  # fmt: skip
    except LimitError as error:
        if error.file:
            raise
        raise LimitError(error.code, error.message, file=source.name, remedy=error.remedy) from None


class _Assembly:
    """Puts blocks together from the stories of one document."""

    def __init__(self, package: Package | Parts, source: SourceFile, limits: Limits) -> None:
        self._package = package
        self._source = source
        self._limits = limits
        self._blocks: list[Block] = []
        self._tables: list[Table] = []
        self._warnings: list[Warning] = []
        self._margins: set[tuple[str, str]] = set()
        self._chars = 0
        styles = Styles(package.related("styles"))
        self._numbering = Numbering(package.related("numbering"), styles)
        self._pages = Pages(package.paged)
        self._reader = Reader(styles, self._numbering, self._pages, limits)

    def document(self) -> Document:
        """The whole document."""
        root = self._package.root()
        body = root.find(f"{W}body")
        if root.tag != f"{W}document" or body is None:
            raise SourceError(
                "source.unsupported", "压缩包里不是 Word 正文", file=self._source.name, place=self._package.main,
                remedy="请用 Word 或 WPS 打开另存为 docx 再试",
            )  # fmt: skip
        sections = [e for e in root.iter(f"{W}sectPr") if _is_section(e)]
        settings = self._package.related("settings")
        even = settings is not None and settings.find(f"{W}evenAndOddHeaders") is not None
        at = 0
        self._margin(sections, at, "header", even)
        for item in self._reader.story(body):
            if isinstance(item, SectionEnd):
                self._margin(sections, at, "footer", even)
                at += 1
                self._turn(sections, at)
                self._margin(sections, at, "header", even)
            else:
                self._put(item)
        self._reader.inline.end_story()
        self._margin(sections, at, "footer", even)
        self._notes(settings)
        self._notices(body)
        source = self._source
        return Document(
            source=Source(name=source.name, format=source.format, sha256=source.sha256, bytes=len(source.data)),
            blocks=self._blocks,
            tables=self._tables,
            warnings=[*self._package.warnings, *self._warnings],
        )

    def _turn(self, sections: list[_Element], at: int) -> None:
        """A section starts a page unless its own properties say that it goes on."""
        if at < len(sections):
            kind = sections[at].find(f"{W}type")
            if kind is None or kind.get(_VAL) not in ("continuous", "nextColumn"):
                self._pages.turn()

    def _block(self, kind: BlockType, text: str | None, page: int | None, layout: Layout | None = None) -> Block:
        if len(self._blocks) >= self._limits.max_blocks:
            self._over("limit.blocks", f"段落和表格超过上限{self._limits.max_blocks}个")
        self._count(len(text or ""))
        block = Block(id=len(self._blocks), type=kind, text=text, page=page, layout=layout or Layout())
        self._blocks.append(block)
        return block

    def _count(self, chars: int) -> None:
        self._chars += chars
        if self._chars > self._limits.max_text_chars:
            self._over("limit.text_chars", f"文字超过上限{self._limits.max_text_chars}字")

    def _over(self, code: str, message: str) -> NoReturn:
        raise LimitError(code, message, file=self._source.name, remedy="请拆分文件后再放入")

    def _put(self, item: Item) -> None:
        if isinstance(item, TableItem):
            self._put_table(item)
        elif isinstance(item, Para) and item.text:
            block = self._block(item.type, item.text, item.page, item.layout)
            if item.label is not None:
                block.label, block.depth = item.label.text, item.label.depth

    def _put_table(self, item: TableItem) -> str:
        grid = item.grid
        block = self._block("table", None, item.page)
        block.table = f"t{len(self._tables) + 1}"
        pages = [page for page in grid.pages if page is not None]
        self._count(sum(len(text) for row in grid.cells for text in row))
        table = block.table
        told = pages if len(pages) == len(grid.cells) else None
        self._tables.append(Table(id=table, block=block.id, cells=grid.cells, merges=grid.merges, row_pages=told))
        for row, lack in grid.ragged:
            message = f"表格 {table} 第{row + 1}行比别的行少{lack}格，已在行末补空格子；请对照原文核对这一行"
            self._warn("table.ragged_row", message, Span(block=block.id, row=row, column=0, start=0, end=0))
        for row, column, inner in item.nested:
            place = Span(block=block.id, row=row, column=column, start=0, end=len(grid.cells[row][column]))
            name = self._put_table(inner)
            message = f"表格 {table} 第{row + 1}行第{column + 1}列里还有表格，已另列为表格 {name}；请核对两处内容"
            self._warn("table.nested", message, place)
        return table

    def _warn(self, code: str, message: str, span: Span | None = None) -> None:
        self._warnings.append(Warning(code=code, message=message, span=span))

    def _margin(self, sections: list[_Element], at: int, kind: BlockType, even: bool) -> None:
        """Headers or footers of a section that hold more than page numbers, equal ones once."""
        if at >= len(sections):
            return
        first = sections[at].find(f"{W}titlePg") is not None
        order = {"first": 0, "default": 1, "even": 2}
        found = sorted(sections[at].iterfind(_MARGINS[kind]), key=lambda e: order.get(e.get(f"{W}type") or "", 1))
        for reference in found:
            name = reference.get(f"{W}type") or "default"
            relation = self._package.relations.get(reference.get(f"{R}id") or "")
            if relation is None or (name == "first" and not first) or (name == "even" and not even):
                continue
            if (kind, relation.target) in self._margins:
                continue
            self._margins.add((kind, relation.target))
            root = self._package.part(relation.target)
            if root is not None:
                self._put_margin(root, kind)

    def _put_margin(self, root: _Element, kind: BlockType) -> None:
        pages, known = self._pages.at, self._pages.known
        self._pages.known = False
        self._reader.inline.skip_page_fields = True
        for item in self._reader.story(root, kind):
            if isinstance(item, Para) and not _PAGE_NUMBER.fullmatch(item.text):
                key = (kind, re.sub(r"\s+", "", item.text))
                if key not in self._margins:
                    self._margins.add(key)
                    self._put(item)
        self._reader.inline.skip_page_fields = False
        self._reader.inline.end_story()
        self._pages.at, self._pages.known = pages, known

    def _notes(self, settings: _Element | None) -> None:
        """Footnotes, then endnotes, in the order of their references, each a block with its mark as label."""
        self._pages.known = False
        references = list(dict.fromkeys(self._reader.inline.notes))
        for kind in ("footnote", "endnote"):
            wanted = [identity for this, identity in references if this == kind]
            root = self._package.related(f"{kind}s") if wanted else None
            if root is None:
                continue
            notes = {note.get(f"{W}id"): note for note in root.iterchildren(f"{W}{kind}")}
            form = settings.find(f"{W}{kind}Pr/{W}numFmt") if settings is not None else None
            name = (form.get(_VAL) or "decimal") if form is not None else "decimal"
            for count, identity in enumerate(wanted, 1):
                if identity not in notes:
                    continue
                items = self._reader.story(notes[identity], "footnote")
                paragraphs = [item for item in items if isinstance(item, Para)]
                text = "\n".join(item.line() for item in paragraphs)
                if text:
                    block = self._block("footnote", text, None, paragraphs[0].layout)
                    block.label = numeral(name, count)

    def _notices(self, body: _Element) -> None:
        """Warnings about what the document holds and could not be read."""
        inline = self._reader.inline
        if inline.unmapped:
            self._warn("text.symbol", f"有{inline.unmapped}个特殊符号认不出，已写作“\ufffd”；请对照原文核对")
        for form in sorted(self._numbering.unknown):
            self._warn("numbering.format", f"自动编号格式 {form} 不认识，已按阿拉伯数字写出；请对照原文核对编号")
        if inline.pictures:
            self._warn("source.picture", f"文中有{inline.pictures}张图片，图里的文字没有读取；如含任务或表格请补录")
        if inline.embedded:
            self._warn("source.embedded", f"文中嵌有{inline.embedded}个图表或其他文件，其内容没有读取；请另行提供原件")
        if next(body.iter(f"{W}altChunk"), None) is not None:
            self._warn("source.embedded", "文中整段插入了另一个文件，没有读取；请用 Word 或 WPS 打开另存后再放入")
        if not self._blocks:
            self._warn("source.no_text", "文件里没有读到文字；如是图片，请先做文字识别再放入")


def _is_section(element: _Element) -> bool:
    """Not the former properties that a tracked change keeps."""
    parent = element.getparent()
    return parent is not None and parent.tag in (f"{W}pPr", f"{W}body")
