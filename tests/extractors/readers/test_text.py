"""Characters repaired, lines glued."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.readers.text import clean, glue


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("⼀、⼯作⽬标", "一、工作目标"),
        ("⻓期⻅效⻩⻛", "长期见效黄风"),
        ("⼾外", "户外"),
        ("\uf914園", "樂園"),
        ("１２（一）：ＡＢ　", "１２（一）：ＡＢ　"),
        ("a\u00a0b\u2003c", "a b c"),
        ("零\u200b宽\ufeff软\u00ad连", "零宽软连"),
        ("一\r\n二\r三\u2028四\x0b五", "一\n二\n三\n四\n五"),
        ("制\x07表\t符", "制表\t符"),
        ("③≥50㎡", "③≥50㎡"),
    ],
)
def test_clean(text: str, wanted: str) -> None:
    assert clean(text) == wanted


@given(st.text())
def test_clean_maps_one_to_one_or_drops(text: str) -> None:
    assert "".join(clean(char) for char in text.replace("\r\n", "\n")) == clean(text)
    assert all(len(clean(char)) <= 1 for char in text)
    assert clean(clean(text)) == clean(text)


def test_every_radical_is_repaired() -> None:
    for code in (*range(0x2E81, 0x2E9A), *range(0x2E9B, 0x2EF4), *range(0x2F00, 0x2FD6)):
        assert unicodedata.name(clean(chr(code))).startswith("CJK UNIFIED"), hex(code)


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ("全面提升", "市容环境", "全面提升市容环境"),
        ("整治行动，", "确保实效", "整治行动，确保实效"),
        ("smart city", "plan", "smart city plan"),
        ("first,", "second", "first, second"),
        ("manage-", "ment", "management"),
        ("GB/T-", "2260", "GB/T-2260"),
        ("使用", "APP", "使用APP"),
        ("APP", "上报", "APP上报"),
        ("达到 ", " 95%", "达到95%"),
        ("(see", "(annex)", "(see (annex)"),
        ("", "一", "一"),
        ("一", "", "一"),
    ],
)
def test_glue(first: str, second: str, wanted: str) -> None:
    assert glue(first, second) == wanted
