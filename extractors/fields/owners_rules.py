"""Owners that a sentence names, by the rules of ``owners.toml``: who must, who is told to, who is set up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from extractors.fields.owners_lists import list_at
from extractors.fields.units import Listed, Name, Word, Words, is_boundary, shapes, stop_starts
from extractors.lexicons import Rule, load_rules
from schemas.labels import OwnerRole, OwnerType


class Found(NamedTuple):
    """An owner by offsets in the passage."""

    start: int
    end: int
    role: OwnerRole
    type: OwnerType
    rule: str
    confidence: float


class Sides(NamedTuple):
    subject: tuple[Rule, ...]
    object: tuple[Rule, ...]
    body: tuple[Rule, ...]
    levels: tuple[Rule, ...]


_SENTENCE_END = "。！？!?；;\n"
_VERBAL = ("v", "p", "d")
_NEVER_PREDICATE = frozenset(
    "关于 下设 设 设在 设立在 任 兼任 担任 位于 是 为 有 属于 等于 作为 具有 成为 即 指 包括 包含 的 已 已经 曾 没有 享受 获得 获 达 达到 以上 以下 不是 未 称 高度重视 在内".split()
)
_BAD_STARTS = frozenset("报向经送按由对在与为请将把使让给从于以及和等被自并或但可应须要需已未不无有是获得至到含")
#: Single verbs and prepositions that can open a predicate behind a name; others may be a name's unknown part.
_SHORT_PREDICATES = frozenset("报抓建办做将按在对于与从向把以每应要须需可会为由因就至到带管牵拟均都也已并共各作据凭依经通进赴用组搞")
_ADJECTIVES = frozenset("综合 高等 中等 高级 大型 中型 小型 重点 专业".split())
_CONDITION = re.compile(r"^(?:对|对于|针对|把|将|给|当|如|如果|若|凡|因|以)")
_GOVERNED = re.compile(r"(?:鼓励|支持|推动|引导|提倡|倡导)(?!和|、|并|与)[^，。；：！？\n]*$")
_MEASURED = re.compile(r"超过|不超过|不少于|不低于|达到?|占|签字|签章|盖章|签名|意见")
_ACTIVITIES = frozenset("活动 工作 大会 会议 大赛 比赛 竞赛 队伍 项目 行动 计划 制度 机制 体系 情况 需求".split())
_FUNCTIONARIES = re.compile(r"(?:党员|团员|书记|成员|负责人|负责同志|主任|局长|处长|科长|校长|组长|党员干部|领导干部|志愿者|网格员|信息员|联络员|通讯员|班主任|辅导员|教师|河长|林长|田长|路长)$")


@lru_cache(maxsize=1)
def _sides() -> Sides:
    by_side: dict[str, list[Rule]] = {"subject": [], "object": [], "body": [], "levels": []}
    for rule in load_rules("owners").rules:
        if rule.data["side"] in by_side:
            by_side[rule.data["side"]].append(rule)
    return Sides(*(tuple(by_side[side]) for side in ("subject", "object", "body", "levels")))


def find_in_prose(words: Words, issuers: tuple[str, ...]) -> Iterator[Found]:
    """Every owner that a rule finds, in no particular order; the same words may come twice."""
    yield from _subjects(words, issuers)
    yield from _objects(words)
    yield from _bodies(words)
    yield from _levels(words)


def _subjects(words: Words, issuers: tuple[str, ...]) -> Iterator[Found]:
    items = words.items
    at, fresh = 0, True
    waiting: list[Listed] = []
    while at < len(items):
        if is_boundary(items[at]):
            comma = items[at].text[0] in "，,"
            fresh = items[at].text[0] in _SENTENCE_END or (fresh and not comma)
            waiting = waiting if comma else []
            at += 1
            continue
        end = words.clause_end(at)
        alone: Listed | None = None
        for listed, relative in _opening_names(words, at, end):
            rule = _first_rule(words, listed, relative, fresh, end, issuers)
            if rule:
                for names in [*waiting, listed]:
                    yield from _emit(words, names, rule)
                break
            if listed.after == end and not relative:
                alone = listed
        waiting = [*waiting, alone] if alone and (fresh or waiting) else []
        at, fresh = end, False


def _opening_names(words: Words, at: int, end: int) -> Iterator[tuple[Listed, bool]]:
    """The names that open a clause, and those behind a relative clause, with whether one stands before them."""
    start = _opened(words, at)
    listed = list_at(words, start, end)
    if listed and _nominal_start(words, listed.names[0], True):
        yield listed, False
    behind = _behind_relative(words, start, end)
    listed = list_at(words, behind, end) if behind is not None else None
    if listed and _nominal_start(words, listed.names[0], True):
        yield listed, True


def _first_rule(
    words: Words, listed: Listed, relative: bool, fresh: bool, end: int, issuers: tuple[str, ...]
) -> Rule | None:
    nominal = _nominal_start(words, listed.names[0], False)
    for rule in _sides().subject:
        if (rule.data.get("opens_sentence") and not fresh) or (relative and not rule.data.get("relative")):
            continue
        if (not nominal and not rule.data.get("verbal")) or not _fits(words, listed, rule, end):
            continue
        if rule.data.get("not_issuer") and any(_is_issuer(words, name, issuers) for name in listed.names):
            return None
        return rule
    return None


@lru_cache(maxsize=1)
def _bad_starts() -> tuple[str, ...]:
    """Verbs and adverbs that a clause's first name does not begin with, also inside a longer word (积极争取)."""
    lists = shapes()
    return tuple(word for word in lists.stops | lists.adverbs if len(word) > 1 and word not in lists.nominal)


def _nominal_start(words: Words, name: Name, verbal: bool) -> bool:
    """Whether a clause's first name begins with a noun: 监察队, but not 保障中心组, whose verb has an object.

    Before a word of obligation (``verbal``) also a verb that its head noun follows (申请单位), or a verbal noun.
    """
    first = words.items[name.first]
    text = words.text[first.start : words.offset(name.last)]
    if first.text in _BAD_STARTS or (first.text not in shapes().nominal and text.startswith(_bad_starts())):
        return False
    if first.tag[:1] not in "vad" or first.text in _ADJECTIVES:
        return True
    short = name.last - name.first <= 3 and len(text) <= 6
    if name.kind == "people":
        return short and words.items[name.last - 1].text == "人员"
    if verbal:
        return first.tag == "vn" or (first.tag == "v" and name.last - name.first == 2)
    return short and first.tag == "vn" and name.kind == "unit"


def _acting(trailing: tuple[Word, ...]) -> bool:
    """Whether the nouns behind the last head are adverbs or verbal nouns (每日巡查, 参观科技馆), not a longer name's."""
    first, last = trailing[0].text, trailing[-1].text
    return first in shapes().adverbs | shapes().acts and last not in _ACTIVITIES


def _fits(words: Words, listed: Listed, rule: Rule, end: int) -> bool:
    offset = words.offset(listed.after)
    match = rule.pattern.match(words.text, offset)
    if match is None or (match.end() > offset and words.index(match.end()) is None and match.end() < len(words.text)):
        return False
    needs = rule.data.get("needs")
    if needs and not re.search(needs, words.text[max(0, offset - 80) : offset + 20]):
        return False
    if not rule.data.get("predicate"):
        return True
    return listed.after < end and (_acting(listed.trailing) if listed.trailing else _predicate(words, listed))


def _opened(words: Words, at: int) -> int:
    """Behind the adverbs, times and ordinals that open a clause."""
    match = shapes().opening.match(words.text, words.offset(at))
    while match:
        behind = words.index(match.end())
        if behind is not None:
            return behind
        match = shapes().opening.match(words.text[: match.end() - 1], words.offset(at)) if match.end() > words.offset(at) else None
    return at


def _behind_relative(words: Words, at: int, end: int) -> int | None:
    """Behind a relative clause: 纳入试点的|各县. A noun before 的 is no clause and belongs to the name."""
    if _CONDITION.match(words.items[at].text if at < end else ""):
        return None
    for index in range(end - 1, at, -1):
        if words.items[index].text == "的":
            if any(word.tag[:1] in "vp" or word.text in "为是" for word in words.items[at:index]):
                return index + 1
            return None
    return None


def _predicate(words: Words, listed: Listed) -> bool:
    """Whether what follows the names is a verb, or what stands before one."""
    if listed.after >= len(words.items):
        return False
    word = words.items[listed.after]
    if word.text in _NEVER_PREDICATE or is_boundary(word) or word.text[0] in "、/":
        return False
    if word.text == "组织" and words.items[listed.after - 1].text in shapes().organisation:
        following = words.items[listed.after + 1 : listed.after + 2]
        if not following or following[0].tag[:1] in "dpu" or is_boundary(following[0]):
            return False
    if _MEASURED.match(words.text, word.start) or (len(word.text) == 1 and word.text not in _SHORT_PREDICATES):
        return False
    if word.tag[:1] in _VERBAL or word.text in shapes().adverbs or word.text.startswith(stop_starts()):
        return True
    following = words.items[listed.after + 1] if listed.after + 1 < len(words.items) else None
    if word.tag in ("a", "ad", "an", "t") and following and following.tag[:1] in "vd":
        return True
    return word.tag == "vn" or bool(re.match(r"(?:每|于|在|自|20[0-9]{2}年|[0-9]{1,2}月)", word.text))


def _objects(words: Words) -> Iterator[Found]:
    items = words.items
    for rule in _sides().object:
        for match in rule.pattern.finditer(words.text):
            trigger, first = words.index(match.start()), words.index(match.end())
            if trigger is None or first is None or _is_noun(words, trigger, match[0]):
                continue
            if _GOVERNED.search(words.text, max(0, match.start() - 40), match.start()):
                continue
            if rule.data.get("at") == "clause" and trigger and not is_boundary(items[trigger - 1]):
                continue
            if rule.data.get("needs") and not re.search(rule.data["needs"], words.text[max(0, match.start() - 20) : match.end()]):
                continue
            listed = list_at(
                words, first, words.clause_end(first), elliptic=rule.data.get("elliptic", False), places=rule.data.get("places", False)
            )
            if listed and _followed(words, listed, rule):
                yield from _emit(words, listed, rule)


def _is_noun(words: Words, trigger: int, text: str) -> bool:
    if not text.startswith("组织") or trigger == 0 or words.items[trigger - 1].text not in shapes().organisation:
        return False
    listed = list_at(words, trigger + 1, words.clause_end(trigger))
    return words.items[trigger - 1].text != "工会" or listed is None or listed.names[0].kind not in ("people", "public")


def _followed(words: Words, listed: Listed, rule: Rule) -> bool:
    offset = words.offset(listed.after)
    then, not_then = rule.data.get("then", ""), rule.data.get("not_then")
    if not re.compile(then).match(words.text, offset):
        return False
    if not_then and re.compile(not_then).match(words.text, offset):
        attend = re.compile(then).match(words.text, offset)
        deny = re.compile(not_then).match(words.text, offset)
        if attend and deny and deny.end() <= attend.end():
            return False
    if not rule.data.get("predicate"):
        return True
    return _acting(listed.trailing) if listed.trailing else _predicate(words, listed)


def _bodies(words: Words) -> Iterator[Found]:
    for rule in _sides().body:
        for match in rule.pattern.finditer(words.text):
            start, end = match.span("name")
            cut = re.search(r".*(?:的|了|由|相应|本单位|本部门|专门(?!班子))", words.text[start:end])
            if cut and cut.end() < end - start - 1:
                start += cut.end()
            if words.index(match.start()) is None or end - start < 2:
                continue
            if _GOVERNED.search(words.text, max(0, match.start() - 40), match.start()):
                continue
            if rule.data.get("check") and not _is_named(words.text[start:end]):
                continue
            yield Found(start, end, rule.data["roles"]["unit"], "group", rule.id, rule.data["confidence"])


def _is_named(text: str) -> bool:
    words = Words(text)
    listed = list_at(words, 0, len(words.items))
    return listed is not None and listed.after == len(words.items) and listed.names[-1].kind in ("unit", "people")


def _levels(words: Words) -> Iterator[Found]:
    """省、市、县 that must do something are an owner each."""
    for rule in _sides().levels:
        for match in rule.pattern.finditer(words.text):
            for part in re.finditer(r"[^、]+", match["names"]):
                start = match.start("names") + part.start()
                role = rule.data["roles"]["region"]
                yield Found(start, start + len(part[0]), role, "collective", rule.id, rule.data["confidence"])


def _emit(words: Words, listed: Listed, rule: Rule) -> Iterator[Found]:
    roles: Mapping[str, OwnerRole] = rule.data["roles"]
    for name in listed.names:
        start, end = words.offset(name.first), words.items[name.last - 1].end
        text = words.text[start:end]
        kind = name.kind or "unit"
        role = roles.get(kind)
        if role is None or text in shapes().none:
            continue
        if rule.data.get("official") and not _is_official(words, name, text):
            continue
        yield Found(start, end, role, _type(text, name), rule.id, rule.data["confidence"])


def _is_official(words: Words, name: Name, text: str) -> bool:
    """Who, without a word of obligation, is taken to be told to act: offices and functionaries, not a bare head noun."""
    if name.kind == "people":
        return bool(_FUNCTIONARIES.search(text)) and not re.search(r"总书记|主席|总理", text)
    if name.kind == "region":
        return bool(re.match(r"各|有关|相关|所在|属地|试点", text))
    return text not in shapes().generic


def _type(text: str, name: Name) -> OwnerType:
    if name.type in ("agency", "department") and re.match(r"各|全|局属|有关|相关", text):
        return "collective"
    return name.type


def _is_issuer(words: Words, name: Name, issuers: tuple[str, ...]) -> bool:
    """城管局 for 如皋市城市管理局: the same characters in the same order, to the last."""
    text = words.text[words.offset(name.first) : words.items[name.last - 1].end]
    return any(issuer[-1:] == text[-1:] and is_subsequence(text, issuer) for issuer in issuers)


def is_subsequence(short: str, long: str) -> bool:
    """Whether the characters of ``short`` stand in ``long`` in the same order."""
    rest = iter(long)
    return all(char in rest for char in short)
