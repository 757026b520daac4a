"""Cells of a matrix: a bare number whose unit, subject and period stand in the heads of its column."""

from __future__ import annotations

import re
from functools import cache

from extractors.lexicons import load_list, load_rules
from extractors.passage import Context, Passage
from extractors.values.numbers import NUMERAL, normalise, parse_number
from extractors.values.quantities import Quantity
from extractors.values.quantity_words import find_periods, kind_of, match_slash
from schemas.labels import TIMES_A_YEAR, Comparator, Period
from schemas.record import Quota

_CELL = re.compile(
    rf"\s*(?P<sign>≥|≤|>=|<=|>|<|不少于|不低于|不超过|至少)?\s*(?P<number>{NUMERAL})\s*(?:[-—~～至到]\s*(?P<top>{NUMERAL}))?"
    r"(?P<slash>\s*[/／]\s*[^\s（(]{1,3})?\s*(?P<more>以上|以下|以内|左右)?\s*(?P<note>[（(][^）)]*[）)])?\s*"
)
_SIGNS: dict[str, Comparator] = {
    "≥": ">=", ">=": ">=", "不少于": ">=", "不低于": ">=", "至少": ">=", "≤": "<=", "<=": "<=", "不超过": "<=",
    ">": ">", "<": "<", "以上": ">=", "以下": "<=", "以内": "<=", "左右": "~",
}  # fmt: skip
_NO_COUNT = re.compile(r"月份|时间|日期|序号|编号|电话|号码|年龄|年份|届次|周次|手机|邮编|代码|备注|页码|身份证|学号|房间")
_COUNTS = re.compile(r"数(?![字据码])|量(?!化)|分值|得分|满分|分数|指标|任务|目标|计划|频次|次/|篇|比例|率|面积|金额|资金|经费|学时|课时|权重")
_BRACKETED = re.compile(r"[（(](?:单位[：:])?(?P<scale>[百千万亿]*)(?P<unit>[^）)\s]{1,8})[）)]|/(?P<bare>[一-龥]{1,2})$")


def find_cell_quotas(passage: Passage, context: Context) -> list[Quota] | None:
    """The quotas of a cell that is a number and little else; None where the cell is to be read as prose."""
    plain = normalise(passage.text)
    match = _CELL.fullmatch(plain)
    if match is None:
        return None
    heads = [_squeezed(head.text) for head in context.heads]
    words = "\n".join(heads)
    if context.role == "time" or (heads and _NO_COUNT.search(heads[-1])):
        return []
    named = context.role in ("score", "quota") or bool(_COUNTS.search(words)) or bool(_unit(context)[0])
    if not match["slash"] and not named:
        return []
    return [_cell(passage, context, match, plain)]


def _cell(passage: Passage, context: Context, match: re.Match[str], plain: str) -> Quota:
    from extractors.fields.quotas import annual_of

    value = parse_number(match["number"]) or 0.0
    top = parse_number(match["top"]) if match["top"] else None
    unit, scale, unit_head = _unit(context)
    slash = match_slash(plain, match.start("slash")) if match["slash"] else None
    per, per_head = (slash.per, None) if slash else _head_period(context)
    if context.role == "score" and unit is None:
        unit = "分"
    if match["number"].endswith(("%", "％")):
        unit, scale, unit_head = "%", 1, None
    sign = _SIGNS.get(match["sign"] or match["more"] or "", "=")
    quantity = Quantity(
        "between" if top is not None else sign, value * scale, None if top is None else top * scale, unit, per, kind_of(unit)
    )
    annual, annual_max = annual_of(quantity)
    start = match.start("sign") if match["sign"] else match.start("number")
    end = max(match.end(name) for name in ("number", "top", "slash", "more"))
    subject = context.heads[-1] if context.heads else None
    return Quota(
        text=passage.text[start:end],
        subject=_squeezed(subject.text) if subject else None,
        kind=quantity.kind,
        comparator=quantity.comparator,
        value=quantity.value,
        value_max=quantity.value_max,
        unit=unit,
        per=per,
        annual=annual,
        annual_max=annual_max,
        confidence=0.9 if per or unit else 0.7,
        rule="quota.matrix" + (".per" if per else ""),
        span=passage.at(start, end),
        unit_span=unit_head.span if unit_head else None,
        subject_span=subject.span if subject else None,
        per_span=per_head.span if per_head else None,
    )


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _unit(context: Context) -> tuple[str | None, int, Passage | None]:
    """The unit that the heads give, its scale (万元 is 10000 元), and the head that gives it; the nearest head first."""
    units = _known()
    for head in reversed(context.heads):
        text = _squeezed(head.text)
        for match in _BRACKETED.finditer(text):
            name = match["unit"] or match["bare"]
            if name in units:
                scale = 1
                for character in match["scale"] or "":
                    scale *= {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}[character]
                return name, scale, head
    nouns = load_rules("quotas").tables["head_units"]
    for head in reversed(context.heads):
        text = _squeezed(head.text)
        best = max((noun for noun in nouns if noun in text), key=lambda noun: (text.rfind(noun), len(noun)), default=None)
        if best:
            return nouns[best], 1, head
    return None, 1, None


@cache
def _known() -> frozenset[str]:
    return frozenset(row["unit"] for row in load_list("units"))


def _head_period(context: Context) -> tuple[Period | None, Passage | None]:
    for head in reversed(context.heads):
        text = normalise(_squeezed(head.text))
        for period in find_periods(text):
            if period.per in TIMES_A_YEAR:
                return period.per, head
        match = re.search(r"(?<![0-9])(年度|月度|季度|周)(?=任务|目标|指标|报送|完成|计划|数|量)", text)
        if match:
            return {"年度": "year", "月度": "month", "季度": "quarter", "周": "week"}[match[1]], head  # type: ignore[return-value]
    return None, None
