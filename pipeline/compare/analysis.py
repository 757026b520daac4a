"""The comparison over any number of notices."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.compare import likeness, reuse
from pipeline.compare.parties import cautions_of, parties_of
from pipeline.compare.quotas import quota_views
from pipeline.compare.tables import tables_of
from pipeline.compare.told import Told, joined, told
from pipeline.compare.types import (
    Caution,
    Comparison,
    Coverage,
    Due,
    Force,
    Group,
    Lead,
    Pair,
    Party,
    QuotaView,
    TaskView,
    Topic,
)
from pipeline.compare.views import Text, looks_back, task_view
from pipeline.topics import Taxonomy, label, packaged
from schemas.labels import OwnerRole
from schemas.record import NoticeRecord, Time

#: Pairs from this likeness on, or that count the same, are of one group.
_GROUPED = 0.45


@dataclass(frozen=True)
class Views:
    """Records as they are compared."""

    parties: tuple[Party, ...]
    records: tuple[tuple[str, NoticeRecord], ...]
    tasks: Mapping[str, TaskView]
    quotas: Mapping[str, QuotaView]


def compare(
    records: Sequence[NoticeRecord],
    taxonomy: Taxonomy | None = None,
    *,
    topics: Sequence[str] | None = None,
    population: Mapping[str, float] | None = None,
) -> Comparison:
    """Everything that a comparison finds in notices.

    Args:
        records: the notices; tasks without topics are labelled.
        taxonomy: the topics; None: the packaged ones.
        topics: codes of the topics to compare, of either level; None: all.
        population: people by region code, for quotas per 10,000 people.

    Raises:
        ValueError: no record is given.
    """
    if not records:
        raise ValueError("no notice to compare")
    taxonomy = taxonomy or packaged()
    seen = views_of(records, taxonomy, topics)
    tasks = list(seen.tasks.values())
    cautions = cautions_of(seen.parties)
    pairs = _pairs(seen, cautions)
    return Comparison(
        parties=seen.parties,
        cautions=tuple(cautions),
        topics=_topics(tasks, taxonomy),
        tasks=seen.tasks,
        quotas=seen.quotas,
        coverage=_coverage(tasks),
        tables=tables_of(seen.quotas.values(), seen.parties, population),
        pairs=pairs,
        groups=_groups(pairs, seen.tasks),
        only=_only(seen, pairs),
        taken_over=tuple(reuse.taken_over(seen.records)),
        leads=_leads(tasks),
        calendar=_calendar(seen),
        notes=_notes(seen.parties, len(cautions), population),
        settings={
            "likeness": likeness.LIKE, "likeness_counted": likeness.LIKE_COUNTED, "likeness_long": likeness.LIKE_LONG,
            "likeness_same": likeness.SAME, "reuse_shortest": reuse.SHORTEST, "reuse_share": reuse.SHARE,
            "taxonomy": taxonomy.digest,
        },
    )  # fmt: skip


def views_of(records: Sequence[NoticeRecord], taxonomy: Taxonomy, topics: Sequence[str] | None = None) -> Views:
    """Records as parties, tasks and quotas, without what looks back; with topics, only tasks that have one of them."""
    wanted = None if topics is None else set(topics)
    tasks: dict[str, TaskView] = {}
    quotas: dict[str, QuotaView] = {}
    # The same notice in two formats is compared once.
    once = {record.notice.id: record for record in reversed(records)}.values()
    labelled = [record if any(task.topics for task in record.tasks) else label(record, taxonomy) for record in once]
    made = parties_of(labelled)
    for party, record in made:
        text = Text.of(party.key, record)
        own: dict[str, list[int]] = defaultdict(list)
        for place, quota in enumerate(record.quotas):
            own[quota.task].append(place)
        for task in record.tasks:
            levels = {*task.topics, *(taxonomy.parent(code) for code in task.topics)}
            if (wanted is not None and not wanted & levels) or looks_back(task, party):
                continue
            view = task_view(task, party, text)
            found = quota_views(task, view, party, [record.quotas[place] for place in own[task.id]], text)
            quotas.update((quota.key, quota) for quota in found)
            tasks[view.key] = replace(view, quotas=tuple(quota.key for quota in found))
    parties = tuple(party for party, _ in made)
    return Views(parties, tuple((party.key, record) for party, record in made), tasks, quotas)


def _pairs(seen: Views, cautions: Sequence[Caution]) -> tuple[Pair, ...]:
    cautious = {frozenset((one.left, one.right)) for one in cautions}
    return tuple(
        replace(pair, cautious=frozenset((seen.tasks[pair.left].party, seen.tasks[pair.right].party)) in cautious)
        for pair in likeness.pairs_of(list(seen.tasks.values()), seen.quotas)
    )


def _only(seen: Views, pairs: Sequence[Pair]) -> dict[str, tuple[str, ...]]:
    """Tasks without a counterpart, by party."""
    paired = {key for pair in pairs for key in (pair.left, pair.right)}
    return {
        party.key: tuple(task.key for task in seen.tasks.values() if task.party == party.key and task.key not in paired)
        for party in seen.parties
    }


def _topics(tasks: Sequence[TaskView], taxonomy: Taxonomy) -> tuple[Topic, ...]:
    used = {code for task in tasks for code in task.topics}
    used |= {parent for code in used if (parent := taxonomy.parent(code))}
    ordered = sorted(used, key=lambda code: (taxonomy.order(code), code))
    return tuple(Topic(code, taxonomy.name(code), taxonomy.parent(code)) for code in ordered)


def _coverage(tasks: Sequence[TaskView]) -> tuple[Coverage, ...]:
    held: dict[tuple[str, str], list[TaskView]] = defaultdict(list)
    for task in tasks:
        for topic in task.topics:
            held[topic, task.party].append(task)
    return tuple(
        Coverage(topic, party, tuple(task.key for task in found), _forces(found))
        for (topic, party), found in held.items()
    )


def _forces(tasks: Sequence[TaskView]) -> Mapping[Force, int]:
    return dict(Counter(task.force for task in tasks))


def _groups(pairs: Sequence[Pair], tasks: Mapping[str, TaskView]) -> tuple[Group, ...]:
    """What close pairs connect; a group holds one task a notice at most, so that chance likeness doesn't join all."""
    home: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    for pair in pairs:
        if pair.likeness < _GROUPED and not pair.measures:
            continue
        left, right = home.get(pair.left, pair.left), home.get(pair.right, pair.right)
        one, other = members.setdefault(left, [left]), members.setdefault(right, [right])
        parties = {tasks[key].party for key in one}
        if left == right or any(tasks[key].party in parties for key in other):
            continue
        one += other
        for key in other:
            home[key] = left
        del members[right]
    found = [sorted(keys, key=lambda key: list(tasks).index(key) if len(tasks) < 500 else key)
             for keys in members.values() if len(keys) > 1]  # fmt: skip
    found.sort(key=lambda keys: (-len(keys), keys))
    return tuple(_group(number, keys, tasks) for number, keys in enumerate(found, 1))


def _group(number: int, keys: Sequence[str], tasks: Mapping[str, TaskView]) -> Group:
    members = [tasks[key] for key in keys]
    titles = Counter(task.title for task in members if task.title)
    name = titles.most_common(1)[0][0] if titles else members[0].text[:24]
    topics = Counter(topic for task in members for topic in task.topics)
    return Group(
        f"g{number}", name, tuple(topic for topic, n in topics.most_common() if 2 * n > len(members)),
        tuple(keys), tuple(task.party for task in members),
    )  # fmt: skip


def _leads(tasks: Sequence[TaskView]) -> tuple[Lead, ...]:
    held: dict[tuple[str, str, OwnerRole, str], list[str]] = defaultdict(list)
    for task in tasks:
        for role, name in dict.fromkeys(task.owners):
            for topic in task.topics or ("",):
                held[topic, task.party, role, name].append(task.key)
    return tuple(Lead(*key, tuple(found)) for key, found in held.items())


def _calendar(seen: Views) -> tuple[Due, ...]:
    found = []
    for key, record in seen.records:
        text = Text.of(key, record)
        party = next(party for party in seen.parties if party.key == key)
        for task in record.tasks:
            if f"{key}/{task.id}" in seen.tasks:
                found += [
                    Due(key, f"{key}/{task.id}", *_when(time, party), time.kind == "recurring", text.words(time.span))
                    for time in task.times
                    if time.kind != "standing"
                ]
    return tuple(found)


def _when(time: Time, party: Party) -> tuple[int | None, tuple[int, ...], str | None]:
    """Year, months and day of a time; a recurring one's months are those that its rule names, else all."""
    if time.kind == "recurring":
        parts = dict(part.split("=", 1) for part in (time.rrule or "").split(";") if "=" in part)
        months = tuple(int(m) for m in parts.get("BYMONTH", "").split(",") if m.isdigit())
        step = int(parts.get("INTERVAL", "1")) if parts.get("FREQ") == "MONTHLY" else 1
        # A step of three months ends with a quarter.
        months = months or tuple(range(step, 13, step) if step <= 12 else ())
        if parts.get("FREQ") == "YEARLY" and "BYMONTH" not in parts:
            months = ()
        return (party.years[0] if party.years else None), months, None
    if time.end is None and time.start is None:
        return None, (), None
    end = date.fromisoformat(time.end or time.start or "")
    start = date.fromisoformat(time.start) if time.start else end
    if start.year != end.year:
        start = date(end.year, 1, 1)
    months = tuple(range(start.month, end.month + 1)) if time.kind == "period" else (end.month,)
    return end.year, months, end.isoformat()


def _notes(parties: Sequence[Party], cautions: int, population: Mapping[str, float] | None) -> tuple[str, ...]:
    notes = [
        Told(
            "只比较所提供的文件；文件中未写的，不等于没有做。",
            "Only the notices supplied are compared; what they don't say may be done all the same.",
        )
    ]
    if cautions:
        notes.append(
            told(
                "{n}对文件不宜直接比较，原因见“比较对象”；涉及的数值并列而不排名。",
                "{n} pairs of notices are not to be compared directly (不宜直接比较), for the reasons given under "
                "“What is compared”; their values stand side by side without a rank.",
                n=cautions,
            )
        )
    unknown = [party.city for party in parties if party.region is None]
    if unknown:
        notes.append(told("看不出地区：{names}。", "No region can be told of: {names}.", names=joined(unknown)))
    guessed = [f"{party.supplied[0]}（{party.city}）" for party in parties if party.region_inferred and party.supplied]
    if guessed:
        notes.append(
            told(
                "文件没有写明地区，按全文提到最多的地名推断：{names}。",
                "The region isn't written; it is inferred from the place that the whole text speaks of most: {names}.",
                names=joined(guessed),
            )
        )
    missing = [party.city for party in parties if population is not None and party.region not in population]
    if missing:
        notes.append(
            told(
                "人口表中没有：{names}；这些地方不折算每万人。",
                "Not in the table of populations: {names}; nothing is reckoned per 10,000 people for them.",
                names=joined(dict.fromkeys(missing)),
            )
        )
    return tuple(notes)
