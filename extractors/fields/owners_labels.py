"""Owners behind a label: （牵头单位：A；配合单位：B、C）, 责任单位：A, 【责任部门：A】, A（牵头）."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, cast

from extractors.fields.owners_people import split_people
from extractors.fields.owners_rules import Found
from extractors.fields.units import LEVEL_NAMES, Words, head_at, shapes
from extractors.lexicons import load_list
from schemas.labels import OwnerRole, OwnerType

_UNITS = r"单位|部门|科室|处室|股室|机构|主体|部室|责任单位|责任部门|责任科室|责任处室|院系|学院|处科室|地区"
_LEADERS = r"领导|局领导|院领导|校领导|市领导|县领导|区领导"
_PEOPLE = r"责任人|人员|人|对象|范围|教师|专家|同志"
_PREFIX = r"(?:市级|省级|区级|县级|主要|第一|具体|工作|局内|内部|市直|省直)?"
_OPENERS = "（([【〔[〈"
_CLOSERS = "）)]】〕]〉"
_SEPARATOR = re.compile(r"[、，,；;/／\n]|\s{1,}|以及")
_JOINT = re.compile(r"[和及与]")
_OTHERS = re.compile(
    r"等(?:多个?|各|有关|相关|各有关|各相关|市级|省级|区级|县级|市直|行业|职能)*(?:部门|单位|机构|企业|人员|科室|同志)?$"
)
_DUTY = re.compile(r"(?:按照?|根据|依据)(?:各自)?(?:的)?(?:职责|职能|分工)[^，。；]*$|(?:共同|分工|分别|具体)?负责$")
_ROLE_END = re.compile(r"[（(]?(?P<role>牵头|主办|配合|协助|协办|参与)[）)]?$")
_LEAD_END = re.compile(r"(?:总|共同|分别)?(?P<role>牵头|配合|协助|协办)(?:负责|实施|落实|抓好)?$")
_ASIDE = re.compile(r"[（(〈](?:含|包含|包括|以下|下称|简称|下同|不含|联系人|电话|牵头|配合)[^（）()〈〉]*[）)〉]$")
_NOT_A_NAME = re.compile(
    r"^(?:待定|另行|同上|按|根据|依据|其他|无|略|长期|20\d\d|\d|—|-|完成时限|时限|时间)|[：:]|^[\W_]+$"
)
#: Characters beyond which a stretch is no name.
_LONGEST = 60
#: Behind the list: another label (完成时限：) or the list's own end.
_NEXT_LABEL = re.compile(r"[，,；;。\s\n、]?[一-鿿]{2,9}[：:]")
#: 以下均涉及各县区，不再重复列出 is no name.
_ASIDE_CLAUSE = re.compile(r"[，,；;]\s*(?:以下|下同|不再)")


#: What parts a list of people; a space may stand inside a name (赵 刚).
_PARTED = re.compile(r"[、，,；;/／\n]")


class Label(NamedTuple):
    """A label, the role that it gives, and whether it asks for people (责任人：, 分管领导：)."""

    start: int
    end: int
    role: OwnerRole
    people: bool = False


@lru_cache(maxsize=1)
def _label() -> re.Pattern[str]:
    words = "|".join(sorted((row["word"] for row in load_list("roles")), key=len, reverse=True))
    joint = r"(?:[和及与、/]|[（(])?"
    return re.compile(
        rf"(?<![一-鿿]){_PREFIX}(?P<role>(?:{words}))(?:{joint}(?:{words})[）)]?)*"
        rf"(?P<noun>(?:{_UNITS}|{_LEADERS}|{_PEOPLE}))?"
        rf"(?:(?:[和及与、/]|[（(])(?:{_UNITS}|{_LEADERS}|{_PEOPLE}|责任人|负责人)[）)]?)?(?:\s*[:：]|(?<=[位门室构体域])为(?=[^，。；：]{{2,30}}[）)]))"
    )


@lru_cache(maxsize=1)
def _roles() -> dict[str, OwnerRole]:
    return {row["word"]: cast(OwnerRole, row["role"]) for row in load_list("roles")}


def labels(text: str) -> list[Label]:
    """The owner labels in a text, in reading order."""
    found = []
    for match in _label().finditer(text):
        role, noun = match["role"], match["noun"] or ""
        meaning = _roles()[role]
        if not noun and role not in ("牵头", "主办", "配合", "协助", "协办", "责任", "主讲", "督办", "参与", "承办"):
            continue
        if role == "学习" and noun == "专家":
            continue
        if noun and re.fullmatch(_LEADERS, noun):
            meaning = "supervisor"
        if role in ("参与", "支持") and noun in ("人员", "对象", "人", "教师", "同志"):
            meaning = "participant"
        people = bool(noun) and re.fullmatch(f"{_LEADERS}|{_PEOPLE}", noun) is not None
        found.append(Label(match.start(), match.end(), meaning, people))
    return found


def find_labelled(text: str, *, cell: bool = False) -> Iterator[tuple[Found, tuple[int, int]]]:
    """Owners behind labels, each with the stretch of text that its list covers.

    In a cell a list goes on over line breaks, up to the next label.
    """
    found = labels(text)
    for index, label in enumerate(found):
        limit = found[index + 1].start if index + 1 < len(found) else len(text)
        end = _list_end(text, label, limit, cell)
        for owner in (_people_list if label.people else _units_list)(text, label.end, end, label.role):
            yield owner, (label.start, end)


def _units_list(text: str, start: int, end: int, role: OwnerRole) -> Iterator[Found]:
    yield from split_list(text, start, end, role, "owner.label", 0.97)


def _people_list(text: str, start: int, end: int, role: OwnerRole) -> Iterator[Found]:
    """The names behind 责任人：, where people's may be padded (赵 刚) and units' may stand among them."""
    marks = [match.start() for match in _PARTED.finditer(text, start, end)]
    for first, last in zip([start, *(at + 1 for at in marks)], [*marks, end], strict=True):
        people = None if is_name(re.sub(r"\s", "", text[first:last])) else split_people(text[first:last])
        if people is None:
            yield from _units_list(text, first, last, role)
        for at, to in people or ():
            yield Found(first + at, first + to, role, "person", "owner.label_people", 0.95)


def _list_end(text: str, label: Label, limit: int, cell: bool) -> int:
    """Where a labelled list ends: its bracket's end, a full stop, a line's end, the next label."""
    depth = 0
    for at in range(label.end, limit):
        char = text[at]
        if char in _OPENERS:
            depth += 1
        elif char in _CLOSERS:
            if depth == 0:
                return at
            depth -= 1
        elif depth == 0 and _ends_list(text, label, at, cell):
            return at
    return limit


def _ends_list(text: str, label: Label, at: int, cell: bool) -> bool:
    if text[at] == "。" or (text[at] == "\n" and not cell and text[label.end : at].strip()):
        return True
    return at > label.end and (_NEXT_LABEL.match(text, at) or _ASIDE_CLAUSE.match(text, at)) is not None


def split_list(text: str, start: int, end: int, role: OwnerRole, rule: str, confidence: float) -> Iterator[Found]:
    """The names between two offsets, taken at their word: marks part them, and what is no name is dropped."""
    for first, last in _pieces(text, start, end):
        trimmed = trim(text, first, last, role)
        if trimmed is None:
            continue
        first, last, own = trimmed
        yield Found(first, last, own, type_of(text[first:last]), rule, confidence)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    levels = level_spans(text, start, end)
    depth, first, at = 0, start, start
    while at < end:
        level = next((b for a, b in levels if a == at), None)
        if level is not None and depth == 0:
            at = level
            continue
        char = text[at]
        depth += (char in _OPENERS) - (char in _CLOSERS and depth > 0)
        match = _SEPARATOR.match(text, at, end) if depth == 0 else None
        if match:
            yield from joined(text, first, at)
            first = at = match.end()
            continue
        at += 1
    yield from joined(text, first, end)


def level_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where 各市、县（市、区）人民政府 and the like stand, which marks don't part."""
    return [match.span() for match in LEVEL_NAMES.finditer(text, start, end)]


def joined(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Parts a stretch at 和, 及, 与 where what stands before is a name by itself."""
    first = start
    if end - start <= 2 * _LONGEST and not LEVEL_NAMES.fullmatch(text[start:end].strip()):
        for match in _JOINT.finditer(text, start, end):
            before, behind = text[first : match.start()].strip(), text[match.end() : end].strip()
            if len(before) >= 2 and len(behind) >= 2 and is_name(before) and is_name(behind):
                yield first, match.start()
                first = match.end()
    yield first, end


def is_name(text: str) -> bool:
    """Whether a text as a whole ends as a unit's or a group's name does."""
    if len(text) > _LONGEST or text.count("(") + text.count("（") != text.count(")") + text.count("）"):
        return False
    words = Words(text)
    last = len(words.items) - 1
    while last > 0 and words.items[last].tag == "BR":
        last -= 1
    return head_at(words.items, 0, last) is not None


def trim(text: str, start: int, end: int, role: OwnerRole) -> tuple[int, int, OwnerRole] | None:
    """A piece without its aside, 等部门, 负责; with the role that it states itself."""
    while start < end and (text[start].isspace() or text[start] in "：:·"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "。．."):
        end -= 1
    own = role
    for pattern in (_ROLE_END, _LEAD_END, _DUTY, _ASIDE, _OTHERS, _ASIDE):
        match = pattern.search(text, start, end)
        if match and match.start() > start:
            if "role" in match.groupdict():
                own = "lead" if match["role"] in ("牵头", "主办") else "support"
            end = match.start()
    dropped = shapes().dropped.match(text, start, end)
    if dropped and dropped.end() < end:
        start = dropped.end()
    name = re.sub(r"\s", "", text[start:end])
    if not name or len(name) > 40 or name in ("我局", "本局", "全局"):
        return None
    if _NOT_A_NAME.search(name) or not re.search(r"[一-鿿]", name):
        return None
    return start, end, own


def type_of(name: str) -> OwnerType:
    """A name's type by its ending; ``agency`` where that can't be told."""
    plain = re.sub(r"\s", "", name)
    if re.match(r"各|全体|局属|有关|相关", plain):
        return "collective"
    words = Words(plain)
    last = len(words.items) - 1
    while last > 0 and words.items[last].tag == "BR":
        last -= 1
    head = head_at(words.items, 0, last) if words.items else None
    return head.type if head else "agency"
