"""The words around a number: units, comparators, periods; compiled once from the lexicons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from extractors.lexicons import load_list, load_rules
from extractors.values.numbers import NUMERAL
from schemas.labels import Comparator, Period, QuotaKind

#: Units that need their check on the following character after Arabic numbers too.
_STRICT = ("duration", "score", "length")


@dataclass(frozen=True)
class UnitMatch:
    """A unit and where it ends; ``more`` where 余, 多 stand before it."""

    unit: str
    kind: QuotaKind
    start: int
    end: int
    more: bool


@dataclass(frozen=True)
class Compared:
    """A comparator's words. One before its number may stand ``gap`` characters away; a weak one yields to one after."""

    sign: Comparator
    start: int
    end: int
    gap: int = 0
    weak: bool = False


@dataclass(frozen=True)
class PeriodMatch:
    """Words that say how often; ``per`` is None where the record has no name for the period (每两周)."""

    per: Period | None
    start: int
    end: int
    known: bool = True


@cache
def _units() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, QuotaKind]]:
    rows = sorted(load_list("units"), key=lambda row: -len(row["unit"]))
    kinds = {row["unit"]: cast(QuotaKind, row["kind"]) for row in rows}

    def pattern(strict: bool) -> re.Pattern[str]:
        words = []
        for row in rows:
            word = r"\s*".join(map(re.escape, row["unit"])) if len(row["unit"]) < 5 else re.escape(row["unit"])
            word += "(?![A-Za-z0-9])" if row["unit"][-1].isascii() and row["unit"][-1].isalpha() else ""
            guarded = row["not_before"] and (strict or row["kind"] in _STRICT)
            words.append(word + (f"(?![{row['not_before']}])" if guarded else ""))
        return re.compile(rf"\s*(?P<more>[余多]\s*)?(?P<unit>{'|'.join(words)})(?P<tail>[余多](?=[，。；、）)\s]|$))?")

    return pattern(False), pattern(True), kinds


def match_unit(text: str, at: int, *, chinese: bool = False) -> UnitMatch | None:
    """The unit that stands in normalised text right after a number which ends at ``at``; the longest wins.

    After a Chinese numeral the unit must not run on into a word (三部 in 三部门, 一名 in 一名单).
    """
    loose, strict, kinds = _units()
    match = (strict if chinese else loose).match(text, at)
    if match is None:
        return None
    unit = re.sub(r"\s", "", match["unit"])
    if match["unit"] != unit and "\n" in match["unit"]:
        return None
    return UnitMatch(unit, kinds[unit], match.start("unit"), match.end("unit"), bool(match["more"] or match["tail"]))


@cache
def kind_of(unit: str | None) -> QuotaKind:
    """What kind of quota a unit makes; ``count`` for none and for units that the list does not hold."""
    return "count" if unit is None else _units()[2].get(unit, "count")


@cache
def _comparators(table: str) -> tuple[re.Pattern[str], tuple[Mapping[str, Any], ...]]:
    """One pattern that finds any comparator of a table (groups c0, c1, …), and the rows."""
    rows = tuple(load_rules("quotas").tables[table])
    return re.compile("|".join(f"(?P<c{index}>{row['pattern']})" for index, row in enumerate(rows))), rows


def find_befores(text: str, start: int, end: int) -> Iterator[Compared]:
    """The comparators between two places, in order: 不少于, 最高, 控制在."""
    pattern, rows = _comparators("before")
    for match in pattern.finditer(text, start, end):
        row = rows[int((match.lastgroup or "c0")[1:])]
        yield Compared(cast(Comparator, row["sign"]), match.start(), match.end(), row["gap"], row.get("weak", False))


def match_after(text: str, at: int) -> Compared | None:
    """The comparator that stands at a place: 以上, 以内, 左右."""
    pattern, rows = _comparators("after")
    begin = at + len(text[at : at + 4]) - len(text[at : at + 4].lstrip())
    match = pattern.match(text, begin)
    if match is None:
        return None
    return Compared(cast(Comparator, rows[int((match.lastgroup or "c0")[1:])]["sign"]), match.start(), match.end())


@cache
def _periods() -> tuple[re.Pattern[str], tuple[str, ...]]:
    rows = load_rules("quotas").tables["period"]
    words = [f"(?P<p{index}>{row['pattern']})" for index, row in enumerate(rows)]
    return re.compile("|".join(words)), tuple(row["per"] for row in rows)


def find_periods(text: str) -> list[PeriodMatch]:
    """Every 每月, 全年, 单个企业, … of normalised text, in order."""
    pattern, names = _periods()
    found = []
    for match in pattern.finditer(text):
        name = names[int((match.lastgroup or "p0")[1:])]
        per = None if name == "none" else cast(Period, name)
        found.append(PeriodMatch(per, match.start(), match.end(), name != "none"))
    return found


_SLASH = re.compile(
    r"\s*[/／]\s*(?:每)?(?:(?P<half_year>半年|学期)|(?P<quarter>季度?)|(?P<two_months>[两2]个?月)|(?P<month>个?月)|(?P<year>学年|年)"
    r"|(?P<week>周|星期)|(?P<day>日|天)|(?P<event>[次人户家篇条件项处例场期班亩吨个台套座辆只株棵名位村镇]"
    r"|平方米|立方米|公里|千米|千瓦时|千瓦|学时|课时|车次|人次|小时|分钟|单))"
)


def match_slash(text: str, at: int) -> PeriodMatch | None:
    """``/月`` or ``/次`` that stands at ``at``."""
    match = _SLASH.match(text, at)
    return PeriodMatch(cast(Period, match.lastgroup), match.start(), match.end()) if match else None


@cache
def counted_each() -> re.Pattern[str]:
    """A counted thing whose every one is scored: 少1篇，扣0.5分; ends right before the words of the score."""
    units = sorted((unit for unit, kind in _units()[2].items() if kind != "score"), key=len, reverse=True)
    unit = "|".join(map(re.escape, units))
    lack = (
        "每有?|[少缺漏错迟超有]|不足|未[^，。；]{0,6}?|发现|出现|发生|查出|逾期|延迟|推迟"
        "|增加|减少|提高|降低|下降|上升|新增"
    )
    return re.compile(
        rf"(?:每[^，,。；;、\d]{{0,12}}?|(?P<lack>{lack})[^，,。；;、\d]{{0,4}}?|(?<=[，,。；;：:\s（(一-龥])(?<!第)|^)"
        rf"(?P<count>{NUMERAL})\s*(?:{unit})(?:[^，,。；;、\d]{{0,14}}?)(?P<comma>[，,]?)\s*(?:的|者)?(?:各|再|另|酌情|一次性)?\s*$"
    )
