"""A superior's notice against ours: each of its items with its counterpart (承接对照)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

from pipeline.compare import likeness
from pipeline.compare.analysis import Views, views_of
from pipeline.compare.changes import quota_changes, said
from pipeline.compare.sides import Handed, HandedDown, Uptake
from pipeline.compare.told import Told, told
from pipeline.compare.types import Pair, TaskView
from pipeline.topics import Taxonomy, packaged
from schemas.record import NoticeRecord

#: So many counterparts of an item are told.
_MOST = 3


def hand_down(
    upper: Sequence[NoticeRecord], lower: Sequence[NoticeRecord], taxonomy: Taxonomy | None = None
) -> HandedDown:
    """What becomes of each item of the superior's notices in ours.

    Args:
        upper: the superior's notices.
        lower: ours.
        taxonomy: the topics; None: the packaged ones.

    Raises:
        ValueError: one of the sides has no notice.
    """
    if not upper or not lower:
        raise ValueError("both sides need a notice")
    seen = views_of([*upper, *lower], taxonomy or packaged())
    above = {record.notice.id for record in upper}
    theirs = tuple(party.key for party in seen.parties if party.notice_id in above)
    ours = tuple(party.key for party in seen.parties if party.notice_id not in above)
    between = [(one, other) for one in theirs for other in ours]
    tasks = list(seen.tasks.values())
    found: dict[str, list[Pair]] = defaultdict(list)
    taken: set[str] = set()
    for pair in likeness.pairs_of(tasks, seen.quotas, between, sides=True):
        turned = pair if seen.tasks[pair.left].party in theirs else likeness.turned(pair)
        found[turned.left].append(turned)
        taken.add(turned.right)
    items = tuple(_handed(task, found[task.key][:_MOST], seen) for task in tasks if task.party in theirs)
    own = tuple(task.key for task in tasks if task.party in ours and task.key not in taken)
    notes = (
        () if theirs and ours else (Told("上级文件与本级文件是同一份，无从对照。", "Both sides are the same notice."),)
    )
    return HandedDown(seen.parties, theirs, ours, seen.tasks, seen.quotas, items, own, notes)


def _handed(task: TaskView, pairs: Sequence[Pair], seen: Views) -> Handed:
    if not pairs:
        return Handed(task.key, (), ("missing",), (), (), ())
    lower = [seen.tasks[pair.right] for pair in pairs]
    changes = quota_changes([task], lower, seen.quotas, handed_down=True)
    uptakes: list[Uptake] = ["taken"]
    detail: list[str] = []
    turns: tuple[Literal["raised", "lowered"], ...] = ("raised", "lowered")
    for turn in turns:
        turned = [said(change) for change in changes if change.turn == turn]
        if turned:
            uptakes.append(turn)
            detail += turned
    dropped = [change for change in changes if change.right is None]
    if dropped and "lowered" not in uptakes:
        uptakes.append("lowered")
    detail += [said(change) for change in dropped]
    late = _later(task, lower)
    if late:
        uptakes.append("later")
        detail.append(late)
    if not any(one.owners for one in lower):
        uptakes.append("ownerless")
    if pairs[0].likeness < likeness.LIKE_LONG and not pairs[0].measures:
        detail.append(
            told("相似度低（{n:.2f}），请核对是否对应", "little alike ({n:.2f}): check it", n=pairs[0].likeness)
        )
    return Handed(task.key, tuple(one.key for one in lower), tuple(uptakes), tuple(pairs), changes, tuple(detail))


def _later(upper: TaskView, lower: Sequence[TaskView]) -> str:
    """How ours is due after the superior's, in Chinese; empty where it isn't, or where a side sets no day."""
    days = [day for task in lower for day in task.deadlines]
    if not upper.deadlines or not days:
        return ""
    last, ours = max(upper.deadlines), max(days)
    return told("时限：上级{a}，本级{b}", "due: superior's {a}, ours {b}", a=last, b=ours) if ours > last else ""
