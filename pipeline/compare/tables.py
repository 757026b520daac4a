"""Quotas beside quotas: one table a measure, nature and base, with rank and spread among comparable ones only."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.compare.labels import NOT_COMPARABLE
from pipeline.compare.parties import class_of
from pipeline.compare.types import Party, QuotaRow, QuotaTable, QuotaView
from schemas.labels import Comparator

_DIRECTIONS = {">=": "least", ">": "least", "=": "least", "~": "least", "<=": "most", "<": "most"}
#: What is said beside a rank where exact values, bounds and rough ones stand in one order.
_MARKS: Mapping[Comparator, str] = {
    "=": "定值", ">=": "下限", ">": "下限", "<=": "上限", "<": "上限", "~": "约数", "between": "区间",
}  # fmt: skip
_PERIODS = {
    "year": "每年", "month": "每月", "week": "每周", "day": "每日", "quarter": "每季度", "half_year": "每半年",
    "two_months": "每两月", "event": "每次",
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


def base_name(base: str) -> str:
    """A base in Chinese: 篇、每年、每中队."""
    unit, per, denominator, each, stock = [*base.split("|"), "", "", "", ""][:5]
    parts = [unit or "无单位", _PERIODS.get(per, ""), denominator]
    parts.append(f"每{each.removeprefix('each:')}" if each else "")
    parts.append("累计总数" if stock else "")
    return "、".join(part for part in parts if part)


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
        converted=f"{quota.words.text}，按人口{people:.0f}人折算",
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
    marks = {quota.key: _MARKS[quota.comparator] for quota in ranked if mixed}
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
        return f"以“{quota.relative}”表述，没有数值"
    if first[quota.party].key != quota.key:
        return "同一文件中另有一处"
    if class_of(parties[quota.party]) != common:
        return f"{NOT_COMPARABLE}：层级、机关、文种或年度不同"
    if quota.comparator == "between":
        return "是一个区间"
    if _DIRECTIONS.get(quota.comparator, "") != direction:
        return "上限与下限不可同列"
    return ""
