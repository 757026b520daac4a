"""Times and counts written out as dated occurrences; cases in ``tests/specs/occurrences.json``."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.tracker.occurrences import Draft, expand, next_due, times_of
from pipeline.tracker.recurrence import RuleError, parse, stretches
from pipeline.tracker.refresh import refresh
from pipeline.tracker.types import Occurrence
from schemas.record import Quota, Time

CASES = json.loads((Path(__file__).parents[1] / "specs" / "occurrences.json").read_text(encoding="utf-8"))


def span(at: list[int]) -> dict[str, int]:
    return dict(zip(("block", "start", "end", "row", "column"), at, strict=False))


def time(number: int, fields: dict[str, Any]) -> Time:
    more = {"confidence": 1, "rule": "case", "span": span(fields.get("at", [number, 0, 9]))}
    return Time.model_validate({key: value for key, value in fields.items() if key != "at"} | more)


def quota(number: int, fields: dict[str, Any]) -> Quota:
    more = {"confidence": 1, "rule": "case", "span": span(fields.get("at", [100 + number, 0, 20]))}
    given = {"kind": "count", "comparator": "="} | {key: value for key, value in fields.items() if key != "at"}
    return Quota.model_validate(given | more)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def expanded(case: dict[str, Any]) -> list[Draft]:
    start, end = case.get("plan", (None, None))
    return expand(
        [time(n, each) for n, each in enumerate(case.get("times", ()))],
        [quota(n, each) for n, each in enumerate(case.get("quotas", ()))],
        day(start), day(end), day(case.get("issued")), day(case.get("assigned")),
    )  # fmt: skip


def series_of(drafts: list[Draft]) -> list[list[Draft]]:
    return [[one for one in drafts if one.series == number] for number in sorted({one.series for one in drafts})]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_expands(case: dict[str, Any]) -> None:
    found = series_of(expanded(case))
    assert [row[0].series for row in found] == list(range(len(case["series"])))
    for row, wanted in zip(found, case["series"], strict=True):
        assert len(row) == wanted["count"]
        assert sum(one.before_issue for one in row) == wanted.get("before", sum(one.before_issue for one in row))
        assert row[0].target == wanted.get("target", row[0].target)
        for place, name in ((0, "first"), (1, "second"), (-1, "last")):
            if name in wanted:
                assert [row[place].period, row[place].due.isoformat()] == wanted[name]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_period_stands_once_in_its_series(case: dict[str, Any]) -> None:
    drafts = expanded(case)
    keys = [(one.series, one.period) for one in drafts]
    assert len(keys) == len(set(keys))
    assert all(len(one.period) <= 12 for one in drafts)
    assert all(one.start is None or one.start <= one.due for one in drafts)


@given(
    st.sampled_from([
        "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=2", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=2", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=DAILY;INTERVAL=10", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=YEARLY",
        "FREQ=MONTHLY;INTERVAL=5",
    ]),
    st.dates(date(2015, 1, 1), date(2030, 1, 1)),
    st.integers(0, 1200),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_stretches_lie_within_their_bounds_in_order(rule: str, first: date, days: int) -> None:
    last = first + timedelta(days=days)
    found = stretches(rule, first, last)
    assert all(first <= one.due <= last for one in found)
    assert found == sorted(found, key=lambda one: (one.due, one.start))
    assert len({one.period for one in found}) == len(found)


@given(st.integers(2000, 2100))
@settings(max_examples=60, deadline=None)
def test_a_year_has_twelve_months_and_as_many_weeks_as_the_calendar(year: int) -> None:
    bounds = date(year, 1, 1), date(year, 12, 31)
    assert len(stretches("FREQ=MONTHLY", *bounds)) == 12
    assert len(stretches("FREQ=WEEKLY", *bounds)) == date(year, 12, 28).isocalendar().week


@pytest.mark.parametrize("rule", ["", "MONTHLY", "FREQ=MONTHLY;INTERVAL=0", "FREQ=HOURLY", "FREQ=MONTHLY;BYMONTHDAY=x"])
def test_a_rule_that_is_none(rule: str) -> None:
    with pytest.raises(RuleError):
        parse(rule)
        stretches(rule, date(2021, 1, 1), date(2021, 12, 31))


def test_an_item_of_no_notice_has_times_by_its_fields() -> None:
    assert [one.period for one in expand(times_of(due=date(2021, 5, 1)), [])] == ["2021-05-01"]
    monthly = times_of(rrule="FREQ=MONTHLY;BYMONTHDAY=5", start=date(2021, 1, 1), end=date(2021, 6, 30))
    assert len(expand(monthly, [])) == 6
    assert times_of() == []


def test_the_next_date_is_the_earliest_open_one_after_the_issue() -> None:
    drafts = expanded(CASES[0])
    assert next_due(drafts) == date(2021, 4, 2)
    assert next_due(drafts, date(2021, 4, 3)) == date(2021, 5, 2)
    assert next_due([]) is None


def stored(drafts: list[Draft]) -> list[Occurrence]:
    return [
        Occurrence(
            number, 1, one.period, one.due, one.start, None, one.before_issue, one.target, one.comparator, None,
            one.unit, one.subject, series=one.series,
        )
        for number, one in enumerate(drafts)
    ]  # fmt: skip


def test_a_reissue_changes_nothing_where_it_says_the_same() -> None:
    drafts = expanded(CASES[1])
    plan = refresh(stored(drafts), drafts)
    assert plan.add == plan.update == plan.drop == plan.keep == ()


def test_a_reissue_keeps_what_was_done() -> None:
    old = stored(expanded(CASES[1]))
    old[4] = Occurrence(**{**vars(old[4]), "actual": 4, "status": "done"})
    changed = {**CASES[1], "plan": ["2021-07-01", "2021-12-31"]}
    changed["quotas"] = [{**changed["quotas"][0], "value": 6}]
    plan = refresh(old, expanded(changed))
    assert [one.period for one in plan.keep] == ["2021-05"]
    assert {one.period for one in plan.drop} == {"2021-01", "2021-02", "2021-03", "2021-04", "2021-06"}
    assert {(one.period, draft.target) for one, draft in plan.update} == {(f"2021-{m:02}", 6) for m in range(7, 13)}


def test_a_reissue_leaves_the_date_and_figure_of_what_was_done() -> None:
    old = stored(expanded(CASES[1]))
    old[7] = Occurrence(**{**vars(old[7]), "actual": 4, "status": "done"})
    changed = {**CASES[1], "quotas": [{**CASES[1]["quotas"][0], "value": 6}]}
    plan = refresh(old, expanded(changed))
    assert "2021-08" not in {one.period for one, _ in plan.update}
    assert len(plan.update) == 11 and plan.add == plan.drop == plan.keep == ()


def test_a_series_keeps_its_number_when_another_comes_before_it() -> None:
    old = stored(expanded(CASES[1]))
    more = {**CASES[1], "times": [{"text": "4月底前", "kind": "deadline", "due": True, "end": "2021-04-30"}]}
    plan = refresh(old, expanded(more))
    assert plan.update == plan.drop == plan.keep == ()
    assert [(one.series, one.period) for one in plan.add] == [(1, "2021-04-30")]
