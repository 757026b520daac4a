"""What differs between two versions of a notice, task by task."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from extractors.ids import normal
from schemas.record import NoticeRecord, Owner, Quota, Task, Time


@dataclass(frozen=True)
class Entry:
    """A task that only one of the versions has."""

    key: str
    task_id: str
    title: str | None
    text: str
    section: tuple[str, ...]


@dataclass(frozen=True)
class Moved:
    """A task of both versions, and what of it was and is; ``before`` and ``after`` are for people to read."""

    key: str
    task_id: str
    title: str | None
    text: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Diff:
    """``old`` and ``new`` are ordinals of versions. ``doubtful``: dropped tasks of which a person has to say so."""

    notice_id: str
    old: int
    new: int
    added: tuple[Entry, ...] = ()
    dropped: tuple[Entry, ...] = ()
    doubtful: tuple[Entry, ...] = ()
    moved: tuple[Moved, ...] = ()
    quotas: tuple[Moved, ...] = ()
    owners: tuple[Moved, ...] = ()
    texts: tuple[Moved, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return any((self.added, self.dropped, self.doubtful, self.moved, self.quotas, self.owners, self.texts))

    def as_dict(self) -> dict[str, Any]:
        """The differences as plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Side:
    """A version's ordinal, record, and its tasks' keys by their ids."""

    ordinal: int
    record: NoticeRecord
    keys: Mapping[str, str]

    def tasks(self) -> dict[str, Task]:
        return {self.keys[task.id]: task for task in self.record.tasks}


def compare(notice_id: str, old: Side, new: Side, doubtful: Iterable[str] = ()) -> Diff:
    """What differs from one version to another.

    Args:
        doubtful: keys of tasks of which it is asked whether they are dropped.
    """
    before, after, asked = old.tasks(), new.tasks(), set(doubtful)
    gone = [key for key in before if key not in after]
    both = [(key, before[key], after[key]) for key in after if key in before]
    quotas = _by_task(old.record), _by_task(new.record)
    return Diff(
        notice_id, old.ordinal, new.ordinal,
        added=tuple(_entry(key, task) for key, task in after.items() if key not in before),
        dropped=tuple(_entry(key, before[key]) for key in gone if key not in asked),
        doubtful=tuple(_entry(key, before[key]) for key in gone if key in asked),
        moved=_changed(both, lambda task, _: task.times, _time_value, show_time),
        quotas=_changed(both, lambda task, side: quotas[side].get(task.id, []), _quota_value, show_quota),
        owners=_changed(both, lambda task, _: task.owners, _owner_value, show_owner),
        texts=_changed(both, lambda task, _: [task.text], normal, str),
    )  # fmt: skip


def _entry(key: str, task: Task) -> Entry:
    return Entry(key, task.id, task.title, task.text, tuple(task.section))


def _by_task(record: NoticeRecord) -> dict[str, list[Quota]]:
    found: dict[str, list[Quota]] = {}
    for quota in record.quotas:
        found.setdefault(quota.task, []).append(quota)
    return found


def _changed(
    both: Sequence[tuple[str, Task, Task]],
    parts: Callable[[Task, int], Sequence[Any]],
    value: Callable[[Any], Any],
    show: Callable[[Any], str],
) -> tuple[Moved, ...]:
    """Tasks whose parts have other values, in whatever order they stand."""
    found = []
    for key, old, new in both:
        was, now = parts(old, 0), parts(new, 1)
        if sorted(map(repr, map(value, was))) != sorted(map(repr, map(value, now))):
            shown = tuple(map(show, was)), tuple(map(show, now))
            found.append(Moved(key, new.id, new.title, new.text, *shown))
    return tuple(found)


def _time_value(time: Time) -> Any:
    text = None if time.start or time.end or time.rrule else normal(time.text)
    return time.kind, time.due, time.start, time.end, time.rrule, text


def _quota_value(quota: Quota) -> Any:
    return (
        quota.kind,
        quota.comparator,
        quota.value,
        quota.value_max,
        quota.unit,
        quota.per,
        normal(quota.subject or ""),
    )


def _owner_value(owner: Owner) -> Any:
    return normal(owner.name), owner.role


def show_time(time: Time) -> str:
    """A time for people: its words and what they mean."""
    if time.rrule:
        meaning = time.rrule
    elif time.start and time.end and time.start != time.end:
        meaning = f"{time.start} 至 {time.end}"
    else:
        meaning = time.end or time.start or ""
    return f"{time.text}（{meaning}）" if meaning else time.text


def show_quota(quota: Quota) -> str:
    """A quota for people: what it counts and its words."""
    return f"{quota.subject}：{quota.text}" if quota.subject else quota.text


_ROLES = {
    "lead": "牵头", "support": "配合", "responsible": "责任", "presenter": "主讲", "participant": "参加",
    "supervisor": "督查",
}  # fmt: skip


def show_owner(owner: Owner) -> str:
    """An owner for people: its name and role."""
    return f"{owner.name}（{_ROLES[owner.role]}）"
