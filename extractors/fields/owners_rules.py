"""Owners that a sentence names, by the rules of ``owners.toml``: who must, who is told to, who is set up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from extractors.fields.owners_lists import list_at
from extractors.fields.owners_predicates import acting, governed, is_official, is_predicate, nominal_start
from extractors.fields.units import MASK, Listed, Name, Words, is_boundary, shapes
from extractors.lexicons import Rule, load_rules
from extractors.passage import Context
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
#: Behind a quotation a clause goes on.
_NO_CLAUSE = frozenset(MASK + '”》’」"')
_CONDITION = re.compile(r"对|对于|针对|把|将|给|当|如|如果|若|凡|因|以")
#: The longest opening of a clause that is read, in characters.
_LONGEST_OPENING = 200


@lru_cache(maxsize=1)
def _sides() -> Sides:
    by_side: dict[str, list[Rule]] = {"subject": [], "object": [], "body": [], "levels": []}
    for rule in load_rules("owners").rules:
        if rule.data["side"] in by_side:
            by_side[rule.data["side"]].append(rule)
    return Sides(*(tuple(by_side[side]) for side in ("subject", "object", "body", "levels")))


def find_in_prose(words: Words, context: Context) -> Iterator[Found]:
    """Every owner that a rule finds, in no particular order; the same words may come twice."""
    yield from _subjects(words, context)
    yield from _objects(words)
    yield from _bodies(words)
    yield from _levels(words)


def _subjects(words: Words, context: Context) -> Iterator[Found]:
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
        if at and items[at - 1].text[-1] in _NO_CLAUSE:
            at, fresh, waiting = end, False, []
            continue
        alone: Listed | None = None
        for listed, relative in _opening_names(words, at, end):
            rule = _first_rule(words, listed, relative, fresh, end, context)
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
    if listed and nominal_start(words, listed.names[0], True):
        yield listed, False
    behind = _behind_relative(words, start, end)
    listed = list_at(words, behind, end) if behind is not None else None
    if listed and nominal_start(words, listed.names[0], True):
        yield listed, True


def _first_rule(words: Words, listed: Listed, relative: bool, fresh: bool, end: int, context: Context) -> Rule | None:
    nominal = nominal_start(words, listed.names[0], False)
    for rule in _sides().subject:
        if (rule.data.get("opens_sentence") and not fresh) or (relative and not rule.data.get("relative")):
            continue
        if rule.data.get("task_kind", context.task_kind) != context.task_kind:
            continue
        if (not nominal and not rule.data.get("verbal")) or not _fits(words, listed, rule, end):
            continue
        if rule.data.get("each") and not _is_each(words, listed):
            continue
        if not any((name.kind or "unit") in rule.data["roles"] for name in listed.names):
            continue
        if rule.data.get("not_issuer") and any(_is_issuer(words, name, context.issuers) for name in listed.names):
            return None
        return rule
    return None


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
    return listed.after < end and (acting(words, listed) if listed.trailing else is_predicate(words, listed))


def _is_each(words: Words, listed: Listed) -> bool:
    """各科室 or people: whom an indicator without a verb can only measure; 市就业服务机构 is a unit of a level."""
    first = listed.names[0]
    level = words.items[first.first].text[0] in "省市县区州" and words.items[first.last - 1].text.endswith("机构")
    return first.kind == "people" or words.items[first.first].text[0] == "各" or level


def _opened(words: Words, at: int) -> int:
    """Behind the adverbs, times and ordinals that open a clause."""
    match = shapes().opening.match(words.text, words.offset(at), words.offset(at) + _LONGEST_OPENING)
    while match:
        behind = words.index(match.end())
        if behind is not None:
            return behind
        if match.end() <= words.offset(at):
            break
        match = shapes().opening.match(words.text, words.offset(at), match.end() - 1)
    return at


def _behind_relative(words: Words, at: int, end: int) -> int | None:
    """Behind a relative clause: 纳入试点的|各县. A noun before 的 is no clause and belongs to the name."""
    if at >= end or _CONDITION.match(words.items[at].text):
        return None
    for index in range(end - 1, at, -1):
        if words.items[index].text == "的":
            if any(word.tag[:1] in "vp" or word.text in "为是" for word in words.items[at:index]):
                return index + 1
            return None
    return None


def _objects(words: Words) -> Iterator[Found]:
    items = words.items
    for rule in _sides().object:
        for match in rule.pattern.finditer(words.text):
            trigger, first = words.index(match.start()), words.index(match.end())
            if trigger is None or first is None or _is_noun(words, trigger, match[0]):
                continue
            if governed(words.text, match.start()):
                continue
            if rule.data.get("at") == "clause" and trigger and not is_boundary(items[trigger - 1]):
                continue
            before = words.text[max(0, match.start() - 20) : match.end()]
            if rule.data.get("needs") and not re.search(rule.data["needs"], before):
                continue
            elliptic, places = rule.data.get("elliptic", False), rule.data.get("places", False)
            listed = list_at(words, first, words.clause_end(first), elliptic=elliptic, places=places)
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
    return acting(words, listed) if listed.trailing else is_predicate(words, listed)


def _bodies(words: Words) -> Iterator[Found]:
    for rule in _sides().body:
        for match in rule.pattern.finditer(words.text):
            start, end = match.span("name")
            cut = re.search(r".*(?:的|了|由|相应|本单位|本部门|专门(?!班子))", words.text[start:end])
            if cut and cut.end() < end - start - 1:
                start += cut.end()
            if words.index(match.start()) is None or end - start < 2:
                continue
            if governed(words.text, match.start()):
                continue
            if rule.data.get("check") and not _is_named(words.text[start:end]):
                continue
            kind: OwnerType = "department" if words.text[end - 1] in "队室" else "group"
            yield Found(start, end, rule.data["roles"]["unit"], kind, rule.id, rule.data["confidence"])


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
        shared = words.items[listed.names[0].first].text[0] == "各" and name.kind in ("unit", "region")
        if rule.data.get("official") and not is_official(name, text) and not shared:
            continue
        yield Found(start, end, role, _type(text, name), rule.id, rule.data["confidence"])


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
