from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pipeline.columns import width, wrap


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("督办通知", 4, ["督办", "通知"]),
        ("督办，通知", 4, ["督", "办，", "通知"]),
        ("督办（通知）", 6, ["督办", "（通", "知）"]),
        ("关于2024年的", 6, ["关于", "2024年", "的"]),
        ("a bc def", 4, ["a bc", "def"]),
        ("abcdefgh", 4, ["abcd", "efgh"]),
        ("", 4, [""]),
    ],
)
def test_wrapping(text: str, columns: int, lines: list[str]) -> None:
    assert wrap(text, columns) == lines


@given(st.text(st.sampled_from("督办，。（）a1 -")), st.integers(2, 30))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert all(width(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text(st.sampled_from("督办通知abc,，《》—“”1２　")))
def test_width_is_what_rich_counts(text: str) -> None:
    assert width(text) == cell_len(text)
