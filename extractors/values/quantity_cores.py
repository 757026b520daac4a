"""The core of a quantity: a number or range with its unit, found before its surroundings are read."""

from __future__ import annotations

import re
from itertools import pairwise

from extractors.values import quantity_words as words
from extractors.values.numbers import NumberMatch, parse_number
from extractors.values.quantity_types import Core

#: How far back the start of a clause is looked for; text without any punctuation goes on for pages in broken files.
_FARTHEST = 240
_RANGE = re.compile(r"\s*(?:-{1,2}|—{1,2}|–|―|─|－|~|～|〜|至|到)\s*$")
_AMONG = re.compile(r"(?:介于|处于|位于|在)\s*$")
_AND, _BETWEEN = re.compile(r"\s*[和与及]\s*$"), re.compile(r"\s*[^，,。；;0-9]{0,4}之间")
_BOUNDARY = "，,。；;：:！？!?"
_RATIO = (":", "∶", "：")
_ORDINAL = "年月日时号届级点:"
#: What follows the 元 of 五元三毛, 3元5角2分 or 十元零五分; 块 is 元 where it is money beyond doubt.
_SMALL = re.compile(
    r"(?:(?P<tenths>[0-9一二两三四五六七八九])\s*[角毛](?!度|落)(?:\s*零?(?P<cents>[0-9一二两三四五六七八九])\s*分(?![0-9]))?"
    r"|零\s*(?P<cents_alone>[0-9一二两三四五六七八九])\s*分(?![0-9]))"
)
_COLLOQUIAL = re.compile(r"\s*块(?=钱|\s*[0-9一二两三四五六七八九]\s*[角毛])钱?")
_NUMERALS = "零一二三四五六七八九十百千万亿两"
#: The words of a score that is taken or given, right before its number.
TAKEN = re.compile(r"(?:倒扣|扣减|扣除|扣|减去|减少|减|罚)(?!分|完)[^，,。；;、\d加得计记]{0,6}$")
GIVEN = re.compile(r"(?:奖励|奖|加计|加|另加)(?!分|强|快|大)[^，,。；;、\d扣减]{0,4}$")


def find_cores(plain: str, numbers: list[NumberMatch], blocked: list[tuple[int, int]]) -> list[Core]:
    cores: list[Core] = []
    taken = bytearray(len(plain))
    for start, end in blocked:
        taken[start:end] = b"\1" * (end - start)
    index = end = 0
    while index < len(numbers):
        number = numbers[index]
        index += 1
        if number.start < end or any(taken[number.start : number.end]) or _no_number(plain, number):
            continue
        unit = None if number.unit else words.match_unit(plain, number.end, chinese=number.style == "chinese")
        if unit is None and number.style != "chinese" and not number.unit:
            lent = _borrowed(plain, numbers[index - 1 : index + 11])
            if lent:
                cores.append(lent)
                continue
        money = _money(plain, number, unit)
        if money is not None:
            cores.append(money)
            end = money.end
            continue
        second, used = _range(plain, number, unit, numbers, index)
        index += used
        core = _core(plain, number, unit, second)
        if core is not None:
            cores.append(core)
    return cores


def _money(plain: str, number: NumberMatch, unit: words.UnitMatch | None) -> Core | None:
    """五元三毛 and 3元5角2分 as one amount; None for other numbers, and for a bare 五元."""
    colloquial = _COLLOQUIAL.match(plain, number.end) if unit is None or unit.unit == "块" else None
    if colloquial is None and (unit is None or unit.unit != "元"):
        return None
    start, end = colloquial.span() if colloquial else (unit.start, unit.end) if unit else (0, 0)
    small = _SMALL.match(plain, end)
    if small is None and colloquial is None:
        return None
    value = number.value
    if small:
        tenths, cents = small["tenths"], small["cents"] or small["cents_alone"]
        value += (parse_number(tenths) or 0) / 10 if tenths else 0
        value += (parse_number(cents) or 0) / 100 if cents else 0
    last = small.end() if small else end
    style = number.style == "chinese"
    return Core(number.start, last, round(value, 2), None, "元", "amount", (start, end), number.approximate, style)


def _borrowed(plain: str, numbers: list[NumberMatch]) -> Core | None:
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
        return Core(first.start, first.end, value, None, unit.unit, unit.kind, (unit.start, unit.end), False, False)
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
    if (
        _AND.match(plain[begin : other.start])
        and _AMONG.search(plain[max(0, number.start - 6) : number.start])
        and _BETWEEN.match(plain, other.end)
    ):
        return (other, 1) if other.value > number.value else (None, 0)
    if begin > other.start or (
        not _RANGE.match(plain[begin : other.start]) and not (other.text.startswith("-") and begin == other.start)
    ):
        return None, 0
    return (other, 1) if abs(other.value) > number.value or number.unit == other.unit else (None, 0)


def between(plain: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the words around a range without a unit stand (介于10和20之间), if they are there."""
    behind = _BETWEEN.match(plain, end)
    ahead = _AMONG.search(plain[max(0, start - 6) : start])
    return (max(0, start - 6) + ahead.start(), behind.end()) if ahead and behind else None


def _core(plain: str, number: NumberMatch, unit: words.UnitMatch | None, second: NumberMatch | None) -> Core | None:
    value, top, last = number.value, None, number
    if second is not None:
        last, top = second, abs(second.value)
        later = None if second.unit else words.match_unit(plain, second.end, chinese=second.style == "chinese")
        if unit is None and number.scale == 1 and second.scale > 1:
            value *= second.scale
        unit = later
        if later is None and not second.unit and not between(plain, number.start, second.end):
            return None
    name = last.unit or (unit.unit if unit else None)
    if unit and _is_date(plain, number, last, unit):
        return None
    after = plain[last.end : last.end + 1]
    if unit is None and not last.unit and after and ((after.isascii() and after.isalpha()) or after in _ORDINAL):
        return None
    end = unit.end if unit else last.end
    at = (unit.start, unit.end) if unit else None
    kind = words.kind_of(name)
    more = number.approximate or last.approximate or bool(unit and unit.more)
    return Core(number.start, end, value, top, name, kind, at, more, number.style == "chinese")


def _is_date(plain: str, number: NumberMatch, last: NumberMatch, unit: words.UnitMatch) -> bool:
    if unit.unit in ("年", "周年", "年度", "届"):
        return 1900 <= last.value <= 2100 or (number.style == "chinese" and "零" in number.text)
    return unit.unit in ("日", "天") and plain[: number.start].rstrip().endswith("月")


def absorb(plain: str, cores: list[Core]) -> list[Core]:
    """Cores without those that only say for what a score is given (少1篇，扣0.5分)."""
    kept: list[Core] = []
    for core in cores:
        trigger = scored_each(plain, core) if core.kind == "score" else None
        while trigger and kept and kept[-1].start >= trigger[0] and kept[-1].end <= trigger[1]:
            kept.pop()
        kept.append(core)
    return kept


def scored_each(plain: str, core: Core) -> tuple[int, int] | None:
    """Where 少1篇， before 扣0.5分 stands, if it does."""
    sentence = stretch_start(plain, core.start, "。；;！？!?\n")
    taken = TAKEN.search(plain, sentence, core.start) or GIVEN.search(plain, sentence, core.start)
    before = plain[sentence : taken.start() if taken else core.start]
    match = words.counted_each().search(before)
    if match is None or (not taken and not match[0].lstrip().startswith("每")):
        return None
    each = match[0].lstrip().startswith("每")
    if not each and (match["count"] not in ("1", "一") or (match["comma"] and not match["lack"])):
        return None
    return sentence + match.start(), sentence + match.end()


def stretch_start(plain: str, at: int, marks: str) -> int:
    """Where the stretch that holds ``at`` starts: after the nearest of the marks, or an open bracket."""
    depth, last = 0, max(0, at - _FARTHEST)
    for index in range(at - 1, last - 1, -1):
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
    return last


def clause_start(plain: str, at: int) -> int:
    """The start of the clause before ``at``; a line break ends it unless only 每季 stands before the break."""
    start = stretch_start(plain, at, _BOUNDARY)
    broken = plain.rfind("\n", start, at)
    if broken < 0 or plain[broken:at].strip() == "":
        return start
    return broken + 1
