"""Quotas beside quotas: one table a measure, nature and base, with rank and spread among comparable ones only."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.compare.labels import BOUNDS, NOT_COMPARABLE
from pipeline.compare.parties import class_of
from pipeline.compare.told import Told, joined, told
from pipeline.compare.types import Party, QuotaRow, QuotaTable, QuotaView

_DIRECTIONS = {">=": "least", ">": "least", "=": "least", "~": "least", "<=": "most", "<": "most"}
_PERIODS: Mapping[str, Told] = {
    "year": Told("每年", "a year"), "month": Told("每月", "a month"), "week": Told("每周", "a week"),
    "day": Told("每日", "a day"), "quarter": Told("每季度", "a quarter"), "half_year": Told("每半年", "half a year"),
    "two_months": Told("每两月", "two months"), "event": Told("每次", "each time"),
}  # fmt: skip
#: What is done or written isn't shared out over people.
_ACTS = frozenset({"次", "期", "场", "场次", "篇", "条", "份", "届"})
#: A population is counted in units of so many people.
_PEOPLE = 10_000


def tables_of(
    quotas: Iterable[QuotaView], parties: Sequence[Party], population: Mapping[str, float] | None = None
) -> tuple[QuotaTable, ...]:
    """The tables of all quotas, those that most notices have first.

    Args:
        population: people by region code; where it is given, totals of things stand per 10,000 people too.
    """
    known = {party.key: party for party in parties}
    grouped: dict[tuple[str, str, str], list[QuotaView]] = defaultdict(list)
    for quota in quotas:
        if quota.measure and quota.nature != "penalty":
            grouped[quota.measure, quota.nature, quota.base].append(quota)
            shared = _per_people(quota, known[quota.party], population or {})
            if shared is not None:
                grouped[quota.measure, quota.nature, shared.base].append(shared)
    same: dict[str, list[str]] = defaultdict(list)
    keys = {group: f"m{number}" for number, group in enumerate(sorted(grouped), 1)}
    for (measure, _, _), key in keys.items():
        same[measure].append(key)
    tables = [
        _table(keys[group], found, known, tuple(key for key in same[group[0]] if key != keys[group]))
        for group, found in grouped.items()
    ]
    return tuple(sorted(tables, key=lambda one: (-len({row.quota.party for row in one.rows}), one.measure, one.key)))


def base_name(base: str) -> Told:
    """A base in Chinese: 篇、每年、每中队."""
    unit, per, denominator, each, stock = [*base.split("|"), "", "", "", ""][:5]
    parts: list[str] = [unit or Told("无单位", "no unit"), _PERIODS.get(per, ""), denominator]
    who = each.removeprefix("each:")
    parts.append(Told(f"每{who}", f"each {who}") if who else "")
    parts.append(Told("累计总数", "in all") if stock else "")
    return joined(part for part in parts if part)


def _per_people(quota: QuotaView, party: Party, population: Mapping[str, float]) -> QuotaView | None:
    people = population.get(party.region or "")
    total = quota.kind in ("count", "amount", "length") and quota.value is not None and not quota.denominator
    if not people or not total or quota.unit in _ACTS or quota.per == "event" or "each:" in quota.base:
        return None
    share = _PEOPLE / people
    return replace(
        quota,
        key=f"{quota.key}/p",
        value=(quota.value or 0.0) * share,
        value_max=None if quota.value_max is None else quota.value_max * share,
        denominator="每万人",
        base="|".join((quota.base.split("|")[0], quota.per or "", "每万人", "", *quota.base.split("|")[4:])),
        converted=told(
            "{words}，按人口{people:.0f}人折算",
            "{words}, by a population of {people:.0f}",
            words=quota.words.text,
            people=people,
        ),
    )


def _table(key: str, quotas: Sequence[QuotaView], parties: Mapping[str, Party], others: tuple[str, ...]) -> QuotaTable:
    first: dict[str, QuotaView] = {}
    for quota in quotas:
        held = first.get(quota.party)
        if held is None or (held.value is None and quota.value is not None):
            first[quota.party] = quota
    numbers = [quota for quota in first.values() if quota.value is not None]
    classes = Counter(class_of(parties[quota.party]) for quota in numbers)
    common = classes.most_common(1)[0][0] if classes else ()
    directions = Counter(_DIRECTIONS.get(quota.comparator, "") for quota in numbers)
    direction = directions.most_common(1)[0][0] if directions else ""
    ranked: list[QuotaView] = []
    reasons: dict[str, str] = {}
    for quota in quotas:
        why = _why_not(quota, first, parties, common, direction)
        if why:
            reasons[quota.key] = why
        else:
            ranked.append(quota)
    values = sorted((quota.value for quota in ranked if quota.value is not None), reverse=True)
    mixed = len({quota.comparator for quota in ranked}) > 1
    marks = {quota.key: BOUNDS[quota.comparator] for quota in ranked if mixed}
    rows = [
        QuotaRow(quota, _rank(quota, values) if quota in ranked else None, (reasons | marks).get(quota.key, ""))
        for quota in quotas
    ]
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.quota.value is None, parties[row.quota.party].key))
    sample = quotas[0]
    return QuotaTable(
        key=key, measure=sample.measure, name=sample.name, nature=sample.nature, base=sample.base,
        base_name=base_name(sample.base), rows=tuple(rows),
        low=values[-1] if len(values) > 1 else None, high=values[0] if len(values) > 1 else None,
        middle=statistics.median(values) if len(values) > 1 else None,
        missing=tuple(party for party in parties if party not in first), others=others,
    )  # fmt: skip


def _rank(quota: QuotaView, values: Sequence[float]) -> int | None:
    """A value's place among the highest; equal ones share it. None where it stands alone."""
    return values.index(quota.value) + 1 if len(values) > 1 and quota.value is not None else None


def _why_not(
    quota: QuotaView, first: Mapping[str, QuotaView], parties: Mapping[str, Party], common: tuple[str, ...],
    direction: str,
) -> str:  # fmt: skip
    """Why a quota takes no part in the ranking; empty where it does."""
    if quota.value is None:
        return told("以“{said}”表述，没有数值", "said as “{said}”, without a number", said=quota.relative)
    if first[quota.party].key != quota.key:
        return Told("同一文件中另有一处", "the same notice has another")
    if class_of(parties[quota.party]) != common:
        return told(
            "{words}：层级、机关、文种或年度不同",
            "{words}: level, agency, kind or period differs",
            words=NOT_COMPARABLE,
        )
    if quota.comparator == "between":
        return Told("是一个区间", "a range")
    if _DIRECTIONS.get(quota.comparator, "") != direction:
        return Told("上限与下限不可同列", "upper and lower bounds have no common order")
    return ""
