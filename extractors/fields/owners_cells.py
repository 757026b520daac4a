"""Owners in a cell whose column says what they do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from extractors.fields.owners_labels import find_labelled, is_name, joined, labels, level_spans, trim, type_of
from extractors.fields.owners_people import split_people
from extractors.fields.owners_rules import Found
from extractors.nlp import segment
from schemas.labels import OwnerRole, OwnerType

#: Confidence in a cell's words that read neither as a unit's name nor as a person's.
_UNKNOWN = 0.6
_BLANK = re.compile(r"^[\s\-—–/／·无略.。]*$")
_MARKS = "、，,；;/／|"
_NUMBERED = re.compile(r"\s*(?:[0-9]{1,2}[.．、]|[（(][0-9]{1,2}[）)]|[①-⑳])\s*")
#: 主任：王小明 names its owner behind the mark.
_TITLED = re.compile(r"\s*[^：:\s]{1,8}[：:]")
#: A line with a region alone begins the name on the next line.
_REGION = re.compile(r"(?![各有相本全])[一-鿿]{2,6}[省市县区]|[省市县区]")
_CONTACT = re.compile(r"电话|手机|邮箱|地址|时间|备注|[0-9]{5,}")
_PERSON_ASIDE = re.compile(r"[（(][^（）()]{1,12}[）)]$")


def find_in_cell(text: str, role: OwnerRole) -> Iterator[Found]:
    """Every name in a cell of an owner column; labels inside the cell (牵头：A 配合：B) come before the column."""
    if _BLANK.match(text):
        return
    first = len(text)
    if labels(text):
        for owner, (start, _) in find_labelled(text, cell=True):
            first = min(first, start)
            yield owner
    yield from _marked(text, 0, first, role)


def _marked(text: str, start: int, end: int, role: OwnerRole) -> Iterator[Found]:
    """Parts a cell at its marks, not inside brackets and not inside one name of several levels."""
    levels = level_spans(text, start, end)
    depth, first, at = 0, start, start
    while at < end:
        behind = next((stop for begin, stop in levels if begin == at), None)
        if behind is not None and depth == 0:
            at = behind
            continue
        depth = max(0, depth + (text[at] in "（([【") - (text[at] in "）)]】"))
        if depth == 0 and text[at] in _MARKS:
            yield from _stretch(text, first, at, role)
            first = at + 1
        at += 1
    yield from _stretch(text, first, end, role)


def _stretch(text: str, start: int, end: int, role: OwnerRole) -> Iterator[Found]:
    """A stretch without marks: people, or units parted by line breaks and spaces alone."""
    if not text[start:end].strip():
        return
    others = re.search(r"等\s*$", text[start:end])
    if others:
        end = start + others.start()
    pieces = [(start, end)] if _people(text, start, end, role) else _lines(text, start, end)
    for first, last in pieces:
        number = _NUMBERED.match(text, first, last)
        first = number.end() if number else first
        titled = _TITLED.match(text, first, last)
        if titled:
            if _CONTACT.search(text, first, last):
                continue
            first = titled.end()
        people = _people(text, first, last, role)
        if people:
            yield from (Found(at, to, role, "person", "owner.cell_people", 0.95) for at, to in people)
            continue
        for at, to in joined(text, first, last):
            trimmed = trim(text, at, to, role)
            if trimmed:
                at, to, own = trimmed
                confidence = 0.96 if _is_unit(text[at:to]) else _UNKNOWN
                yield Found(at, to, own, _type(text[at:to], role), "owner.cell", confidence)


def _type(name: str, role: OwnerRole) -> OwnerType:
    aside = _PERSON_ASIDE.search(name)
    if aside and _people(name, 0, aside.start(), role):
        return "person"
    return type_of(name)


def _is_unit(text: str) -> bool:
    plain = re.sub(r"\s", "", text)
    return len(plain) >= 2 and is_name(plain)


def _people(text: str, start: int, end: int, role: OwnerRole) -> list[tuple[int, int]] | None:
    """People's names in a stretch, or None. A dictionary's word (车队) is no name, save where somebody speaks."""
    if _is_unit(text[start:end]):
        return None
    people = split_people(text[start:end])
    if not people:
        return None
    if len(people) == 1 and role != "presenter":
        words = segment(re.sub(r"\s", "", text[start:end]))
        if len(words) == 1 and not words[0].tag.startswith(("nr", "x")):
            return None
    return [(first + start, last + start) for first, last in people]


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Parts a stretch at white space, save where that is a wrapped line inside one name."""
    pieces = [(match.start() + start, match.end() + start) for match in re.finditer(r"\S+", text[start:end])]
    at = 0
    while at < len(pieces):
        first, last = pieces[at]
        step = at + 1
        while step < len(pieces) and _continues(text, first, last, *pieces[step]):
            last = pieces[step][1]
            step += 1
        yield first, last
        at = step


def _continues(text: str, first: int, last: int, begin: int, stop: int) -> bool:
    """Whether a piece is the wrapped end of the one before: 市市场监|管局, 卫生健康委|员会, 各党|支部."""
    before, behind = text[first:last], text[begin:stop]
    whole = re.sub(r"\s", "", before + behind)
    if len(whole) > 24 or not _is_unit(whole) or _NUMBERED.match(behind):
        return False
    if _REGION.fullmatch(before) and not _REGION.fullmatch(behind):
        return _is_unit(behind)
    if not _is_unit(before):
        return len(re.sub(r"\s", "", behind)) <= 2 or not _is_unit(behind)
    return not _is_unit(behind) and len(behind) <= 3


def as_role(role: str | None) -> OwnerRole | None:
    """``lead`` of the column role ``owner.lead``; None for columns of other things."""
    return cast(OwnerRole, role.removeprefix("owner.")) if role and role.startswith("owner.") else None
