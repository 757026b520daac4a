"""Time expressions: where they stand in a text, and the dates they mean.

The rules are data (``lexicons/times.toml``); each names the conversion, of this module or a neighbour, that reads it.
Nothing here knows the document: unwritten years and days come in a frame.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from extractors.lexicons import Rule, load_rules
from extractors.values import recurrences, spoken, stretches
from extractors.values.relative import CONVERSIONS as RELATIVE
from extractors.values.timevalue import Frame, TimeValue

Groups = recurrences.Groups
Values = recurrences.Values

_TRADITIONAL = str.maketrans("後週個點號時這來兩內鐘間過節禮農曆紀", "后周个点号时这来两内钟间过节礼农历纪")
_FORMS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(dash): "-" for dash in "‐‑‒–—―−─━﹣～〜∼~－"
} | {ord("．"): ".", ord("○"): "〇"} | _TRADITIONAL  # fmt: skip
_WRITTEN, _SPOKEN = ("prose", "cell"), frozenset({"relative", "parse"})
_WORD = re.compile(r"\S+")
_TO = re.compile(r"(?:起|开始)?(?:-{1,3}|[到至])")
_SENTENCE = re.compile(r"[^。;!?]+")


@dataclass(frozen=True)
class Found:
    """A time expression: ``text[start:end]`` of a plain text, its rule, and its values.

    1、7月 has several values; a false friend (近两年) has none.
    """

    start: int
    end: int
    rule: Rule
    values: tuple[TimeValue, ...]
    groups: Groups


@dataclass(frozen=True)
class Plain:
    """A text as the rules see it, and where each of its characters stands in the original."""

    text: str
    offsets: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into the original of ``text[start:end]``, which must not be empty."""
        return self.offsets[start], self.offsets[end - 1] + 1


def plain(text: str) -> Plain:
    """A text as the rules want it: no white space but one between two digits, half-width ASCII, every dash a ``-``."""
    kept: list[str] = []
    offsets: list[int] = []
    for match in _WORD.finditer(text):
        if kept and kept[-1][-1].isdecimal() and match[0][0].isdecimal():
            kept.append(" ")
            offsets.append(match.start() - 1)
        kept.append(match[0])
        offsets.extend(range(match.start(), match.end()))
    return Plain("".join(kept).translate(_FORMS), offsets)


@lru_cache(maxsize=16)
def _rules(scopes: frozenset[str]) -> tuple[tuple[Rule, frozenset[str]], ...]:
    """The rules of some scopes, each with the characters one of which a sentence must have.

    Those against a given day come first: with it 5个工作日内 has its date.
    """
    rules = [rule for rule in load_rules("times").rules if scopes.intersection(rule.data.get("scope", _WRITTEN))]
    rules.sort(key=lambda rule: _SPOKEN.isdisjoint(scopes.intersection(rule.data.get("scope", _WRITTEN))))
    return tuple((rule, frozenset(rule.data.get("needs", ""))) for rule in rules)


def scan(text: Plain, frame: Frame, scopes: Collection[str] = ("prose",)) -> list[Found]:
    """Every time expression in a text, left to right, not overlapping; the earliest, then the longest wins.

    Args:
        text: what ``plain`` made of it; offsets of what is found are into it.
        scopes: ``prose``, ``cell`` (of a time column), ``relative`` (words like 明天, against ``frame.base``).
    """
    found: list[tuple[int, int, bool, int, Found]] = []
    rules = _rules(frozenset(scopes))
    for sentence in _SENTENCE.finditer(text.text):
        characters = set(sentence[0])
        for order, (rule, needs) in enumerate(rules):
            if needs and needs.isdisjoint(characters):
                continue
            for match in _matches(rule, text.text, sentence.start(), sentence.end()):
                values = convert(rule, match.groupdict(), frame) if match.end() > match.start() else None
                if values is not None:
                    item = Found(match.start(), match.end(), rule, tuple(values), match.groupdict())
                    found.append((match.start(), -match.end(), not values, order, item))
    taken, result = 0, []
    for start, negative_end, _, _, item in sorted(found, key=lambda one: one[:4]):
        if start >= taken:
            taken = -negative_end
            result.append(item)
    return _joined(text.text, result, frame) if "relative" in scopes else result


def _joined(text: str, found: list[Found], frame: Frame) -> list[Found]:
    """Stretches with 到 between them as one (2014年11月到下个月9号), and a year with its day (2014年, 3月5日)."""
    result: list[Found] = []
    for one in found:
        last = result[-1] if result else None
        both = _join(text, last, one, frame) if last and last.end < one.start else None
        if last and both:
            result[-1] = Found(last.start, one.end, one.rule, (both,), one.groups)
        else:
            result.append(one)
    return result


def _join(text: str, last: Found, one: Found, frame: Frame) -> TimeValue | None:
    if len(last.values) != 1 or len(one.values) != 1:
        return None
    first, second = last.values[0], one.values[0]
    gap = text[last.end : one.start]
    if gap == "," and last.groups.get("y") and last.rule.id.endswith("year") and "y" in one.groups and second.inferred:
        again = convert(one.rule, {**one.groups, "y": last.groups["y"]}, frame)
        return again[0] if again else None
    plain_kinds = first.kind in ("date", "period") and second.kind in ("date", "period")
    if not _TO.fullmatch(gap) or not plain_kinds or first.start is None or second.end is None or first.end is None:
        return None
    if second.end < first.start:
        return None
    return TimeValue("period", False, first.start, second.end, None, first.inferred or second.inferred)


def _matches(rule: Rule, text: str, start: int, end: int) -> list[re.Match[str]]:
    if rule.data.get("whole"):
        match = rule.pattern.fullmatch(text)
        return [match] if match else []
    return list(rule.pattern.finditer(text, start, end))


def parse_times(
    text: str,
    base: date | None = None,
    *,
    year: int | None = None,
    plan_start: date | None = None,
    plan_end: date | None = None,
) -> list[TimeValue]:
    """The values of a text that is one time expression (1、7月 has two); an empty list for anything else."""
    frame = Frame(year if year is not None or base is None else base.year, base, plan_start, plan_end)
    scopes = frozenset({"prose", "cell", "parse", "relative"} if base else {"prose", "cell", "parse"})
    words = plain(text).text
    for rule, _ in _rules(scopes):
        if match := rule.pattern.fullmatch(words):
            values = convert(rule, match.groupdict(), frame)
            if values:
                return values
    found = scan(Plain(words, list(range(len(words)))), frame, scopes) if base else []
    if len(found) == 1 and (found[0].start, found[0].end) == (0, len(words)):
        return list(found[0].values)
    return []


def parse_time(
    text: str,
    base: date | None = None,
    *,
    year: int | None = None,
    plan_start: date | None = None,
    plan_end: date | None = None,
) -> TimeValue | None:
    """What a time expression means: ``11月底前``, ``每季度首月10日前``, ``2021年3月至5月``, ``常态化``.

    Args:
        text: the expression alone.
        base: the day that words like 明天, 下周, 本月底前 count from, and whose year stands for an unwritten one.
        year: the year of dates that name none; else ``plan_start``'s, else ``base``'s.
        plan_start, plan_end: the time of the plan's work.

    Returns:
        The value (the first, where there are several), or None if the text is no time expression.
    """
    return next(iter(parse_times(text, base, year=year, plan_start=plan_start, plan_end=plan_end)), None)


def convert(rule: Rule, groups: Groups, frame: Frame) -> Values:
    """A match's values by its rule's conversion; None where it is no time after all (2月30日)."""
    try:
        return _CONVERSIONS[rule.data["value"]](groups, frame)
    except (ValueError, OverflowError):
        return None


_CONVERSIONS = {**stretches.CONVERSIONS, **recurrences.CONVERSIONS, **RELATIVE, **spoken.CONVERSIONS}
