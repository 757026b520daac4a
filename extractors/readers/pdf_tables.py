"""Parts of tables to tables: parts on following pages joined, repeated heads once, cut rows made whole, merges told."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from extractors.readers.pdf_cells import cell_text, paddings, runs_over, texts, touches_bottom, unfinished
from extractors.readers.pdf_page import Cell, Line, PageContent, Part, Seen, characters
from extractors.readers.pdf_paragraphs import STOP
from extractors.readers.text import glue
from schemas.document import Merge

#: Edges this near to one another are one; also the width of a double ruling.
SAME_EDGE = 5.0
SAME_COLUMN = 4.0
#: A line above a table's next part that only says that it is one.
CONTINUED = re.compile(
    r"[（(]?(?:续表?|接上[页表]|表?续\s*\d*|续上?表\s*[\d.\-－]*|表\s*[\d.\-－]+\s*[（(]?续[）)]?)[）)]?[：:]?"
)
#: Share of a column's body cells that must have text for a blank one to be strange.
FILLED = 0.7
#: A part that ends within so many points of where pages end may have been cut there.
DEEP = 40.0
#: A text shorter than this is taken for a whole one: a name, a number.
MIN_CUT = 5
#: Share of a recognised head's characters that a repeated one must have in common with it.
SAME_WORDS = 0.88
#: Cells with text that a table has at least.
FEWEST = 3
#: A row's running number.
NUMBER = re.compile(r"[（(]?(?:[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})[）)]?[.．、]?")
#: The longest text that is a head of a blank form.
LABEL = 16


@dataclass(eq=False)
class Slot:
    """A cell in the grid; several positions may hold the same one.

    ``tall`` tells that its ruling spans rows; ``seen`` holds its characters where they are from a picture.
    """

    text: str
    cell: Cell
    pads: tuple[float, float]
    tall: bool
    seen: tuple[Seen, ...] = ()


Row = list[Slot | None]


@dataclass
class Grid:
    """A table in the making."""

    rows: list[Row] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)

    def cells(self) -> list[list[str]]:
        """The full grid of texts."""
        return [[slot.text if slot else "" for slot in row] for row in self.rows]

    def seen(self) -> Iterator[tuple[int, int, str, tuple[Seen, ...]]]:
        """Row, column, text and characters of each cell that was recognised, at its first position."""
        done: set[int] = set()
        for r, row in enumerate(self.rows):
            for c, slot in enumerate(row):
                if slot is not None and slot.seen and id(slot) not in done:
                    done.add(id(slot))
                    yield r, c, slot.text, slot.seen

    def merges(self) -> list[Merge]:
        """Row, column, row span and column span of each cell that covers more than one position."""
        extent: dict[int, list[int]] = {}
        for r, row in enumerate(self.rows):
            for c, slot in enumerate(row):
                if slot is not None:
                    box = extent.setdefault(id(slot), [r, c, r, c])
                    box[1], box[2], box[3] = min(box[1], c), r, max(box[3], c)
        spans = [(r0, c0, r1 - r0 + 1, c1 - c0 + 1) for r0, c0, r1, c1 in extent.values()]
        return sorted(span for span in spans if span[2] > 1 or span[3] > 1)

    def is_table(self) -> bool:
        """Text in at least two rows and two columns; of a blank form, the heads of one row or one column."""
        rows = sum(1 for row in self.rows if any(slot and slot.text for slot in row))
        columns = sum(1 for column in zip(*self.rows, strict=True) if any(slot and slot.text for slot in column))
        starts = {id(slot): slot.text for row in self.rows for slot in row if slot and slot.text}
        if len(starts) < FEWEST or len(self.rows) < 2 or len(self.rows[0]) < 2:
            return False
        heads = all(len(text) <= LABEL for text in starts.values())
        return (rows > 1 and columns > 1) or columns >= FEWEST or heads


def mark_ends(pages: Sequence[PageContent]) -> None:
    """Tells each part whether it is the first or the last thing on its page."""
    for page in pages:
        first = next((i for i, item in enumerate(page.items) if not _is_continued(item)), None)
        if first is not None and isinstance(part := page.items[first], Part):
            part.at_top = True
            del page.items[:first]
        if page.items and isinstance(part := page.items[-1], Part):
            part.at_bottom = True


def _is_continued(item: Line | Part) -> bool:
    return isinstance(item, Line) and bool(CONTINUED.fullmatch(item.text.strip()))


def page_floors(pages: Sequence[PageContent]) -> dict[int, float]:
    """By page height: how far down anything on such pages reaches."""
    floors: dict[int, float] = {}
    for page in pages:
        key = round(page.height)
        floors[key] = max([floors.get(key, 0.0), *(item.box[3] for item in page.items)])
    return floors


def goes_on(group: Sequence[Part], new: Part, floors: dict[int, float]) -> bool:
    """Whether a part is the next page's piece of a table: same columns, nothing between, and no room before it."""
    last = group[-1]
    if not (last.at_bottom and new.at_top and new.page == last.page + 1):
        return False
    xs = _columns(group)
    offset = new.box[0] - last.box[0]
    mine = [x - offset for x in _columns([new])]
    if abs(xs[-1] - xs[0] - (mine[-1] - mine[0])) > 1.5 * SAME_COLUMN:
        return False
    fewer, more = sorted((xs, mine), key=len)
    if not all(any(abs(x - other) <= SAME_COLUMN for other in more) for x in fewer):
        return False
    free = floors.get(round(last.page_height), last.page_height) - last.box[3]
    return free <= _least_height(group[0], new) + 30


def _least_height(head: Part, new: Part) -> float:
    """How much room the new part's first rows need, a repeated head with the row behind it."""
    tops = sorted({cell.top for cell in new.cells} | {new.box[3]})
    known = {texts(cell.lines) for cell in head.cells if cell.top < head.box[1] + SAME_EDGE}
    first = {texts(cell.lines) for cell in new.cells if cell.top < new.box[1] + SAME_EDGE}
    rows = 2 if first <= known and any(first) else 1
    return tops[min(rows, len(tops) - 1)] - tops[0]


def _columns(parts: Sequence[Part]) -> list[float]:
    """Column edges of parts laid over one another by their left edges."""
    base = parts[0].box[0]
    edges = {x - part.box[0] + base for part in parts for cell in part.cells for x in (cell.x0, cell.x1)}
    return _distinct(sorted(edges), SAME_EDGE)


def _distinct(values: Sequence[float], step: float) -> list[float]:
    kept: list[float] = []
    for value in values:
        if not kept or value - kept[-1] > step:
            kept.append(value)
    return kept


def build_grid(parts: Sequence[Part], floors: dict[int, float]) -> Grid:
    """One table of its parts."""
    columns = _columns(parts)
    grid = Grid(_rows(parts[0], columns, 0.0), [])
    grid.pages = [parts[0].page] * len(grid.rows)
    head = grid.rows[:]
    for last, part in pairwise(parts):
        rows = _rows(part, columns, part.box[0] - parts[0].box[0])
        repeated = _repeated(head, rows)
        seam = len(grid.rows)
        grid.rows += rows[repeated:]
        grid.pages += [part.page] * (len(rows) - repeated)
        if 0 < seam < len(grid.rows) and seam > repeated:
            deep = floors.get(round(last.page_height), last.page_height) - last.box[3] < DEEP
            _mend(grid, seam, repeated, deep)
    return grid


def _rows(part: Part, columns: Sequence[float], offset: float) -> list[Row]:
    ys = _distinct(sorted({y for cell in part.cells for y in (cell.top, cell.bottom)}), SAME_EDGE - 1)
    pads = paddings(part)
    rows: list[Row] = [[None] * (len(columns) - 1) for _ in range(len(ys) - 1)]
    for cell in part.cells:
        r0, r1 = _index(ys, cell.top), _index(ys, cell.bottom)
        c0, c1 = _index(columns, cell.x0 - offset), _index(columns, cell.x1 - offset)
        if r0 == r1 or c0 == c1:
            continue
        slot = Slot(cell_text(cell, pads), cell, pads, r1 - r0 > 1, characters(cell.lines))
        for r in range(r0, r1):
            for c in range(c0, c1):
                rows[r][c] = rows[r][c] or slot
    return rows


def _index(edges: Sequence[float], value: float) -> int:
    """The nearest edge's place."""
    place = bisect_left(edges, value)
    near = [i for i in (place - 1, place) if 0 <= i < len(edges)]
    return min(near, key=lambda i: abs(edges[i] - value))


def _plain(row: Row) -> list[str]:
    return ["".join(slot.text.split()) if slot else "" for slot in row]


def _repeated(head: Sequence[Row], rows: Sequence[Row]) -> int:
    """How many rows at the start of a part are the table's first rows again."""
    count = 0
    while count < min(len(head), len(rows)) and any(_plain(rows[count])) and _alike(head[count], rows[count]):
        count += 1
    return count


def _alike(one: Row, other: Row) -> bool:
    """Whether two rows have the same words; of recognised ones a character in ten may differ."""
    mine, theirs = _plain(one), _plain(other)
    if mine == theirs:
        return True
    if not any(slot and slot.seen for slot in (*one, *other)):
        return False
    pairs = list(zip(mine, theirs, strict=True))
    if any(bool(a) != bool(b) or re.sub(r"\D", "", a) != re.sub(r"\D", "", b) for a, b in pairs):
        return False
    matched = sum(block.size for a, b in pairs for block in SequenceMatcher(None, a, b, False).get_matching_blocks())
    return matched >= SAME_WORDS * max(len("".join(mine)), len("".join(theirs)))


def _mend(grid: Grid, seam: int, head: int, deep: bool) -> None:
    """What a page's end has cut put together: a row, a cell over several rows, or a text.

    Args:
        seam: the first row behind the page's end.
        head: how many rows repeat at each page's start.
        deep: the part before the seam reaches down to where pages end, so that a row may have been cut.
    """
    pairs = _pairs(grid.rows[seam - 1], grid.rows[seam])
    if not pairs:
        return
    if deep and _is_cut(grid, pairs, head):
        for upper, lower in pairs:
            _unite(grid, upper, lower, _joined(upper, lower), upper.tall or lower.tall)
        del grid.rows[seam], grid.pages[seam]
        return
    for upper, lower in pairs:
        tall = upper.tall or lower.tall or _ever_tall(grid, lower, head)
        if not tall or not (upper.text or lower.text):
            continue
        both = bool(upper.text and lower.text)
        if both and deep and _text_is_cut(grid, upper, lower, head):
            _unite(grid, upper, lower, glue(upper.text, lower.text))
        elif not both and (upper.tall or lower.tall or _usually_filled(grid, lower, head)):
            _unite(grid, upper, lower, upper.text or lower.text)


def _pairs(upper: Row, lower: Row) -> list[tuple[Slot, Slot]]:
    """Cells above and below a page's end that have the same columns."""
    found: list[tuple[Slot, Slot]] = []
    for c, slot in enumerate(lower):
        above = upper[c]
        if slot is None or above is None or (c and lower[c - 1] is slot):
            continue
        if [i for i, s in enumerate(lower) if s is slot] == [i for i, s in enumerate(upper) if s is above]:
            found.append((above, slot))
    return found


def _is_cut(grid: Grid, pairs: list[tuple[Slot, Slot]], head: int) -> bool:
    """Whether the rows on both sides of a page's end are one row.

    Every cell of theirs that has text on both sides must go on with it, and there must be a sign that the lower row
    is none of its own: a cell is blank that other rows fill, or all text plainly lacks its beginning. A row with the
    next number is always one of its own.
    """
    if any(_follows(up.text, low.text) for up, low in pairs):
        return False
    own = [(up, low) for up, low in pairs if not (up.tall or low.tall)]
    both = [(up, low) for up, low in own if up.text and low.text]
    if not both and not any(low.text and not up.text for up, low in own):
        return False
    if any(up.text and not low.text and _counts(grid, low, head) for up, low in own):
        # In a table that numbers its rows, one without a number is the rest of the row above.
        return True
    running = [pair for pair in both if runs_over(pair[0].cell, pair[1].cell, pair[0].pads)]
    if not all(pair in running or _next_paragraph(*pair) for pair in both):
        return False
    strange = [low for up, low in own if up.text and not low.text and _usually_filled(grid, low, head)]
    if strange:
        return bool(running) or not any(_ever_tall(grid, slot, head) for slot in strange)
    if len(running) < len(both):
        return False
    wanting = [up for up, _ in running if unfinished(up.text)]
    long = len(running) > 1 and all(len(up.text) > max(4, len(low.text)) for up, low in running)
    return bool(wanting or long) and (any(not low.text for _, low in pairs) or len(wanting) == len(running))


def _follows(upper: str, lower: str) -> bool:
    return upper.isdecimal() and lower.isdecimal() and int(lower) == int(upper) + 1


def _next_paragraph(upper: Slot, lower: Slot) -> bool:
    """Whether a cell of several lines was cut between two of its paragraphs."""
    return len(upper.cell.lines) > 1 and touches_bottom(upper.cell) and bool(STOP.search(upper.text))


def _text_is_cut(grid: Grid, upper: Slot, lower: Slot, head: int) -> bool:
    """Whether a cell over several rows goes on with its text behind the page's end, though the row does not."""
    if not runs_over(upper.cell, lower.cell, upper.pads):
        return False
    if unfinished(upper.text):
        return True
    column = _column(grid, upper)
    whole = any(other is not upper and other.text == upper.text for row in grid.rows[head:] if (other := row[column]))
    if whole or len(upper.text) < MIN_CUT:
        return False
    return (upper.tall and lower.tall) or len(lower.cell.lines) > 1


def _usually_filled(grid: Grid, slot: Slot, head: int) -> bool:
    column = _column(grid, slot)
    texts_ = [row[column].text if row[column] else "" for row in grid.rows[head:] if row[column] is not slot]  # type: ignore[union-attr]
    return bool(texts_) and sum(1 for text in texts_ if text) >= FILLED * len(texts_)


def _counts(grid: Grid, slot: Slot, head: int) -> bool:
    """Whether a cell's column holds the rows' running numbers."""
    column = _column(grid, slot)
    others = [row[column] for row in grid.rows[head:] if row[column] is not slot]
    numbers = [NUMBER.fullmatch("".join(other.text.split())) for other in others if other is not None]
    return len(numbers) >= 2 and all(numbers)


def _ever_tall(grid: Grid, slot: Slot, head: int) -> bool:
    """Whether any other cell of the column spans rows."""
    column = _column(grid, slot)
    return any(other.tall for row in grid.rows[head:] if (other := row[column]) is not None and other is not slot)


def _column(grid: Grid, slot: Slot) -> int:
    return next(c for row in grid.rows for c, other in enumerate(row) if other is slot)


def _joined(upper: Slot, lower: Slot) -> str:
    if not upper.text or not lower.text:
        return upper.text or lower.text
    if runs_over(upper.cell, lower.cell, upper.pads) or not STOP.search(upper.text):
        return glue(upper.text, lower.text)
    return f"{upper.text}\n{lower.text}"


def _unite(grid: Grid, upper: Slot, lower: Slot, text: str, tall: bool = True) -> None:
    """Both slots become the upper one, which from now on is cut at the lower one's edge."""
    upper.text, upper.tall, upper.seen = text, tall, upper.seen + lower.seen
    lines = lower.cell.lines or upper.cell.lines
    upper.cell = Cell(upper.cell.x0, lower.cell.top, upper.cell.x1, lower.cell.bottom, lines)
    for row in grid.rows:
        for c, slot in enumerate(row):
            if slot is lower:
                row[c] = upper
