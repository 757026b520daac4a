"""Two quotas of one measure against each other: raised, lowered, kept, or why that can't be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.compare.sides import QuotaChange, Turn
from pipeline.compare.tables import base_name
from pipeline.compare.told import Told, told
from pipeline.compare.types import QuotaView, TaskView

#: Values closer than this part of the larger are equal.
_CLOSE = 1e-6
_MOST = ("<=", "<")
#: What a superior's 各 and 每 divide its area into.
_PLACES = frozenset({"县", "市", "区", "县市", "市县", "县市区", "县区", "地区", "地", "镇", "乡", "街道"})


def quota_changes(
    left: Sequence[TaskView], right: Sequence[TaskView], quotas: Mapping[str, QuotaView], *, handed_down: bool = False
) -> tuple[QuotaChange, ...]:
    """The quotas of two sides' tasks, measure by measure; what one side has alone stands alone.

    Only targets and service limits are set against each other, and only on one base.

    Args:
        left, right: the earlier or the superior's tasks, and ours.
        quotas: all quotas by key.
        handed_down: what the left one asks of each county or district is asked of the whole of ours.
    """
    before, after = _targets(left, quotas), _targets(right, quotas)
    if handed_down:
        before = {measure: [_ours(one) for one in found] for measure, found in before.items()}
    found = []
    for measure in dict.fromkeys([*before, *after]):
        theirs, ours = list(before.get(measure, [])), list(after.get(measure, []))
        for one in theirs:
            other = next((quota for quota in ours if quota.base == one.base), None) or next(iter(ours), None)
            if other is not None:
                ours.remove(other)
            found.append(_change(one, other))
        found += [_change(None, other) for other in ours]
    return tuple(found)


def _ours(quota: QuotaView) -> QuotaView:
    parts = quota.base.split("|")
    if parts[3].removeprefix("each:") in _PLACES:
        parts[3] = ""
    return replace(quota, base="|".join(parts))


def _targets(tasks: Sequence[TaskView], quotas: Mapping[str, QuotaView]) -> dict[str, list[QuotaView]]:
    held: dict[str, list[QuotaView]] = {}
    for task in tasks:
        for quota in (quotas[key] for key in task.quotas):
            if quota.measure and quota.nature in ("target", "limit"):
                held.setdefault(quota.measure, []).append(quota)
    return held


def _change(left: QuotaView | None, right: QuotaView | None) -> QuotaChange:
    one = left or right
    if one is None:
        raise ValueError("a change has a side")
    turn, why = (
        (None, Told("只有一方写明", "only one side says it")) if left is None or right is None else turn_of(left, right)
    )
    return QuotaChange(one.measure, one.name, left, right, turn, why)


def turn_of(left: QuotaView, right: QuotaView) -> tuple[Turn | None, str]:
    """What the right one asks for against the left: more is ``raised``; for an upper bound, less is.

    None with the reason, in Chinese, where they have no common base or no number.
    """
    if left.value is None or right.value is None:
        same = left.value is None and right.value is None and left.relative == right.relative
        return ("kept", "") if same else (None, Told("有一方没有数值", "one side has no number"))
    if left.base != right.base:
        how = {"left": base_name(left.base), "right": base_name(right.base)}
        return None, told("口径不同（{left}与{right}）", "different bases ({left}, {right})", **how)
    if (left.comparator in _MOST) != (right.comparator in _MOST):
        return None, Told("一方是上限，一方是下限", "one is an upper bound, the other a lower one")
    lower, upper = sorted((left.value, right.value))
    if upper - lower <= _CLOSE * max(abs(upper), abs(lower), 1.0):
        return "kept", ""
    more = right.value > left.value
    return ("lowered" if more else "raised") if left.comparator in _MOST else ("raised" if more else "lowered"), ""


def said(change: QuotaChange) -> Told:
    """A change in Chinese with both sides' words: 志愿服务时长：不少于20小时 → 不少于25小时."""
    unsaid = Told("未写", "not said")
    sides = {
        "left": change.left.words.text if change.left else unsaid,
        "right": change.right.words.text if change.right else unsaid,
    }
    return told("{name}：{left} → {right}", "{name}: {left} → {right}", name=change.name, **sides)
