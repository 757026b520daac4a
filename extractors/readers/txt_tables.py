"""Tables in plain text, however they were flattened: tabs, pipes, drawn lines, columns of spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.readers.text import glue
from extractors.readers.txt_grid import Grid, Rows, build, looks_like_head
from extractors.readers.txt_lines import columns, join_cell
from extractors.readers.txt_tabs import cell_lines, listed_cells, row_lines

_PIPE = "|｜│┃║"
_RULE = re.compile(r"[\s|｜│┃║:+\-=—─━═┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝┏┳┓┣╋┫┗┻┛╒╤╕╞╪╡╘╧╛]+$")
_GAP = re.compile(r"[ \u3000]{2,}|\u3000")
_HEAD_WORD = re.compile(
    r"序号|编号|时间|日期|月份|单位|部门|科室|任务|内容|项目|名称|责任|牵头|配合|备注|类别|指标|姓名|职务|标准|分值|得分|地点|"
    r"联系|电话|目标|要求|措施|完成|主题|对象|形式|频次|数量|区域|责任人"
)


def find_table(lines: Sequence[str], start: int) -> tuple[int, Grid] | None:
    """The table that begins at a line.

    Returns:
        The index of the first line behind it, and its grid; None where prose begins.
    """
    for finder in (cell_lines, row_lines):
        if found := finder(lines, start):
            return found[0], build(found[1])
    if found := listed_cells(lines, start):
        return found[0], build(found[1])
    if found := _piped(lines, start):
        return found[0], build(found[1])
    if found := _spaced(lines, start):
        return found[0], build(found[1])
    return None


def _piped(lines: Sequence[str], start: int) -> tuple[int, Rows] | None:
    """Cells between pipes or drawn lines; where rules part every row, lines between two rules are one row."""
    below = lines[start + 1] if start + 1 < len(lines) else ""
    if not _is_piped(lines[start]) and not (_is_rule(lines[start]) and _is_piped(below)):
        return None
    end = start
    while end < len(lines) and (_is_piped(lines[end]) or _is_rule(lines[end])):
        end += 1
    rules = [i for i in range(start, end) if _is_rule(lines[i])]
    rows: Rows = []
    parted = len(rules) >= 3
    fresh = True
    for i in range(start, end):
        if _is_rule(lines[i]):
            fresh = True
            continue
        cells = _pipe_cells(lines[i])
        if parted and not fresh and rows and len(rows[-1]) == len(cells):
            rows[-1] = [glue(old, new) for old, new in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
        fresh = False
    if len(rows) < 2 or min(len(row) for row in rows) < 2:
        return None
    return end, rows


def _is_piped(line: str) -> bool:
    text = line.strip()
    count = sum(text.count(pipe) for pipe in _PIPE)
    return count >= 2 or (count == 1 and text[0] not in _PIPE and text[-1] not in _PIPE)


def _is_rule(line: str) -> bool:
    text = line.strip()
    return len(text) >= 3 and bool(_RULE.match(text)) and bool(re.search(r"[-=—─━═]{2}", text))


def _pipe_cells(line: str) -> list[str]:
    text = line.strip()
    escaped = text.replace("\\|", "\x00")
    cells = re.split(f"[{_PIPE}]", escaped)
    if escaped[0] in _PIPE:
        cells = cells[1:]
    if len(escaped) > 1 and escaped[-1] in _PIPE:
        cells = cells[:-1]
    return [re.sub(r"\s*<br\s*/?>\s*", "\n", cell.strip().replace("\x00", "|")) for cell in cells]


def _spaced(lines: Sequence[str], start: int) -> tuple[int, Rows] | None:
    """Columns set with spaces: at least three, under a head row, each line's words below the heads'."""
    if len(_GAP.findall(lines[start])) < 2:
        return None
    head = _fields(lines[start])
    if len(head) < 3 or sum(bool(_HEAD_WORD.search(word)) for _, _, word in head) < 2:
        return None
    if not looks_like_head([word for _, _, word in head]):
        return None
    rows: Rows = [[word for _, _, word in head]]
    index, end = start + 1, start + 1
    whole = 0
    while index < len(lines):
        fields = _fields(lines[index])
        if not fields:
            if index + 1 >= len(lines) or len(_fields(lines[index + 1])) < len(head):
                break
            index += 1
            continue
        placed = _place(fields, head)
        if placed is None:
            break
        whole += len(fields) == len(head)
        if placed[0] == "" and len(fields) < len(head) and rows[1:] and lines[index - 1].strip():
            rows[-1] = [join_cell([old, new]) if new else old for old, new in zip(rows[-1], placed, strict=True)]
        else:
            rows.append(placed)
        index += 1
        end = index
    return (end, rows) if whole >= 2 else None


def _fields(line: str) -> list[tuple[int, int, str]]:
    """The words of a line that wide gaps part, each with its first and last column."""
    found, at = [], 0
    for part in re.split(f"({_GAP.pattern})", line.rstrip()):
        width = columns(part)
        if part.strip():
            found.append((at, at + width, part.strip()))
        at += width
    return found


def _place(fields: Sequence[tuple[int, int, str]], head: Sequence[tuple[int, int, str]]) -> list[str] | None:
    """Words to columns: in order where there are as many, else by where they stand."""
    if len(fields) == len(head):
        return [word for _, _, word in fields]
    if len(fields) > len(head) or len(fields) < 2:
        return None
    row = [""] * len(head)
    for start, end, word in fields:
        near = [i for i, (left, right, _) in enumerate(head) if start < right + 2 and end > left - 2 and not row[i]]
        if not near:
            return None
        best = min(near, key=lambda i: abs(head[i][0] - start))
        row[best] = word
    return row
