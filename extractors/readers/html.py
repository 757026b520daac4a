"""Saved web pages (html, and what aspx, jsp and shtml pages are saved as): the notice without the site around it."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, NoReturn

from extractors.readers.html_content import beside, find_content
from extractors.readers.html_flow import Grid, TooManyCellsError, Words, caption_of, flow
from extractors.readers.html_index import (
    Index,
    Linked,
    index_of_grid,
    is_index_line,
    lines_of_index,
    linked_files,
    squeeze,
    take_index,
    titles_of,
)  # fmt: skip
from extractors.readers.html_page import decode_page, parse, strip_unseen
from extractors.readers.limits import Limits
from schemas.document import Block, Document, Layout, Source, SourceFile, Span, Table, Warning
from schemas.errors import LimitError, SourceError

if TYPE_CHECKING:
    from lxml.etree import _Element

#: So many lines at a notice's head or end may be the site's.
_EDGE = 14
_DATE_LINE = re.compile(
    r"\s*[〇○零一二三四五六七八九\d]{4}\s*年\s*[一二三四五六七八九十\d]{1,3}\s*月\s*[一二三四五六七八九十\d]{1,3}\s*日\s*"
)
#: What stands before an attachment's name.
_LEAD = re.compile(r"^\s*(?:附\s*[件表录]\s*\d*\s*[:：.．、]?\s*)?(?:\d{1,2}\s*[.．、]\s*)?《?")
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
#: Word processors leave page numbers in what they save as a page.
_PAGE_NUMBER = re.compile(r"[—–―─－-]\s*[0-9０-９]{1,4}\s*[—–―─－-]")
_NUMBER = re.compile(r"[〔\[（(【]\s*(?:19|20)\d{2}\s*[〕\]）)】]\s*第?\s*\d+\s*号")


def read(source: SourceFile, limits: Limits) -> Document:
    """A web page's notice as blocks and tables in reading order.

    Args:
        source: the page's bytes, in whatever encoding.
        limits: upper bounds.

    Returns:
        The notice's own words. Its title, its number, and where nobody signed its agency and date of writing may come
        from what the site says of it beside (the table of 索引号, 文号, 成文日期); a day of publishing never does.
        Files that the page links to are named in warnings.

    Raises:
        SourceError: source.damaged, source.no_notice.
        LimitError: the page goes beyond a limit.
    """
    decoded = decode_page(source.data)
    root = parse(source, decoded.text, limits)
    page = _Page(source, limits, decoded.bad)
    return page.document(root)


class _Page:
    def __init__(self, source: SourceFile, limits: Limits, bad: int) -> None:
        self._source = source
        self._limits = limits
        self._blocks: list[Block] = []
        self._tables: list[Table] = []
        self._warnings: list[Warning] = []
        self._linked_names: list[str] = []
        self._cells = self._chars = 0
        if bad:
            self._warn("source.bad_characters", f"有{bad}处字符解不出来，文中以 � 代替；请用浏览器重新保存网页再放入")

    def document(self, root: _Element) -> Document:
        head = copy.deepcopy(root)
        strip_unseen(root)
        before = copy.deepcopy(root)
        content = find_content(root)
        try:
            items = list(flow(content.element, self._limits.max_cells))
            index = Index()
            items = self._without_site(items, index)
            around = [item for item in flow(before, self._limits.max_cells)] if content.element is not root else []
        except TooManyCellsError:
            self._over("limit.cells", f"表格单元格超过上限{self._limits.max_cells}个")
        if not any(isinstance(item, Grid) or len(item.text) > 1 for item in items):
            raise SourceError(
                "source.no_notice", "网页里没有正文（内容可能由脚本载入，或只有图片）", file=self._source.name,
                remedy="请在浏览器里打开，等正文显示后另存网页或打印为 pdf 再放入",
            )  # fmt: skip
        self._around(around, index)
        self._put_head(head, before, items, index)
        for item in items:
            self._put(item)
        self._put_tail(items, index)
        self._linked(linked_files(before), content.element)
        if content.left_out:
            start = content.left_out[:30]
            self._warn("source.web_left_out", f"网页上还有文字没有作为正文读取（“{start}…”）；请对照原网页核对")
        source = self._source
        return Document(
            source=Source(name=source.name, format=source.format, sha256=source.sha256, bytes=len(source.data)),
            blocks=self._blocks,
            tables=self._tables,
            warnings=self._warnings,
            linked=self._linked_names,
        )

    def _without_site(self, items: list[Words | Grid], index: Index) -> list[Words | Grid]:
        """The notice's items without a site's table and lines at its head and end."""
        kept: list[Words | Grid] = []
        size = len(items)
        for i, item in enumerate(items):
            edge = i < _EDGE or i >= size - _EDGE
            if isinstance(item, Grid):
                if i < _EDGE and index_of_grid(item, index):
                    continue
            elif _PAGE_NUMBER.fullmatch(item.text) or (edge and len(item.text) <= 160 and beside().match(item.text)):
                continue
            kept.append(item)
        lines = [item for item in kept[:_EDGE] if isinstance(item, Words) and is_index_line(item.text)]
        if len(lines) >= 3:
            last = max(i for i, item in enumerate(kept[:_EDGE]) if item in lines)
            first = min(i for i, item in enumerate(kept[:_EDGE]) if item in lines)
            stretch = [item for item in kept[first : last + 2]]
            values = lines_of_index([item for item in stretch if isinstance(item, Words)])
            if take_index(values, index):
                taken = set(map(id, lines)) | self._values(kept, first, last, index)
                kept = [item for item in kept if id(item) not in taken]
        return kept

    def _values(self, kept: list[Words | Grid], first: int, last: int, index: Index) -> set[int]:
        """Values that stand in a line of their own behind their label."""
        found = set()
        for i in range(first, last + 1):
            item, following = kept[i], kept[i + 1] if i + 1 < len(kept) else None
            if isinstance(item, Words) and is_index_line(item.text) and re.search(r"[:：]?\s*$", item.text):
                bare = item.text.rstrip().rstrip("：:")
                if (
                    bare and "：" not in bare and ":" not in bare and isinstance(following, Words)
                    and not is_index_line(following.text) and len(following.text) < 80
                ):  # fmt: skip
                    found.add(id(following))
        return found

    def _around(self, around: list[Words | Grid], index: Index) -> None:
        """A site's table that stands outside the notice's element."""
        for item in around:
            if isinstance(item, Grid):
                index_of_grid(item, index)
        lines = lines_of_index([item for item in around if isinstance(item, Words)])
        places = [i for i, text in enumerate(lines) if is_index_line(text)]
        if len(places) >= 3:
            take_index(lines[places[0] : places[-1] + 2], index)

    def _put_head(self, head: _Element, body: _Element, items: list[Words | Grid], index: Index) -> None:
        """The title and the number, where the notice's own words lack them."""
        texts = [item.text for item in items if isinstance(item, Words)]
        opening = squeeze("".join(texts[:20]))
        number = index.fields.get("number", "")
        if number and _NUMBER.search(number) and len(number) < 60 and not _NUMBER.search("\n".join(texts[:12])[:400]):
            self._add(Block(id=0, text=number, layout=Layout(align="center")))
        for title in titles_of(head, index):
            if len(squeeze(title)) < 6:
                continue
            if squeeze(title) in opening:
                return
            if self._is_title(title, opening, texts):
                self._add(Block(id=0, text=title, layout=Layout(align="center", bold=True, size=22.0)))
                return

    def _is_title(self, title: str, opening: str, texts: list[str]) -> bool:
        """Whether words that the page calls its title are a notice's, and not its site's or column's."""
        if re.search(r"(?:门户网站|政府网|官网|官方网站|信息网|首页|欢迎您?|信息公开(?:网|平台|目录)?)$", title):
            return False
        return len(title) >= 8 or title in "".join(texts)

    def _put_tail(self, items: list[Words | Grid], index: Index) -> None:
        """Who wrote the notice and when, from the site's table, where no line of the notice is a date."""
        day = _DAY.fullmatch(index.fields.get("date", "").split(" ")[0].strip())
        texts = [item.text for item in items if isinstance(item, Words)]
        if day is None or any(_DATE_LINE.fullmatch(line) for text in texts for line in text.split("\n")):
            return
        if any(_DATE_LINE.search(text[-24:]) and len(text) < 60 for text in texts):
            return
        if agency := index.fields.get("agency"):
            self._add(Block(id=0, text=agency, layout=Layout(align="right")))
        block = self._add(Block(id=0, text=index.fields["date"], layout=Layout(align="right")))
        place = Span(block=block.id, start=0, end=len(block.text or ""))
        self._warn("source.web_index", "正文没有落款日期，成文日期取自网页上方的信息表；请与原件核对", place)

    def _linked(self, files: list[Linked], content: _Element) -> None:
        for file in files:
            where = next(
                (
                    Span(block=block.id, start=at, end=at + len(file.name))
                    for block in self._blocks
                    if (at := (block.text or "").find(file.name)) >= 0
                ),
                None,
            )
            shown = file.name if file.target in ("", file.name) else f"{file.name}（{file.target}）"
            if where is None and (name := self._attachment(file)) and name not in self._linked_names:
                self._linked_names.append(name)
            message = f"网页链接的文件“{shown}”不在网页里，没有读入；如要一并读取，请下载后与网页一起打成 zip 放入"
            self._warn("source.linked_file", message, where)

    def _attachment(self, file: Linked) -> str:
        """The name of an attachment that the notice's own words don't tell; empty for a copy of the notice itself."""
        name = _LEAD.sub("", re.sub(r"\.\w{2,4}$", "", file.name)).strip("《》 ")
        lines = [squeeze(_LEAD.sub("", line)) for block in self._blocks for line in (block.text or "").split("\n")]
        plain = squeeze(name)
        # A short name may stand in any sentence; a long one is named where it stands.
        told = any(line.startswith(plain) or (len(plain) >= 8 and plain in line) for line in lines)
        if len(name) < 2 or told or re.search(r"解读|图解|全文|下载|点击", name):
            return ""
        return name

    def _put(self, item: Words | Grid) -> None:
        if isinstance(item, Words):
            self._add(Block(id=0, text=item.text, label=item.label, depth=item.depth, layout=item.layout))
            return
        if caption := caption_of(item.element):
            self._add(Block(id=0, text=caption, layout=Layout(align="center")))
        self._put_table(item)

    def _put_table(self, grid: Grid) -> None:
        if not any(text.strip() for row in grid.cells for text in row):
            return
        self._cells += sum(map(len, grid.cells))
        if self._cells > self._limits.max_cells:
            self._over("limit.cells", f"表格单元格超过上限{self._limits.max_cells}个")
        self._count(sum(len(text) for row in grid.cells for text in row))
        name = f"t{len(self._tables) + 1}"
        block = self._add(Block(id=0, type="table", table=name))
        self._tables.append(Table(id=name, block=block.id, cells=grid.cells, merges=grid.merges))
        for row, lack in grid.ragged:
            message = f"表格 {name} 第{row + 1}行比别的行少{lack}格，已补空格子；请对照原文核对这一行"
            self._warn("table.ragged_row", message, Span(block=block.id, row=row, column=0, start=0, end=0))
        for row, column, inner in grid.nested:
            self._put_table(inner)
            place = Span(block=block.id, row=row, column=column, start=0, end=len(grid.cells[row][column]))
            message = f"表格 {name} 第{row + 1}行第{column + 1}列里还有表格，已另列在后；请核对两处内容"
            self._warn("table.nested", message, place)

    def _add(self, block: Block) -> Block:
        if len(self._blocks) >= self._limits.max_blocks:
            self._over("limit.blocks", f"段落和表格超过上限{self._limits.max_blocks}个")
        self._count(len(block.text or ""))
        block = block.model_copy(update={"id": len(self._blocks)})
        self._blocks.append(block)
        return block

    def _count(self, chars: int) -> None:
        self._chars += chars
        if self._chars > self._limits.max_text_chars:
            self._over("limit.text_chars", f"文字超过上限{self._limits.max_text_chars}字")

    def _over(self, code: str, message: str) -> NoReturn:
        raise LimitError(code, message, file=self._source.name, remedy="请拆分文件后再放入")

    def _warn(self, code: str, message: str, span: Span | None = None) -> None:
        self._warnings.append(Warning(code=code, message=message, span=span))
