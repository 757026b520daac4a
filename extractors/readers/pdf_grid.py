"""Rulings to tables: pdfplumber's table finder on PDFium's lines, and the glyphs put into the cells."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from types import SimpleNamespace

from extractors.readers.pdf_lines import build_lines
from extractors.readers.pdf_page import Cell, Glyph, Line, PageContent, Part, RawPage, Ruling, hull, ruling
from schemas.document import Box

#: Rulings on one page, and crossings of them, beyond which the finder, which compares each with each, is not asked.
MAX_RULINGS, MAX_CROSSINGS = 4000, 6000
#: The finder's own tolerance for lines that are meant to be one.
TOLERANCE = 3.0
#: A frame of more than this share of the page each way is the page's border.
BORDER = 0.8
#: Glyphs inside a grid's outline but in none of its cells, beyond which the lines are no grid.
STRAY = 0.3
#: How far beyond the page's edge a glyph may stand that is still read.
BLEED = 15.0
#: Cells with text that a grid must have to be a table without looking at the other pages.
SMALL = 8


def layout_page(page: RawPage) -> PageContent:
    """A page's lines and tables from top to bottom.

    A grid of at least two columns is a table's part; whether it is a table of its own is for the whole
    document to tell. Frames of one column are regions: their text is set between their own margins.
    """
    parts: list[Part] = []
    frames: list[Box] = []
    edges = find_edges(page)
    rest, _ = split(page.glyphs, (-BLEED, -BLEED, page.width + BLEED, page.height + BLEED))
    for cells in find_cells(page, edges or []):
        inside, outside = _with_overhang(*split(rest, hull(cells)), hull(cells))
        if not inside:
            continue
        filled, stray = _fill(cells, inside)
        texted = [cell for cell, glyphs in zip(cells, filled, strict=True) if glyphs]
        if len({cell[0] for cell in cells}) < 2 or len(stray) > STRAY * len(inside):
            frames += texted
            continue
        parts.append(_part(page, cells, filled, inside))
        rest = outside + stray
    items: list[Line | Part] = [*parts]
    for number, frame in enumerate(frames, start=1):
        if frame[2] - frame[0] > BORDER * page.width and frame[3] - frame[1] > BORDER * page.height:
            continue
        inside, rest = split(rest, frame)
        for line in build_lines(inside, page):
            line.region, line.left, line.right = number, frame[0], frame[2]
            items.append(line)
    items += build_lines(rest, page)
    items.sort(key=lambda item: item.middle if isinstance(item, Line) else item.top)
    garbled = max(page.unmapped, sum(1 for glyph in page.glyphs if unreadable(glyph.text)))
    return PageContent(
        page.number, page.width, page.height, items, len(page.glyphs), garbled, dense=edges is None,
        recognised=page.scores is not None, unit=page.unit,
    )  # fmt: skip


def find_edges(page: RawPage) -> list[Ruling] | None:
    """A page's rulings, joined and completed; None where they are too dense for a table."""
    if len(page.rulings) < 4:
        return []
    if len(page.rulings) > MAX_RULINGS:
        return None
    edges = _close_sides(page.rulings)
    across = sum(1 for edge in edges if edge["orientation"] == "h")
    return edges if across * (len(edges) - across) <= MAX_CROSSINGS else None


def find_cells(page: RawPage, edges: list[Ruling]) -> list[list[Box]]:
    """The ruled cells of a page, those of one table together; frames that touch no other cell stand alone."""
    if not edges:
        return []
    from pdfplumber.table import TableFinder

    stage = SimpleNamespace(edges=edges, bbox=(0, 0, page.width, page.height))
    finder = TableFinder(stage)  # type: ignore[arg-type]
    groups = [list(table.cells) for table in finder.tables]
    grouped = {cell for group in groups for cell in group}
    return groups + [[cell] for cell in finder.cells if cell not in grouped]


def _close_sides(rulings: list[Ruling]) -> list[Ruling]:
    """Tables that are open at the sides, or cut by the page's end, closed with lines of our own.

    Where three parallel lines or more end in line, and cross lines stand between them, the missing side is drawn.
    """
    from pdfplumber.table import merge_edges

    edges = merge_edges(rulings, TOLERANCE, TOLERANCE, TOLERANCE, TOLERANCE)
    across = [(e["x0"], e["x1"], e["top"]) for e in edges if e["orientation"] == "h"]
    down = [(e["top"], e["bottom"], e["x0"]) for e in edges if e["orientation"] == "v"]
    for start, end, at in _missing(across, down):
        edges.append(ruling(at, start, at, end))
    for start, end, at in _missing(down, across):
        edges.append(ruling(start, at, end, at))
    return edges


Stroke = tuple[float, float, float]


def _missing(lines: list[Stroke], crossing: list[Stroke]) -> list[Stroke]:
    """Sides that ``lines`` (start, end, position) lack: (start, end, position) in the other direction."""
    found: list[Stroke] = []
    for side in (0, 1):
        ends = sorted(lines, key=lambda line: line[side])
        index = 0
        while index < len(ends):
            stop = index
            while stop < len(ends) and ends[stop][side] - ends[index][side] <= TOLERANCE:
                stop += 1
            group = ends[index:stop]
            index = stop
            if len(group) < 3:
                continue
            at = sum(line[side] for line in group) / len(group)
            low, high = min(line[2] for line in group), max(line[2] for line in group)
            drawn = any(abs(c[2] - at) <= TOLERANCE * 2 and c[0] < high and c[1] > low for c in crossing)
            if not drawn and any(_crosses(c, group, low, high, at) for c in crossing):
                found.append((low, high, at))
    return found


def _crosses(stroke: Stroke, group: list[Stroke], low: float, high: float, at: float) -> bool:
    """Whether a stroke goes through all lines of a group, away from their end."""
    spans = stroke[0] <= low + TOLERANCE and stroke[1] >= high - TOLERANCE and abs(stroke[2] - at) > TOLERANCE * 2
    return spans and all(line[0] - TOLERANCE <= stroke[2] <= line[1] + TOLERANCE for line in group)


def split(glyphs: Sequence[Glyph], box: Box) -> tuple[list[Glyph], list[Glyph]]:
    """Glyphs whose middle is inside a box, and the others."""
    inside: list[Glyph] = []
    outside: list[Glyph] = []
    left, top, right, bottom = box
    for glyph in glyphs:
        within = left <= (glyph.x0 + glyph.x1) / 2 < right and top <= (glyph.top + glyph.bottom) / 2 < bottom
        (inside if within else outside).append(glyph)
    return inside, outside


def _with_overhang(inside: list[Glyph], outside: list[Glyph], box: Box) -> tuple[list[Glyph], list[Glyph]]:
    """Glyphs that a full line pushes over a table's right edge go with the line."""
    ends = [glyph for glyph in inside if glyph.x1 > box[2] - 1.5 * (glyph.bottom - glyph.top)]
    over = [
        glyph for glyph in outside
        if box[1] <= glyph.top < box[3] and glyph.x0 < box[2] + 1.5 * (glyph.x1 - glyph.x0)
        and any(abs(glyph.top - end.top) < 2 and -1 < glyph.x0 - end.x1 < 0.8 * (end.bottom - end.top) for end in ends)
    ]  # fmt: skip
    if not over:
        return inside, outside
    gone = {glyph.at for glyph in over}
    return inside + over, [glyph for glyph in outside if glyph.at not in gone]


def _fill(cells: list[Box], glyphs: list[Glyph]) -> tuple[list[list[Glyph]], list[Glyph]]:
    """Each cell's glyphs, and those in none."""
    xs = sorted({x for cell in cells for x in (cell[0], cell[2])})
    ys = sorted({y for cell in cells for y in (cell[1], cell[3])})
    column, row = {x: i for i, x in enumerate(xs)}, {y: i for i, y in enumerate(ys)}
    owner: dict[tuple[int, int], int] = {}
    for number, (left, top, right, bottom) in enumerate(cells):
        for r in range(row[top], row[bottom]):
            for c in range(column[left], column[right]):
                owner[r, c] = number
    filled: list[list[Glyph]] = [[] for _ in cells]
    stray: list[Glyph] = []
    for glyph in glyphs:
        place = (
            bisect_right(ys, (glyph.top + glyph.bottom) / 2) - 1,
            bisect_right(xs, min((glyph.x0 + glyph.x1) / 2, xs[-1] - 0.1)) - 1,
        )
        number = owner.get(place, -1)
        (filled[number] if number >= 0 else stray).append(glyph)
    return filled, stray


def _part(page: RawPage, cells: list[Box], filled: list[list[Glyph]], inside: list[Glyph]) -> Part:
    made = [Cell(*cell, lines=build_lines(glyphs, page)) for cell, glyphs in zip(cells, filled, strict=True)]
    box = hull(cells)
    # a small grid may be the rest of a table on the page before, or just text between lines
    texted = [cell for cell, glyphs in zip(cells, filled, strict=True) if glyphs]
    weak = len(texted) < SMALL or len({cell[0] for cell in texted}) < 2 or len({cell[1] for cell in texted}) < 2
    loose = build_lines(inside, page) if weak else []
    return Part(page.number, box, made, loose, page_height=page.height)


def unreadable(text: str) -> bool:
    """Private use, unassigned, a lone surrogate, or the replacement character."""
    return text == "\ufffd" or unicodedata.category(text) in ("Co", "Cn", "Cs", "Cc")
