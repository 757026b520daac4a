"""Cells of a matrix: a bare number whose unit, subject and period stand in the heads of its column."""

from __future__ import annotations

import re
from functools import cache
from math import prod

from extractors.fields.quotas_record import make_quota
from extractors.lexicons import load_list, load_rules
from extractors.passage import Context, Passage
from extractors.values.numbers import NUMERAL, normalise, parse_number
from extractors.values.quantities import Quantity
from extractors.values.quantity_words import find_periods, kind_of, match_slash
from schemas.labels import TIMES_A_YEAR, Comparator, Period
from schemas.record import Quota

_CELL = re.compile(
    r"\s*(?P<sign>≥|≤|>=|<=|>|<|＞|＜|不少于|不低于|不超过|至少)?\s*"
    rf"(?P<number>{NUMERAL})\s*(?:[-—~～至到]\s*(?P<top>{NUMERAL}))?"
    r"(?P<slash>\s*[/／]\s*[^\s（(]{1,3})?\s*(?P<more>以上|以下|以内|左右)?\s*(?P<note>[（(][^）)]*[）)])?\s*"
)
_SIGNS: dict[str, Comparator] = {
    "≥": ">=", ">=": ">=", "不少于": ">=", "不低于": ">=", "至少": ">=", "≤": "<=", "<=": "<=", "不超过": "<=",
    ">": ">", "<": "<", "＞": ">", "＜": "<", "以上": ">=", "以下": "<=", "以内": "<=", "左右": "~",
}  # fmt: skip
_SCALES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_NO_COUNT = re.compile(
    r"月份|时间|日期|序号|编号|电话|号码|年龄|年份|届次|周次|手机|邮编|代码|备注|页码|身份证|学号|房间|楼层"
)
#: Columns of what has been, not of what is to be.
_PAST = re.compile(r"现状|基期|基准|实际|上年|去年|已完成|完成值|完成情况|现值|基数|存量|原有|截至")
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})年?(?:值|数|目标|指标|完成)?$")
_COUNTS = re.compile(
    r"数(?![字据码])|量(?!化)|分值|得分|满分|分数|指标|任务|目标|计划|频次|次/|篇|比例|率|面积|金额|资金|经费|学时|课时|权重"
)
_BRACKETED = re.compile(
    r"[（(](?:单位[：:])?(?P<scale>[百千万亿]*)(?P<unit>[^）)\s]{1,8})[）)]|[/／](?P<bare>[一-龥]{1,2})$"
)
_ALONE = re.compile(r"^(?P<scale>[百千万亿]*)(?P<unit>\D{1,8})$")
_TERM = re.compile(r"(?<![0-9])(年度|月度|季度|周)(?=任务|目标|指标|报送|完成|计划|数|量)")
_TERMS: dict[str, Period] = {"年度": "year", "月度": "month", "季度": "quarter", "周": "week"}


def find_cell_quotas(passage: Passage, context: Context) -> list[Quota] | None:
    """The quotas of a cell that is a number and little else; None where the cell is to be read as prose."""
    plain = normalise(passage.text)
    match = _CELL.fullmatch(plain)
    if match is None:
        return None
    if context.role == "time" or (context.heads and _NO_COUNT.search(_squeezed(context.heads[-1].text))):
        return []
    if not match["slash"] and not is_counted(context) and _unit(context)[0] is None:
        return []
    return [_cell(passage, context, match, plain)]


def is_past(context: Context) -> bool:
    """Whether the column tells what was reached before the plan (现状, 2020年 in a plan from 2021)."""
    if not context.heads:
        return False
    head = normalise(_squeezed(context.heads[-1].text))
    if _PAST.search(head):
        return True
    year, start = _YEAR.search(head), context.plan_start.year if context.plan_start else context.year
    return year is not None and start is not None and int(year[1]) < start


def is_counted(context: Context) -> bool:
    """Whether the column is for numbers that count: by its meaning, or by words like 数, 任务, 分值 in its heads."""
    if context.role in ("score", "quota"):
        return True
    heads = [normalise(_squeezed(head.text)) for head in context.heads]
    return any(_COUNTS.search(head) or _YEAR.fullmatch(head) for head in heads)


def head_period(context: Context) -> tuple[Period | None, Passage | None]:
    """The period that the heads name (全年录用数, 月报送数) and the head that does; the nearest head first."""
    for head in reversed(context.heads):
        text = normalise(_squeezed(head.text))
        for period in find_periods(text):
            if period.per in TIMES_A_YEAR:
                return period.per, head
        match = _TERM.search(text)
        if match:
            return _TERMS[match[1]], head
    return None, None


def _cell(passage: Passage, context: Context, match: re.Match[str], plain: str) -> Quota:
    unit, scale, unit_head = _unit(context)
    slash = match_slash(plain, match.start("slash")) if match["slash"] else None
    per, per_head = (slash.per, None) if slash else head_period(context)
    if context.role == "score" and unit is None:
        unit = "分"
    value, top = parse_number(match["number"]) or 0.0, parse_number(match["top"]) if match["top"] else None
    sign = _SIGNS.get(match["sign"] or match["more"] or "", "=")
    quantity = Quantity(
        "between" if top is not None else sign,
        value * scale,
        None if top is None else top * scale,
        unit,
        per,
        kind_of(unit),
    )
    start = match.start("sign") if match["sign"] else match.start("number")
    end = max(match.end(name) for name in ("number", "top", "slash", "more"))
    subject = context.heads[-1] if context.heads else None
    return make_quota(
        quantity,
        passage.text[start:end],
        passage.at(start, end),
        rule="quota.matrix" + (".per" if per else ""),
        confidence=0.9 if per or unit else 0.7,
        subject=_squeezed(subject.text) if subject else None,
        unit_span=unit_head.span if unit_head else None,
        subject_span=subject.span if subject else None,
        per_span=per_head.span if per_head else None,
    )


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _unit(context: Context) -> tuple[str | None, int, Passage | None]:
    """The unit that the heads give, its scale (10000 of 万元), and the head that gives it; the nearest head first."""
    for head in reversed(context.heads):
        text = _squeezed(head.text)
        for match in (*_BRACKETED.finditer(text), *_ALONE.finditer(text)):
            groups = match.groupdict()
            name = groups["unit"] or groups.get("bare")
            if f"{groups['scale'] or ''}{name}" in _known():  # 千克 is a unit, 千人 is a scale and one
                return f"{groups['scale'] or ''}{name}", 1, head
            if name in _known():
                return name, prod(_SCALES[character] for character in groups["scale"] or ""), head
    nouns: dict[str, str] = load_rules("quotas").tables["head_units"]
    for head in reversed(context.heads):
        text = _squeezed(head.text)
        named = [noun for noun in nouns if noun in text]
        if named:
            return nouns[max(named, key=lambda noun: (text.rfind(noun), len(noun)))], 1, head
    return None, 1, None


@cache
def _known() -> frozenset[str]:
    return frozenset(row["unit"] for row in load_list("units"))
