"""Quantities: comparator, number, unit and period."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.lexicons import load_list, load_rules
from extractors.values.quantities import find_quantities, parse_quantity

CASES: list[tuple[str, Any, Any, Any, Any, Any, Any]] = [
    ("不少于4篇/月", ">=", 4, None, "篇", "month", "count"),
    ("至少2次/月", ">=", 2, None, "次", "month", "count"),
    ("每半年开展一次", "=", 1, None, "次", "half_year", "count"),
    ("每两个月安排1次", "=", 1, None, "次", "two_months", "count"),
    ("全年6次以上", ">=", 6, None, "次", "year", "count"),
    ("年均志愿服务时长不低于25小时", ">=", 25, None, "小时", "year", "duration"),
    ("1300吨/日", "=", 1300, None, "吨", "day", "amount"),
    ("180余万元", "~", 1800000, None, "元", None, "amount"),
    ("低于1‰", "<", 1, None, "‰", None, "ratio"),
    ("扣1分", "=", -1, None, "分", None, "score"),
    ("加2分/次", "=", 2, None, "分", "event", "score"),
    ("少1篇，扣0.5分", "=", -0.5, None, "分", "event", "score"),
    ("5分封顶", "<=", 5, None, "分", None, "score"),
    ("每周1到6条", "between", 1, 6, "条", "week", "count"),
    ("3—5家", "between", 3, 5, "家", None, "count"),
    ("100-200万元", "between", 1000000, 2000000, "元", None, "amount"),
    ("5-10%", "between", 5, 10, "%", None, "ratio"),
    ("全国前十", "<=", 10, None, None, None, "rank"),
    ("零差错", "=", 0, None, "差错", None, "count"),
    ("翻一番", "=", 2, None, "倍", None, "ratio"),
    ("翻两番", "=", 4, None, "倍", None, "ratio"),
    ("10家左右", "~", 10, None, "家", None, "count"),
    ("近100家", "~", 100, None, "家", None, "count"),
    ("大于100并且小于300", "between", 100, 300, None, None, "count"),
    ("介于10和20之间", "between", 10, 20, None, None, "count"),
    ("处于3至5之间", "between", 3, 5, None, None, "count"),
    ("介于10%和20%之间", "between", 10, 20, "%", None, "ratio"),
    ("少于30并多于20", "between", 20, 30, None, None, "count"),
    ("低于30%而高于10%", "between", 10, 30, "%", None, "ratio"),
    ("不超过30篇且不少于20篇", "between", 20, 30, "篇", None, "count"),
    ("不少于5人且不超过8人", "between", 5, 8, "人", None, "count"),
    ("比170低", "<", 170, None, None, None, "count"),
    ("三十或者以上", ">=", 30, None, None, None, "count"),
    ("五元三毛", "=", 5.3, None, "元", None, "amount"),
    ("3元5角2分", "=", 3.52, None, "元", None, "amount"),
    ("介于5%与10%之间", "between", 5, 10, "%", None, "ratio"),
    ("控制在5%以内", "<=", 5, None, "%", None, "ratio"),
    ("控制在10天左右", "~", 10, None, "天", None, "duration"),
    ("3个工作日内", "<=", 3, None, "个工作日", None, "duration"),
    ("突破5亿", ">", 500000000, None, None, None, "count"),
    ("≥95%", ">=", 95, None, "%", None, "ratio"),
    ("＞30%", ">", 30, None, "%", None, "ratio"),
    ("单个企业最高300万元", "<=", 3000000, None, "元", "event", "amount"),
    ("每人每年不少于40学时", ">=", 40, None, "学时", "year", "duration"),
    ("1/季", "=", 1, None, None, "quarter", "count"),
    ("三分之二以上", ">=", 66.666667, None, "%", None, "ratio"),
    ("九成以上", ">=", 90, None, "%", None, "ratio"),
    ("20公里", "=", 20, None, "公里", None, "length"),
    ("12", "=", 12, None, None, None, "count"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_parse(case: tuple[Any, ...]) -> None:
    text, *fields = case
    quantity = parse_quantity(text)
    assert quantity is not None
    assert [
        quantity.comparator, quantity.value, quantity.value_max, quantity.unit, quantity.per, quantity.kind,
    ] == fields  # fmt: skip


@pytest.mark.parametrize("text", ["", "统一部署", "2021年", "第3次", "3月5日", "各部门", "3家和5家", "8:30"])
def test_no_single_quantity(text: str) -> None:
    assert parse_quantity(text) is None


def test_a_list_shares_its_comparator() -> None:
    found = find_quantities("分别最高50万元、100万元，满意率达到80%、90%以上")
    assert [m.quantity.comparator for m in found] == ["<=", "<=", ">=", ">="]


@pytest.mark.parametrize("row", load_list("units"), ids=lambda row: row["unit"])
def test_every_unit_is_read(row: dict[str, str]) -> None:
    quantity = parse_quantity(f"不少于5{row['unit']}")
    assert quantity is not None
    assert (quantity.unit, quantity.kind, quantity.value) == (row["unit"], row["kind"], 5)


@pytest.mark.parametrize("table", ["before", "after", "period"])
def test_every_row_of_words_compiles_and_is_closed(table: str) -> None:
    import re

    for row in load_rules("quotas").tables[table]:
        assert not re.compile(row["pattern"]).groups


@given(st.text(alphabet="01259一两三十百万不少于超过至每月年周次篇家个元分扣加%/，。、以上内-到最高", max_size=40))
def test_stretches_lie_in_the_text(text: str) -> None:
    for match in find_quantities(text):
        assert 0 <= match.start <= match.core[0] < match.core[1] <= match.end <= len(text)
