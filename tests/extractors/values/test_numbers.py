"""Numbers in all their spellings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.values.numbers import find_numbers, has_number, normalise, parse_number

SPECS = json.loads((Path(__file__).parents[2] / "specs" / "numbers.json").read_text(encoding="utf-8"))
DIGITS = "零一二三四五六七八九"


def in_words(number: int) -> str:
    """A whole number below 10¹² in Chinese numerals, the plain way."""
    if number == 0:
        return "零"
    for scale, name in ((100_000_000, "亿"), (10_000, "万"), (1_000, "千"), (100, "百"), (10, "十")):
        if number >= scale:
            head, rest = divmod(number, scale)
            gap = "零" if rest and rest < scale // 10 else ""
            return in_words(head) + name + (gap + in_words(rest) if rest else "")
    return DIGITS[number]


@pytest.mark.parametrize(("text", "value"), SPECS["values"])
def test_value(text: str, value: float) -> None:
    assert parse_number(text) == pytest.approx(value)


@pytest.mark.parametrize("text", SPECS["none"])
def test_no_single_number(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(("text", "found"), SPECS["finds"])
def test_found(text: str, found: list[str]) -> None:
    assert [number.text for number in find_numbers(text)] == found


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_chinese_numerals_come_back(number: int) -> None:
    assert parse_number(in_words(number)) == number


@given(st.integers(min_value=0, max_value=10**11))
def test_arabic_numbers_come_back(number: int) -> None:
    assert parse_number(str(number)) == parse_number(f"{number:,}") == number


@given(st.text(alphabet="0123456789０９零一二两十百千万亿余多分之成%‰./,-点 个年月日第以上", max_size=30))
def test_never_fails_and_quotes_to_the_letter(text: str) -> None:
    end = 0
    for number in find_numbers(text):
        assert text[number.start : number.end] == number.text and number.start >= end
        end = number.end
    assert len(normalise(text)) == len(text)
    assert has_number(text) or not find_numbers(text)
