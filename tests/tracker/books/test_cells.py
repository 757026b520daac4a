from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tracker.cells import CellError, is_tick, read_date, read_figure, read_names, read_progress
from pipeline.tracker.types import PROGRESS_LABELS

AROUND = date(2021, 4, 12)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2021.3.5", date(2021, 3, 5)), ("2021-03-05", date(2021, 3, 5)), ("2021/3/5", date(2021, 3, 5)),
        ("２０２１年３月５日", date(2021, 3, 5)), ("3月5日", date(2021, 3, 5)), ("3.5", date(2021, 3, 5)),
        ("21.3.5", date(2021, 3, 5)), ("20210305", date(2021, 3, 5)), (44260.0, date(2021, 3, 5)),
        ("12月30日", date(2020, 12, 30)), ("3月底", date(2021, 3, 31)), ("2021年2月底", date(2021, 2, 28)),
        ("3月5日前", date(2021, 3, 5)), (date(2021, 3, 5), date(2021, 3, 5)), ("/", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_dates(cell, day):
    assert read_date(cell, AROUND) == day


@pytest.mark.parametrize("cell", ["√", "已办结", "2021.4.31", "2月30日", "下周", "13月5日", "3月5日至8日"])
def test_what_is_no_day(cell):
    with pytest.raises(CellError):
        read_date(cell, AROUND)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_written_day_is_read_back(day):
    for text in (day.isoformat(), f"{day.year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日"):
        assert read_date(text, AROUND) == day


@given(st.integers(-150, 150))
def test_a_day_without_its_year_is_the_nearest(days):
    day = AROUND + timedelta(days)
    assert read_date(f"{day.month}月{day.day}日", AROUND) == day


@pytest.mark.parametrize(
    ("cell", "unit", "figure"),
    [
        ("12篇", "篇", 12), ("12 篇", "篇", 12), (12.0, "篇", 12), ("十二篇", "篇", 12), ("1,200", None, 1200),
        ("85%", "%", 85), ("已完成12篇", "篇", 12), ("共3次", "次", 3), ("1.5", "公里", 1.5), ("3万", "元", 30000),
        ("—", "篇", None), ("无", None, None), ("0", "篇", 0),
    ],
)  # fmt: skip
def test_figures(cell, unit, figure):
    assert read_figure(cell, unit) == figure


@pytest.mark.parametrize("cell", ["√", "12次", "3+4", "约10多篇", "已完成", "5/12", date(2021, 3, 5)])
def test_what_is_no_figure(cell):
    with pytest.raises(CellError):
        read_figure(cell, "篇")


@pytest.mark.parametrize(
    ("cell", "code"),
    [("达序时", "on_schedule"), ("滞后", "behind"), ("已办结", "done"), ("√", "done"), ("超前", "ahead"), ("/", None)],
)
def test_progress(cell, code):
    assert read_progress(cell, PROGRESS_LABELS) == code


def test_progress_in_other_words_is_asked_about():
    with pytest.raises(CellError, match="请选"):
        read_progress("差不多了", PROGRESS_LABELS)


def test_names_and_ticks():
    assert read_names("市容科、环卫处；执法大队\n办公室") == ["市容科", "环卫处", "执法大队", "办公室"]
    assert read_names("牵头单位：市容科") == ["市容科"]
    assert is_tick("√") and not is_tick("√已报")
