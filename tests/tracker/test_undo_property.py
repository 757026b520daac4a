"""Whatever is done to items, taking it back step by step gives what was before, step by step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from pipeline.tracker.types import LedgerError, Query

TODAY = date(2024, 3, 1)
ALL = Query(today=TODAY, filing=())

DEEDS = {
    "file": lambda ledger, item: ledger.file(item),
    "confirm": lambda ledger, item: ledger.confirm([item, item + 1]),
    "archive": lambda ledger, item: ledger.archive(item, "不办"),
    "merge": lambda ledger, item: ledger.merge(item, item + 1),
    "reopen": lambda ledger, item: ledger.reopen(item),
    "split": lambda ledger, item: ledger.split(item, [{"unit": "甲"}, {"unit": "乙", "title": "另"}]),
    "assign": lambda ledger, item: ledger.assign(item, date(2024, 4, 20)),
    "lead": lambda ledger, item: ledger.set(item, "lead", "办公室、人事科"),
    "leader": lambda ledger, item: ledger.set(item, "leader", "陈局长"),
    "due": lambda ledger, item: ledger.set(item, "due", "2024-09-30"),
    "undue": lambda ledger, item: ledger.set(item, "due", None),
    "rrule": lambda ledger, item: ledger.set(item, "rrule", "FREQ=MONTHLY;BYMONTHDAY=9"),
    "note": lambda ledger, item: ledger.note(item, progress="好", actual=3),
    "report": lambda ledger, item: ledger.report(item, progress="好", actual=2),
    "accept": lambda ledger, item: ledger.accept(item),
    "return": lambda ledger, item: ledger.return_(item, "重来"),
    "close": lambda ledger, item: ledger.close(item, "办了"),
    "stop": lambda ledger, item: ledger.stop(item, "停"),
    "extend": lambda ledger, item: ledger.extend(item, date(2025, 3, 1), "忙", "王局长"),
    "status": lambda ledger, item: ledger.set(item, "status", "unassigned"),
}


def seen(ledger):
    """What people see, without the counters and the numbers that stay; what was made and taken back aside."""
    found = {}
    for item in ledger.items(ALL):
        if item.reason == "新增已撤销":
            continue
        detail = ledger.item(item.id)
        plain = replace(detail.item, revision=0, updated_at="", number=None)
        occurrences = sorted(detail.occurrences, key=lambda one: (one.series, one.period))
        found[item.id] = plain, occurrences, detail.notes, detail.extensions
    return found


#: Shrinking a walk through a store takes minutes and tells little more.
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@settings(
    max_examples=25, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip
@example(deeds=[("file", 16), ("split", 16), ("assign", 16)])
@example(deeds=[("split", 16), ("file", 16), ("assign", 16), ("report", 16)])
@example(deeds=[("file", 16), ("split", 16), ("due", 16), ("split", 16), ("assign", 16), ("lead", 16)])
@given(deeds=st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.sampled_from([2, 7, 16, 27])), max_size=7))
def test_undo_goes_back_over_the_same_ground(ledger, deeds):
    before = []
    for name, item in deeds:
        state = seen(ledger)
        try:
            DEEDS[name](ledger, min(item, 26) if name in ("confirm", "merge") else item)
        except LedgerError:
            assert seen(ledger) == state
            continue
        if seen(ledger) != state:
            before.append(state)
    for state in reversed(before):
        ledger.undo()
        assert seen(ledger) == state
