"""Decisions in bulk: as proposed, and what becomes of them when others decided otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.tracker.deciding import Decision, decide, proposed
from pipeline.tracker.ledger import Ledger
from pipeline.tracker.types import LedgerError, Query, Unit, UnitSet

DAY = date(2024, 3, 1)
STATIONS = ("城北水利站", "城南水利站")


@pytest.fixture
def pair(open_ledger: Callable[..., Ledger]) -> tuple[Ledger, int, int]:
    """Two items that say the same: one names nobody, the other 各水利站, which are two."""
    ledger = open_ledger()
    ledger.set_units([Unit(name) for name in STATIONS])
    ledger.set_unit_sets([UnitSet("各水利站", STATIONS)])
    doers = [{"name": "各水利站", "role": "responsible", "type": "collective", "unit": None}]
    one = ledger.add({"title": "清理河面漂浮物", "due": "2024-05-31"}, "meeting")
    other = ledger.add({"title": "清理河面的漂浮物", "due": "2024-05-31", "parties": doers}, "meeting")
    return ledger, one, other


def decided(*decisions: Decision) -> dict[int, list[Decision]]:
    return {each.item: [each] for each in decisions}


def test_an_item_takes_over_the_units_of_what_is_merged_and_is_then_divided(pair: tuple[Ledger, int, int]) -> None:
    ledger, one, other = pair
    made = decide(ledger, decided(Decision(one, "filed"), Decision(other, "merged", into=one)), assigned_on=DAY)
    assert (made.filed, made.merged, made.divided, made.parts, made.problems) == ([one], [other], [one], 2, [])
    assert str(made) == "立项 1 项，并入 1 项，其中 1 项拆成 2 项"
    assert [(part.unit, part.status) for part in ledger.item(one).parts] == [(name, "working") for name in STATIONS]
    assert ledger.item(other).item.reason == "并入 2024-0001"
    ledger.undo()
    assert {item.filing for item in ledger.items(Query(DAY, filing=(), ids=(one, other)))} == {"pending"}


def test_parts_go_with_their_parent(pair: tuple[Ledger, int, int]) -> None:
    ledger, one, other = pair
    decide(ledger, decided(Decision(other, "filed")))
    parts = [part.id for part in ledger.item(other).parts]

    def filings() -> set[str]:
        return {item.filing for item in ledger.items(Query(DAY, filing=(), ids=tuple(parts)))}

    assert len(parts) == 2 and filings() == {"filed"}
    ledger.reopen(other)
    assert filings() == {"pending"}
    ledger.archive(other, "不办")
    assert filings() == {"archived"} and ledger.count(Query(DAY, filing=("pending",))) == 1
    ledger.reopen(other)
    # They are filed again with it, and it isn't divided anew.
    made = decide(ledger, decided(Decision(other, "filed")))
    assert made.parts == 0 and filings() == {"filed"} and len(ledger.item(other).parts) == 2
    ledger.undo()
    ledger.merge(other, one)
    assert filings() == {"archived"}


def test_parts_that_wait_are_filed_once(pair: tuple[Ledger, int, int]) -> None:
    ledger, one, _ = pair
    first, second = ledger.split(one, [{"title": "清理上游"}, {"title": "清理下游"}])
    made = decide(ledger, decided(Decision(second, "archived", reason="不办"), Decision(first, "filed"),
                                  Decision(one, "filed")))  # fmt: skip
    assert made.filed == [one] and made.problems == []
    found = {item.id: item.filing for item in ledger.items(Query(DAY, filing=(), ids=(one, first, second)))}
    assert found == {one: "filed", first: "filed", second: "archived"}


def test_a_set_without_definition_is_told_once(pair: tuple[Ledger, int, int]) -> None:
    ledger, one, other = pair
    ledger.set_unit_sets([])
    for number in (one, other):
        ledger.set(number, "responsible", "各水利站")
    made = decide(ledger, decided(Decision(one, "filed"), Decision(other, "filed")))
    (problem,) = made.problems
    assert "“各水利站”" in problem and problem.endswith(f"（事项 {one}、{other}）")
    assert made.parts == 0 and ledger.count(Query(DAY)) == 2


def test_nothing_is_merged_into_what_nobody_follows_up(pair: tuple[Ledger, int, int]) -> None:
    ledger, one, other = pair
    ledger.archive(one, "不办")
    with pytest.raises(LedgerError, match="它仅存档"):
        decide(ledger, decided(Decision(other, "merged", into=one)))
    assert ledger.item(other).item.filing == "pending"
    ledger.reopen(one)
    ledger.merge(other, one)
    made = decide(ledger, decided(Decision(one, "archived", reason="不办")))
    assert made.problems == [f"事项 {one} 仅存档，并入它的事项 {other}也就没有跟踪"]


def test_what_somebody_else_decided_meanwhile_stays(pair: tuple[Ledger, int, int]) -> None:
    ledger, one, other = pair
    ledger.archive(one, "不办")
    made = decide(ledger, decided(Decision(one, "filed"), Decision(other, "filed")))
    assert made.filed == [other] and made.problems == [f"事项 {one}已经有人决定，没有改动"]


def test_proposals_follow_what_was_decided_on_their_targets(ledger: Ledger, find: Callable[[str], int]) -> None:
    night, patrol, report = find("夜间巡查"), find("日常巡查"), find("按时报送")
    with ledger.batch():
        session = ledger._session
        assert session is not None
        from pipeline.tracker.models import Item

        row = session.get_one(Item, night)
        row.proposal, row.merged_into = "merged", patrol

    def proposal() -> tuple[list[Decision], list[str]]:
        return proposed(ledger, ledger.items(Query(DAY, filing=(), ids=(night,))))

    assert proposal() == ([Decision(night, "merged", into=patrol)], [])
    ledger.merge(patrol, report)
    assert proposal() == ([Decision(night, "merged", into=report)], [])
    ledger.reopen(patrol)
    ledger.archive(patrol, "不办")
    assert proposal() == ([], [f"事项 {night} 建议并入的 {patrol} 没有立项，请另行决定"])
