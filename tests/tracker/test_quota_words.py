from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.tracker.ledger import Ledger
from pipeline.tracker.quota_words import quotas_of

DAY = date(2024, 3, 1)


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("不少于4篇/月", [(None, ">=", 4, "篇", "month")]),
        (
            "政务信息不少于4篇/月；新媒体2条/周",
            [("政务信息", ">=", 4, "篇", "month"), ("新媒体", "=", 2, "条", "week")],
        ),
        ("取缔摊点不少于30个", [("取缔摊点", ">=", 30, "个", None)]),
        ("整改率达到95%以上", [("整改率", ">=", 95, "%", None)]),
        ("按上级要求", []),
        ("", []),
    ],
)
def test_figures_in_words(words: str, figures: list[tuple[object, ...]]) -> None:
    assert [(q.subject, q.comparator, q.value, q.unit, q.per) for q in quotas_of(words)] == figures


def test_an_added_item_has_its_figures_by_period(open_ledger: Callable[..., Ledger]) -> None:
    ledger = open_ledger()
    number = ledger.add({"title": "报送信息", "quota": "不少于4篇/月", "assigned_on": "2024-02-20"}, "meeting")
    ledger.file(number, date(2024, 2, 20))
    found = ledger.item(number)
    assert [(one.period, one.target) for one in found.occurrences[:2]] == [("2024-02", 4), ("2024-03", 4)]
    assert len(found.occurrences) == 11 and found.item.status == "working"


def test_a_total_is_due_with_its_item(open_ledger: Callable[..., Ledger]) -> None:
    ledger = open_ledger()
    number = ledger.add({"title": "取缔摊点", "quota": "不少于30个", "due": "2024-04-30"}, "phone")
    ledger.file(number, DAY)
    (one,) = ledger.item(number).occurrences
    assert (one.period, one.target, one.unit) == ("2024-04-30", 30, "个")
