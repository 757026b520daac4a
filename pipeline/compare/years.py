"""One agency's years against each other: what was added, dropped, raised, lowered, kept (年度对照)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from pipeline.compare import likeness
from pipeline.compare.analysis import Views, views_of
from pipeline.compare.changes import quota_changes
from pipeline.compare.sides import Change, Turn, YearOnYear, YearStep
from pipeline.compare.told import joined, told
from pipeline.compare.types import Pair, TaskView
from pipeline.topics import Taxonomy, packaged
from schemas.record import NoticeRecord


def year_on_year(
    records: Sequence[NoticeRecord], years: Sequence[int] | None = None, taxonomy: Taxonomy | None = None
) -> YearOnYear:
    """What each year changed against the one before.

    Args:
        records: notices of one agency; a notice counts to the first year of its work.
        years: those to compare, in any order; None: all that occur.
        taxonomy: the topics; None: the packaged ones.

    Raises:
        ValueError: fewer than two of the years have a notice.
    """
    seen = views_of(records, taxonomy or packaged())
    held: dict[int, list[str]] = defaultdict(list)
    for party in seen.parties:
        if party.years and (years is None or party.years[0] in years):
            held[party.years[0]].append(party.key)
    found = sorted(held)
    if len(found) < 2:
        raise ValueError("two years are needed")
    steps = tuple(YearStep(one, other, _changes(held[one], held[other], seen)) for one, other in pairwise(found))
    agencies = {party.agency or party.city for party in seen.parties}
    several = {"zh": "文件不是同一机关所发：{names}。", "en": "The notices are of several agencies: {names}."}
    notes = [] if len(agencies) == 1 else [told(**several, names=joined(sorted(agencies)))]
    without = sorted(set(years or ()) - set(found))
    notes += [told("没有{year}年的文件。", "There is no notice of {year}.", year=year) for year in without]
    notes += [
        told("看不出年度，未列入：{name}。", "Left out, since its year can't be told: {name}.", name=party.label)
        for party in seen.parties
        if party.years is None
    ]
    return YearOnYear(sorted(agencies)[0], seen.parties, seen.tasks, seen.quotas, steps, tuple(notes))


def _changes(before: Sequence[str], after: Sequence[str], seen: Views) -> tuple[Change, ...]:
    tasks = [task for task in seen.tasks.values() if task.party in (*before, *after)]
    between = [(one, other) for one in before for other in after]
    matched = _one_to_one(likeness.pairs_of(tasks, seen.quotas, between), set(before), seen.tasks)
    changes = []
    for task in tasks:
        pair = matched.get(task.key)
        if task.party in before and pair is None:
            changes.append(Change(task.key, None, ("dropped",), None, ()))
        elif task.party in before and pair is not None:
            changes.append(_change(pair, seen))
        elif pair is None:
            changes.append(Change(None, task.key, ("added",), None, ()))
    return tuple(changes)


def _one_to_one(pairs: Sequence[Pair], before: set[str], tasks: Mapping[str, TaskView]) -> dict[str, Pair]:
    """The likeliest pairs, each task in one at most, with the earlier year's on the left; by both tasks' keys."""
    matched: dict[str, Pair] = {}
    for pair in pairs:
        turned = pair if tasks[pair.left].party in before else likeness.turned(pair)
        if turned.left not in matched and turned.right not in matched:
            matched[turned.left] = matched[turned.right] = turned
    return matched


def _change(pair: Pair, seen: Views) -> Change:
    quotas = quota_changes([seen.tasks[pair.left]], [seen.tasks[pair.right]], seen.quotas)
    found = {one.turn for one in quotas}
    possible: tuple[Turn, ...] = ("raised", "lowered")
    turns = tuple(turn for turn in possible if turn in found)
    return Change(pair.left, pair.right, turns or ("kept",), pair, quotas)
