"""Tables that a text copy flattened with tabs: one cell a line, or one row a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.readers.txt_grid import Rows, looks_like_head
from extractors.readers.txt_lines import join_cell

_BEHIND = re.compile(
    r"附\s*[件表录]|(?:[备附]?注|说明)\s*[:：]|[（(]?[一二三四五六七八九十]{1,3}[）)、]|第[一二三四五六七八九十]{1,3}[章条]"
)
_ANNEX = re.compile(r"附\s*[件表]\s*[\d一二三四五六七八九十]*\s*[:：]?\s*$")
_SHORT = 10
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

    def joined(self) -> Rows:
        return [[join_cell(cell) for cell in row] for row in self.rows]


def cell_lines(lines: Sequence[str], start: int) -> tuple[int, Rows] | None:
    """A table with one cell a line, each led by a tab, and an empty line before each row.

    A cell may go on over lines without a tab, also after an empty line; two empty lines end the table.

    Returns:
        Where it ends and its ragged rows; None where the lines at ``start`` are none, as with indented prose.
    """
    if not _is_cell(lines[start]):
        return None
    found = _Cells()
    pending: list[tuple[int, str, int]] = []  # lines after the last cell: empty lines before, text, index
    blank, index = 1, start
    while index < len(lines):
        line = lines[index]
        if line.startswith("\t"):
            if not _is_cell(line):
                break
            if pending and found.rows:
                found.rows[-1][-1] += [text for _, text, _ in pending]
                pending = []
            if blank:
                found.start_row()
            found.start_cell(line.strip(), index)
            blank = 0
        elif not line.strip():
            blank += 1
        else:
            if _ANNEX.match(line.strip()) or (blank >= 2 and not _torn_head(found, lines, index)):
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


def _torn_head(found: _Cells, lines: Sequence[str], index: int) -> bool:
    """A row's first cell, with empty lines inside (the two heads of a slashed corner): the row goes on right after."""
    text = lines[index].strip()
    following = lines[index + 1] if index + 1 < len(lines) else ""
    return len(found.rows[-1]) == 1 and len(text) <= _SHORT and following.startswith("\t") and not _BEHIND.match(text)


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
    cells = [cell for row in rows for cell in row]
    short = sum(len(cell) <= 30 for cell in cells)
    return len(wide) >= 2 and short >= 0.4 * len(cells) and looks_like_head(rows[0])


def row_lines(lines: Sequence[str], start: int) -> tuple[int, Rows] | None:
    """A table with one row a line and a tab between cells.

    A line with too few tabs goes on with the next, where both make one row: the cell between had a line break.
    Quotes around a cell, as spreadsheets copy them, go.
    """
    if not _tabs(lines[start]):
        return None
    index, run = start, []
    while index < len(lines):
        line = lines[index].strip("\r\n")
        if line.strip():
            run.append((index, line))
            if not _tabs(line) and sum(not _tabs(one) for _, one in run[-3:]) == 3:
                break
        elif index + 1 >= len(lines) or not _tabs(lines[index + 1]):
            break
        index += 1
    while run and not _tabs(run[-1][1]):
        run.pop()
    counts = Counter(_tabs(line) for _, line in run if _tabs(line))
    tabs, times = counts.most_common(1)[0]
    if times < (2 if tabs > 1 else 3) or times < 0.5 * len(run):
        return None
    rows, end = _assemble(run, tabs)
    if len(rows) < 2 or not looks_like_head(rows[0]):
        return None
    return end, rows


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
