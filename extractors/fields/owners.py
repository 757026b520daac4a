"""Owners: who must do the work, from an item's own words or from its row's cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.fields.owners_cells import as_role, find_in_cell
from extractors.fields.owners_labels import find_labelled, is_name, labels, split_list
from extractors.fields.owners_lists import list_at
from extractors.fields.owners_names import resolve
from extractors.fields.owners_predicates import is_official, nominal_start
from extractors.fields.owners_rules import Found, find_in_prose
from extractors.fields.owners_tidy import tidy
from extractors.fields.units import MASK, Words, head_at
from extractors.passage import Context, Passage
from schemas.record import Owner

__all__ = ["find_owners", "owners_in_heading", "resolve"]

_BRACKET = re.compile(
    r"[（(【\[［]([^（）()：:。【】\[\]［］]{2,60}(?:[（(][^（）()]{1,12}[）)][^（）()：:。【】\[\]［］]{0,40})*)[）)】\]］](?=[，。；,;、\s]|$)"
)
_DUTY = re.compile(r"牵头|负责|配合|协助|参与|落实|主办")


def find_owners(passage: Passage, context: Context) -> list[Owner]:
    """Every owner that a passage names, in reading order, each name and role once.

    Args:
        passage: a paragraph's or an item's text, or a cell's.
        context: ``role`` is None for prose; for a cell it is its column's, and every name in the cell has it.

    Source: the agreed annotation rules of the exported record's description (owner roles and types).
    """
    role = as_role(context.role)
    if context.role is not None and role is None:
        return []
    found = list(find_in_cell(passage.text, role)) if role else list(_prose(passage.text, context))
    return [_owner(passage, one) for one in _distinct(passage.text, tidy(passage.text, found))]


def owners_in_heading(passage: Passage, context: Context) -> list[Owner]:
    """The units that a heading names and nothing else (市教育局, 公安分局、交警大队): its item is theirs to do.

    Args:
        passage: the item's run-in heading, or the cell that titles a row.
        context: as for :func:`find_owners`; its role does not count.
    """
    words = Words(passage.text.strip())
    listed = list_at(words, 0, len(words.items))
    if listed is None or listed.after < len(words.items) or listed.trailing:
        return []
    names = [words.text[words.offset(name.first) : words.items[name.last - 1].end] for name in listed.names]
    if not all(is_official(name, text) for name, text in zip(listed.names, names, strict=True)):
        return []
    if any(name.kind not in ("unit", "region") for name in listed.names):
        return []
    if not nominal_start(words, listed.names[0], False):
        return []
    shift = len(passage.text) - len(passage.text.lstrip())
    found = [
        Found(shift + words.offset(name.first), shift + words.items[name.last - 1].end, "responsible", name.type,
              "owner.heading", 0.8)
        for name in listed.names
    ]  # fmt: skip
    return [_owner(passage, one) for one in _distinct(passage.text, found)]


def _prose(text: str, context: Context) -> Iterator[Found]:
    if not text.strip():
        return
    yield from _titled(text, context)
    covered: list[tuple[int, int]] = []
    for one, area in find_labelled(text):
        if area not in covered:
            covered.append(area)
        yield one
    rest = _blank(text, covered)
    for one, area in _unlabelled(rest):
        covered.append(area)
        yield one
    yield from find_in_prose(Words(_blank(text, covered)), context)


def _titled(text: str, context: Context) -> Iterator[Found]:
    """Names that an item headed 参加对象 or 责任单位 lists, up to its first full stop."""
    found = labels(f"{context.task_title}：") if context.task_title else []
    if len(found) != 1 or found[0].start or found[0].end != len(context.task_title or "") + 1:
        return
    if found[0].role == "supervisor":
        return
    end = re.search(r"[。；;\n]|$", text)
    if end is None or end.start() > 80:
        return
    names = list(split_list(text, 0, end.start(), found[0].role, "owner.title", 0.8))
    if all(is_name(text[one.start : one.end]) for one in names):
        yield from names


def _blank(text: str, areas: list[tuple[int, int]]) -> str:
    for start, end in areas:
        text = text[:start] + MASK * (end - start) + text[end:]
    return text


def _unlabelled(text: str) -> Iterator[tuple[Found, tuple[int, int]]]:
    """（市容科、执法大队） behind a clause: names of units alone, and no alias of what stands before the bracket."""
    for match in _BRACKET.finditer(text):
        alone = len(text.strip()) == len(match[0])
        before = text[max(0, match.start() - 12) : match.start()]
        if _DUTY.search(match[1]) or (not alone and (not before or _is_named(before))):
            continue
        names = list(split_list(text, match.start(1), match.end(1), "responsible", "owner.bracket", 0.8))
        if names and all(_is_office(text[name.start : name.end]) for name in names):
            for name in names:
                yield name, match.span()


def _is_named(before: str) -> bool:
    words = Words(before)
    return bool(words.items) and head_at(words.items, 0, len(words.items) - 1) is not None


def _is_office(name: str) -> bool:
    words = Words(re.sub(r"\s", "", name))
    joints = sum(word.text in ("和", "与", "及") for word in words.items)
    if not words.items or len(words.text) < 3 or sum(word.tag[:1] in "pcu" for word in words.items) > joints:
        return False
    head = head_at(words.items, 0, len(words.items) - 1)
    return head is not None and (head.kind == "unit" or (head.kind == "region" and name.startswith(("各", "有关"))))


def _distinct(text: str, found: list[Found]) -> list[Found]:
    """Each name and role once; of two readings of the same words the surer one."""
    by_place: dict[tuple[int, int], Found] = {}
    for one in sorted(found, key=lambda one: -one.confidence):
        clash = any(start < one.end and one.start < end for start, end in by_place)
        if not clash:
            by_place[one.start, one.end] = one
    kept: dict[tuple[str, str], Found] = {}
    for one in sorted(by_place.values(), key=lambda one: one.start):
        kept.setdefault((re.sub(r"\s", "", text[one.start : one.end]), one.role), one)
    names = {name for name, _ in kept}
    return [
        one
        for (name, role), one in kept.items()
        if not (role == "supervisor" and any(other != name and other.endswith(name) for other in names))
    ]


def _owner(passage: Passage, found: Found) -> Owner:
    return Owner(
        name=re.sub(r"\s", "", passage.text[found.start : found.end]), type=found.type, role=found.role,
        confidence=found.confidence, rule=found.rule, span=passage.at(found.start, found.end),
    )  # fmt: skip
