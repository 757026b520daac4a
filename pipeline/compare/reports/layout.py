"""How broad a table's columns are, for formats that don't find it out themselves."""

from __future__ import annotations

import math
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


def weights(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[float]:
    """How much of a page each column deserves: the root of what stands in it on average."""
    found = []
    for place, name in enumerate(columns):
        texts = [width(row[place].text) + 2 * min(len(row[place].words), 3) for row in rows[:_LOOKED_AT]]
        found.append(math.sqrt(max(_NARROWEST, width(name) / 2, sum(texts) / max(1, len(texts)))))
    return found


def shared_out(wanted: Sequence[float], weighted: Sequence[float], total: float) -> list[float]:
    """A page's width for its columns, by their weights; none gets more than it wants as long as others want more."""
    if sum(wanted) <= total:
        return list(wanted)
    given: dict[int, float] = {}
    while True:
        rest = [place for place in range(len(wanted)) if place not in given]
        left, sum_of = total - sum(given.values()), sum(weighted[place] for place in rest)
        content = [place for place in rest if wanted[place] <= left * weighted[place] / sum_of]
        if not content:
            given.update((place, left * weighted[place] / sum_of) for place in rest)
            return [given[place] for place in range(len(wanted))]
        given.update((place, wanted[place]) for place in content)
