"""From a draft to a task: its owners, times and quotas, each pointing at its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from extractors.fields.drafts import Cell, Draft
from extractors.fields.owners import find_owners, owners_in_heading, resolve
from extractors.fields.quotas import find_quotas
from extractors.fields.submissions import of_passages
from extractors.fields.times import find_times
from extractors.passage import Context
from extractors.structure.plans import year_span
from schemas.document import Span
from schemas.labels import Inherited
from schemas.record import Owner, Quota, Submission, Time

T = TypeVar("T", Owner, Time, Quota)
_QUOTA_ROLES = ("quota", "score", "content", "requirement", "title", "note", "other", "time")
_TEXT_ROLES = ("content", "requirement", "title", "quota", "score", "note")


@dataclass(frozen=True)
class Findings:
    """What a task's words say: owners and times each once, quotas in reading order."""

    owners: list[Owner]
    times: list[Time]
    quotas: list[Quota]
    submissions: list[Submission]


def find_fields(draft: Draft, context: Context) -> Findings:
    """Owners, times and quotas of a draft, from its own words, its row's cells and a bracket that it shares."""
    plan_year = context.year_span
    context = _for_draft(draft, context)
    owners: list[Owner] = []
    times: list[Time] = []
    quotas: list[Quota] = []
    own = replace(context, role=draft.text_role, heads=draft.text_heads) if draft.table else context
    for passage in draft.passages:
        # The column that gives a row its text is read as prose: its subject acts, its numbers count.
        prose = replace(own, role=None, heads=draft.text_heads) if draft.table else own
        owners.extend(find_owners(passage, prose))
        found = find_times(passage, prose)
        times.extend(found)
        quotas.extend(_not_times(find_quotas(passage, own), found))
    if draft.title_passage is not None:
        if not draft.table:
            owners.extend(owners_in_heading(draft.title_passage, context))
        # 定期分析研判 as a heading only names the work; a date in it binds.
        times.extend(time for time in find_times(draft.title_passage, context) if time.start or time.end)
        quotas.extend(find_quotas(draft.title_passage, replace(context, role="title" if draft.table else None)))
    for cell in draft.cells:
        _from_cell(cell, context, owners, times, quotas)
    for passage in draft.shared:
        owners.extend(_inherit(find_owners(passage, context), "bracket"))
    beside = [cell.passage for cell in draft.cells if cell.role in _TEXT_ROLES and not cell.inherited]
    return Findings(
        resolve(_distinct_owners(owners), context.issuers),
        _distinct_times(_from_heading(times, context, plan_year)),
        _distinct_quotas(quotas),
        of_passages([*draft.passages, *beside]),
    )


def _for_draft(draft: Draft, context: Context) -> Context:
    """The context of one draft: a year in its headings rules the plan's."""
    year, words = context.year, context.year_span
    for heading in draft.headings:
        span = year_span(heading.text)
        if span is not None:
            year, words = span[0].year, heading.span
    return replace(context, year=year, year_span=words, task_kind=draft.kind, task_title=draft.title)


def _from_heading(times: Iterable[Time], context: Context, plan_year: Span | None) -> list[Time]:
    """Times whose year stands in the item's own heading say so."""
    if context.year_span == plan_year:
        return list(times)
    return [
        time.model_copy(update={"inherited": "heading"}) if time.inherited == "inferred" else time for time in times
    ]


def _not_times(quotas: Iterable[Quota], times: Sequence[Time]) -> list[Quota]:
    """The quotas without the durations that are a deadline's own words (自印发之日起15个工作日内)."""
    return [
        quota
        for quota in quotas
        if quota.kind != "duration"
        or not any(time.span.start <= quota.span.start and quota.span.end <= time.span.end for time in times)
    ]


def _from_cell(cell: Cell, context: Context, owners: list[Owner], times: list[Time], quotas: list[Quota]) -> None:
    here = replace(context, role=cell.role, heads=cell.heads)
    if cell.role.startswith("owner."):
        owners.extend(_inherit(find_owners(cell.passage, here), cell.inherited))
        return
    if cell.role == "time" or not cell.inherited:
        times.extend(_inherit(find_times(cell.passage, here), cell.inherited))
    if cell.role in _TEXT_ROLES and not cell.inherited:
        owners.extend(find_owners(cell.passage, replace(here, role=None)))
    if cell.role in _QUOTA_ROLES:
        quotas.extend(_inherit(find_quotas(cell.passage, here), cell.inherited))


def _inherit(values: Iterable[T], how: Inherited | None) -> list[T]:
    return [value.model_copy(update={"inherited": how}) for value in values] if how else list(values)


def _distinct_owners(owners: Sequence[Owner]) -> list[Owner]:
    seen: dict[tuple[str, str], Owner] = {}
    for owner in owners:
        seen.setdefault((owner.name, owner.role), owner)
    return list(seen.values())


def _distinct_times(times: Sequence[Time]) -> list[Time]:
    """Equal times of one task count once; the first in reading order stays."""
    seen: dict[object, Time] = {}
    for time in times:
        value = (time.start, time.end, time.rrule)
        seen.setdefault(value if any(value) else "".join(time.text.split()), time)
    return list(seen.values())


def _distinct_quotas(quotas: Sequence[Quota]) -> list[Quota]:
    seen: dict[tuple[object, ...], Quota] = {}
    for quota in quotas:
        span = quota.span
        seen.setdefault((span.block, span.row, span.column, span.start, span.end, quota.comparator, quota.value), quota)
    return list(seen.values())
