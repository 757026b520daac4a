"""What a table is: its heads, what its columns hold, its kind, which rows are tasks and which column gives their text.

Conventions: a title row inside the table counts among its header rows; a blank form has none and gives no task.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.lexicons import load_rules
from extractors.structure.columns import (
    Column,
    Evidence,
    Head,
    head_key,
    read_column,
    squeeze,
    text_fitness,
    title_fitness,
    weigh,
)
from extractors.structure.grids import (
    Cells,
    Rows,
    distinct_cells,
    drop_repeated_headers,
    header_depth,
    is_label_list,
    sort_rows,
)
from schemas.document import Merge
from schemas.labels import ColumnRole, TableKind, TaskKind

__all__ = ["Column", "Head", "TableDescription", "describe", "drop_repeated_headers", "task_kind"]

_OWNERS: tuple[ColumnRole, ...] = ("owner.lead", "owner.support", "owner.responsible")
_ASSIGNED = re.compile(r"任务|计划数|目标|指标|名额")
_DUTIES = re.compile(r"(?:职责|职能)(?:分工|内容|任务)?$")
_YEAR_HEAD = re.compile(r"20\d\d|基期|规划|目标值|[一二三四]五")
_LETTERHEAD = re.compile(r"[〔\[［(（【]\s*(?:19|20)\d\d\s*[〕\]］)）】]\s*第?\s*\d+\s*号|^.{2,30}文件$")
_BLANK_LINE = re.compile(r"年\s*月\s*日|签\s*[字名章]|盖\s*章|公\s*章")


@dataclass(frozen=True)
class TableDescription:
    """A table as read. Row and column numbers are those of the grid; rows of each kind are in order.

    Attributes:
        header_rows: rows at the top that are heads or titles; 0 for a form, a layout and a table without heads.
        title: the words of a title row inside the table.
        text_column, title_column: where a row's ``text`` and ``title`` stand; None where there is none.
        body_rows: rows that are each a unit of work, where the kind is one that gives tasks.
        note_rows: 备注 and 注 rows, whose words are prose. note_cells: where those words stand.
        group_rows: headings over the rows that follow, which give them nothing but a section.
        caption: the words that kind and task kind were told from, beside the heads.
    """

    kind: TableKind
    header_rows: int
    columns: tuple[Column, ...] = ()
    text_column: int | None = None
    title_column: int | None = None
    body_rows: tuple[int, ...] = ()
    note_rows: tuple[int, ...] = ()
    note_cells: tuple[tuple[int, int], ...] = ()
    group_rows: tuple[int, ...] = ()
    total_rows: tuple[int, ...] = ()
    repeated_rows: tuple[int, ...] = ()
    title: str | None = None
    caption: str = ""
    indicators: bool = False

    @property
    def gives_tasks(self) -> bool:
        """Whether body rows are tasks: schedules, assignments, assessments and matrices."""
        return self.kind in ("schedule", "assignment", "assessment", "matrix")

    def role(self, column: int) -> ColumnRole:
        """What a column holds; ``other`` for one that is not described."""
        return self.columns[column].role if 0 <= column < len(self.columns) else "other"


def describe(cells: Cells, merges: Sequence[Merge] = (), caption: str | None = None) -> TableDescription:
    """What a table is, from its full grid, its merged cells and the words over it.

    Args:
        cells: rows of equal length; a merged cell's text in each position that it covers.
        merges: row, column, row span, column span of each merged cell; where none are given, equal neighbours
            among the heads count as merged.
        caption: the table's title as the text gives it.
    """
    words = squeeze(caption or "")
    if not cells or not cells[0]:
        return TableDescription("layout", 0, caption=words)
    if _is_layout(cells):
        return TableDescription("layout", 0, caption=words)
    header, titles = (0, ()) if is_label_list(cells) else header_depth(cells, merges)
    title = squeeze(cells[titles[0]][0]) if titles else None
    words = words + (title or "")
    rows = sort_rows(cells, header, titles)
    if _is_form(cells, header, rows):
        notes = sort_rows(cells, 0, ()).note
        return TableDescription("form", 0, note_rows=notes, note_cells=_note_cells(cells, notes), caption=words)
    columns = _columns(cells, rows)
    seen = [weigh([cells[r][c.index] for r in rows.body]) for c in columns]
    text_column, title_column = _text_and_title(columns, seen)
    if text_column is not None:
        rows = sort_rows(cells, header, titles, [c for c in (text_column, title_column) if c is not None])
    kind, indicators = _kind(cells, header, columns, seen, words, text_column)
    if kind == "matrix":
        text_column = title_column = _unit_column(columns, seen)
        columns = tuple(_across(c, s, text_column) for c, s in zip(columns, seen, strict=True))
    elif text_column is None:
        kind = "list"
    return TableDescription(
        kind, header, columns, text_column, title_column, rows.body, rows.note, _note_cells(cells, rows.note),
        rows.group, rows.total, rows.repeated, title, words, indicators,
    )  # fmt: skip


def task_kind(table: TableDescription, caption: str | None = None) -> TaskKind:
    """The kind of the tasks that a table's rows are, where no heading above it says otherwise.

    A schedule's rows are events, an assessment's (and an indicator table's) criteria; a table of requirements or of
    the division of duties gives requirements; all others tasks.
    """
    words = squeeze(caption or "") or table.caption
    if table.kind == "schedule":
        return "event"
    if table.kind == "assessment":
        return "criterion"
    if re.search(load_rules("columns").tables["caption"]["requirement"], words):
        return "requirement"
    heads = table.columns[table.text_column].heads if table.text_column is not None else ()
    if any(_DUTIES.search(head_key(head.text)) for head in heads):
        return "requirement"
    return "task"


def _columns(cells: Cells, rows: Rows) -> tuple[Column, ...]:
    out = []
    for index in range(len(cells[0])):
        heads: list[Head] = []
        for row in range(len(rows.title), rows.header):
            text = cells[row][index]
            if not text.strip() or (heads and squeeze(heads[-1].text) == squeeze(text)):
                continue
            first = index
            while first and squeeze(cells[row][first - 1]) == squeeze(text):
                first -= 1
            heads.append(Head(text, row, first))
        out.append(read_column(index, heads, [cells[r][index] for r in rows.body]))
    return tuple(out)


def _text_and_title(columns: Sequence[Column], seen: Sequence[Evidence]) -> tuple[int | None, int | None]:
    """The column that gives the rows' text, and the one that names their work."""
    scores = [text_fitness(c, s) for c, s in zip(columns, seen, strict=True)]
    text = max(range(len(columns)), key=lambda i: (scores[i], -i), default=None)
    if text is None or not scores[text]:
        text = _telling_column(columns, seen)
        if text is None:
            return None, None
    near = [i for i, c in enumerate(columns) if c.rule == columns[text].rule and scores[i] > scores[text] - 0.75]
    if scores[text] and not columns[text].assessed:  # of indicators' levels the finest speaks, of equal heads the first
        text = min(near, default=text)
    names = []
    for column, evidence in zip(columns, seen, strict=True):
        score = title_fitness(column, evidence)
        if not score or column.index == text:
            continue
        if column.index > text:
            score -= 6
        elif all(columns[i].role not in ("content", "title") for i in range(column.index + 1, text)):
            score += 1
        names.append((score, column.index))
    best = max(names, default=(0.0, -1))
    if best[0] > 0:
        return text, best[1]
    if columns[text].role == "title":
        return text, text
    left = [c for c in columns[:text] if c.role != "index" and seen[c.index].count]
    return text, left[0].index if left and (left[0].unit or left[0].role == "other") else None


def _telling_column(columns: Sequence[Column], seen: Sequence[Evidence]) -> int | None:
    """The column that best tells rows apart: many different words, rather than figures, times or owners."""
    order = {"title": 4, "content": 4, "requirement": 3, "other": 2, "owner.responsible": 1, "note": 0.5}
    ranked = [
        (order.get(c.role, 0.0) + 3 * s.distinct + min(s.length / 12, 2) + 2 * s.filled, -c.index)
        for c, s in zip(columns, seen, strict=True)
        if s.count and c.role in order and not (c.role == "other" and s.numbers >= 0.5)
    ]
    return -max(ranked)[1] if ranked else None


def _unit_column(columns: Sequence[Column], seen: Sequence[Evidence]) -> int | None:
    for column, evidence in zip(columns, seen, strict=True):
        if column.role != "index" and evidence.count:
            return column.index
    return None


def _kind(
    cells: Cells,
    header: int,
    columns: Sequence[Column],
    seen: Sequence[Evidence],
    words: str,
    text_column: int | None,
) -> tuple[TableKind, bool]:
    """A table's kind, and whether it lists indicators with values."""
    caption = load_rules("columns").tables["caption"]
    roles = {column.role for column in columns}
    owners = [c for c in columns if c.role in _OWNERS and not c.unit]
    if _is_matrix(columns, seen, bool(re.search(caption["assignment"], words))):
        return ("list" if re.search(caption["results"], words) else "matrix"), False
    assessed = any(c.assessed for c in columns)
    if _is_indicators(columns, words):
        return "assessment", True
    if _is_assessment(columns, words, caption["assessment"], assessed, bool(owners)):
        return "assessment", False
    if _is_schedule(columns, seen, words, bool(owners)):
        return "schedule", False
    if not header and not words:
        worked = owners and "content" in roles and roles & {"index", "time"}
        return ("assignment" if worked else "list"), False
    if owners and text_column is not None and (columns[text_column].text >= 2 or "time" in roles):
        return "assignment", False
    if any(c.text >= 4 for c in columns if c.role in ("content", "requirement", "title")):
        owned = any(c.role.startswith("owner.") for c in columns)
        acts = owned or "time" in roles or _is_measures(columns, text_column)
        listed = re.search(caption["list"], words) and not any(c.text >= 8 for c in columns)
        if acts or (re.search(caption["assignment"], words) and not listed):
            return "assignment", False
    return "list", False


def _is_measures(columns: Sequence[Column], text_column: int | None) -> bool:
    """Whether the head over the rows' text says that they are to be done (改革举措, 取消后办理方式)."""
    if text_column is None or columns[text_column].text < 8:
        return False
    pattern = load_rules("columns").tables["caption"]["measures"]
    return any(re.search(pattern, head_key(head.text)) for head in columns[text_column].heads)


def _is_matrix(columns: Sequence[Column], seen: Sequence[Evidence], assigned: bool) -> bool:
    """Units down, indicators across: a column of units, then three or more of figures, rates or dashes.

    Where the caption assigns work and the units stand under a bare head (单位, 县区), one column of figures will do.
    """
    unit = _unit_column(columns, seen)
    if unit is None or columns[unit].role not in ("owner.responsible", "owner.participant"):
        return False
    rest = [i for i in range(unit + 1, len(columns)) if columns[i].role not in ("note", "time")]
    if any(columns[i].role == "content" and columns[i].text >= 6 and seen[i].numbers < 0.5 for i in rest):
        return False
    rest = [i for i in rest if seen[i].count and columns[i].rule not in ("column.other", "column.owner.responsible")]
    figures = [i for i in rest if max(seen[i].numbers, seen[i].dashes) >= 0.5 or _short(seen[i])]
    heads = "".join(head.text for i in figures for head in columns[i].heads)
    assigned = assigned or bool(_ASSIGNED.search(heads))
    least = 1 if assigned and columns[unit].unit else 3
    return len(figures) >= least and len(figures) >= 0.5 * len(rest)


def _across(column: Column, seen: Evidence, unit: int | None) -> Column:
    """A column of a matrix by its cells: figures for what its head names, or when that is due."""
    if column.index == unit or column.role not in ("title", "content", "requirement", "other"):
        return column
    role: ColumnRole = "time" if seen.dates >= 0.7 and seen.numbers < 0.5 else "quota"
    return replace(column, role=role, rule="cells")


def _short(seen: Evidence) -> bool:
    """Figures with their months or years (1、7月), which no pattern of plain numbers takes."""
    return seen.length <= 6 and seen.numbers + seen.dates >= 0.5


def _is_indicators(columns: Sequence[Column], words: str) -> bool:
    """Indicators down, years or targets across."""
    named = any("指标" in head.text for c in columns for head in c.heads if c.role in ("title", "content"))
    valued = [c for c in columns if c.role == "quota" and any(_YEAR_HEAD.search(squeeze(h.text)) for h in c.heads)]
    scored = any(c.role == "score" for c in columns)
    return named and bool(valued) and not scored


def _is_assessment(columns: Sequence[Column], words: str, pattern: str, assessed: bool, owners: bool) -> bool:
    """A score column beside what is assessed, or heads that only assessments have."""
    scored = [c for c in columns if c.scored]
    told = any(c.role in ("content", "requirement", "title") for c in columns)
    captioned = bool(re.search(pattern, words))
    if scored and told:
        return assessed or captioned or not owners
    if owners:
        return False
    if assessed and told:
        return True
    return captioned and any(c.role == "requirement" for c in columns)


def _dated(seen: Evidence) -> bool:
    """Days, months and seasons, rather than deadlines or what goes on all year."""
    return seen.dates >= 0.5 and seen.dues < 0.5 and seen.standing < 0.5


def _is_schedule(columns: Sequence[Column], seen: Sequence[Evidence], words: str, owners: bool) -> bool:
    """Dated activities: a column of dates that leads the rows (or a caption that says so), and no deadlines."""
    times = [c for c in columns if c.role == "time"]
    if not times or any(c.due for c in times):
        return False
    dated = [c for c in times if _dated(seen[c.index])]
    if not dated or not any(c.role in ("content", "title", "requirement", "other") for c in columns):
        return False
    caption = load_rules("columns").tables["caption"]
    if owners and re.search(caption["tasks"], words) and not re.search(caption["activity"], words):
        return False
    first = 1 if columns[0].role == "index" else 0
    if min(c.index for c in dated) <= first or any(c.role in ("owner.presenter", "owner.participant") for c in columns):
        return True
    heads = "".join(head_key(head.text) for c in columns if c.text or c.title for head in c.heads)
    return bool(re.search(caption["activity"], words + heads)) or (
        bool(re.search(caption["schedule"], words)) and not owners
    )


def _is_layout(cells: Cells) -> bool:
    """A box, a letterhead, a page's metadata, or a frame that a PDF only seems to have."""
    filled = [squeeze(cell) for row in cells for cell in distinct_cells(row) if cell.strip()]
    if not filled or len(filled) == 1:
        return True
    if len(cells[0]) == 1 or all(len([t for t in distinct_cells(row) if t]) <= 1 for row in cells):
        return True
    caption = load_rules("columns").tables["caption"]
    metadata = {key for text in filled for key in caption["metadata"] if text.strip("【】[]").startswith(key)}
    if len(metadata) >= 3 and len(filled) < 60:
        return True
    if len(cells) <= 4 and any(_LETTERHEAD.search(text) or text == "文件" for text in filled):
        return True
    if len(cells) == 1:
        return True
    width, total = len(cells[0]), sum(len(row) for row in cells)
    return width >= 5 and len(cells) >= 6 and len(filled) < 0.3 * total and _runs_on(cells)


def _runs_on(cells: Cells) -> bool:
    """Whether rows are lines of running text: most have one filled cell, which is no short label."""
    single = [[t for t in distinct_cells(row) if t] for row in cells]
    lines = [texts for texts in single if texts]
    alone = [texts for texts in lines if len(texts) == 1 and len(texts[0]) > 8]
    return len(alone) >= 0.4 * len(lines)


def _is_form(cells: Cells, header: int, rows: Rows) -> bool:
    """A form to fill in: heads over blank rows, or labels beside blanks, seals and signatures."""
    if header and not rows.body:
        return bool(rows.empty) or len(cells) == header
    labels = set(load_rules("columns").tables["form"]["labels"])
    positions = [cell for row in cells for cell in row]
    flat = [text for row in cells for text in distinct_cells(row)]
    filled = [text for text in flat if text]
    blank = 1 - len([cell for cell in positions if cell.strip()]) / len(positions)
    named = [text for text in filled if head_key(text) in labels]
    signed = [text for text in filled if _BLANK_LINE.search(text) and len(text) < 120]
    if header:
        body = [squeeze(cell) for r in rows.body for cell in cells[r]]
        empties = len([text for text in body if not text]) / max(len(body), 1)
        return (empties >= 0.75 and len(rows.body) <= len(rows.empty)) or (len(signed) >= 2 and empties >= 0.3)
    if signed and (blank >= 0.15 or len(named) >= 2):
        return True
    if not header and is_label_list(cells):
        return True
    return (blank >= 0.3 and len(named) >= 2) or len(named) >= max(4, 0.4 * len(filled)) or _labelled(cells, blank)


def _labelled(cells: Cells, blank: float) -> bool:
    """Labels each beside a blank: half the grid is empty, and no filled cell is a sentence."""
    filled = [text for row in cells for text in distinct_cells(row) if text]
    return blank >= 0.45 and bool(filled) and sum(len(text) <= 14 for text in filled) >= 0.8 * len(filled)


def _note_cells(cells: Cells, notes: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Where the words of note rows stand: the cell after a bare 备注, else the row's first filled cell."""
    out = []
    for row in notes:
        columns = [c for c, cell in enumerate(cells[row]) if cell.strip()]
        first = squeeze(cells[row][columns[0]])
        after = [c for c in columns if squeeze(cells[row][c]) != first]
        out.append((row, after[0] if after and len(first) <= 8 else columns[0]))
    return tuple(out)
