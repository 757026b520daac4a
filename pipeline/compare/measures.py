"""What a quota counts: one code for the names that agencies have for the same thing, and words that stand for a number.

The table ``measures.csv`` holds the names; 城镇 and 农村 incomes are kept apart, and so are growth and level.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

#: What may stand between a measure's name and its number, where the name is the subject.
_FAR = 24
_GROWS = re.compile(r"增长|增速|增幅|涨幅|增加|上涨|提高|^增")
#: Behind a name, what makes it another measure's part: 占地区生产总值比重, 单位地区生产总值能耗.
_PART_AFTER = re.compile(r"^(?:的)?(?:比重|比例|占比|能耗|碳排放|二氧化碳|电耗|水耗|质量)")
_PART_BEFORE = re.compile(r"(?:占|单位|万元|每万元|与|高于|快于|低于|同|和经济|亿元|人均)$")
_SHARE = re.compile(r"占|比|率|度")
_VERBS = re.compile(
    r"^(?:和|及|与|其中|全年|全市|力争|争取|确保|完成|实施|开展|组织|推进|推动|实现|新建成|新建|新改建|改建|建成|建设|新增|净增"
    r"|新引进|引进|培育|新培育|打造|创建|申报|报送|举办|召开|筹集|改造提升|改造|达到|达|总)+"
)
_TAIL = re.compile(r"(?:分别|累计|同口径|力争|达到?|总体|保持|控制在|不少于|不低于|为|的|和|及|等|各|均)+$")
RELATIVE = re.compile(
    r"(?:增长|增速|增幅)?(?:基本)?(?:与|和|同)(?:经济|GDP|地区生产总值|全省|全国)[^，,；;。、]{0,10}?(?:同步|相?匹配|一致)(?:增长)?"
    r"|(?:增长|增速|增幅|涨幅)?(?:均|继续|明显)?(?:高于|快于|不低于|领先)(?:全国|全省|全区|全市|省均|省|经济|GDP|地区生产总值|城镇)"
    r"[^，,；;。、]{0,10}"
    r"|(?:稳步|稳定|同步|持续)(?:增长|提升|提高)|(?:实现|力争)?正增长|稳中提质|保持基本稳定"
)

_VAGUE = re.compile(r"(?:稳步|稳定|持续)(?:增长|提升|提高)|稳中提质|保持基本稳定")


@dataclass(frozen=True)
class Measure:
    """A measure; several codes where one name stands for two (城镇和农村居民人均可支配收入)."""

    codes: tuple[str, ...]
    name: str
    aliases: tuple[str, ...]
    units: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Mention:
    """A measure's name in a text."""

    start: int
    end: int
    codes: tuple[str, ...]


@cache
def measures() -> tuple[Measure, ...]:
    """The rows of ``measures.csv``."""
    text = (files(__package__) / "measures.csv").read_text(encoding="utf-8")
    return tuple(
        Measure(
            tuple(row["code"].split("+")),
            row["name"],
            tuple(row["aliases"].split()),
            tuple(row["units"].split()),
            tuple(row["examples"].split("|")),
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def _by_code() -> Mapping[str, Measure]:
    return {measure.codes[0]: measure for measure in measures() if len(measure.codes) == 1}


@cache
def _pattern() -> tuple[re.Pattern[str], Mapping[str, tuple[str, ...]]]:
    names = {alias: measure.codes for measure in measures() for alias in measure.aliases}
    return re.compile("|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name))))), names


def name_of(code: str) -> str:
    """The Chinese name of a code, with 增速 for a growth; a code that is not known stands for itself."""
    base = code.removesuffix("_growth")
    if base not in _by_code():
        return code
    return _by_code()[base].name + ("增速" if code != base else "")


def is_vague(said: str) -> bool:
    """Whether words without a yardstick (稳步增长) stand for a number only where they are announced as a target."""
    return bool(_VAGUE.fullmatch(said))


def unit_of(code: str, unit: str | None) -> str:
    """The unit that stands for all units with the same meaning for this measure (停车泊位: 个, 处)."""
    measure = _by_code().get(code)
    if measure is None or unit is None or unit not in measure.units:
        return unit or ""
    like = [
        one for one in measure.units if one not in ("%", "分", "平方米", "天", "户", "人", "美元", "元", "吨", "斤")
    ]
    return like[0] if unit in like else unit


def mentions(text: str) -> list[Mention]:
    """The measures that a text names as its subject; none where it only is another's part or yardstick."""
    pattern, names = _pattern()
    found = []
    for match in pattern.finditer(text):
        whole = any("占" in alias or "单位" in alias for alias in (match[0],))
        part = _PART_AFTER.match(text, match.end()) or _PART_AFTER.match(text[match.end() :])
        if not whole and (part or _PART_BEFORE.search(text[max(0, match.start() - 4) : match.start()])):
            continue
        found.append(Mention(match.start(), match.end(), names[match[0]]))
    return found


def measure_of(clause: str, unit: str | None, place: int = 0, subject: str | None = None) -> tuple[str, str]:
    """The code and name of what is counted.

    Args:
        clause: the words before the number, from its clause's start.
        unit: the number's unit; a percentage of something that has an amount is its growth.
        place: the number's place where the clause says 分别.
        subject: what extraction took for the subject, for measures that the table doesn't know.
    """
    named = mentions(clause)
    codes = [code for one in named for code in one.codes]
    if codes:
        code = codes[min(place, len(codes) - 1)] if "分别" in clause else named[-1].codes[0]
        measure = _by_code()[code]
        gap = clause[named[-1].end :]
        fits = unit in measure.units
        if re.search(r"(?<![不得])[高快低慢]于", gap):
            # 高于城镇居民1个百分点 tells a distance from another value, not the value.
            return "", ""
        percent = unit in ("%", "个百分点")
        grows = percent and (bool(_GROWS.search(gap)) or (not fits and not _SHARE.search(gap) and len(gap) <= 4))
        # A part of the measure is another measure: 高新技术企业产值, 农村公路优良率.
        other = not grows and not fits
        if not other and len(gap) <= _FAR:
            code = f"{code}_growth" if grows and code != "consumer_prices" else code
            return code, name_of(code)
    own = plain_subject(subject or "")
    return own, own


def plain_subject(subject: str) -> str:
    """A subject without the verbs before it and the words behind it: 新建高标准农田 is 高标准农田."""
    bare = _TAIL.sub("", _VERBS.sub("", re.sub(r"[“”\"]", "", subject).strip("，、 ")))
    return bare if len(bare) >= 2 else ""


def relatives(sentence: str) -> list[tuple[str, int, int, str]]:
    """Words that stand for a number (与经济增长同步): code, start and end from the measure's name on, the words."""
    found = []
    for clause in re.finditer(r"[^，,；;。\n：:]+", sentence):
        match = RELATIVE.search(clause[0])
        if match is None:
            continue
        for one in mentions(clause[0][: match.start()]):
            between = clause[0][one.end : match.start()]
            if not re.search(r"\d", between):
                words = clause[0][match.start() : match.end()]
                start, end = clause.start() + one.start, clause.start() + match.end()
                found += [(f"{code}_growth", start, end, words) for code in one.codes]
    return found
