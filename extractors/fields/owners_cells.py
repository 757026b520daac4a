"""Owners in a cell whose column says what they do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from extractors.fields.owners_labels import find_labelled, is_name, labels, split_list, type_of
from extractors.fields.owners_people import split_people
from extractors.fields.owners_rules import Found
from schemas.labels import OwnerRole

_BLANK = re.compile(r"^[\s\-—–/／·无.。]*$")
_MARKED = re.compile(r"[^、，,；;/／]+")
_NUMBERED = re.compile(r"^\s*(?:[0-9]{1,2}[.．、]|[（(][0-9]{1,2}[）)]|[①-⑳])\s*")


def find_in_cell(text: str, role: OwnerRole) -> Iterator[Found]:
    """Every name in a cell of an owner column; labels inside the cell (牵头：A 配合：B) come before the column."""
    if _BLANK.match(text):
        return
    if labels(text):
        covered = []
        for owner, area in find_labelled(text, cell=True):
            covered.append(area)
            yield owner
        first = min((start for start, _ in covered), default=len(text))
        yield from _marked(text, 0, first, role)
        return
    yield from _marked(text, 0, len(text), role)


def _marked(text: str, start: int, end: int, role: OwnerRole) -> Iterator[Found]:
    for match in _MARKED.finditer(text, start, end):
        first = match.start()
        number = _NUMBERED.match(text[first : match.end()])
        if number:
            first += number.end()
        if text[first : match.end()].strip():
            yield from _stretch(text, first, match.end(), role)


def _stretch(text: str, start: int, end: int, role: OwnerRole) -> Iterator[Found]:
    """A stretch without marks: people, or units parted by line breaks and spaces alone."""
    if not _is_unit(text[start:end]):
        people = _people(text, start, end)
        if people:
            for first, last in people:
                yield Found(first, last, role, "person", "owner.cell_people", 0.95)
            return
    for first, last in _lines(text, start, end):
        people = None if _is_unit(text[first:last]) else _people(text, first, last)
        if people:
            for at, to in people:
                yield Found(at, to, role, "person", "owner.cell_people", 0.95)
            continue
        for owner in split_list(_flat(text), first, last, role, "owner.cell", 0.96):
            yield owner._replace(type=type_of(text[owner.start : owner.end]))


def _flat(text: str) -> str:
    """Line breaks left inside a stretch are a cell's wrapping: no separators."""
    return re.sub(r"\s", "\u00b7", text) if False else text


def _is_unit(text: str) -> bool:
    plain = re.sub(r"\s", "", text)
    return len(plain) >= 2 and is_name(plain)


def _people(text: str, start: int, end: int) -> list[tuple[int, int]] | None:
    """People's names in a stretch: each word of two characters and more by itself, single characters joined."""
    people = split_people(text[start:end])
    return [(first + start, last + start) for first, last in people] if people else None


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Parts a stretch at white space, save where that is a wrapped line inside one name."""
    pieces = [(match.start() + start, match.end() + start) for match in re.finditer(r"\S+", text[start:end])]
    at = 0
    while at < len(pieces):
        first, last = pieces[at]
        step = at + 1
        if not _complete(text[first:last]):
            for upto in range(at + 1, min(at + 3, len(pieces))):
                joined = re.sub(r"\s", "", text[first : pieces[upto][1]])
                if _is_unit(joined) and not _complete(text[pieces[upto][0] : pieces[upto][1]], alone=True):
                    last, step = pieces[upto][1], upto + 1
                    break
        yield first, last
        at = step


def _complete(text: str, *, alone: bool = False) -> bool:
    """Whether a piece is a name by itself; ``alone``: also long enough not to be a name's wrapped end."""
    return _is_unit(text) and (not alone or len(text) > 2)


def as_role(role: str | None) -> OwnerRole | None:
    """``lead`` of the column role ``owner.lead``; None for columns of other things."""
    return cast(OwnerRole, role.removeprefix("owner.")) if role and role.startswith("owner.") else None
