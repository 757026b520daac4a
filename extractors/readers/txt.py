"""Plain text: encodings, paragraphs cut by line width or page breaks, and tables that a copy flattened."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.readers.limits import Limits, check_length
from extractors.readers.text import clean
from extractors.readers.txt_decode import decode
from extractors.readers.txt_grid import Grid
from extractors.readers.txt_lines import Paragraph, margin, paragraphs, wrap_width
from extractors.readers.txt_tables import find_table
from schemas.document import Block, Document, Layout, Source, SourceFile, Span, Table, Warning
from schemas.errors import LimitError

#: Leading white space, in half-width columns, from which a line was centred or set to the right by hand.
_CENTRED = 8
_SPLIT = "请拆分后再放入"


def read(source: SourceFile, limits: Limits) -> Document:
    """A plain text file as paragraphs and tables.

    Args:
        source: bytes in UTF-8, UTF-16, UTF-32, GB18030 or Big5.
        limits: upper bounds.

    Returns:
        One paragraph a line, but for what a fixed line width or a page break cut apart; page numbers alone on a line
        are left out. Tables are rebuilt from tabs, pipes and columns of spaces, with merges where they can be told.

    Raises:
        LimitError: limit.text, limit.block, limit.blocks, limit.cells.
    """
    decoded = decode(source.data)
    if len(decoded.text) > limits.max_text_chars:
        message = f"正文有{len(decoded.text)}字，超过上限{limits.max_text_chars}字"
        raise LimitError("limit.text", message, file=source.name, remedy=_SPLIT)
    if decoded.text.count("\t") > 2 * limits.max_cells:
        raise _too_many_cells(source, limits)
    lines = _lines(decoded.text)
    for number, line in enumerate(lines, 1):
        check_length(line, source.name, limits, f"第{number}行")
    builder = _Builder(source, limits, margin(lines))
    if decoded.bad:
        builder.warn_bad(decoded.bad)
    width = wrap_width([line for line in lines if "\t" not in line])
    prose: list[str] = []
    index = 0
    while index < len(lines):
        found = find_table(lines, index) if lines[index].strip() or lines[index].startswith("\t") else None
        if found is None:
            prose.append(lines[index])
            index += 1
            continue
        builder.add_paragraphs(paragraphs(prose, width))
        prose = []
        index, grid = found
        builder.add_table(grid)
    builder.add_paragraphs(paragraphs(prose, width))
    return builder.document()


def _too_many_cells(source: SourceFile, limits: Limits) -> LimitError:
    message = f"表格单元格超过上限{limits.max_cells}个"
    return LimitError("limit.cells", message, file=source.name, remedy=_SPLIT)


def _lines(text: str) -> list[str]:
    """Lines without their ends; a form feed, as every other break, ends one."""
    return clean(text).split("\n")


class _Builder:
    """Blocks and tables in order, counted against the limits."""

    def __init__(self, source: SourceFile, limits: Limits, margin: int) -> None:
        self.source = source
        self.limits = limits
        self.margin = margin
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.warnings: list[Warning] = []
        self.cells = 0

    def warn_bad(self, count: int) -> None:
        message = f"有{count}处字符解不出来，文中以 � 代替；请核对原文，或另存为 UTF-8 编码的 txt 再放入"
        self.warnings.append(Warning(code="source.bad_characters", message=message))

    def add_paragraphs(self, found: Sequence[Paragraph]) -> None:
        for paragraph in found:
            align = None
            if paragraph.lead - self.margin >= _CENTRED:
                align = "right" if paragraph.is_date else "center"
            self._add(Block(id=len(self.blocks), text=paragraph.text, layout=Layout.model_validate({"align": align})))

    def add_table(self, grid: Grid) -> None:
        self.cells += sum(len(row) for row in grid.cells)
        if self.cells > self.limits.max_cells:
            raise _too_many_cells(self.source, self.limits)
        table = Table(id=f"t{len(self.tables) + 1}", block=len(self.blocks), cells=grid.cells, merges=grid.merges)
        self.tables.append(table)
        self._add(Block(id=table.block, type="table", table=table.id))
        self._warn_doubts(table, grid)

    def document(self) -> Document:
        source = Source(
            name=self.source.name, format=self.source.format, sha256=self.source.sha256, bytes=len(self.source.data)
        )
        return Document(source=source, blocks=self.blocks, tables=self.tables, warnings=self.warnings)

    def _warn_doubts(self, table: Table, grid: Grid) -> None:
        span = Span(block=table.block, row=0, column=0, start=0, end=len(table.cells[0][0]))
        if "row" in grid.doubts:
            message = "表格有的行单元格数与列数不符，合并范围为推测；请与原表核对，或改用 docx、pdf"
            self.warnings.append(Warning(code="table.ragged_row", message=message, span=span))
        if "head" in grid.doubts:
            message = "两级表头的合并范围为推测；请与原表核对，或改用 docx、pdf"
            self.warnings.append(Warning(code="table.ambiguous_head", message=message, span=span))

    def _add(self, block: Block) -> None:
        if len(self.blocks) >= self.limits.max_blocks:
            raise LimitError(
                "limit.blocks", f"段落超过上限{self.limits.max_blocks}个", file=self.source.name, remedy=_SPLIT
            )
        self.blocks.append(block)
