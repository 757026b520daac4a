"""Cases of public suites, where they are at hand beside the repository.

Their conventions are their own. What the adapter states:

- A percentage's number is wanted as ``number`` without its sign (百分之五十五 is 55): shares count in points.
- 个百分点 is a unit here and part of the number there. Shares of other bases than 百, 千, 万 (五百分之2.2, 三分之二) are
  percentages here, and no percentages there.
- 壹拾壹元壹角 is a number there, an amount of money here.
- A number without a comparator (一个) is no range there; here it is a quantity that equals it, so it is left out.
- 五百以上 is exclusive there and inclusive here, so a range's ends are compared, not whether they are open.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from extractors.values.numbers import find_numbers, normalise
from extractors.values.quantities import QuantityMatch, find_quantities

SUITE = Path(__file__).parents[4] / "shared" / "eval" / "values" / "numbers.jsonl"
KINDS = {
    "percent": 0.99, "number": 0.97, "ordinal": 0.99, "numeral": 0.99, "currency": 0.99, "dimension": 0.99,
    "numrange": 0.99,
}  # fmt: skip
_OTHER_BASE = re.compile(r"(?![百千万][ 　]*分).+分[ 　]*之")
Found = list[tuple[int, int, Any]]


def cases(kind: str) -> list[dict[str, Any]]:
    if not SUITE.exists():
        pytest.skip("the public suites are not beside this repository")
    lines = SUITE.read_text(encoding="utf-8").splitlines()
    return [case for case in map(json.loads, lines) if case["kind"] == kind]


def found(case: dict[str, Any]) -> Found:
    text, kind = case["input"], case["kind"]
    if kind == "numeral" and (money := [m for m in find_quantities(text) if m.quantity.unit == "元"]):
        return [(*m.core, m.quantity.value) for m in money]
    if kind in ("number", "ordinal", "numeral"):
        return [(n.start, n.end, n.value) for n in find_numbers(text)]
    if kind == "percent":
        shares = [
            (n.start, n.end, n.value)
            for n in find_numbers(text)
            if n.unit in ("%", "‰", "‱") and not _OTHER_BASE.match(normalise(n.text))
        ]
        shares = [(start, end, _in_hundredths(text[start:end], value)) for start, end, value in shares]
        points = [m for m in find_quantities(text) if m.quantity.unit in ("个百分点", "百分点")]
        return sorted(shares + [(*m.core, m.quantity.value) for m in points])
    matches = find_quantities(text)
    if kind == "numrange":
        return [(m.start, m.end, _bounds(m)) for m in matches if m.comparator or m.quantity.comparator != "="]
    return [(*m.core, m.quantity.value) for m in matches]


def _in_hundredths(text: str, value: float) -> float:
    if "千" in text.partition("分")[0] or "仟" in text.partition("分")[0]:
        return value / 10
    return value / 100 if text.startswith("万") else value


def _bounds(match: QuantityMatch) -> tuple[float | None, float | None]:
    value, top, sign = match.quantity.value, match.quantity.value_max, match.quantity.comparator
    if sign == "between":
        return value, top
    return (value, None) if sign in (">", ">=") else (None, value) if sign in ("<", "<=") else (value, value)


def passes(case: dict[str, Any]) -> bool:
    got, wanted = found(case), case["values"]
    if len(got) != len(wanted):
        return False
    for (start, end, value), want in zip(got, wanted, strict=True):
        shared = min(end, want["end"]) - max(start, want["start"])
        if shared * 2 < max(end - start, want["end"] - want["start"]):
            return False
        if "range" in want:
            if value != tuple(want["range"][:2]):
                return False
        elif value != pytest.approx(want["value"]):
            return False
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_share_of_the_public_cases(kind: str) -> None:
    all_cases = cases(kind)
    good = [case["id"] for case in all_cases if passes(case)]
    assert len(good) >= KINDS[kind] * len(all_cases), [c["id"] for c in all_cases if c["id"] not in good]


def test_share_of_all_public_cases() -> None:
    every = [case for kind in KINDS for case in cases(kind)]
    assert sum(map(passes, every)) >= 0.98 * len(every)
