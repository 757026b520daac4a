"""Sheets of a workbook as paragraphs and tables, whatever format they come from.

A sheet mixes a title, a line on who filled it in, the table and notes below, all in cells: rows that hold one text
alone are paragraphs, the others are the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from extractors.readers.limits import Limits
from extractors.readers.text import clean
from schemas.document import Block, Document, Layout, Merge, Source, SourceFile, Span, Table, Warning
from schemas.errors import LimitError

#: Built-in formats of Chinese editions, which stand in no file. Source: ECMA-376 part 1, 18.8.30.
BUILT_IN = {
    14: "yyyy/m/d", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_DEFAULT_NAME = re.compile(r"(?:sheet|工作表|表)\s*\(?\d*\)?$", re.IGNORECASE)
_SPLIT = "请拆分后再放入"
#: So many hidden rows are named, the rest counted.
_NAMED_ROWS = 6
_LINE = re.compile(
    r"^(?:填\s*[报表]|编\s*制|制\s*表|报\s*送|牵\s*头|审\s*[核批]|联\s*系|单\s*位|日\s*期|时\s*间|盖\s*章|备\s*注|注)[^：:]{0,8}[：:]|单位[：:]\S{1,6}[）)]?$"
)
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|_.|\*.')
_DATE_TOKEN = re.compile(r"y+|m+|d+|h+|s+|上午/下午|AM/PM|A/P|.", re.IGNORECASE)


@dataclass
class Sheet:
    """A sheet as read.

    Attributes:
        name: on its tab.
        rows: texts by row and column, as a person sees them; may be ragged.
        merges: row, column, row span and column span.
        hidden: whether the sheet itself is hidden.
        hidden_rows, hidden_columns: that are.
    """

    name: str
    rows: list[list[str]]
    merges: list[Merge] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def assemble(sheets: Sequence[Sheet], source: SourceFile, limits: Limits, warnings: list[Warning]) -> Document:
    """A document of sheets.

    Hidden rows and columns are read with a warning, since a filter hides what is still a task; hidden sheets, which
    hold lists and old states, are left out with one.

    Raises:
        LimitError: limit.cells, limit.blocks, limit.text.
    """
    builder = _Builder(source, limits, [*warnings])
    seen = [sheet for sheet in sheets if not sheet.hidden]
    for sheet in sheets:
        if sheet.hidden and any(text for row in sheet.rows for text in row):
            builder.warn("source.hidden_sheet", f"工作表“{sheet.name}”是隐藏的，没有读取；如需要请取消隐藏后再放入")
    told = [sheet for sheet in seen if any(text.strip() for row in sheet.rows for text in row)]
    for sheet in told:
        builder.add(sheet, named=len(told) > 1)
    if not builder.blocks:
        builder.warn("source.no_text", "文件里没有读到文字；请确认表格内容不是图片")
    about = Source(name=source.name, format=source.format, sha256=source.sha256, bytes=len(source.data))
    return Document(source=about, blocks=builder.blocks, tables=builder.tables, warnings=builder.warnings)


class _Builder:
    def __init__(self, source: SourceFile, limits: Limits, warnings: list[Warning]) -> None:
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.warnings = warnings
        self._source = source
        self._limits = limits
        self._cells = 0
        self._chars = 0

    def warn(self, code: str, message: str, span: Span | None = None) -> None:
        self.warnings.append(Warning(code=code, message=message, span=span))

    def add(self, sheet: Sheet, *, named: bool) -> None:
        """Adds a sheet; ``named`` where there are several, so that the tab's name tells them apart."""
        grid = _full(sheet, self._limits, self._source.name)
        if named and not _DEFAULT_NAME.match(sheet.name) and not _says(grid, sheet.name):
            self._paragraph(sheet.name, "center")
        title = True
        for region in _regions(grid):
            if isinstance(region, str):
                self._paragraph(region, "center" if title else "left")
            else:
                self._table(region)
            title = False
        self._tell_hidden(sheet, grid)

    def _tell_hidden(self, sheet: Sheet, grid: _Grid) -> None:
        rows = [r + 1 for r, row in enumerate(grid.rows) if r in sheet.hidden_rows and any(row)]
        if rows:
            listed = "、".join(map(str, rows[:_NAMED_ROWS])) + ("等" if len(rows) > _NAMED_ROWS else "")
            message = f"工作表“{sheet.name}”有{len(rows)}行是隐藏的（第{listed}行），已一并读取；如已作废请删除后再放入"
            self.warn("table.hidden_rows", message)
        columns = [c for c in sheet.hidden_columns if any(c < len(row) and row[c] for row in sheet.rows)]
        if columns:
            message = f"工作表“{sheet.name}”有{len(columns)}列是隐藏的，已一并读取；如不需要请删除后再放入"
            self.warn("table.hidden_columns", message)

    def _paragraph(self, text: str, align: str) -> None:
        text = text.strip()
        if text:
            self._block(
                Block(id=len(self.blocks), text=text, layout=Layout.model_validate({"align": align})), len(text)
            )

    def _table(self, region: _Grid) -> None:
        self._cells += sum(map(len, region.rows))
        if self._cells > self._limits.max_cells:
            raise self._over("limit.cells", f"表格单元格超过上限{self._limits.max_cells}个")
        name = f"t{len(self.tables) + 1}"
        self.tables.append(Table(id=name, block=len(self.blocks), cells=region.rows, merges=region.merges))
        size = sum(len(text) for row in region.rows for text in row)
        self._block(Block(id=len(self.blocks), type="table", table=name), size)

    def _block(self, block: Block, size: int) -> None:
        self._chars += size
        if self._chars > self._limits.max_text_chars:
            raise self._over("limit.text", f"文字超过上限{self._limits.max_text_chars}字")
        if len(self.blocks) >= self._limits.max_blocks:
            raise self._over("limit.blocks", f"段落和表格超过上限{self._limits.max_blocks}个")
        self.blocks.append(block)

    def _over(self, code: str, message: str) -> LimitError:
        return LimitError(code, message, file=self._source.name, remedy=_SPLIT)


@dataclass
class _Grid:
    """A part of a sheet: full rows and merges."""

    rows: list[list[str]]
    merges: list[Merge]


def _full(sheet: Sheet, limits: Limits, file: str) -> _Grid:
    """The sheet as a full grid: blank edges cut off, merged texts in every position they cover."""
    cells = [[_tidy(text) for text in row] for row in sheet.rows]
    height = max((r + 1 for r, row in enumerate(cells) if any(row)), default=0)
    width = max((c + 1 for row in cells for c, text in enumerate(row) if text), default=0)
    merges = [m for m in sheet.merges if m[0] < height and m[1] < width and m[2] * m[3] > 1]
    # A merge that reaches beyond the last text still covers its columns.
    width = max([width, *(min(left + wide, width + 50) for top, left, _, wide in merges if _at(cells, top, left))])
    if height * width > 20 * limits.max_cells:
        raise LimitError("limit.cells", f"表格单元格超过上限{limits.max_cells}个", file=file, remedy=_SPLIT)
    rows = [(row + [""] * width)[:width] for row in cells[:height]]
    kept: list[Merge] = []
    taken: set[tuple[int, int]] = set()
    for top, left, high, wide in sorted(merges):
        bottom, right = min(top + high, height), min(left + wide, width)
        places = {(r, c) for r in range(top, bottom) for c in range(left, right)}
        if taken & places:
            continue
        taken |= places
        for r, c in places:
            rows[r][c] = rows[top][left]
        if len(places) > 1:
            kept.append((top, left, bottom - top, right - left))
    return _Grid(rows, kept)


def _at(cells: list[list[str]], row: int, column: int) -> str:
    return cells[row][column] if row < len(cells) and column < len(cells[row]) else ""


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in clean(text).split("\n")).strip()


def _says(grid: _Grid, name: str) -> bool:
    """Whether the sheet's title says its name already."""
    first = {text for text in next((row for row in grid.rows if any(row)), []) if text}
    return len(first) == 1 and "".join(name.split()) in "".join(first.pop().split())


def _regions(grid: _Grid) -> Iterator[str | _Grid]:
    """Paragraphs and tables of a sheet from top to bottom.

    A row that holds one text alone, down no further than itself, is a paragraph where it stands before a table or
    behind it; between rows of a table it is the head of a group and stays.
    """
    alone = [_alone(grid, r) for r in range(len(grid.rows))]
    blank = [not any(row) for row in grid.rows]
    at = 0
    while at < len(grid.rows):
        if blank[at] or alone[at] is not None:
            if alone[at]:
                yield alone[at] or ""
            at += 1
            continue
        end = last = at
        while end < len(grid.rows):
            if not blank[end] and alone[end] is None:
                last = end
            elif blank[end] and end + 1 < len(grid.rows) and _begins(alone, blank, end + 1):
                break
            end += 1
        yield from _cut(grid, at, last + 1)
        at = last + 1


def _begins(alone: Sequence[str | None], blank: Sequence[bool], at: int) -> bool:
    """Whether a title, and so another table, stands behind a blank row."""
    while at < len(blank) and blank[at]:
        at += 1
    return at < len(blank) and alone[at] is not None


def _alone(grid: _Grid, row: int) -> str | None:
    """A row's text where it is the only one and its own."""
    texts = {text for text in grid.rows[row] if text}
    if len(texts) != 1:
        return None
    places = [c for c, text in enumerate(grid.rows[row]) if text]
    own = [m for m in grid.merges if m[0] <= row < m[0] + m[2] and m[1] in places]
    if any(m[2] > 1 for m in own) and len(grid.rows[row]) > 1 and not any(m[3] == len(grid.rows[row]) for m in own):
        return None
    covered = len(places) == 1 or any(m[3] == len(places) for m in own)
    if any(m[2] > 1 for m in own) and row != own[0][0]:
        return ""
    return texts.pop() if covered else None


def _cut(grid: _Grid, start: int, end: int) -> Iterator[str | _Grid]:
    """The rows of a table with blank ones and blank columns left out; a single column comes as paragraphs."""
    rows = [r for r in range(start, end) if any(grid.rows[r])]
    behind: list[str] = []
    while len(rows) > 2 and _is_line(grid, rows[0], rows[1]):
        yield _joined(grid.rows[rows.pop(0)])
    while len(rows) > 2 and _is_line(grid, rows[-1], rows[-2]):
        behind.insert(0, _joined(grid.rows[rows.pop()]))
    columns = [c for c in range(len(grid.rows[start])) if any(grid.rows[r][c] for r in rows)]
    if len(columns) < 2 or len(rows) < 2:
        for r in rows:
            yield _joined(grid.rows[r])
        yield from behind
        return
    merges = []
    for top, left, high, wide in grid.merges:
        down = [i for i, r in enumerate(rows) if top <= r < top + high]
        across = [i for i, c in enumerate(columns) if left <= c < left + wide]
        if down and across and len(down) * len(across) > 1:
            merges.append((down[0], across[0], len(down), len(across)))
    yield _Grid([[grid.rows[r][c] for c in columns] for r in rows], sorted(merges))
    yield from behind


def _is_line(grid: _Grid, row: int, beside: int) -> bool:
    """Whether a row at a table's edge is a line of its own: who filled it in, the unit of money, the day."""
    texts = {text for text in grid.rows[row] if text}
    tall = any(m[2] > 1 and m[0] <= row < m[0] + m[2] for m in grid.merges)
    wide = sum(1 for text in grid.rows[beside] if text)
    return not tall and 2 * len(texts) <= wide and any(_LINE.search(text) for text in texts)


def _joined(row: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(text for text in row if text))


def number_text(value: float, code: str) -> str:
    """A number as a sheet shows it, as far as that changes what it says: percent signs and decimal places.

    Args:
        value: the number.
        code: its format's code, as ``0.0%``; empty or ``General`` for none.
    """
    plain = _QUOTED.sub(lambda match: match[1] or match[2] or "", code.split(";")[0])
    places = re.search(r"0(?:\.(0+))?\s*%", plain)
    if places:
        return f"{value * 100:.{len(places[1] or '')}f}%"
    fixed = re.fullmatch(r"[#,0]*0(?:\.(0+))?", plain)
    if fixed and fixed[1]:
        return f"{value:.{len(fixed[1])}f}"
    if fixed and not {",", "#"} & set(plain) and len(plain) > 1 and value == int(value):
        return str(int(value)).zfill(len(plain))
    text = f"{value:.15g}" if abs(value) < 1e15 else f"{value:.0f}"
    return text if "e" not in text else format(Decimal(text), "f")


def is_date_code(code: str) -> bool:
    """Whether a format's code shows a date or a time."""
    return bool(re.search(r"[ymdhs]", _QUOTED.sub("", code.split(";")[0]).replace("General", ""), re.IGNORECASE))


def date_text(value: datetime, code: str) -> str:
    """A date as its format shows it: ``2024年6月30日``, ``2024/6/30``, ``6月``."""
    literal: list[str] = []

    def keep(match: re.Match[str]) -> str:
        if match[1] is None and match[2] is None:
            return ""
        literal.append(match[1] or match[2] or "")
        return chr(0xE000 + len(literal) - 1)

    plain = _QUOTED.sub(keep, code.split(";")[0])
    tokens = [match[0] for match in _DATE_TOKEN.finditer(plain)]
    shown: list[str] = []
    for i, token in enumerate(tokens):
        letter = token[0].lower()
        # An m beside hours or seconds counts minutes.
        near = "".join(tokens[max(0, i - 2) : i]).lower()[-4:] + "|" + "".join(tokens[i + 1 : i + 3]).lower()[:4]
        if letter == "m" and len(token) <= 2 and ("h" in near.split("|")[0] or "s" in near.split("|")[1]):
            shown.append(f"{value.minute:02d}")
        elif letter in _PARTS:
            number = getattr(value, _PARTS[letter])
            if letter == "y":
                shown.append(f"{number % 100:02d}" if len(token) < 3 else str(number))
            else:
                shown.append(f"{number:02d}" if len(token) == 2 else str(number))
        elif "\ue000" <= token <= "\uf8ff":
            shown.append(literal[ord(token) - 0xE000])
        elif token != "@":
            shown.append(token)
    text = "".join(shown).strip()
    return text if re.search(r"\d", text) else f"{value:%Y-%m-%d}"


_PARTS = {"y": "year", "m": "month", "d": "day", "h": "hour", "s": "second"}
