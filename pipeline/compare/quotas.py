"""Quotas as they are compared: what is counted, on which base, for whom, with what force, and what kind of number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.compare.measures import is_vague, measure_of, name_of, relatives, unit_of
from pipeline.compare.told import told
from pipeline.compare.types import Force, Nature, Party, QuotaView, TaskView, Words
from pipeline.compare.views import Text, force_of
from schemas.document import Span
from schemas.labels import TIMES_A_YEAR, Period
from schemas.record import Quota, Task

_CLAUSE = "，,；;。：:！!？?\n（("
_PAST = re.compile(
    r"过去(?:的)?(?:一年|五年)|去年|上年|上一年|回顾|一年来|五年来|截至|以来|已(?:经)?(?:完成|建成|达|累计)|荣获"
)
_NOW = re.compile(r"今年|本年|新的一年|目标|力争|确保|计划")
_YEAR = re.compile(r"(?<!到)(20\d{2})\s*年")
_REVIEW = re.compile(r"回顾|工作总结|主要成(?:绩|效)|取得的?成|完成情况|过去")
_GRANT = re.compile(r"奖励|奖补|补助|补贴|资助|给予|贴息|扶持资金")
_RULED = re.compile(r"最高|不超过|按照?|给予|每(?:家|个|人|户)")
_PENALTY = re.compile(r"扣|罚款|处以|减去|取消")
_SERVICE = re.compile(r"办结|办理|答复|受理|审核|审批|响应|到达|处置|回复|反馈|修复|送达|整改完毕|决定|出具|完成")
_EACH = re.compile(
    r"(?:每(?:个|名|家|位|所|支|一)?(?!年|月|季|周|天|日|次|半|两|学期|期|年度|度|晚|场|篇|人均)|各)"
    r"([一-龥]{0,8}?(?:中队|大队|支队|支部|党支部|党组织|小组|单位|部门|科室|处室|村|社区|街道|镇|乡|区|县|县区|人|党员|干部|职工|队员|同志|企业|学校|志愿者|小区|项目部|站所|所|局|委办局|县市|市县|县市区|地区|地|市)|人|村|县|区|镇)"
)
_WHOLE = re.compile(r"全(?:市|县|区|省|局|系统|镇|院|校|街道|国)")
_OUT_OF = re.compile(
    r"占([一-龥A-Za-z]{2,16}?)(?:的)?(?:比重|比例|比|总数|的)|(每万人|万人(?:均)?|人均|单位(?=地区|国内|生产|GDP))"
)
_IN_ALL = re.compile(r"总数|累计|总量|保有量|达到?|突破|超过?|增至|增加到|稳定在")
_MORE = re.compile(r"新增|净增|新建|新培育|新认定|新引进|新改建|新开工|招引|引进|改造")
_ANNOUNCED = re.compile(r"(约束性|预期|目标)[^：:。]{0,12}(?:[：:]|是|为)")
_NUMERAL = re.compile(r"[0-9０-９.,，—~～\-至到零一二两三四五六七八九十百千万亿]+$")
_STRIVES = re.compile(r"^[、，,（(]?(?:并)?(?:力争|争取|奋斗目标)(?:达到?|增长|实现)?$")


@dataclass(frozen=True)
class _Place:
    """A quota's surroundings: its whole cell or block, its clause, and which of the clause's numbers it is."""

    whole: str
    clause: str
    number: int


def quota_views(task: Task, view: TaskView, party: Party, quotas: Sequence[Quota], text: Text) -> list[QuotaView]:
    """The quotas of a task in reading order, and the words in it that stand for one (与经济增长同步).

    What is striven for beyond a target (增长5.5%、力争6%以上) hangs on the target as its ``stretch``.
    """
    found: list[QuotaView] = []
    ordered = sorted(quotas, key=lambda one: (one.span.block, one.span.row or 0, one.span.column or 0, one.span.start))
    last: Quota | None = None
    for quota in ordered:
        whole = text.at(quota.span)
        made = _view(quota, task, view, party, text, _place(whole, quota, ordered))
        if last is not None and found and _strives(whole, last, quota) and last.unit == quota.unit:
            first = found[-1]
            found[-1] = replace(first, stretch=replace(made, measure=first.measure, name=first.name, base=first.base))
        else:
            found.append(made)
        last = quota
    return found + _relative_views(task, view, party, text)


def _place(whole: str, quota: Quota, quotas: Sequence[Quota]) -> _Place:
    """The words from the clause's start up to the number; with 分别 from the list that it divides."""
    number = quota.span.start + _number_at(quota)
    start = max(whole.rfind(mark, 0, quota.span.start) for mark in _CLAUSE) + 1
    spoken = whole.rfind("分别", 0, number)
    sentence = max(whole.rfind(mark, 0, number) for mark in "。；;\n") + 1
    if spoken >= sentence and not re.search(r"[，,：:]", whole[spoken:number]):
        listed = max(whole.rfind(mark, 0, spoken) for mark in _CLAUSE) + 1
        block, before = quota.span.block, quota.span.start
        told = [one for one in quotas if one.span.block == block and spoken < one.span.start < before]
        return _Place(whole, whole[listed:number], len(told))
    return _Place(whole, whole[start:number], 0)


def _number_at(quota: Quota) -> int:
    """Where the number begins in a quota's words: 每月报送信息不少于1篇."""
    end = quota.text.rfind(quota.unit) if quota.unit else len(quota.text)
    return len(_NUMERAL.sub("", quota.text[: end if end >= 0 else len(quota.text)]))


def _strives(whole: str, first: Quota, second: Quota) -> bool:
    if first.span.block != second.span.block or first.span.end > second.span.start:
        return False
    return bool(_STRIVES.match(whole[first.span.end : second.span.start]))


def _view(quota: Quota, task: Task, view: TaskView, party: Party, text: Text, place: _Place) -> QuotaView:
    words = text.words(quota.span)
    clause = place.clause
    after = place.whole[quota.span.end : quota.span.end + 14]
    code, name = measure_of(clause, quota.unit, place.number, quota.subject)
    if quota.kind == "count" and quota.subject and quota.subject in after:
        code, name = measure_of(after.split("，")[0], quota.unit, 0, quota.subject)
    owners = tuple(task.owners[i].name for i in quota.owners if i < len(task.owners))
    binds = _binds(words.around[: words.end], owners)
    denominator = _denominator(clause)
    value, top, per, converted = _yearly(quota)
    unit = unit_of(code, quota.unit)
    year, nature = _year(words, task, party, text), _nature(quota, words.around, words.start, task, party)
    return QuotaView(
        key=f"{party.key}/{quota.id}", party=party.key, task=view.key, quota=quota.id, measure=code, name=name,
        kind=quota.kind, comparator=quota.comparator, value=value, value_max=top, unit=quota.unit, per=per,
        converted=converted, written=(quota.value, quota.unit, quota.per),
        base="|".join((unit, per or "", denominator, "each:" + binds[1] if binds[1] else "", _stock(quota, clause))),
        binds=binds[0], owners=owners, denominator=denominator, force=_force(words, text), nature=nature,
        year=year, words=words,
    )  # fmt: skip


def _stock(quota: Quota, clause: str) -> str:
    """``stock`` where a count is how many there are to be in all, not how many more: 总数突破1万家, 累计达200个."""
    if quota.kind not in ("count", "amount", "length"):
        return ""
    said = clause[-14:] + quota.text
    return "stock" if _IN_ALL.search(said) and not _MORE.search(clause) else ""


def _force(words: Words, text: Text) -> Force:
    """How strongly a quota binds: by its own clause, else by what announces it before a colon (主要预期目标是：)."""
    around, end = words.around, words.end
    start = max(around.rfind(mark, 0, end) for mark in "，,；;。：:\n") + 1
    own = force_of(around[start:end])
    if own != "plain":
        return own
    announced = _announced(words, text)
    return "plain" if not announced else "binding" if announced == "约束性" else "expected"


def _announced(words: Words, text: Text) -> str:
    """What announces the list that words stand in (预期, 目标, 约束性); a list goes on over semicolons."""
    whole = text.at(words.span)
    start = max(whole.rfind(mark, 0, words.span.start) for mark in "。！\n") + 1
    found = _ANNOUNCED.search(whole, start, words.span.start)
    return found[1] if found else ""


def _yearly(quota: Quota) -> tuple[float, float | None, Period | None, str]:
    """Value, top and period brought to a year, where the record could; and how, in Chinese."""
    per = quota.per
    if per is not None and per in TIMES_A_YEAR and quota.annual is not None:
        times = TIMES_A_YEAR[per]
        how = told("{words}，按一年{n}次折算", "{words}, {n} times a year", words=quota.text, n=times)
        return quota.annual, quota.annual_max, "year", "" if times == 1 else how
    return quota.value, quota.value_max, per, ""


def _binds(before: str, owners: Sequence[str]) -> tuple[str, str]:
    """Whom a quota binds, as shown, and the unit that it is for each of; empty for the whole."""
    clause = re.split(r"[。；;]", before)[-1]
    each = [match for match in _EACH.finditer(clause)]
    if each:
        return each[-1][0], each[-1][1]
    whole = _WHOLE.search(clause)
    if whole:
        return whole[0], ""
    for owner in owners:
        if owner.startswith(("各", "每")):
            return owner, owner.lstrip("各每个名家")
    return "、".join(owners[:3]), ""


def _denominator(clause: str) -> str:
    match = _OUT_OF.search(clause)
    return match[0] if match else ""


def _year(words: Words, task: Task, party: Party, text: Text) -> int | None:
    """The year that a number is for: as said before it, in the headings, by the plan, by the notice."""
    before = words.around[: words.start]
    years = [int(year[1]) for year in _YEAR.finditer(before)]
    if years:
        return years[-1]
    if re.search(r"去年|上年", before) and party.years:
        return party.years[0] - 1
    headed = [int(year) for heading in task.section for year in _YEAR.findall(heading)]
    if headed:
        return headed[-1]
    whole = party.years[0] if party.years and party.years[0] == party.years[1] else None
    # A report's plan may bear the year that its first sentence tells of.
    return whole or text.years.get(task.plan)


def _nature(quota: Quota, around: str, start: int, task: Task, party: Party) -> Nature:
    if quota.kind == "score":
        return "penalty"
    before, after = around[max(0, start - 30) : start], around[start : start + 40]
    money = quota.kind in ("amount", "ratio")
    grants = money and task.kind != "goal" and bool(_GRANT.search(before[-20:] + after[:14]))
    # What is paid by last year's figures is a rule, not a result.
    if grants and _RULED.search(before + after):
        return "grant"
    if _is_past(around, start, task, party):
        return "result"
    if quota.kind == "duration" and quota.comparator in ("<=", "<") and _SERVICE.search(before + after):
        return "limit"
    if money and _PENALTY.search(before[-12:]):
        return "penalty"
    return "grant" if grants else "target"


def _is_past(around: str, start: int, task: Task, party: Party) -> bool:
    """Whether a number tells of what was reached: a heading or sentence of an earlier year, or of looking back."""
    before = around[:start]
    if party.years:
        begin = party.years[0]
        spoken = [int(year[1]) for year in _YEAR.finditer(before)]
        if spoken:
            return max(spoken) < begin
        headed = [int(year) for heading in task.section for year in _YEAR.findall(heading)]
        if headed and max(headed) < begin:
            return not _NOW.search(before)
    if any(_REVIEW.search(heading) for heading in task.section) and not _NOW.search(before):
        return True
    return bool(_PAST.search(before)) and not _NOW.search(before)


def _relative_views(task: Task, view: TaskView, party: Party, text: Text) -> list[QuotaView]:
    found: list[QuotaView] = []
    for span in task.spans:
        whole = text.at(span)[span.start : span.end]
        for code, start, end, said in relatives(whole):
            words = text.words(span.model_copy(update={"start": span.start + start, "end": span.start + end}))
            if _is_past(words.around, words.start, task, party) or (is_vague(said) and not _announced(words, text)):
                continue
            found.append(_relative(code, said, words.span, task, view, party, text, len(found)))
    return found


def _relative(
    code: str, said: str, span: Span, task: Task, view: TaskView, party: Party, text: Text, number: int
) -> QuotaView:
    words = text.words(span)
    return QuotaView(
        key=f"{view.key}/r{number + 1}", party=party.key, task=view.key, quota=None, measure=code, name=name_of(code),
        kind="ratio", comparator="=", value=None, value_max=None, unit="%", per=None, converted="",
        written=(None, None, None), base="%||||", binds="", owners=(), denominator="",
        force=_force(words, text), nature="target", year=_year(words, task, party, text),
        words=words, relative=said,
    )  # fmt: skip
