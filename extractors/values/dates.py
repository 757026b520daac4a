"""Time expressions: where they stand in a text, and the dates they mean.

The rules are data (``lexicons/times.toml``); each names the conversion, of this module or a neighbour, that reads it.
Nothing here knows the document: unwritten years and days come in a frame.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from extractors.lexicons import Rule, load_rules
from extractors.values import calendars, recurrences, spoken
from extractors.values.calendars import Stretch
from extractors.values.relative import CONVERSIONS as RELATIVE
from extractors.values.timevalue import Frame, TimeValue, number

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


def _stretch(year: int, groups: Groups, n: str = "") -> Stretch:
    """The stretch of one side of an expression; ``n`` is "" or "2". Raises ValueError outside the calendar."""
    month, day = number(groups.get("m" + n)), number(groups.get("d" + n))
    if month is not None and day is not None:
        return calendars.day(year, month, day)
    if month is not None:
        if part := groups.get("xun" + n):
            return calendars.ten_days(year, month, part)
        edge = (groups.get("edge" + n) or "")[-1:]
        if edge in ("初", "始", "中") and edge:
            return calendars.ten_days(year, month, "中旬" if edge == "中" else "上旬")
        return calendars.month(year, month)
    if half := groups.get("h" + n):
        return calendars.half(year, 1 if half[0] in "上前" else 2)
    if not n and (groups.get("edge") or groups.get("edge_alone") or "").endswith(("初", "始")):
        return calendars.month(year, 1)
    return calendars.whole_year(year)


def _modified(stretch: Stretch | None, groups: Groups, inferred: bool, *, day: bool) -> list[TimeValue]:
    """A stretch under what stands before and after it: 到, 底, 前, 前后, 起, 以来. A null stretch gives null dates."""
    edge = (groups.get("edge") or groups.get("edge_alone") or "")[-1:]
    at_end = bool(edge) and edge in "底末终"
    if groups.get("since"):
        return []
    start, end = stretch if stretch else (None, None)
    if groups.get("before"):
        stated = (groups["before"] or "").startswith(("及", "或", "含", "包括"))
        inclusive = day or at_end or stated or bool(groups.get("to") or groups.get("xun"))
        last = end if inclusive or start is None else start - timedelta(days=1)
        if not inclusive and (groups["before"] or "")[-1:] == "止":
            last = end
        return [TimeValue("deadline", True, None, last, None, inferred)]
    if groups.get("around"):
        start, end = calendars.around(stretch) if stretch else (None, None)
        return [TimeValue("period", False, start, end, None, inferred)]
    if opening := groups.get("from"):
        if opening.endswith("后") and opening[0] not in "及或" and end is not None:
            start = end + timedelta(days=1)
        return [TimeValue("period", False, start, None, None, inferred)]
    if at_end or groups.get("to"):
        return [TimeValue("deadline", True, None, end, None, inferred)]
    return [TimeValue("date" if day else "period", False, start, end, None, inferred)]


def span(groups: Groups, frame: Frame) -> Values:
    """A day, ten days, month, half-year or year, or from one to another."""
    year, inferred = frame.resolve(groups.get("y") or groups.get("yd"))
    later = any(groups.get(key) for key in ("y2", "m2", "d2", "h2"))
    if year is None:
        _stretch(2000, groups)
        if later:
            return [TimeValue("period", inferred=True)]
        return _modified(None, groups, True, day=bool(groups.get("d")))
    first = _stretch(year, groups)
    if not later:
        return _modified(first, groups, inferred, day=bool(groups.get("d")))
    words = groups.get("y2")
    year2, _ = (year + 1, True) if words in ("次年", "翌年") else frame.resolve(words) if words else (year, True)
    month = groups.get("m2") or (groups.get("m") if groups.get("d2") else None)
    other = {**groups, "m2": month}
    last = _stretch(year2 or year, other, "2")
    if last[1] < first[0] and not words:
        last = _stretch(year + 1, other, "2")
    if last[1] < first[0]:
        return None
    edge = (groups.get("edge") or "")[-1:]
    start = first[1] if edge and edge in "底末" else first[0]
    return [TimeValue("period", False, start, last[1], None, inferred)]


def day_list(groups: Groups, frame: Frame) -> Values:
    """3月5日、12日 and 6月30日、12月31日前, each a day of its own."""
    year, inferred = frame.resolve(groups.get("y"))
    values: list[TimeValue] = []
    month = groups["m"]
    for word in re.split(r"[、和及与]", groups["ds"] or ""):
        *other, day = word.rstrip("日号").split("月")
        month = other[0] if other else month
        one = {**groups, "m": month, "d": day}
        stretch = _stretch(year or 2000, one)
        values += _modified(stretch if year else None, one, inferred, day=True)
    return values


def month_list(groups: Groups, frame: Frame) -> Values:
    """1、7月, each a month of its own."""
    values: list[TimeValue] = []
    for word in re.split(r"[、,和及与/]", groups["ms"] or ""):
        values += span({**groups, "m": word.rstrip("月份")}, frame) or []
    return values


def quarters(groups: Groups, frame: Frame) -> Values:
    """三季度, 二、四季度 each of its own, 前三季度 and 一至三季度 as one stretch."""
    year, inferred = frame.resolve(groups.get("y"))
    if words := groups.get("qs"):
        pairs = [(number(word), number(word)) for word in re.split(r"[、和及与]", words)]
    elif groups.get("first"):
        pairs = [(1, number(groups["first"]))]
    else:
        first, last = groups.get("q") or groups["q2"], groups.get("q2") or groups["q"]
        pairs = [(number(first), number(last))]
    values: list[TimeValue] = []
    for low, high in pairs:
        if low is None or high is None or low > high:
            return None
        stretch = (calendars.quarter(year, low)[0], calendars.quarter(year, high)[1]) if year else None
        if stretch and (groups.get("edge") or "")[-1:] == "初":
            stretch = calendars.month(stretch[0].year, stretch[0].month)
        values += _modified(stretch, groups, inferred, day=False)
    return values


def halves(groups: Groups, frame: Frame) -> Values:
    """上、下半年: both."""
    return [value for h in "上下" for value in span({**groups, "h": h}, frame) or []]


def to_year_end(groups: Groups, frame: Frame) -> Values:
    """3月至年底."""
    year, inferred = frame.resolve(groups.get("y"))
    start = _stretch(year or 2000, groups)[0]
    if year is None:
        return [TimeValue("period", inferred=True)]
    return [TimeValue("period", False, start, calendars.whole_year(year)[1], None, inferred)]


def this_year(groups: Groups, frame: Frame) -> Values:
    """全年, 本年度, 年内: the year of the plan."""
    year, _ = frame.resolve(None)
    start, end = calendars.whole_year(year) if year else (None, None)
    return [TimeValue("period", False, start, end, None, True)]


def five_year_plan(groups: Groups, frame: Frame) -> Values:
    """“十四五”期间, 到“十四五”末."""
    which = number(groups.get("n") or groups.get("n1"))
    if which is None:
        return None
    start, end = calendars.five_year_plan(which)
    if groups.get("to") or groups.get("before"):
        return [TimeValue("deadline", True, None, end)]
    return [TimeValue("period", False, start, end)]


def from_now(groups: Groups, frame: Frame) -> Values:
    """即日起至12月31日: from the base day."""
    year, _ = frame.resolve(groups.get("y"))
    end = None
    if year and (groups.get("m") or groups.get("edge_alone")):
        end = _stretch(year, groups)[1]
    return [TimeValue("period", False, frame.base, end, None, True)]


def festival(groups: Groups, frame: Frame) -> Values:
    """A festival's day in the frame's year; 前 makes it a deadline, 前后 a fortnight."""
    word = re.sub(r"[·•・.“”\"'‘’]", "", groups["festival"] or "")
    name = calendars.festival_names().get(word)
    if name is None:
        return None
    year, inferred = frame.resolve(groups.get("y"))
    one = calendars.festival(name, year) if year else None
    return _modified((one, one) if one else None, groups, inferred, day=True)


def standing(groups: Groups, frame: Frame) -> Values:
    """常态化, 不定期: no dates."""
    return [TimeValue("standing")]


def due(groups: Groups, frame: Frame) -> Values:
    """当日, 会前, 提前一个月: a deadline that no calendar tells."""
    return [TimeValue("deadline", True)]


def no_day(groups: Groups, frame: Frame) -> Values:
    """2月30日: a day that the calendar lacks is none, nor is its month. Other days are left to their rules."""
    year, inferred = frame.resolve(groups.get("y"))
    month, day = number(groups["m"]) or 0, number(groups["d"]) or 0
    try:
        date(2000 if inferred or year is None else year, month, day)
        if groups.get("m2"):
            date(2000, number(groups["m2"]) or 0, number(groups["d2"]) or 0)
    except ValueError:
        return []
    return None


def nothing(groups: Groups, frame: Frame) -> Values:
    """A stretch that looks like a time and is none."""
    return []


_CONVERSIONS = {
    "none": nothing, "span": span, "day_list": day_list, "month_list": month_list, "quarters": quarters,
    "halves": halves, "to_year_end": to_year_end, "this_year": this_year, "five_year_plan": five_year_plan,
    "from_now": from_now, "festival": festival, "standing": standing, "due": due,
    **recurrences.CONVERSIONS, **RELATIVE, **spoken.CONVERSIONS, "no_day": no_day,
}  # fmt: skip
