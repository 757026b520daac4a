"""Quantities: a number with its unit, comparator and period, found in a text and converted.

Pure functions over text; whether a quantity is a quota is decided where the document is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from extractors.lexicons import load_rules
from extractors.values import quantity_words as words
from extractors.values.numbers import NumberMatch, find_numbers, has_number, normalise, parse_number
from schemas.labels import Comparator, Period, QuotaKind


@dataclass(frozen=True)
class Quantity:
    """A converted quantity; the fields are those of a record's quota."""

    comparator: Comparator
    value: float
    value_max: float | None
    unit: str | None
    per: Period | None
    kind: QuotaKind


@dataclass(frozen=True)
class QuantityMatch:
    """A quantity in a text.

    Attributes:
        start, end: the shortest stretch that holds comparator, number, unit and period.
        core: where number and unit stand.
        comparator: where its comparator's words stand; None where ``=`` is only understood.
        period: where the words of its period stand, if they do.
        unit_at: where the unit stands.
        chinese: the number is written in Chinese numerals alone.
        carried: the period stands in an earlier clause of the sentence.
        rule: the rule that found it.
    """

    start: int
    end: int
    quantity: Quantity
    core: tuple[int, int]
    comparator: tuple[int, int] | None = None
    period: tuple[int, int] | None = None
    unit_at: tuple[int, int] | None = None
    chinese: bool = False
    carried: bool = False
    rule: str = "quota.count"


@dataclass
class _Core:
    """A number or range with its unit, before its surroundings are read."""

    start: int
    end: int
    value: float
    value_max: float | None
    unit: str | None
    kind: QuotaKind
    unit_at: tuple[int, int] | None
    more: bool
    chinese: bool


_RANGE = re.compile(r"\s*(?:-{1,2}|—{1,2}|–|―|─|－|~|～|〜|至|到)\s*$")
_BOUNDARY = "，,。；;：:！？!?"
_WORDLIKE = re.compile(r"[A-Za-z0-9._/\-#＃]")
_RATIO = (":", "∶", "：")
_NUMERALS = "零一二三四五六七八九十百千万亿两"
_TAKEN = re.compile(r"(?:倒扣|扣减|扣除|扣|减去|减少|减|罚)(?!分|完)[^，,。；;、\d加得计记]{0,6}$")
_GIVEN = re.compile(r"(?:奖励|奖|加计|加|另加)(?!分|强|快|大)[^，,。；;、\d扣减]{0,4}$")
_GROWS = re.compile(r"增长|增幅|增速|提高|提升|下降|降低|递增|递减|压减|减少|增加")
#: What a share is taken of: 超过在职人数的30%, 低于最低工资标准80%.
_BASE = re.compile(r"(?:的|额|数|量|标准|收入|成本|工资|总|投资)$")
_JOIN = re.compile(r"\s*(?:[、和及与或]|以及|或者)\s*(?:[一-龥]{0,4}?)$")
_PLAIN_JOIN = re.compile(r"\s*(?:[、和及与或]|以及|或者)\s*$")


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
    for core in _absorb(plain, _cores(plain, find_numbers(plain), blocked)):
        match = _surround(plain, core, floor, periods)
        if match is not None:
            matches.append(match)
        floor = core.end
    matches = _bounded(plain, sorted(matches, key=lambda match: match.core))
    return _carry(plain, _share(plain, matches))


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


def _cores(plain: str, numbers: list[NumberMatch], blocked: list[tuple[int, int]]) -> list[_Core]:
    cores: list[_Core] = []
    index = 0
    while index < len(numbers):
        number = numbers[index]
        index += 1
        if any(start < number.end and number.start < end for start, end in blocked) or _no_number(plain, number):
            continue
        unit = None if number.unit else words.match_unit(plain, number.end, chinese=number.style == "chinese")
        if unit is None and number.style != "chinese" and not number.unit:
            lent = _borrowed(plain, numbers[index - 1 :])
            if lent:
                cores.append(lent)
                continue
        second, taken = _range(plain, number, unit, numbers, index)
        index += taken
        core = _core(plain, number, unit, second)
        if core is not None:
            cores.append(core)
    return cores


def _borrowed(plain: str, numbers: list[NumberMatch]) -> _Core | None:
    """A number of a list whose unit stands at its last alone: 50万、30万、10万元; 100、50、30万元."""
    first = numbers[0]
    for one, other in pairwise(numbers):
        if plain[one.end : other.start].strip() not in ("、", "和", "或") or other.style == "chinese":
            return None
        unit = None if other.unit else words.match_unit(plain, other.end)
        if unit is None:
            continue
        if unit.kind not in ("amount", "score"):
            return None
        value = first.value * (other.scale if first.scale == 1 else 1)
        return _Core(first.start, first.end, value, None, unit.unit, unit.kind, (unit.start, unit.end), False, False)
    return None


def _no_number(plain: str, number: NumberMatch) -> bool:
    before, after = plain[number.start - 1 : number.start], plain[number.end : number.end + 1]
    if before == "第" or number.colloquial or (number.value < 0 and number.style == "chinese"):
        return True
    if number.style == "chinese":
        return bool((before and before in _NUMERALS) or (after and after in _NUMERALS))
    if before and ((before.isascii() and before.isalpha()) or before in "._/#"):
        return True
    return (before in _RATIO and _digit(plain, number.start - 2)) or (after in _RATIO and _digit(plain, number.end + 1))


def _digit(plain: str, at: int) -> bool:
    return 0 <= at < len(plain) and plain[at].isdigit()


def _range(
    plain: str, number: NumberMatch, unit: words.UnitMatch | None, numbers: list[NumberMatch], index: int
) -> tuple[NumberMatch | None, int]:
    """The upper end of a range that starts with ``number``, and how many numbers it takes."""
    if index >= len(numbers):
        return None, 0
    other = numbers[index]
    begin = unit.end if unit else number.end
    if begin > other.start or (not _RANGE.match(plain[begin : other.start]) and not (
        other.text.startswith("-") and begin == other.start
    )):
        return None, 0
    return (other, 1) if abs(other.value) > number.value or number.unit == other.unit else (None, 0)


def _core(
    plain: str, number: NumberMatch, unit: words.UnitMatch | None, second: NumberMatch | None
) -> _Core | None:
    value, top, last = number.value, None, number
    if second is not None:
        last, top = second, abs(second.value)
        later = None if second.unit else words.match_unit(plain, second.end, chinese=second.style == "chinese")
        if unit is None and number.scale == 1 and second.scale > 1:
            value *= second.scale
        unit = later
        if later is None and not second.unit:
            return None
    name = last.unit or (unit.unit if unit else None)
    if unit and _is_date(plain, number, last, unit):
        return None
    after = plain[last.end : last.end + 1]
    if unit is None and not last.unit and (after and ((after.isascii() and after.isalpha()) or after in "年月日时号届级点:")):
        return None
    end = unit.end if unit else last.end
    at = (unit.start, unit.end) if unit else None
    kind = words.kind_of(name)
    more = number.approximate or last.approximate or bool(unit and unit.more)
    return _Core(number.start, end, value, top, name, kind, at, more, number.style == "chinese")


def _is_date(plain: str, number: NumberMatch, last: NumberMatch, unit: words.UnitMatch) -> bool:
    if unit.unit in ("年", "周年", "年度", "届"):
        return 1900 <= last.value <= 2100 or (number.style == "chinese" and "零" in number.text)
    return unit.unit in ("日", "天") and plain[: number.start].rstrip().endswith("月")


def _absorb(plain: str, cores: list[_Core]) -> list[_Core]:
    """Cores without those that only say for what a score is given (少1篇，扣0.5分)."""
    swallowed = set()
    for index, core in enumerate(cores):
        trigger = _trigger(plain, core) if core.kind == "score" else None
        if trigger is not None:
            swallowed |= {i for i in range(index) if cores[i].start >= trigger[0] and cores[i].end <= trigger[1]}
    return [core for index, core in enumerate(cores) if index not in swallowed]


def _trigger(plain: str, core: _Core) -> tuple[int, int] | None:
    """Where 少1篇， before 扣0.5分 stands, if it does."""
    sentence = _start(plain, core.start, "。；;！？!?\n")
    taken = _TAKEN.search(plain, sentence, core.start) or _GIVEN.search(plain, sentence, core.start)
    before = plain[sentence : taken.start() if taken else core.start]
    match = words.counted_each().search(before)
    if match is None or (not taken and not match[0].lstrip().startswith("每")):
        return None
    each = match[0].lstrip().startswith("每")
    if not each and (match["count"] not in ("1", "一") or (match["comma"] and not match["lack"])):
        return None
    return sentence + match.start(), sentence + match.end()


def _start(plain: str, at: int, marks: str) -> int:
    """Where the stretch that holds ``at`` starts: after the nearest of the marks, or an open bracket."""
    depth = 0
    for index in range(at - 1, -1, -1):
        character = plain[index]
        if character in "）)":
            depth += 1
        elif character in "（(":
            if depth == 0:
                return index + 1
            depth -= 1
        elif depth == 0 and character in marks:
            if character == "," and _digit(plain, index - 1) and _digit(plain, index + 1):
                continue
            return index + 1
    return 0


def _clause(plain: str, at: int) -> int:
    """The start of the clause before ``at``; a line break ends it unless only 每季 stands before the break."""
    start = _start(plain, at, _BOUNDARY)
    broken = plain.rfind("\n", start, at)
    if broken < 0 or plain[broken:at].strip() == "":
        return start
    return broken + 1


def _surround(plain: str, core: _Core, floor: int, periods: list[words.PeriodMatch]) -> QuantityMatch | None:
    clause = max(_clause(plain, core.start), 0)
    sign, before = _before(plain, core, max(clause, floor))
    after_sign, after = _after(plain, core)
    slash = words.match_slash(plain, after[1] if after else core.end)
    comparator: Comparator = "=" if core.value_max is None else "between"
    at = None
    if core.value_max is None:
        if before and (not sign[1] or after is None):  # 控制在…以内: what follows the number wins
            comparator, at = sign[0], before
            if (sign[0] == "<=" and after_sign == ">=") or (sign[0] == "~" and after):
                comparator, at = after_sign, after
        elif after:
            comparator, at = after_sign, (before or after)
        elif core.more:
            comparator, at = "~", (core.start, core.end)
    elif before and not sign[1]:
        at = before
    if core.unit is None and not slash and (at is None or comparator == "~" or core.chinese):
        return None
    start = min(core.start, before[0] if before else core.start)
    end = max(core.end, after[1] if after else 0, slash.end if slash else 0)
    value, top = core.value, core.value_max
    per, period = _per(plain, core, clause, floor, periods, slash)
    if core.kind == "score":
        start, factor, event = _scored(plain, core, clause, start)
        value, top = value * factor, None if top is None else top * factor
        per = event or per
    if period and not slash and period[0] >= clause:
        start = min(start, period[0]) if period[0] >= floor else start
    quantity = Quantity(comparator, value, top, core.unit, per, core.kind)
    rule = f"quota.{core.kind}" + (".per" if per else ".compared" if at else "")
    return QuantityMatch(
        start, end, quantity, (core.start, core.end), at, period, core.unit_at, core.chinese, rule=rule
    )


def _before(plain: str, core: _Core, floor: int) -> tuple[tuple[Comparator, bool], tuple[int, int] | None]:
    pattern, rows = words.befores()
    best: tuple[tuple[Comparator, bool], tuple[int, int]] | None = None
    for match in pattern.finditer(plain, floor, core.start):
        row = rows[int((match.lastgroup or "c0")[1:])]
        gap = plain[match.end() : core.start].strip()
        wide = row.sign in "<>" and core.unit == "%" and len(gap) <= 14 and bool(_BASE.search(gap))
        if (len(gap) <= row.gap or wide) and not re.search(r"[0-9（）()\n]", gap):
            if best and best[0][0] in (">=", "<=") and row.sign == "~":
                continue
            if best and not best[0][1] and row.sign in "<>" and len(plain[best[1][1] : match.start()]) <= 6:
                continue
            earlier = best[1][0] if best and best[0][0] == row.sign and match.start() - best[1][1] <= 2 else match.start()
            best = ((row.sign, row.weak), (earlier, match.end()))
    return best if best else (("=", False), None)


def _after(plain: str, core: _Core) -> tuple[Comparator, tuple[int, int] | None]:
    pattern, signs = words.afters()
    match = pattern.match(plain, core.end)
    if match is None:
        return "=", None
    if match[0].strip() in ("内", "之内") and core.kind not in ("duration", "length"):
        return "=", None
    return signs[int((match.lastgroup or "a0")[1:])], (match.start(), match.end())


def _per(
    plain: str, core: _Core, clause: int, floor: int, periods: list[words.PeriodMatch], slash: words.PeriodMatch | None
) -> tuple[Period | None, tuple[int, int] | None]:
    """The period of a quantity: what stands after the slash, else the last period of its clause, else 每家 and the like."""
    if slash:
        return slash.per, (slash.start, slash.end)
    near = [one for one in periods if clause <= one.start and one.end <= core.start]
    if core.kind == "ratio":
        near = [one for one in near if one.per != "event" and _belongs(plain[one.start : core.start], one)]
    timed = [one for one in near if one.per != "event"]
    if timed:
        last = timed[-1]
        return (last.per, (last.start, last.end)) if last.known else (None, (last.start, last.end))
    if not near or not _reaches(plain, near[-1], core, floor):
        return None, None
    return near[-1].per, (near[-1].start, near[-1].end)


def _reaches(plain: str, each: words.PeriodMatch, core: _Core, floor: int) -> bool:
    """Whether 每篇 governs a number behind another one: in a list it does (每篇省级2分、市级1分), else not."""
    if plain[each.end : floor].endswith(("%", "‰")):
        return True
    return floor <= each.start or bool(re.match(r"[^，,。；;一-龥]*(?:[、和及与]|以及)", plain[floor : core.start]))


def _belongs(between: str, period: words.PeriodMatch) -> bool:
    """Whether a period governs a percentage: 年均增长5%, not 占全年任务的30%."""
    rest = between[period.end - period.start :]
    return "的" not in rest and "占" not in rest and (bool(_GROWS.search(rest)) or len(rest) <= 6)


def _scored(plain: str, core: _Core, clause: int, start: int) -> tuple[int, int, Period | None]:
    """Where a score's stretch starts, its sign, and whether it is given for each of something."""
    taken = _TAKEN.search(plain, clause, core.start)
    given = None if taken else _GIVEN.search(plain, clause, core.start)
    sign = taken or given
    start = min(start, sign.start()) if sign else start
    trigger = _trigger(plain, core)
    return (min(start, trigger[0]) if trigger else start), (-1 if taken else 1), ("event" if trigger else None)


def _bounded(plain: str, matches: list[QuantityMatch]) -> list[QuantityMatch]:
    """1万元以上3万元以下 is one quantity between two bounds."""
    out: list[QuantityMatch] = []
    for match in matches:
        last = out[-1] if out else None
        adjacent = last is not None and plain[last.end : match.core[0]].strip(" 、") == ""
        if (
            last is not None and adjacent and last.quantity.unit == match.quantity.unit
            and last.quantity.comparator == ">=" and match.quantity.comparator == "<="
            and last.comparator is not None and last.comparator[0] >= last.core[1]
            and match.comparator is not None and match.comparator[0] >= match.core[1]
        ):  # fmt: skip
            both = replace(last.quantity, comparator="between", value_max=match.quantity.value)
            core = (last.core[0], match.core[1])
            out[-1] = replace(last, end=match.end, core=core, quantity=both, unit_at=match.unit_at)
        else:
            out.append(match)
    return out


def _share(plain: str, matches: list[QuantityMatch]) -> list[QuantityMatch]:
    """Comparators before or after a list hold for each of its numbers: 最高50万元、100万元; 80%、90%以上."""
    out = list(matches)
    for index in range(1, len(out)):
        one, other = out[index - 1], out[index]
        if _joined(plain, one, other) and other.comparator is None and one.comparator and one.comparator[1] <= one.core[0]:
            shared = replace(other.quantity, comparator=one.quantity.comparator)
            out[index] = replace(other, start=one.comparator[0], quantity=shared, comparator=one.comparator)
    for index in range(len(out) - 2, -1, -1):
        one, other = out[index], out[index + 1]
        after = other.comparator and other.comparator[0] >= other.core[1]
        if after and one.comparator is None and _joined(plain, one, other, _PLAIN_JOIN):
            shared = replace(one.quantity, comparator=other.quantity.comparator)
            out[index] = replace(one, end=other.end, quantity=shared, comparator=other.comparator)
    return out


def _joined(plain: str, one: QuantityMatch, other: QuantityMatch, join: re.Pattern[str] = _JOIN) -> bool:
    same = one.quantity.unit == other.quantity.unit and "between" not in (
        one.quantity.comparator, other.quantity.comparator,
    )  # fmt: skip
    return same and one.core[1] <= other.core[0] and bool(join.match(plain[one.core[1] : other.core[0]]))


def _alike(one: Quantity, other: Quantity) -> bool:
    """Whether a period may hold for both: counts and times together, amounts of one unit that is no money."""
    if one.kind in ("count", "duration"):
        return other.kind in ("count", one.kind)
    return one.kind == other.kind == "amount" and one.unit == other.unit and one.unit != "元"


def _carry(plain: str, matches: list[QuantityMatch]) -> list[QuantityMatch]:
    """A period at the head of a sentence holds for the counts of its later clauses: 每年遴选20个…，培育100个…"""
    out = list(matches)
    for index in range(1, len(out)):
        one, other = out[index - 1], out[index]
        if other.period or one.quantity.per in (None, "event") or not one.period or one.period[0] > one.core[0]:
            continue
        if not _alike(one.quantity, other.quantity) or other.rule in ("quota.zero", "quota.rank"):
            continue
        between = plain[one.core[1] : other.core[0]]
        if re.search(r"[。；;！？!?\n（）()]|其中|给予|奖|补|争取到|截至|[0-9]{4}年", between):
            continue
        out[index] = replace(other, quantity=replace(other.quantity, per=one.quantity.per), period=one.period, carried=True)
    return out
