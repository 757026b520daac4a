"""Numbers of persons: hidden, length kept, put back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export.mask import is_identity, mask, mask_number, mask_record, unmask

CASES = json.loads((Path(__file__).parents[2] / "specs" / "mask.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"] or "empty")
def test_cases(case):
    assert mask(case["text"]) == case["masked"]


@given(st.text(alphabet="电话手机：0123456789-（）() 、，X元", max_size=60))
def test_masking_keeps_the_length_and_what_is_masked_stays(text):
    once = mask(text)
    assert len(once) == len(text)
    assert all(new in (old, "*") for old, new in zip(text, once, strict=True))


@given(st.text(alphabet="电话：0123456789-、 ", max_size=40))
def test_what_was_hidden_comes_back(text):
    assert unmask(mask(text), text) == text


def test_words_around_a_hidden_number_may_change():
    assert unmask("请拨138****5678联系", "电话13812345678") == "请拨13812345678联系"
    with pytest.raises(ValueError, match="隐去"):
        unmask("电话139****5678", "电话13812345678")


def test_numbers_known_as_phones_are_hidden_whatever_their_form():
    assert mask_number("87199060") == "871***60"
    assert mask_number("12345") == "12345"


def test_records_keep_ids_and_numbers():
    masked = mask_record({
        "sha256": "13812345678", "notice": {"contacts": [{"kind": "phone", "value": "87199060"}]}, "value": 13812345678,
        "blocks": [{"text": "电话13812345678"}],
    })  # fmt: skip
    assert masked == {
        "sha256": "13812345678", "notice": {"contacts": [{"kind": "phone", "value": "871***60"}]}, "value": 13812345678,
        "blocks": [{"text": "电话138****5678"}],
    }  # fmt: skip


@pytest.mark.parametrize(("number", "good"), [
    ("11010519491231002X", True), ("110105194912310021", False), ("110105194913310021", False),
    ("110105491231002", True), ("110105491331002", False),
])  # fmt: skip
def test_identity_numbers(number, good):
    assert is_identity(number) is good
