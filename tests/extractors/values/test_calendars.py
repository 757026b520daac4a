from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.lexicons import load_list, load_rules
from extractors.values import calendars

# From the State Council's notices on public holidays and the observatories' calendars.
FESTIVALS = [
    ("春节", "2020-01-25"), ("元宵节", "2020-02-08"), ("清明节", "2020-04-04"),
    ("端午节", "2020-06-25"), ("中秋节", "2020-10-01"), ("重阳节", "2020-10-25"), ("除夕", "2020-01-24"),
    ("春节", "2021-02-12"), ("元宵节", "2021-02-26"), ("清明节", "2021-04-04"),
    ("端午节", "2021-06-14"), ("中秋节", "2021-09-21"), ("重阳节", "2021-10-14"), ("除夕", "2021-02-11"),
    ("春节", "2023-01-22"), ("清明节", "2023-04-05"), ("端午节", "2023-06-22"),
    ("中秋节", "2023-09-29"), ("重阳节", "2023-10-23"),
    ("春节", "2024-02-10"), ("清明节", "2024-04-04"), ("端午节", "2024-06-10"),
    ("中秋节", "2024-09-17"), ("重阳节", "2024-10-11"), ("中国农民丰收节", "2024-09-22"),
    ("春节", "2025-01-29"), ("清明节", "2025-04-04"), ("端午节", "2025-05-31"),
    ("中秋节", "2025-10-06"), ("重阳节", "2025-10-29"), ("母亲节", "2025-05-11"), ("全国助残日", "2025-05-18"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "day"), FESTIVALS)
def test_festivals(name: str, day: str) -> None:
    expected = date.fromisoformat(day)
    assert calendars.festival(name, expected.year) == expected


def test_every_listed_festival_has_a_day_and_its_words_are_found() -> None:
    names = calendars.festival_names()
    rules = [rule for rule in load_rules("times").rules if rule.id in ("time.festival", "time.spoken_festival")]
    for row in load_list("festivals"):
        assert calendars.festival(row["name"], 2021) is not None
        for word in row["words"].split("|"):
            assert names[word] == row["name"]
            if not word[0].isdecimal() and word != "十一":
                matches = [match for rule in rules if (match := rule.pattern.match(word))]
                assert word in [match["festival"] for match in matches], word


def test_unknown_festivals_and_days_that_change() -> None:
    assert calendars.festival("没有的节", 2021) is None
    assert calendars.fixed_day("国庆节") == (10, 1)
    assert calendars.fixed_day("春节") is None


def test_stretches() -> None:
    assert calendars.month(2020, 2) == (date(2020, 2, 1), date(2020, 2, 29))
    assert calendars.quarter(2021, 4) == (date(2021, 10, 1), date(2021, 12, 31))
    assert calendars.half(2021, 1) == (date(2021, 1, 1), date(2021, 6, 30))
    assert calendars.ten_days(2021, 2, "下旬") == (date(2021, 2, 21), date(2021, 2, 28))
    assert calendars.five_year_plan(14) == (date(2021, 1, 1), date(2025, 12, 31))
    assert calendars.shift_months(date(2021, 1, 31), 1) == date(2021, 2, 28)
    with pytest.raises(ValueError):
        calendars.day(2021, 2, 30)


@given(st.integers(1950, 2090))
def test_lunar_festivals_keep_their_season(year: int) -> None:
    spring, autumn = calendars.festival("春节", year), calendars.festival("中秋节", year)
    assert spring is not None and date(year, 1, 20) <= spring <= date(year, 2, 22)
    assert autumn is not None and date(year, 9, 6) <= autumn <= date(year, 10, 9)
    assert calendars.festival("清明节", year) in (date(year, 4, 4), date(year, 4, 5), date(year, 4, 6))
