"""People's names in cells: padded (李  强) and run together (王小明李  强赵建国)."""

from __future__ import annotations

import re
from functools import lru_cache

from extractors.lexicons import load_list

_HAN = re.compile(r"[一-鿿·]+$")
_IMPOSSIBLE = frozenset("的和及与各等是为在对要应部局处科室办委组队厅所")


@lru_cache(maxsize=1)
def _surnames() -> dict[str, int]:
    return {row["surname"]: int(row["rank"]) for row in load_list("surnames")}


def split_people(text: str) -> list[tuple[int, int]] | None:
    """The names in a stretch of characters and spaces, as offsets; None where it can't be names alone.

    A name has a surname of the list and one or two characters behind it. Of all ways to part the stretch the one with
    the likeliest surnames and the fewest names of two characters wins; a gap inside a name means that the name has
    two characters and was padded to the width of three.
    """
    places = [at for at, char in enumerate(text) if not char.isspace()]
    letters = "".join(text[at] for at in places)
    if not 2 <= len(letters) <= 60 or not _HAN.match(letters):
        return None
    if "·" in letters:
        return [(places[0], places[-1] + 1)]
    best: list[tuple[float, int] | None] = [None] * (len(letters) + 1)
    best[0] = (0.0, 0)
    for end in range(2, len(letters) + 1):
        for length in (2, 3, 4):
            before = best[end - length] if end >= length else None
            if before is None:
                continue
            cost = _cost(text, places, letters, end - length, end)
            if cost is not None and (best[end] is None or before[0] + cost < best[end][0]):  # type: ignore[index]
                best[end] = (before[0] + cost, end - length)
    found, end = [], len(letters)
    while end > 0:
        step = best[end]
        if step is None:
            return None
        found.append((places[step[1]], places[end - 1] + 1))
        end = step[1]
    return found[::-1]


def _cost(text: str, places: list[int], letters: str, start: int, end: int) -> float | None:
    """How unlikely ``letters[start:end]`` is as one name; None where it can't be one."""
    name = letters[start:end]
    surnames = _surnames()
    compound = name[:2] in surnames and len(name) > 2
    if compound:
        rank = 60
    elif len(name) <= 3 and name[0] in surnames:
        rank = surnames[name[0]]
    else:
        return None
    if any(char in _IMPOSSIBLE for char in name[1:]) or re.fullmatch("[高初][一二三]", name):
        return None
    cost = 1.0 + rank / 100
    if len(name) == 2:
        cost += 1.2
    gaps = [at for at in range(start, end - 1) if places[at + 1] - places[at] > 1]
    if gaps:
        cost += -1.5 if len(name) == 2 else 4.0
    if start and places[start] - places[start - 1] > 1:
        cost -= 0.5
    return cost


def is_person(name: str) -> bool:
    """Whether a text alone reads as one person's name: a listed surname and one or two characters."""
    plain = re.sub(r"\s", "", name)
    people = split_people(plain) if 2 <= len(plain) <= 4 else None
    return people is not None and len(people) == 1
