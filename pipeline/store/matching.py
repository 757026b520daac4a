"""Which task of a new version is which one of an older: by id first, then by section and likeness, never guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.ids import normal

#: From this likeness on two tasks are the same one, if no other comes near.
SURE = 0.8
#: From this likeness on a person is asked.
ASK = 0.5
#: What another section takes from the likeness of two texts.
ELSEWHERE = 0.15
#: In a text shorter than this a changed word may make it another task; figures may change in any.
SHORT = 20
#: How far a match must stand before the next one.
MARGIN = 0.05

_FIGURES = re.compile(r"[\d.〇零一二三四五六七八九十百千万亿两半]+")
_NUMBER = re.compile(
    r"^\s*(?:第[一二三四五六七八九十百零〇\d]+[章节条]|[（(][一二三四五六七八九十百\d]+[）)]|[一二三四五六七八九十百]+[、.．]|"
    r"\d+(?:\.\d+)*[、.．)）]?|[①-⑳])\s*"
)


@dataclass(frozen=True)
class Item:
    """A task as matching sees it. ``name`` is its key for an older task, its id for a new one."""

    name: str
    section: tuple[str, ...]
    text: str
    title: str | None = None


@dataclass(frozen=True)
class Likely:
    """An older task that a new one may be."""

    key: str
    likeness: float


@dataclass(frozen=True)
class Matches:
    """``sure`` gives new tasks' keys by their ids; ``asked`` the older tasks that a new one may be, likest first."""

    sure: Mapping[str, str]
    asked: Mapping[str, tuple[Likely, ...]]


def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1: the share of pairs of neighbouring characters that they have in common.

    Source: Dice's coefficient over multisets of bigrams, of the text without white space and punctuation.
    """
    first, second = _grams(one), _grams(other)
    if not first or not second:
        return float(first == second)
    return 2 * len(first & second) / (len(first) + len(second))


def match(old: Sequence[Item], new: Sequence[Item]) -> Matches:
    """Pairs tasks, one to one. A pair is sure where it is like enough and neither of the two is about as like another.

    Tasks with the very same words are paired in their order, where both versions have as many of them.
    """
    if not old or not new:
        return Matches({}, {})
    sure = _same_words(old, new)
    pairs = _pairs([o for o in old if o.name not in set(sure.values())], [n for n in new if n.name not in sure])
    taken: set[str] = set()
    while True:
        fresh = [pair for pair in pairs if not taken & {"o" + pair[1], "n" + pair[2]} and _clear(pair, pairs, taken)]
        if not fresh:
            break
        for _, key, task in fresh:
            sure[task] = key
            taken |= {"o" + key, "n" + task}
    asked: dict[str, tuple[Likely, ...]] = {}
    for score, key, task in pairs:
        if not taken & {"o" + key, "n" + task}:
            asked[task] = (*asked.get(task, ()), Likely(key, round(score, 3)))
    return Matches(sure, asked)


_Pair = tuple[float, str, str]


def _clear(pair: _Pair, pairs: Sequence[_Pair], taken: set[str]) -> bool:
    score, key, task = pair
    if score < SURE:
        return False
    for other, other_key, other_task in pairs:
        if other <= score - MARGIN:
            break  # they stand in the order of their scores
        rival = (other_key == key) != (other_task == task)
        if rival and not taken & {"o" + other_key, "n" + other_task}:
            return False
    return True


def _same_words(old: Sequence[Item], new: Sequence[Item]) -> dict[str, str]:
    before = _groups(old)
    sure: dict[str, str] = {}
    for words, tasks in _groups(new).items():
        keys = before.get(words, [])
        if len(keys) == len(tasks):
            sure.update(zip(tasks, keys, strict=True))
    return sure


def _groups(items: Sequence[Item]) -> dict[tuple[object, ...], list[str]]:
    found: dict[tuple[object, ...], list[str]] = {}
    for item in items:
        words = _place(item.section), normal(item.title or ""), normal(item.text)
        found.setdefault(words, []).append(item.name)
    return found


def _pairs(old: Sequence[Item], new: Sequence[Item]) -> list[_Pair]:
    """Pairs that are at least worth asking about, likest first."""
    grams = [_grams(item.text) for item in old]
    places = [_place(item.section) for item in old]
    holders: dict[tuple[str, int], list[int]] = {}
    for i, each in enumerate(grams):
        for gram in each:
            holders.setdefault(gram, []).append(i)
    found: list[_Pair] = []
    for item in new:
        own, place = _grams(item.text), _place(item.section)
        common: Counter[int] = Counter()
        for gram in own:
            common.update(holders.get(gram, ()))
        for i, count in common.items():
            score = 2 * count / (len(own) + len(grams[i])) - (0 if places[i] == place else ELSEWHERE)
            if score >= SURE and _may_be_another(old[i], item):
                score = SURE - MARGIN
            if score >= ASK:
                found.append((score, old[i].name, item.name))
    return sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2]))


def _may_be_another(old: Item, new: Item) -> bool:
    """Whether two texts, however alike, may be of two tasks: their titles differ, or a word in so short a text."""
    first, second = normal(old.text), normal(new.text)
    is_short = min(len(first), len(second)) < SHORT
    if old.title and new.title and likeness(old.title, new.title) < SURE and (is_short or first != second):
        return True
    return is_short and _FIGURES.sub("0", first) != _FIGURES.sub("0", second)


def _grams(text: str) -> set[tuple[str, int]]:
    words = normal(text)
    pairs = [words[i : i + 2] for i in range(len(words) - 1)] or ([words] if words else [])
    seen: Counter[str] = Counter()
    found = set()
    for pair in pairs:
        seen[pair] += 1
        found.add((pair, seen[pair]))
    return found


def _place(section: Sequence[str]) -> tuple[str, ...]:
    """A section without its numbers, which a reissue may shift."""
    return tuple(normal(_NUMBER.sub("", part)) for part in section)
