"""How broad a table's columns are, for formats that don't find it out themselves."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.columns import width
from pipeline.compare.reports.model import Cell

#: Rows that are measured.
_LOOKED_AT = 300
_NARROWEST = 6


def naturals(columns: Sequence[str], rows: Sequence[Sequence[Cell]], widest: int) -> list[int]:
    """What each column takes where nothing is broken but what is broader than ``widest``; a Chinese character is 2."""
    found = [max(_NARROWEST, min(width(name), widest)) for name in columns]
    for row in rows[:_LOOKED_AT]:
        for place, cell in enumerate(row):
            if found[place] < widest:
                longest = max((width(line[:widest]) for line in cell.text.split("\n")), default=0)
                links = 6 * min(len(cell.words), 3)
                found[place] = min(widest, max(found[place], longest + min(links, 12)))
    return found


def shared_out(wanted: Sequence[float], total: float) -> list[float]:
    """A page's width for its columns: narrow ones get what they want, broad ones share the rest evenly."""
    if sum(wanted) <= total:
        return [one * total / sum(wanted) for one in wanted]
    left, given = total, {}
    ordered = sorted(range(len(wanted)), key=lambda place: wanted[place])
    for done, place in enumerate(ordered):
        given[place] = min(wanted[place], left / (len(wanted) - done))
        left -= given[place]
    return [given[place] for place in range(len(wanted))]
