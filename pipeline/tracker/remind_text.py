"""Digests in words: a short text to paste into the office's chat, and the body of a mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from pipeline.tracker.entries import brief, day_words, joined, missing, period_words, short_of
from pipeline.tracker.remind import Digest, Due, Plan
from pipeline.tracker.types import Item

#: So many figures are told in a line; the letters tell them all.
_FIGURES = 3


def chat(digest: Digest, sender: str = "") -> str:
    """A digest as a message of a few lines, most urgent first; periods of one item share a line."""
    groups = list(_grouped(digest.due))
    late = len({each.item.id for each in digest.due if each.chase})
    count = f"{len({each.item.id for each in digest.due})}项督办事项需要办理" + (
        f"，其中{late}项已逾期" if late else ""
    )
    lines = [f"【督办提醒】{digest.unit}：截至{digest.on.month}月{digest.on.day}日，有{count}。"]
    lines += [f"{number}. {line(group, digest.on)}" for number, group in enumerate(groups, 1)]
    lines.append(f"请按时办结并反馈办理情况。{f'（{sender}）' if sender else ''}")
    return "\n".join(lines)


def line(group: list[Due], today: date) -> str:
    """Due stages of one item, and of one side of the date, in a line."""
    item = group[0].item
    number = f"〔{item.number}〕" if item.number else ""
    periods = joined(filter(None, (period_words(each.period, today.year) for each in group)))
    ones = [one for each in group for one in each.occurrences]
    figures = short_of(ones, _FIGURES) if len(group) == 1 else missing(ones, _FIGURES)
    about = "，".join(filter(None, (periods, figures)))
    return f"{number}{brief(item)}{f'（{about}）' if about else ''}，{_when(group, today)}"


def _when(group: list[Due], today: date) -> str:
    nearest, chase = min(group, key=lambda each: each.deadline), max(each.chase for each in group)
    day = day_words(nearest.deadline, today)
    if chase:
        several = f"等{len(group)}期" if len(group) > 1 else ""
        return f"{day}{several}已到期，逾期{max(1, -nearest.days)}个工作日，第{chase}次催办"
    if nearest.deadline == today:
        return f"今天（{today.month}月{today.day}日）到期"
    return f"{day}到期，" + (f"还有{nearest.days}个工作日" if nearest.days > 0 else "其间没有工作日，请今天办结")


def _grouped(due: Iterable[Due]) -> Iterator[list[Due]]:
    groups: dict[tuple[int, bool], list[Due]] = {}
    for each in due:
        groups.setdefault((each.item.id, each.chase > 0), []).append(each)
    yield from groups.values()


def everything(plan: Plan, sender: str = "") -> str:
    """What ``duban remind`` prints: every digest, then what keeps others from being sent."""
    parts = [chat(each, sender) for each in plan.digests]
    if plan.waiting:
        parts.append(f"今天已提醒过，其余的下次再发：{'、'.join(plan.waiting)}")
    for told, items in (("尚未交办，请先交办", plan.unassigned), ("没有责任单位，请先明确", plan.ownerless)):
        if items:
            parts.append("\n".join((f"临近到期或已到期而{told}：", *map(_named, items))))
    return "\n\n".join(parts) if parts else "今天没有需要提醒的事项"


def _named(item: Item) -> str:
    return f"  {item.number or item.id} {brief(item)}"
