"""Tables as full grids, and tables that only lay text out.

Nothing here knows the file's form: rows come as cells with their spans, so that other word formats can use it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.document import Merge

#: A column narrower than this, in points, is a border that was dragged, not a column.
_SLIVER = 5.0
_USUAL = 25.0
_OVERHANG = 10.0
_IMPRINT = re.compile(r"(?:抄\s*送|抄\s*报|主\s*送|分\s*送|主\s*题\s*词|印\s*发\s*单\s*位)\s*[:：]")
_LETTERHEAD = re.compile(r"(?:文\s*件|公\s*报|[〔\[［【(（]\s*[12]\d{3}\s*[〕\]］】)）]\s*第?\s*\d+\s*号)$")
_PRINTED = re.compile(r"印\s*发$")
#: A box with so many lines is a frame around a text, not a box within it.
_FRAMED_LINES = 30
_IMPRINT_ROWS, _LETTERHEAD_ROWS = 4, 8


@dataclass(slots=True)
class Cell:
    """A cell as written: its first column and span, what it holds, and whether it goes on the cell above."""

    column: int
    span: int
    text: str = ""
    continues: bool = False
    index: int = -1


@dataclass(slots=True)
class Row:
    """A row as written: its cells and how many columns it covers, gaps before and after counted."""

    cells: list[Cell]
    width: int
    page: int | None = None
    number: int = 0


@dataclass(slots=True)
class Grid:
    """A table with every position filled. ``ragged`` lists rows that were short, with what they lacked."""

    cells: list[list[str]]
    merges: list[Merge]
    pages: list[int | None]
    ragged: list[tuple[int, int]] = field(default_factory=list)
    places: dict[int, tuple[int, int]] = field(default_factory=dict)


def build(rows: Sequence[Row], widths: Sequence[float]) -> Grid:
    """The grid of a table.

    Columns that no row tells apart, rows in which no cell begins, and slivers left by dragged borders go.

    Args:
        rows: as written, spans in columns of the file's own grid.
        widths: of those columns in points; may be short or missing.
    """
    rows = [row for row in rows if row.cells]
    _drop_overhang(rows, widths)
    _drop_columns(rows, widths)
    ragged = _ragged(rows)
    owners, extents = _place(rows)
    columns = max((row.width for row in rows), default=0)
    visible = [r for r, row in enumerate(rows) if any(not cell.continues for cell in row.cells)]
    at = {r: i for i, r in enumerate(visible)}
    texts = {id(cell): cell.text for row in rows for cell in row.cells}
    grid = Grid([], [], [rows[r].page for r in visible])
    for r in visible:
        grid.cells.append([texts[owners[r][c]] if c in owners[r] else "" for c in range(columns)])
    for row in rows:
        for cell in row.cells:
            if cell.continues or id(cell) not in extents:
                continue
            top, bottom = extents[id(cell)]
            height = sum(1 for r in visible if top <= r <= bottom)
            grid.places[cell.index] = (at[top], cell.column)
            if height > 1 or cell.span > 1:
                grid.merges.append((at[top], cell.column, height, cell.span))
    grid.ragged = [(at[r], lack) for r, lack in ragged if r in at]
    return grid


def _ragged(rows: Sequence[Row]) -> list[tuple[int, int]]:
    columns = max((row.width for row in rows), default=0)
    return [(r, columns - row.width) for r, row in enumerate(rows) if row.width < columns]


def _drop_overhang(rows: Sequence[Row], widths: Sequence[float]) -> None:
    """Takes off blank thin cells that a few rows have beyond the edge at which the others end."""
    ends = Counter(row.cells[-1].column + row.cells[-1].span for row in rows)
    for row in rows:
        last = row.cells[-1]
        wide = sum(widths[last.column : last.column + last.span])
        if not last.text and 0 < wide < _OVERHANG and len(row.cells) > 1 and 2 * ends[last.column] > len(rows):
            row.cells.pop()
            usual = last.column
            for other in rows:
                if other.cells[-1].column + other.cells[-1].span == usual:
                    other.width = usual


def _drop_columns(rows: Sequence[Row], widths: Sequence[float]) -> None:
    """Takes columns out of every row: those that no edge separates from the one before, then slivers."""
    columns = max((row.width for row in rows), default=0)
    edges = {edge for row in rows for cell in row.cells for edge in (cell.column, cell.column + cell.span)}
    edges.update(row.width for row in rows)
    joined = {column for column in range(1, columns) if column not in edges}
    _take_out(rows, joined, columns)
    if len(widths) < columns or not columns or sum(widths[:columns]) / columns < _USUAL:
        return
    wide: list[float] = []
    for column in range(columns):
        if column in joined:
            wide[-1] += widths[column]
        else:
            wide.append(widths[column])
    slivers: set[int] = set()
    spans = {(cell.column, cell.column + cell.span) for row in rows for cell in row.cells}
    for column, width in enumerate(wide):
        left = slivers | {column}
        if width < _SLIVER and all(any(c not in left for c in range(*span)) for span in spans):
            slivers = left
    _take_out(rows, slivers, len(wide))


def _take_out(rows: Sequence[Row], dropped: set[int], columns: int) -> None:
    if not dropped:
        return
    before = [0]
    for column in range(columns):
        before.append(before[-1] + (column not in dropped))
    for row in rows:
        for cell in row.cells:
            start, end = before[cell.column], before[cell.column + cell.span]
            cell.column, cell.span = start, end - start
        row.width = before[row.width]


def _place(rows: Sequence[Row]) -> tuple[list[dict[int, int]], dict[int, tuple[int, int]]]:
    """For each row the cell (by identity) that each column shows, and each cell's first and last row.

    A cell goes on the one above only where both have the same columns; otherwise it stands for itself.
    """
    owners: list[dict[int, int]] = []
    extents: dict[int, tuple[int, int]] = {}
    above: dict[int, Cell] = {}
    for r, row in enumerate(rows):
        shown: dict[int, int] = {}
        current: dict[int, Cell] = {}
        for cell in row.cells:
            owner = above.get(cell.column) if cell.continues else None
            if owner is not None and (owner.column != cell.column or owner.span != cell.span):
                cell.text = cell.text or owner.text
                owner = None
            cell.continues = owner is not None
            owner = owner or cell
            extents[id(owner)] = (extents.get(id(owner), (r, r))[0], r)
            for column in range(cell.column, cell.column + cell.span):
                shown[column] = id(owner)
                current[column] = owner
        owners.append(shown)
        above = current
    return owners, extents


def without_repeats(grid: Grid) -> Grid:
    """The grid without head rows that were typed again where the table goes on on another page.

    A merged cell that the repeated head cut in two, and that was written again after it, is one again.
    """
    if len(grid.cells) < 3:
        return grid
    squeezed = [["".join(text.split()) for text in row] for row in grid.cells]
    height = max((high for top, _, high, _ in grid.merges if top == 0), default=1)
    head = squeezed[:height]
    if not all(head[0]) or len(set(head[0])) < 2:
        return grid
    again = [r for r in range(height, len(squeezed) - height + 1) if squeezed[r : r + height] == head]
    dropped = {r + i for r in again for i in range(height)}
    if not dropped:
        return grid
    kept = [r for r in range(len(squeezed)) if r not in dropped]
    at = {r: i for i, r in enumerate(kept)}
    seams = {at[r] for r in kept if r - 1 in dropped}
    merges = [
        (at[top], left, high, wide)
        for top, left, high, wide in grid.merges
        if top in at and not any(r in dropped for r in range(top, top + high))
    ]
    return Grid(
        [grid.cells[r] for r in kept],
        _sewn(merges, seams, [squeezed[r] for r in kept]),
        [grid.pages[r] for r in kept],
        [(at[r], lack) for r, lack in grid.ragged if r in at],
        {index: (at.get(r, 0), c) for index, (r, c) in grid.places.items()},
    )


def _sewn(merges: list[Merge], seams: set[int], texts: list[list[str]]) -> list[Merge]:
    """Merged cells that meet at a seam with the same columns and words, as one."""
    done: dict[tuple[int, int], Merge] = {}
    for top, left, high, wide in sorted(merges):
        above = done.pop((top, left), None) if top in seams else None
        if above is not None and above[3] == wide and texts[above[0]][left] == texts[top][left] != "":
            top, high = above[0], above[2] + high
        elif above is not None:
            done[-1 - len(done), left] = above
        done[top + high, left] = (top, left, high, wide)
    return sorted(done.values())


@dataclass(frozen=True, slots=True)
class Lines:
    """Which lines of a table can be seen, and whether any of them is red."""

    vertical: bool = False
    horizontal: bool = False
    red: bool = False


def lays_out(rows: Sequence[Sequence[str]], lines: Lines, *, red: bool, size: float, nested: bool) -> bool:
    """Whether a table only positions text, so that its cells are read as paragraphs.

    Args:
        rows: each row's own cells' texts, merged ones once.
        lines: that can be seen.
        red: whether any text is red.
        size: of the largest text, in points.
        nested: whether a table stands in a cell.
    """
    texts = [text for row in rows for text in row if text]
    columns = max((len(row) for row in rows), default=0)
    if len(rows) == columns == 1 and (nested or rows[0][0].count("\n") >= _FRAMED_LINES):
        return True
    if len(rows) <= _IMPRINT_ROWS and columns <= 4 and texts and _IMPRINT.match(texts[0]):
        return True
    if len(rows) <= _IMPRINT_ROWS and not lines.vertical and any(_PRINTED.search(text) for text in texts):
        return True
    letterhead = red and any(_LETTERHEAD.search(text) for text in texts)
    if letterhead and len(rows) <= _LETTERHEAD_ROWS and not (lines.vertical and len(rows) * columns > 4):
        return True
    if lines.vertical or (lines.horizontal and not lines.red):
        return False
    if lines.horizontal:
        return len(rows) <= _IMPRINT_ROWS
    if len(rows) == 1 or columns == 1 or columns == 2 == len(rows):
        return True
    if (red or size >= 22) and len(rows) <= _LETTERHEAD_ROWS:
        return True
    return len(texts) <= sum(map(len, rows)) / 2
