"""Tables that a text copy flattened with tabs: one cell a line, or one row a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.readers.txt_grid import Rows, is_label_row, looks_like_head
from extractors.readers.txt_lines import OPENING, join_cell

_BEHIND = re.compile(
    r"附\s*[件表录]|(?:[备附]?注|说明)\s*[:：]|[（(]?[一二三四五六七八九十]{1,3}[）)、]|第[一二三四五六七八九十]{1,3}[章条]"
)
_ANNEX = re.compile(r"附\s*[件表]\s*[\d一二三四五六七八九十]*\s*[:：]?\s*$")
_INDEX_HEAD = re.compile(r"(?:序\s*号|编\s*号|项\s*次)$")
_SHORT = 10
_MANY = 30
_MOST_LISTED = 3000
_WIDEST_LISTED = 16
_MOST_PARTS = 5


@dataclass
class _Cells:
    """Rows being read, each cell as its lines; ``index`` is that of each cell's last line in the text."""

    rows: list[list[list[str]]] = field(default_factory=list)
    end: int = 0

    def start_row(self) -> None:
        self.rows.append([])

    def start_cell(self, text: str, index: int) -> None:
        self.rows[-1].append([text])
        self.end = index + 1

    def width(self) -> int:
        """How many cells the rows before the last have, mostly; 0 where there are none."""
        before = Counter(len(row) for row in self.rows[:-1])
        return before.most_common(1)[0][0] if before else 0

    def is_barren(self) -> bool:
        """Whether what was read so far can't begin a table: no head, or many rows of one cell."""
        if len(self.rows) == 1:
            first = [" ".join(cell) for cell in self.rows[0]]
            return not looks_like_head(first) and not _is_body(first) and not _is_label(first)
        return len(self.rows) == _MANY and all(len(row) == 1 for row in self.rows)

    def is_whole(self) -> bool:
        """Whether the last row has as many cells as the widest before it."""
        return len(self.rows) > 2 and len(self.rows[-1]) == max(len(row) for row in self.rows[:-1])

    def joined(self) -> Rows:
        return [[join_cell(cell) for cell in row] for row in self.rows]


def cell_lines(lines: Sequence[str], start: int) -> tuple[int, Rows] | None:
    """A table with one cell a line, each led by a tab, and an empty line before each row.

    A cell may go on over lines without a tab, also after an empty line; two empty lines end the table.

    Returns:
        Where it ends and its ragged rows; None where the lines at ``start`` are none, as with indented prose.
    """
    if not _is_cell(lines[start]) or (start and _is_cell(lines[start - 1])):
        return None
    found = _Cells()
    pending: list[tuple[int, str, int]] = []  # lines after the last cell: empty lines before, text, index
    blank, index = 1, start
    while index < len(lines):
        line = lines[index]
        if line.startswith("\t"):
            if not _is_cell(line):
                break
            if pending and not blank and found.is_whole() and pending[0][0]:
                break  # a caption, and the next table right below it
            if pending and found.rows:
                found.rows[-1][-1] += [text for _, text, _ in pending]
                pending = []
            if blank:
                if found.is_barren():
                    return None
                found.start_row()
            found.start_cell(line.strip(), index)
            blank = 0
        elif not line.strip():
            blank += 1
        else:
            if _ANNEX.match(line.strip()) or (blank >= 2 and not _goes_on(found, lines, index)):
                break
            pending.append((blank, line, index))
            blank = 0
        index += 1
    for _, text, at in _last_cell(pending):
        found.rows[-1][-1].append(text)
        found.end = at + 1
    rows = found.joined()
    return (found.end, rows) if _is_table(rows) else None


def _is_cell(line: str) -> bool:
    return line.startswith("\t") and "\t" not in line.strip()


def _goes_on(found: _Cells, lines: Sequence[str], index: int) -> bool:
    """Whether a row goes on behind two empty lines inside a cell: what follows makes it whole, or its corner head."""
    after = index
    while after < len(lines) and not lines[after].startswith("\t"):
        if not lines[after].strip() or _BEHIND.match(lines[after].strip()):
            return False
        after += 1
    if len(found.rows[-1]) == 1 and after == index + 1 < len(lines) and len(lines[index].strip()) <= _SHORT:
        return True
    end = after
    while end < len(lines) and lines[end].startswith("\t"):
        end += 1
    return end > after and len(found.rows[-1]) + end - after == found.width()


def _last_cell(pending: list[tuple[int, str, int]]) -> list[tuple[int, str, int]]:
    """What follows the last cell and still belongs to it: not prose that goes on after the table."""
    close = []
    for part in pending:
        if part[0]:
            break
        close.append(part)
    if any(_BEHIND.match(text.strip()) for _, text, _ in pending) or len(pending) > _MOST_PARTS:
        return [] if close and _BEHIND.match(close[0][1].strip()) else close[:1]
    return pending


def _is_table(rows: Rows) -> bool:
    """Rows enough, of like width, beginning with a head, mostly of short cells: indented paragraphs are not."""
    if len(rows) < 2 or max(len(row) for row in rows) < 2:
        return False
    wide = [row for row in rows if len(row) > 1]
    even = Counter(len(row) for row in rows).most_common(1)[0][1] >= 0.8 * len(rows)
    cells = [cell for row in rows for cell in row]
    short = sum(len(cell) <= 30 for cell in cells)
    return (
        len(wide) >= 2
        and short >= 0.4 * len(cells)
        and (looks_like_head(rows[0]) or (even and _is_body(rows[0])) or _has_head_below(rows))
    )


def _is_label(row: Sequence[str]) -> bool:
    return is_label_row(row) and not OPENING.match(row[0])


def _has_head_below(rows: Rows) -> bool:
    """Labels with long texts, then a head of more columns."""
    below = next((row for row in rows[:6] if not _is_label(row)), [])
    return _is_label(rows[0]) and len(below) > 2 and looks_like_head(below)


def _is_body(row: Sequence[str]) -> bool:
    """A row of a table without a head: three cells at least, half of them short."""
    return len(row) >= 3 and sum(len(cell) <= _SHORT for cell in row) * 2 >= len(row)


def listed_cells(lines: Sequence[str], start: int) -> tuple[int, Rows] | None:
    """A table with one cell a line and nothing between rows, told by its running numbers at equal distances.

    The head begins with 序号; only rows that are whole are taken.
    """
    if not _INDEX_HEAD.match(lines[start].strip()):
        return None
    filled = _filled(lines, start, _WIDEST_LISTED * 4)
    count = next((i for i, (_, text) in enumerate(filled[:_WIDEST_LISTED]) if _is_number(text, 1)), 0)
    if count < 2 or not any(_is_number(text, 2) for _, text in filled[2 * count : 2 * count + 1]):
        return None
    filled = _filled(lines, start, _MOST_LISTED)
    rows: Rows = [[text for _, text in filled[:count]]]
    while True:
        at = count * len(rows)
        row = [text for _, text in filled[at : at + count]]
        if len(row) < count or not _is_number(row[0], len(rows)):
            break
        rows.append(row)
    if len(rows) < 3 or not looks_like_head(rows[0]):
        return None
    return filled[count * len(rows) - 1][0] + 1, rows


def _filled(lines: Sequence[str], start: int, most: int) -> list[tuple[int, str]]:
    return [(i, lines[i].strip()) for i in range(start, min(len(lines), start + most)) if lines[i].strip()]


def _is_number(text: str, number: int) -> bool:
    return bool(re.fullmatch(rf"0?{number}[.、．]?", text))


def row_lines(lines: Sequence[str], start: int) -> tuple[int, Rows] | None:
    """A table with one row a line and a tab between cells.

    A line with too few tabs goes on with the next, where both make one row: the cell between had a line break.
    Quotes around a cell, as spreadsheets copy them, go.
    """
    if not _tabs(lines[start]) or not looks_like_head(lines[start].split("\t")):
        return None
    index, run = start, []
    while index < len(lines):
        line = lines[index].strip("\r\n")
        if line.strip():
            run.append((index, line))
            if len(run) == _MANY and not _is_steady(run):
                return None
            if not _tabs(line) and sum(not _tabs(one) for _, one in run[-3:]) == 3:
                break
        elif index + 1 >= len(lines) or not _tabs(lines[index + 1]):
            break
        index += 1
    while run and not _tabs(run[-1][1]):
        run.pop()
    if not _is_steady(run):
        return None
    tabs = Counter(_tabs(line) for _, line in run if _tabs(line)).most_common(1)[0][0]
    rows, end = _assemble(run, tabs)
    if len(rows) < 2 or not looks_like_head(rows[0]):
        return None
    return end, rows


def _is_steady(run: Sequence[tuple[int, str]]) -> bool:
    """Whether half the lines at least have equally many tabs."""
    tabs, times = Counter(_tabs(line) for _, line in run if _tabs(line)).most_common(1)[0]
    return times >= (2 if tabs > 1 else 3) and times >= 0.5 * len(run)


def _tabs(line: str) -> int:
    """How many cells a line holds but one. A leading tab counts only before more: alone it is an indent."""
    inner = line.strip().count("\t")
    return line.rstrip("\r\n").count("\t") if inner else 0


def _assemble(run: Sequence[tuple[int, str]], tabs: int) -> tuple[Rows, int]:
    rows: Rows = []
    end = run[0][0]
    held: list[list[str]] = []
    for index, line in run:
        cells = line.split("\t")
        if held:
            held[-1].append(cells[0])
            held += [[cell] for cell in cells[1:]]
        else:
            held = [[cell] for cell in cells]
        if len(held) > tabs and not _quote_open(held[-1]):
            rows.append([_unquote("\n".join(part.strip() for part in cell)) for cell in held])
            held, end = [], index + 1
    if held and len(held) > 1:
        rows.append([_unquote("\n".join(part.strip() for part in cell)) for cell in held])
        end = run[-1][0] + 1
    return [row[: tabs + 1] if not any(row[tabs + 1 :]) else row for row in rows], end


def _quote_open(cell: Sequence[str]) -> bool:
    text = "\n".join(cell)
    return text.startswith('"') and text.count('"') % 2 == 1


def _unquote(cell: str) -> str:
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == '"' and cell.count('"') % 2 == 0:
        return cell[1:-1].replace('""', '"').strip()
    return cell
