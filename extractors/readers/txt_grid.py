"""Rows of a table whose merges were lost in a flat copy, to a full grid: spans, two-level heads, merges downward."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from schemas.document import Merge

Rows = list[list[str]]

#: Heads of columns that one value often covers several items of: who, when, of what kind, on what terms.
_SHARED = re.compile(
    r"时间|日期|月份|季度|阶段|期限|时限|责任|单位|部门|科室|牵头|主办|承办|协办|配合|主讲|参加|参与|参会|对象|人员|领导|"
    r"类别|类型|分类|项目|指标|板块|领域|方面|形式|方式|地点|要求|区域|载体|牵头人|负责人"
)
#: Heads of columns that are left blank, or hold what belongs to one row alone.
_OWN = re.compile(
    r"备注|说明|得分|自评|考评分|评分$|签字|签名|盖章|(?:完成|落实|进展|执行|推进|整改完成)情况|进展|电话|手机|邮箱|联系|金额|投资|资金|数量|人数|面积|名称|姓名|职务"
)
_INDEX = re.compile(r"序号|编号|项次|№|No")
_TOTAL = re.compile(r"(?:合|总|小)计|总分|平均")
_NOTE = re.compile(r"备注|注|说明|合计|总计|小计")
_SENTENCE = re.compile(r"[。；]$")
_MOST_PARTITIONS = 20_000


@dataclass
class Grid:
    """A full grid; ``doubts`` tell what was guessed: ``row`` a row's width, ``head`` the reach of group heads."""

    cells: Rows
    merges: list[Merge] = field(default_factory=list)
    doubts: set[str] = field(default_factory=set)


def squeeze(text: str) -> str:
    """Text without white space, for comparing."""
    return re.sub(r"\s+", "", text)


def column_count(rows: Sequence[Sequence[str]]) -> int:
    """How many columns ragged rows have: the widest row's, but where nearly all rows and the head agree on fewer."""
    widths = Counter(len(row) for row in rows)
    common, times = widths.most_common(1)[0]
    widest = max(widths)
    head = next((row for row in rows if not is_label_row(row)), rows[0])
    if widest > common and len(head) == common and times >= 0.6 * len(rows):
        return common
    return widest


def mend(rows: Rows, count: int) -> Rows:
    """Rows torn apart by an empty paragraph inside a cell, put together: neighbours that make up one whole row."""
    whole = sum(len(row) == count for row in rows)
    if whole * 2 < len(rows):
        return rows
    mended: Rows = []
    i = 0
    while i < len(rows):
        row = rows[i]
        for pieces in (2, 3):
            group = rows[i : i + pieces]
            if (
                len(group) == pieces
                and all(len(piece) < count for piece in group)
                and sum(len(piece) for piece in group) == count
                and not any(_NOTE.match(squeeze(piece[0])) or is_label_row(piece) for piece in group)
            ):
                row = [cell for piece in group for cell in piece]
                i += pieces - 1
                break
        mended.append(row)
        i += 1
    return mended


def build(rows: Rows, *, blanks_merge: bool = True) -> Grid:
    """Ragged rows to a full grid.

    Args:
        rows: as read, without merges: a cell merged to the right stands once, one merged downward is followed by
            empty cells.
        blanks_merge: whether an empty cell may stand for a merge; not where the copy kept merged values.
    """
    count = column_count(rows)
    rows = mend(rows, count)
    grid = Grid([])
    heads = _head(rows, count, grid)
    body = _without_repeats(rows[heads:], rows[:heads])
    form = _is_form(body, count)
    for row in body:
        _append(grid, row, count, form)
    if blanks_merge and not form:
        _fill(grid, heads)
    return grid


def _head(rows: Rows, count: int, grid: Grid) -> int:
    """Lays the head rows; returns how many rows they are.

    One cell alone in the first row is a title over all; a label with a long text beside it, before the real head,
    tells what the whole table is about.
    """
    first = 0
    while first < len(rows) - 1 and (len(rows[first]) == 1 < count or (count > 2 and is_label_row(rows[first]))):
        _lay(grid, rows[first], [count] if len(rows[first]) == 1 else [1, count - 1])
        first += 1
    head = rows[first]
    under = rows[first + 1] if first + 1 < len(rows) else []
    if 1 < len(head) < count == len(under) and not under[0].strip() and len(rows) > first + 2:
        spans = _group_spans(head, under, grid)
        if spans:
            _lay(grid, head, spans)
            _lay_under(grid, under, spans)
            return first + 2
    if len(head) == count:
        spans = _spans_by_blanks(head, under) if len(rows) > first + 2 else []
        _lay(grid, [head[sum(spans[:i])] for i in range(len(spans))] if spans else head, spans or [1] * count)
        if spans:
            _lay_under(grid, under, spans)
        return first + (2 if spans else 1)
    return first


def _spans_by_blanks(head: Sequence[str], under: Sequence[str]) -> list[int]:
    """How many columns each head cell covers, where empty cells follow it, as spreadsheets copy merged ones."""
    if not head[0].strip() or len(under) != len(head) or under[0].strip():
        return []
    blank = [not cell.strip() for cell in head]
    if not any(blank) or any(empty and not cell.strip() for empty, cell in zip(blank, under, strict=True)):
        return []
    starts = [i for i, empty in enumerate(blank) if not empty]
    return [after - start for start, after in pairwise([*starts, len(head)])]


def _group_spans(head: Sequence[str], under: Sequence[str], grid: Grid) -> list[int]:
    """How many columns each head cell covers, where the row under it has empty cells below those that cover one."""
    runs: list[tuple[bool, int]] = []
    for cell in under:
        filled = bool(cell.strip())
        if runs and runs[-1][0] == filled:
            runs[-1] = (filled, runs[-1][1] + 1)
        else:
            runs.append((filled, 1))
    singles = sum(length for filled, length in runs if not filled)
    filled_runs = [length for filled, length in runs if filled]
    groups = len(head) - singles
    if groups < len(filled_runs) or not filled_runs:
        return []
    shares = [1] * len(filled_runs)
    while sum(shares) < groups:  # the longest stretch of columns takes the next group
        most = max(range(len(shares)), key=lambda i: filled_runs[i] / shares[i])
        shares[most] += 1
    spans: list[int] = []
    at = 0
    for filled, length in runs:
        spans += _partition(under[at : at + length], shares.pop(0), grid) if filled else [1] * length
        at += length
    return spans


def _partition(heads: Sequence[str], groups: int, grid: Grid) -> list[int]:
    """Column heads under several group heads, divided: groups of like heads are alike, and none names one twice."""
    names = [squeeze(head) for head in heads]
    length = len(names)
    if groups == 1:
        return [length]
    best: tuple[float, list[int]] = (float("-inf"), [])
    for tried, cuts in enumerate(combinations(range(1, length), groups - 1)):
        if tried > _MOST_PARTITIONS:
            break
        edges = [0, *cuts, length]
        parts = [tuple(names[a:b]) for a, b in pairwise(edges)]
        alike = sum(len(part) * (times - 1) for part, times in Counter(parts).items())
        doubled = sum(len(part) - len(set(part)) for part in parts)
        spread = max(map(len, parts)) - min(map(len, parts))
        score = 10 * alike - 20 * doubled - 5 * sum(len(part) == 1 for part in parts) - spread / 100
        if score > best[0]:
            best = (score, [len(part) for part in parts])
    if len(set(names)) == length:
        grid.doubts.add("head")
    return best[1]


def _lay(grid: Grid, row: Sequence[str], spans: Sequence[int]) -> None:
    number, at, cells = len(grid.cells), 0, []
    for cell, span in zip(row, spans, strict=True):
        cells += [cell] * span
        if span > 1:
            grid.merges.append((number, at, 1, span))
        at += span
    grid.cells.append(cells)


def _lay_under(grid: Grid, under: Sequence[str], spans: Sequence[int]) -> None:
    """The second head row: cells under a head of one column continue it."""
    above = grid.cells[-1]
    number = len(grid.cells)
    starts = {sum(spans[:i]) for i, span in enumerate(spans) if span == 1}
    cells = []
    for column, cell in enumerate(under):
        if not cell.strip() and column in starts:
            grid.merges.append((number - 1, column, 2, 1))
            cells.append(above[column])
        else:
            cells.append(cell)
    grid.cells.append(cells)


def _without_repeats(body: Rows, heads: Rows) -> Rows:
    """A head that a page break repeats is dropped, whole or its first row."""
    keys = [[squeeze(cell) for cell in row] for row in heads]
    wanted = [key for key in keys if sum(bool(cell) for cell in key) > 1]
    kept = []
    for row in body:
        key = [squeeze(cell) for cell in row]
        if key not in wanted:
            kept.append(row)
    return kept


def _is_form(body: Rows, count: int) -> bool:
    """A form to fill in: hardly anything stands in its cells, or labels and blanks take turns."""
    cells = [cell for row in body for cell in row]
    if not cells:
        return False
    filled = sum(bool(cell.strip()) for cell in cells)
    if filled < 0.2 * len(cells):
        return True
    pairs = [row for row in body if len(row) >= 2 and len(row) % 2 == 0]
    labelled = [row for row in pairs if all(row[::2]) and all(len(squeeze(label)) <= 12 for label in row[::2])]
    blank = sum(not value.strip() for row in labelled for value in row[1::2])
    values = sum(len(row) // 2 for row in labelled)
    ragged = len({len(row) for row in body}) > 1
    return ragged and len(labelled) >= 0.7 * len(body) and blank >= 0.5 * values


def _append(grid: Grid, row: Sequence[str], count: int, form: bool) -> None:
    extra = count - len(row)
    spans = [1] * len(row)
    if extra > 0:
        spans[_wide_cell(row, form)] += extra
        if len(row) > 2:
            grid.doubts.add("row")
    elif extra < 0:  # more cells than columns: what is over belongs to the last
        row = [*row[: count - 1], "\n".join(cell for cell in row[count - 1 :] if cell)]
        spans = [1] * count
        grid.doubts.add("row")
    _lay(grid, row, spans)


def _wide_cell(row: Sequence[str], form: bool) -> int:
    """Which cell of a row with too few takes the free columns."""
    if len(row) == 1 or _TOTAL.match(squeeze(row[0])):
        return 0
    rest = range(1, len(row))
    if form:
        return next((i for i in rest if not row[i].strip()), len(row) - 1)
    return max(rest, key=lambda i: len(squeeze(row[i])))


def _fill(grid: Grid, heads: int) -> None:
    """Empty body cells that a merge from above covers get its value."""
    cells = grid.cells
    if not cells or not heads or len(cells) <= heads:
        return
    bare = [[not cell.strip() for cell in row] for row in cells]
    wide = {(row, at + i) for row, at, _, span in grid.merges if row >= heads and span > 1 for i in range(span)}
    names = [squeeze("".join(row[column] for row in cells[:heads])) for column in range(len(cells[0]))]
    matrix = any(span > 1 and row < heads and span < len(cells[0]) for row, _, _, span in grid.merges)
    group = _group_column(names, bare[heads:])
    for column, name in enumerate(names):
        if _OWN.search(name) and not _SHARED.search(name) and column:
            continue
        shared = bool(_SHARED.search(name)) and not _OWN.search(name) and not matrix
        start = 0
        for row in range(heads, len(cells)):
            if not bare[row][column]:
                start = row
                continue
            inside = column <= group or bare[row][group]
            if not start or {(row, column), (start, column)} & wide or all(bare[row]) or not (inside or shared):
                start = start if inside or shared else 0
                continue
            cells[row][column] = cells[start][column]
            _stretch(grid, start, column, row - start + 1)


def _group_column(names: Sequence[str], bare: Sequence[Sequence[bool]]) -> int:
    """The column whose empty cells tell that a row belongs to the one above: the first that does not just count."""
    counts = len(names) > 2 and bool(_INDEX.match(names[0])) and not any(row[0] for row in bare)
    return 1 if counts and not _OWN.search(names[1]) else 0


def _stretch(grid: Grid, row: int, column: int, height: int) -> None:
    if grid.merges and grid.merges[-1][:2] == (row, column):
        grid.merges.pop()
    grid.merges.append((row, column, height, 1))


def is_label_row(row: Sequence[str]) -> bool:
    """Whether a row is a short label and a long text."""
    label = squeeze(row[0])
    return len(row) == 2 and 0 < len(label) <= 10 and label[-1] not in "。；：" and len(squeeze(row[1])) > 30


def looks_like_head(row: Sequence[str]) -> bool:
    """Whether a table's first row could be one: short words, hardly a sentence."""
    words = [squeeze(cell) for cell in row]
    short = sum(len(word) <= 30 for word in words)
    closed = sum(bool(_SENTENCE.search(word)) for word in words)
    return any(words) and short >= 0.8 * len(words) and closed <= 0.2 * len(words)
