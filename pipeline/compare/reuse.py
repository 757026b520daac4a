"""Text taken over nearly word for word (文本沿用), by local alignment: common stretches as seeds, joined over gaps.

Every stretch of ``SEED + STEP`` characters that two notices have in common is found. Stretches that very many notices
have are set phrases and find nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.compare.types import Passage, TakenOver
from schemas.record import NoticeRecord

SEED, STEP = 12, 4
#: A seed in more places than this is a set phrase.
CROWD = 40
#: Equal stretches are one passage where no more than this lies between them on either side.
GAP = 24
#: What is told: so many characters, of which this share is equal to the letter.
SHORTEST, SHARE = 40, 0.6
_LETTERS = re.compile(r"[一-龥A-Za-z0-9]")


@dataclass(frozen=True)
class _Side:
    """A notice's words in one string, and where each block or cell begins in it."""

    party: str
    text: str
    starts: tuple[int, ...]
    places: tuple[tuple[int, int | None, int | None], ...]
    tasks: Mapping[tuple[int, int | None, int | None], Sequence[tuple[int, int, str]]]

    def passage(self, start: int, end: int) -> Passage:
        """A stretch of one block or cell."""
        number = bisect_right(self.starts, start) - 1
        place, base = self.places[number], self.starts[number]
        begin, stop = start - base, end - base
        task = next((key for a, b, key in self.tasks.get(place, ()) if a < stop and begin < b), None)
        return Passage(self.party, task, *place, begin, stop, self.text[start:end])


def taken_over(records: Sequence[tuple[str, NoticeRecord]]) -> list[TakenOver]:
    """Passages that two notices share nearly word for word, the longest first.

    Args:
        records: each notice's key and record.
    """
    sides = [_side(key, record) for key, record in records]
    index: dict[str, list[tuple[int, int]]] = defaultdict(list)
    found: list[TakenOver] = []
    for number, side in enumerate(sides):
        runs = _runs(number, side, sides, index)
        for other, matches in runs.items():
            found += _passages(sides[other], side, matches)
        for place in range(0, len(side.text) - SEED, STEP):
            seed = side.text[place : place + SEED]
            if "\n" not in seed and (len(index[seed]) <= CROWD):
                index[seed].append((number, place))
    return sorted(found, key=lambda one: (-one.length, one.left.party, one.left.block, one.left.start, one.right.party))


def _side(key: str, record: NoticeRecord) -> _Side:
    parts: list[str] = []
    starts: list[int] = []
    places: list[tuple[int, int | None, int | None]] = []
    length = 0
    tables = {table.id: table for table in record.tables}
    for block in record.blocks:
        cells = [(None, None, block.text or "")] if block.type != "table" else _cells(tables.get(block.table or ""))
        for row, column, text in cells:
            starts.append(length)
            places.append((block.id, row, column))
            # A break of its own keeps every match inside one block or cell.
            parts.append(text.replace("\n", " ") + "\n")
            length += len(parts[-1])
    tasks: dict[tuple[int, int | None, int | None], list[tuple[int, int, str]]] = defaultdict(list)
    for task in record.tasks:
        for span in task.spans:
            tasks[span.block, span.row, span.column].append((span.start, span.end, f"{key}/{task.id}"))
    return _Side(key, "".join(parts), tuple(starts), tuple(places), tasks)


def _cells(table: object) -> list[tuple[int | None, int | None, str]]:
    cells: list[list[str]] = getattr(table, "cells", [])
    seen: set[str] = set()
    found: list[tuple[int | None, int | None, str]] = []
    for row, texts in enumerate(cells):
        for column, text in enumerate(texts):
            # A merged cell's text stands in each position that it covers.
            if text not in seen:
                seen.add(text)
                found.append((row, column, text))
    return found


def _runs(
    number: int, side: _Side, sides: Sequence[_Side], index: Mapping[str, list[tuple[int, int]]]
) -> dict[int, list[tuple[int, int, int]]]:
    """Longest equal stretches with earlier notices: (start there, start here, length), by the other's number."""
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    reached: dict[tuple[int, int], int] = {}
    text = side.text
    for here in range(len(text) - SEED):
        places = index.get(text[here : here + SEED])
        if places is None or len(places) > CROWD:
            continue
        for other, there in places:
            diagonal = (other, there - here)
            if reached.get(diagonal, -1) >= here:
                continue
            start, length = _extend(sides[other].text, there, text, here)
            reached[diagonal] = here - start + length
            found[other].append((there - start, here - start, length))
    return found


def _extend(left: str, there: int, right: str, here: int) -> tuple[int, int]:
    """How far a seed reaches back, and how long the equal stretch is in all."""
    back = 0
    while there > back and here > back and left[there - back - 1] == right[here - back - 1] != "\n":
        back += 1
    ahead = SEED
    while (
        there + ahead < len(left) and here + ahead < len(right) and left[there + ahead] == right[here + ahead] != "\n"
    ):
        ahead += 1
    return back, back + ahead


def _passages(left: _Side, right: _Side, matches: list[tuple[int, int, int]]) -> list[TakenOver]:
    chains: list[list[tuple[int, int, int]]] = []
    for match in sorted(matches, key=lambda one: (one[1], one[0])):
        for chain in reversed(chains[-6:]):
            last = chain[-1]
            ahead, across = match[1] - last[1] - last[2], match[0] - last[0] - last[2]
            inside = "\n" not in right.text[last[1] : match[1]] and "\n" not in left.text[last[0] : match[0]]
            if 0 <= ahead <= GAP and 0 <= across <= GAP and inside:
                chain.append(match)
                break
        else:
            chains.append([match])
    return [made for chain in chains if (made := _made(left, right, chain)) is not None]


def _made(left: _Side, right: _Side, chain: Sequence[tuple[int, int, int]]) -> TakenOver | None:
    first, last = chain[0], chain[-1]
    ends = (last[0] + last[2], last[1] + last[2])
    equal = sum(length for _, _, length in chain)
    letters = sum(
        sum(1 for _ in _LETTERS.finditer(left.text, start, start + length)) for start, _, length in chain
    )  # fmt: skip
    longer = max(ends[0] - first[0], ends[1] - first[1])
    share = equal / longer
    if letters < SHORTEST or share < SHARE:
        return None
    matches = tuple((a - first[0], b - first[1], length) for a, b, length in chain)
    return TakenOver(
        left.passage(first[0], ends[0]), right.passage(first[1], ends[1]), matches, round(share, 3), letters
    )
