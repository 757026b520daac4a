"""Quantities: a number with its unit, comparator and period, found in a text and converted.

Pure functions over text; whether a quantity is a quota is decided where the document is known.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from extractors.lexicons import load_rules
from extractors.values import quantity_words as words
from extractors.values.numbers import find_numbers, has_number, normalise, parse_number
from extractors.values.quantity_cores import GIVEN, TAKEN, absorb, between, clause_start, find_cores, scored_each
from extractors.values.quantity_lists import bound, carry, share
from extractors.values.quantity_types import Core, Quantity, QuantityMatch
from schemas.labels import Comparator, Period

__all__ = ["Quantity", "QuantityMatch", "find_quantities", "parse_quantity"]

_GROWS = re.compile(r"增长|增幅|增速|提高|提升|下降|降低|递增|递减|压减|减少|增加")
_MORE_OR_LESS = re.compile(
    r"\s*(?:要|还)?(?:(?P<more>[高大多长重])|[低短轻]|[小少](?![时组学区型年儿数]))(?![，,。；;\s]{0,2}[0-9])"
)
#: What a share is taken of: 超过在职人数的30%, 低于最低工资标准80%.
_BASE = re.compile(r"(?:的|额|数|量|标准|收入|成本|工资|总|投资)$")


def parse_quantity(text: str) -> Quantity | None:
    """The quantity that a text states, if it states exactly one: 不少于4篇/月 → >= 4 篇 month.

    A bare number is a count without a unit. Returns None where there is no quantity or more than one.
    """
    matches = find_quantities(text)
    if len(matches) == 1:
        return matches[0].quantity
    if not matches:
        value = parse_number(text)
        if value is not None:
            return Quantity("=", value, None, None, None, "count")
    return None


def find_quantities(text: str) -> list[QuantityMatch]:
    """Every quantity of a text in order: numbers with a unit, a comparator or a /period, ranks, zeros and doublings."""
    if not has_number(text):
        return []
    plain = normalise(text)
    special = _special(plain)
    periods = words.find_periods(plain)
    blocked = [(one.start, one.end) for one in periods] + [match.core for match in special]
    matches = list(special)
    floor = 0
    for core in absorb(plain, find_cores(plain, find_numbers(plain), blocked)):
        match = _surround(plain, core, floor, periods)
        if match is not None:
            matches.append(match)
        floor = core.end
    matches = bound(plain, sorted(matches, key=lambda match: match.core))
    return carry(plain, share(plain, matches))


def _special(plain: str) -> list[QuantityMatch]:
    found: list[QuantityMatch] = []
    for rule in load_rules("quotas").rules:
        if rule.data["use"] != "find":
            continue
        for match in rule.pattern.finditer(plain):
            quantity = _convert_special(rule.id, match)
            if quantity is not None and not any(match.start() < one.end and one.start < match.end() for one in found):
                span = (match.start(), match.end())
                unit_at = match.span("unit") if match["unit"] else None
                found.append(QuantityMatch(*span, quantity, span, span, None, unit_at, rule=rule.id))
    return found


def _convert_special(rule: str, match: re.Match[str]) -> Quantity | None:
    groups = match.groupdict()
    if rule == "quota.rank":
        value = parse_number(groups["value"])
        return Quantity("<=", value, None, groups["unit"], None, "rank") if value else None
    if rule == "quota.zero":
        return Quantity("=", 0, None, groups["unit"], None, "count")
    times = parse_number(groups["times"])
    if times is None:
        return None
    value = 2**times if groups["unit"] == "番" else times
    sign: Comparator = ">=" if match[0].endswith("以上") else "~" if match[0].endswith("左右") else "="
    return Quantity(sign, value, None, "倍", None, "ratio")


def _surround(plain: str, core: Core, floor: int, periods: list[words.PeriodMatch]) -> QuantityMatch | None:
    clause = clause_start(plain, core.start)
    before, after = _before(plain, core, max(clause, floor)), _after(plain, core)
    slash = words.match_slash(plain, after.end if after else core.end)
    comparator, at = _compared(core, before, after)
    than = _than(plain, core) if at is None and core.value_max is None else None
    if than is not None:
        comparator, at = than
    spelt = plain[core.start : core.end]
    bare = core.chinese and not (len(spelt) > 1 and after and re.search("[十百千万亿]", spelt))
    around = between(plain, core.start, core.end) if core.unit is None and core.value_max is not None else None
    at, bare = (around, False) if around else (at, bare)
    if core.unit is None and not slash and (at is None or comparator == "~" or bare):
        return None
    start = min(core.start, before.start if before else core.start)
    end = max(core.end, after.end if after else 0, slash.end if slash else 0)
    if (than or around) and at:
        start, end = min(start, at[0]), max(end, at[1])
    value, top = core.value, core.value_max
    per, period = _per(plain, core, clause, floor, periods, slash)
    if core.kind == "score":
        start, factor, event = _scored(plain, core, clause, start)
        value, top = value * factor, None if top is None else top * factor
        per = event or per
    if period and not slash and period[0] >= max(clause, floor):
        start = min(start, period[0])
    quantity = Quantity(comparator, value, top, core.unit, per, core.kind)
    rule = f"quota.{core.kind}" + (".per" if per else ".compared" if at else "")
    where = (core.start, core.end)
    return QuantityMatch(start, end, quantity, where, at, period, core.unit_at, core.chinese, rule=rule)


def _compared(
    core: Core, before: words.Compared | None, after: words.Compared | None
) -> tuple[Comparator, tuple[int, int] | None]:
    """The comparator of a core, and where its words stand."""
    if core.value_max is not None:
        return "between", (before.start, before.end) if before and not before.weak else None
    if before is None or (before.weak and after):  # 控制在…以内: what follows the number wins
        if after:
            return after.sign, (before.start, before.end) if before else (after.start, after.end)
        return ("~", (core.start, core.end)) if core.more else ("=", None)
    if after and (before.sign == "~" or (before.sign == "<=" and after.sign == ">=")):
        return after.sign, (after.start, after.end)
    return before.sign, (before.start, before.end)


def _than(plain: str, core: Core) -> tuple[Comparator, tuple[int, int]] | None:
    """比170低, 比3.5米高: right before and after the number."""
    before = plain[: core.start].rstrip()[-4:]
    match = _MORE_OR_LESS.match(plain, core.end)
    if match is None or not before.endswith("比") or before.endswith(("占比", "同比", "环比", "对比", "率比")):
        return None
    return (">" if match["more"] else "<"), (plain.rindex("比", 0, core.start), match.end())


def _before(plain: str, core: Core, floor: int) -> words.Compared | None:
    """The comparator before a core: the nearest, unless it only goes on with the one before it (最高不超过)."""
    best: words.Compared | None = None
    for one in words.find_befores(plain, floor, core.start):
        gap = plain[one.end : core.start].strip()
        wide = one.sign in "<>" and core.unit == "%" and len(gap) <= 14 and bool(_BASE.search(gap))
        if (len(gap) > one.gap and not wide) or re.search(r"[0-9（）()\n]", gap):
            continue
        if best and best.sign in (">=", "<=") and one.sign == "~":
            continue
        if best and not best.weak and one.sign in "<>" and one.start - best.end <= 6:
            continue
        joined = best is not None and best.sign == one.sign and one.start - best.end <= 2
        best = replace(one, start=best.start) if best and joined else one
    return best


def _after(plain: str, core: Core) -> words.Compared | None:
    after = words.match_after(plain, core.end)
    if after and plain[after.start : after.end].strip() in ("内", "之内") and core.kind not in ("duration", "length"):
        return None
    return after


def _per(
    plain: str, core: Core, clause: int, floor: int, periods: list[words.PeriodMatch], slash: words.PeriodMatch | None
) -> tuple[Period | None, tuple[int, int] | None]:
    """The period of a quantity: what stands after the slash, else its clause's last period, else 每家 and the like."""
    if slash:
        return slash.per, (slash.start, slash.end)
    begin = bisect_left(periods, clause, key=lambda one: one.start)
    stop = bisect_left(periods, core.start, key=lambda one: one.start)
    near = [one for one in periods[begin:stop] if one.end <= core.start]
    if core.kind == "ratio":
        near = [one for one in near if one.per != "event" and _belongs(plain[one.start : core.start], one)]
    timed = [one for one in near if one.per != "event"]
    if timed:
        last = timed[-1]
        return (last.per, (last.start, last.end)) if last.known else (None, (last.start, last.end))
    if not near or not _reaches(plain, near[-1], core, floor):
        return None, None
    return near[-1].per, (near[-1].start, near[-1].end)


def _reaches(plain: str, each: words.PeriodMatch, core: Core, floor: int) -> bool:
    """Whether 每篇 governs a number behind another one: in a list it does (每篇省级2分、市级1分), else not."""
    if plain[each.end : floor].endswith(("%", "‰")):
        return True
    return floor <= each.start or bool(re.match(r"[^，,。；;0-9]{0,20}(?:[、和及与]|以及)", plain[floor : core.start]))


def _belongs(between: str, period: words.PeriodMatch) -> bool:
    """Whether a period governs a percentage: 年均增长5%, not 占全年任务的30%."""
    rest = between[period.end - period.start :]
    return "的" not in rest and "占" not in rest and (bool(_GROWS.search(rest)) or len(rest) <= 6)


def _scored(plain: str, core: Core, clause: int, start: int) -> tuple[int, int, Period | None]:
    """Where a score's stretch starts, its sign, and whether it is given for each of something."""
    taken = TAKEN.search(plain, clause, core.start)
    given = None if taken else GIVEN.search(plain, clause, core.start)
    sign = taken or given
    start = min(start, sign.start()) if sign else start
    trigger = scored_each(plain, core)
    return (min(start, trigger[0]) if trigger else start), (-1 if taken else 1), ("event" if trigger else None)
