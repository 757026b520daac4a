"""A cell's lines to its text, and what tells whether a text runs on over the edge of its cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from extractors.readers.pdf_page import Cell, Line, Part
from extractors.readers.pdf_paragraphs import MARK, STOP
from extractors.readers.text import glue

#: Widest space between a ruling and the text beside it that is still padding.
MAX_PAD = 9.0
#: How near, in ems, a text stands to the edge that it is cut by.
NEAR = 2.0
#: What a line may lack to be full, in ems; the places of recognised lines, and so a table's padding, are less exact.
SLACK, SEEN_SLACK = 0.25, 0.9
#: How many first characters make two entries alike.
PARALLEL = 3


def paddings(part: Part) -> tuple[float, float]:
    """The space that the table keeps free at the left and right of its cells."""
    left = min((line.x0 - cell.x0 for cell in part.cells for line in cell.lines), default=0.0)
    right = min((cell.x1 - line.x1 for cell in part.cells for line in cell.lines), default=0.0)
    return min(MAX_PAD, max(0.0, left)), min(MAX_PAD, max(0.0, right))


def cell_text(cell: Cell, pads: tuple[float, float]) -> str:
    """The cell's lines joined where a line was full, and kept apart by ``\\n`` where it was ended on purpose."""
    lines = cell.lines
    if not lines:
        return ""
    if all(len(line.text) == 1 for line in lines):
        return "".join(line.text for line in lines)  # a label written downwards
    text = lines[0].text
    for last, new in pairwise(lines):
        text = glue(text, new.text) if wraps(last, new, cell, pads) else f"{text}\n{new.text}"
    return text


def wraps(last: Line, new: Line, cell: Cell, pads: tuple[float, float]) -> bool:
    """Whether the new line's first piece would not have fitted behind the last line."""
    if MARK.match(new.text) and STOP.search(last.text):
        return False
    inner = cell.x1 - cell.x0 - pads[0] - pads[1]
    slack = (SEEN_SLACK if last.seen else SLACK) * last.em
    if new.lead + slack >= inner - last.width:
        return True
    flush = abs(new.x0 - cell.x0 - pads[0]) < 0.6 * new.em
    return flush and last.x0 > new.x0 and new.lead + slack >= cell.x1 - pads[1] - last.x1


def runs_over(upper: Cell, lower: Cell, pads: tuple[float, float]) -> bool:
    """Whether a text cut by a page's end goes on: its last line is full, ends no sentence, and touches the edge."""
    if not upper.lines or not lower.lines:
        return False
    last, new = upper.lines[-1], lower.lines[0]
    if STOP.search(last.text) or MARK.match(new.text) or _alike(upper.lines[0].text, new.text):
        return False
    above, below = new.top - lower.top, lower.bottom - lower.lines[-1].bottom
    begins = above < NEAR * new.em or abs(above - below) < NEAR * new.em  # the rest may stand in the middle
    return begins and touches_bottom(upper) and wraps(last, new, upper, pads)


def _alike(one: str, other: str) -> bool:
    """Whether two texts begin in the same way, numbers aside, as parallel entries of a column do: 3万元…, 5万元…"""
    first, second = (re.sub(r"[0-9.]+", "#", text)[:PARALLEL] for text in (one, other))
    return len(first) == PARALLEL and first == second


def unfinished(text: str) -> bool:
    """Whether a text plainly wants more: it ends with a comma or a joining word, or leaves a bracket open."""
    text = text.rstrip()
    if text[-1:] in tuple("，、,（(《“〈〔：和与及或的") and text:
        return True
    return any(text.count(opening) > text.count(closing) for opening, closing in ("（）", "《》", "“”", "〔〕"))


def touches_bottom(cell: Cell) -> bool:
    """Whether the text fills the cell down to its lower edge."""
    return bool(cell.lines) and cell.bottom - cell.lines[-1].bottom < NEAR * cell.lines[-1].em


def texts(lines: Sequence[Line]) -> str:
    """All text without white space, for comparing."""
    return "".join("".join(line.text.split()) for line in lines)
