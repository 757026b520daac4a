from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.fields.times import find_times
from extractors.lexicons import Rule, load_rules
from extractors.passage import Context, Passage
from extractors.values.dates import plain, scan
from extractors.values.timevalue import Frame
from schemas.document import Span
from schemas.record import Time

SPEC = json.loads((Path(__file__).parents[2] / "specs" / "times.json").read_text(encoding="utf-8"))
ISSUED = date(2021, 3, 23)
RULES = load_rules("times").rules


def passage(text: str) -> Passage:
    return Passage(text, Span(block=3, start=10, end=10 + len(text)))


def shown(time_: Time) -> str:
    """A time as the specs write it."""
    if time_.rrule:
        return time_.rrule
    if time_.kind == "standing" or (time_.start is None and time_.end is None):
        return time_.kind
    return f"{time_.start or '..'}/{time_.end or '..'}"


@pytest.mark.parametrize("case", SPEC["cases"], ids=lambda case: case["text"][:20])
def test_passages(case: dict[str, Any]) -> None:
    heads = (passage(case["head"]),) if "head" in case else ()
    context = Context(year=2021, issue_date=ISSUED, role=case.get("role"), heads=heads)
    found = find_times(passage(case["text"]), context)
    assert [[one.text, shown(one)] for one in found] == case["times"]


def found_by(rule: Rule, text: str) -> list[tuple[str, str, str]]:
    """Words, rule and value of what is found in a rule's own surroundings."""
    scope = rule.data.get("scope", ["prose"])
    if "prose" in scope or "cell" in scope:
        context = Context(year=2021, issue_date=ISSUED, role=None if "prose" in scope else "time")
        return [(one.text, one.rule, shown(one)) for one in find_times(passage(text), context)]
    seen, result = plain(text), []
    for one in scan(seen, Frame(2021, ISSUED), ("prose", "relative")):
        for value in one.values:
            dates = f"{value.start or '..'}/{value.end or '..'}"
            result.append((seen.text[one.start : one.end], one.rule.id, value.rrule or dates))
    return result


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rules_find_their_examples(rule: Rule) -> None:
    assert len(rule.examples) >= 6
    assert len(rule.counter_examples) >= 3
    for example in rule.examples:
        found = found_by(rule, example["text"])
        if not example["find"]:
            assert found == [], example
            continue
        words = "".join(example["find"].split())
        assert (words, rule.id, example["is"]) in found, (example, found)
    for text in rule.counter_examples:
        assert not [one for one in found_by(rule, text) if one[1] == rule.id], text


def test_spans_quote_to_the_letter() -> None:
    text = "请于 3月\n31日前 报送，每季\n\n一期。"
    for one in find_times(passage(text), Context(year=2021)):
        assert "".join(text[one.span.start - 10 : one.span.end - 10].split()) == one.text


def test_a_two_year_plan_takes_its_first_year() -> None:
    context = Context(year=2021, plan_start=date(2021, 1, 1), plan_end=date(2022, 12, 31))
    assert [shown(one) for one in find_times(passage("全年不少于6次，3月启动"), context)] == [
        "2021-01-01/2021-12-31", "2021-03-01/2021-03-31",
    ]  # fmt: skip


def test_without_a_year_nothing_is_made_up() -> None:
    (one,) = find_times(passage("11月底前完成"), Context())
    assert (one.kind, one.due, one.start, one.end) == ("deadline", True, None, None)


@given(
    st.text(
        st.sampled_from(
            "0123456789一二三十年月日底前每季度周至到、，。“”《》上下半旬初末自起 \n全定期常态化春节内报送"
        ),
        max_size=60,
    )
)
def test_no_text_breaks_it(text: str) -> None:
    for role in (None, "time"):
        for one in find_times(passage(text), Context(year=2021, issue_date=ISSUED, role=role)):
            assert "".join(text[one.span.start - 10 : one.span.end - 10].split()) == one.text


def test_a_long_text_is_read_fast() -> None:
    sentence = "各科室要按照职责分工，认真抓好城市环境综合整治，每月2日前报送进展，11月底前完成，确保取得实效。"
    text = sentence * (25_000 // len(sentence))
    find_times(passage(text[:200]), Context(year=2021))
    started = time.process_time()
    find_times(passage(text), Context(year=2021))
    assert time.process_time() - started < 6
