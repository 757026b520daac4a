"""The rows of a table's grid by what they are: title, heads, body, heading of a group, total, note, repeated head."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.lexicons import load_rules
from extractors.structure.columns import head_key, is_head_word, squeeze
from schemas.document import Merge

Cells = Sequence[Sequence[str]]

_FIGURES = re.compile(r"[\d.%％,/~\-—－≥≤]+")
_VALUE = re.compile(r"[\d.,%％/～~\-—－、月]+|—+|[√×○●]")
_AMOUNT = re.compile(r"[≥≤<>＜＞]|\d(?!G)|不少于|不低于")
_SIGNING = re.compile(
    r"^(?:填表|填报|制表|审核|复核|审批|经办|考核|检查|联系|负责|主要负责|单位负责|分管)[^：:]{0,8}[：:]"
    r"|^(?:日期|时间|单位|电话)(?:[（(]盖章[)）])?[：:].{0,12}$|(?:签字|签名|盖章)[）)]?[：:]?$|^年月日$"
)
_ARABIC = re.compile(r"^\d{1,3}[.、．]?$")
_CHINESE = re.compile(r"^[（(]?[一二三四五六七八九十]{1,3}[）)]?[、．.]?$")
_SENTENCE = re.compile(r"[。；;！？!?]")
_YEAR_HEAD = re.compile(
    r"^(?:19|20)\d\d年?(?:度|底|末)?$|^[一二三四]季度$|^\d{1,2}(?:[-—~～至]\d{1,2})?月份?$|^[上下]半年$|^第[一二三四]季度$"
)
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十]+[部类章]|[0-9]{1,2}[、.．])"
)
_INDEX = re.compile(r"^[（(]?(?:[0-9]{1,4}|[一二三四五六七八九十]{1,3}|[A-Za-z甲乙丙丁戊己庚])[）).．、]?$")
_CONTINUED = re.compile(r"[（(]?续(?:表|上表|前表)?\s*[一二三四五六\d]*[）)]?$")


@dataclass(frozen=True)
class Rows:
    """Row numbers by kind; ``title`` rows are among the ``header`` rows."""

    header: int
    title: tuple[int, ...] = ()
    body: tuple[int, ...] = ()
    group: tuple[int, ...] = ()
    total: tuple[int, ...] = ()
    note: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()
    empty: tuple[int, ...] = ()


def distinct_cells(row: Sequence[str]) -> list[str]:
    """A row's cells with neighbours of the same words taken once, squeezed, blank ones kept."""
    out: list[str] = []
    for cell in row:
        text = squeeze(cell)
        if not out or out[-1] != text or not text:
            out.append(text)
    return out


def spans_width(row: Sequence[str]) -> bool:
    """Whether one cell is merged across the whole row."""
    texts = {squeeze(cell) for cell in row}
    return len(row) > 1 and len(texts) == 1 and bool(next(iter(texts)))


def only_first(row: Sequence[str]) -> bool:
    """Whether the row's first cell (merged over several columns or not) is its only filled one."""
    filled = [text for text in distinct_cells(row) if text]
    return len(row) > 1 and bool(squeeze(row[0])) and len(filled) == 1


def head_likeness(row: Sequence[str]) -> float:
    """How much a row looks like heads, 0 to 1: short words that name columns, no sentences, figures or dates."""
    cells = distinct_cells(row)
    filled = [text for text in cells if text]
    if len(filled) < 2 and len(row) > 1:
        return 0.0
    if len(filled) < 0.6 * len(cells):
        return 0.0
    score = 0.0
    for text in filled:
        key = head_key(text)
        if is_head_word(text):
            score += 1
        elif _SENTENCE.search(key) or len(key) > 22 or _FIGURES.fullmatch(key) or _NUMBERED.match(text):
            score -= 0.5
        elif _YEAR_HEAD.match(key) or (len(key) <= 12 and not _AMOUNT.match(key)):
            score += 0.45
    return max(0.0, score / len(filled))


def _heads_groups(cells: Cells, row: int) -> bool:
    """Whether a row is nothing but heads of groups (上半年 下半年), each over several columns of the heads below."""
    texts = [squeeze(cell) for cell in cells[row]]
    over_several = all(text and text in texts[:i] + texts[i + 1 :] for i, text in enumerate(texts))
    return (
        over_several
        and len(set(texts)) > 1
        and all(_short_head(text) for text in texts)
        and row + 1 < len(cells)
        and _is_head_row(cells[row + 1])
    )


def _stands_out(cells: Cells, row: int) -> bool:
    """Whether a row of short words, one at least a known head, differs from the long cells of the rows below it."""
    texts = [squeeze(cell) for cell in cells[row]]
    below = cells[row + 1 :]
    if len(below) < 2 or len(set(texts)) < len(texts) or not all(_short_head(text) for text in texts):
        return False
    if max(len(head_key(text)) for text in texts) > 8 or not any(is_head_word(text) for text in texts):
        return False
    lengths = [sum(len(squeeze(line[column])) for line in below) / len(below) for column in range(len(texts))]
    return any(length >= max(12, 3 * len(text)) for length, text in zip(lengths, texts, strict=True))


def is_label_list(cells: Cells) -> bool:
    """Whether a table of two or four columns sets labels beside their values (项目名称 | …)."""
    width = len(cells[0])
    if width not in (2, 4) or len(cells) < 3:
        return False
    labels = [row[column] for row in cells for column in range(0, width, 2) if row[column].strip()]
    values = [row[column] for row in cells for column in range(1, width, 2)]
    named = sum(is_head_word(label) for label in labels)
    headed = sum(is_head_word(value) for value in values)
    return len(labels) >= 3 and named >= 0.7 * len(labels) and headed <= 0.2 * len(values)


def _is_head_row(row: Sequence[str]) -> bool:
    """Whether a row is heads: mostly words that name columns, or short words led by one (units across indicators)."""
    likeness = head_likeness(row)
    if likeness >= 0.6:
        return any(is_head_word(cell) for cell in row)
    first = next((cell for cell in row if cell.strip()), "")
    filled = [text for text in distinct_cells(row) if text]
    return likeness >= 0.42 and is_head_word(first) and all(_short_head(text) for text in filled)


def header_depth(cells: Cells, merges: Sequence[Merge] = ()) -> tuple[int, tuple[int, ...]]:
    """How many rows at the top are heads (titles inside the table among them), and which of them are titles.

    A table whose first rows are no heads has none; whether a table is a form is not asked here.
    """
    start = _title_rows(cells)
    if start >= len(cells):
        return 0, ()
    if not _is_head_row(cells[start]):
        if _heads_groups(cells, start):
            return start + 2, tuple(range(start))
        if not _stands_out(cells, start):
            return 0, ()
    depth = start + 1
    while depth < len(cells) and _continues(cells, depth, start, merges):
        depth += 1
    if depth < len(cells) and _counts_columns(cells[depth]):
        depth += 1
    return depth, tuple(range(start))


def _title_rows(cells: Cells) -> int:
    """How many rows at the top are a title or a line of units; they only count before a row of heads."""
    start = 0
    while start < min(3, len(cells) - 1):
        row = cells[start]
        text = squeeze(row[0]) or next((squeeze(cell) for cell in row if cell.strip()), "")
        alone = spans_width(row) or len([t for t in distinct_cells(row) if t]) == 1
        if not alone or len(row) < 2 or len(text) > 60 or _SENTENCE.search(text):
            break
        start += 1
    while start and not (_is_head_row(cells[start]) or _heads_groups(cells, start)):
        start -= 1
    return start


def _continues(cells: Cells, row: int, top: int, merges: Sequence[Merge]) -> bool:
    """Whether a row carries on the heads of the row above: sub-heads under merged ones."""
    above, here = cells[row - 1], cells[row]
    reach = max((m[0] + m[2] for m in merges if top <= m[0] < row and m[3] < len(here)), default=0)
    texts, uppers = [squeeze(cell) for cell in here], [squeeze(cell) for cell in above]
    carried = [i for i, text in enumerate(texts) if text and text == uppers[i]]
    grouped = [i for i, text in enumerate(uppers) if text and text in (uppers[i - 1 : i] + uppers[i + 1 : i + 2])]
    blank = [i for i, text in enumerate(texts) if not text and i not in grouped]
    fresh = [i for i in range(len(texts)) if i not in carried and texts[i]]
    if not fresh:
        return bool(carried) and reach > row
    if not all(_short_head(texts[i]) for i in fresh):
        return False
    if all(i in grouped or not uppers[i] for i in fresh) and (carried or blank):
        return bool(grouped)
    under_head = bool(grouped) and all(i in grouped for i in fresh)
    return under_head and head_likeness(here) >= 0.8


def _short_head(text: str) -> bool:
    key = head_key(text)
    value = _VALUE.fullmatch(key) and not _YEAR_HEAD.match(key)
    return 0 < len(key) <= 20 and not _SENTENCE.search(key) and not value


def _counts_columns(row: Sequence[str]) -> bool:
    """A row that numbers the columns: 1 2 3 …, 甲 乙 1 2, ① ② ③."""
    texts = [squeeze(cell).strip("（()）") for cell in row]
    if len(texts) < 3 or not all(texts):
        return False
    digits = [int(text) for text in texts if text.isdecimal()]
    others = [text for text in texts if not text.isdecimal()]
    return digits == list(range(1, len(digits) + 1)) and len(digits) >= 2 and all(t in "甲乙丙丁栏次" for t in others)


def repeated_headers(cells: Cells, header: int) -> tuple[int, ...]:
    """Rows below the heads that say the heads again, as a table does that goes on over a page."""
    if not header:
        return ()
    tops = [[squeeze(cell) for cell in row] for row in cells[:header]]
    out: list[int] = []
    for row in range(header, len(cells)):
        texts = [squeeze(cell) for cell in cells[row]]
        continued = spans_width(cells[row]) and bool(_CONTINUED.search(texts[0])) and len(texts[0]) < 40
        if any(texts) and (texts in tops or continued):
            out.append(row)
    return tuple(out)


def drop_repeated_headers(
    cells: Cells, merges: Sequence[Merge], header_rows: int
) -> tuple[list[list[str]], list[Merge]]:
    """The grid without the rows that repeat its heads further down, and its merges moved to match.

    A merged cell that covers a dropped row shrinks by it; one that lay in dropped rows alone goes.
    """
    gone = set(repeated_headers(cells, header_rows))
    kept = [list(row) for number, row in enumerate(cells) if number not in gone]
    moved: list[Merge] = []
    for row, column, height, width in merges:
        rows = [number for number in range(row, row + height) if number not in gone]
        if rows and len(rows) * width > 1:
            moved.append((rows[0] - sum(1 for number in gone if number < rows[0]), column, len(rows), width))
    return kept, moved


def sort_rows(cells: Cells, header: int, title: tuple[int, ...], key_columns: Sequence[int] = ()) -> Rows:
    """The rows below the heads by kind. ``key_columns`` are those that carry a row's own words: where one is filled
    beyond the first column, the row is body, not the heading of a group."""
    caption = load_rules("columns").tables["caption"]
    notes, totals = re.compile(caption["notes"]), re.compile(caption["totals"])
    repeated = set(repeated_headers(cells, header))
    kinds: dict[str, list[int]] = {"body": [], "group": [], "total": [], "note": [], "empty": []}
    for row in range(header, len(cells)):
        if row in repeated or (header and _all_heads(cells[row])):
            repeated.add(row)
            continue
        kinds[_kind(cells, row, notes, totals, key_columns)].append(row)
    return Rows(header, title, repeated=tuple(sorted(repeated)), **{k: tuple(v) for k, v in kinds.items()})


def _kind(
    cells: Cells, number: int, notes: re.Pattern[str], totals: re.Pattern[str], key_columns: Sequence[int]
) -> str:
    row = cells[number]
    filled = [text for text in distinct_cells(row) if text]
    if not filled or all(_INDEX.match(text) and text == squeeze(row[0]) for text in filled):
        return "empty"
    first = filled[0]
    if notes.match(first) and (len(filled) <= 2 or spans_width(row[1:])):
        return "note"
    if all(_SIGNING.search(text) for text in filled):
        return "empty"
    if any(totals.match(head_key(text)) for text in filled[:2]):
        return "total"
    if spans_width(row):
        return "note" if _SENTENCE.search(first) and len(first) > 30 else "group"
    if len(filled) == 2 and len(row) >= 4 and _CHINESE.match(first) and _numbered_below(cells, number):
        return "group"
    if only_first(row) and not (len(key_columns) and _own_words(row, key_columns)):
        return "note" if len(first) > 40 and _SENTENCE.search(first) else "group"
    return "body"


def _all_heads(row: Sequence[str]) -> bool:
    """Whether a row further down is heads again, of other columns than those at the top."""
    filled = {text for text in distinct_cells(row) if text}
    return len(filled) >= 3 and all(is_head_word(text) for text in filled) and head_likeness(row) >= 0.9


def _numbered_below(cells: Cells, number: int) -> bool:
    """Whether the rows after one that is numbered 一 go on with 1, 2, 3."""
    after = cells[number + 1 : number + 2]
    return bool(after) and bool(_ARABIC.match(squeeze(after[0][0])))


def _own_words(row: Sequence[str], key_columns: Sequence[int]) -> bool:
    """Whether a row with one filled cell has it where rows carry their own words, and not as a numbered heading."""
    first = squeeze(row[0])
    reach = sum(1 for cell in row if squeeze(cell) == first)
    return reach == 1 and any(c < len(row) and squeeze(row[c]) for c in key_columns) and not _NUMBERED.match(first)
