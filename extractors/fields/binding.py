"""Whom a quota binds: the owners of its own clause, else of its row, else the one owner that the task has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.passage import Passage
from schemas.document import Span
from schemas.record import Owner, Quota

_BINDING = ("lead", "responsible")


def bind(quota: Quota, owners: Sequence[Owner], passages: Sequence[Passage]) -> list[int]:
    """Indices of the owners that a quota binds, in order; empty where the words don't say.

    A number in prose binds the doers that its clause names before it (各科室每半年报送1篇，各中队每季度报送1篇), else
    those of the sentence; one in a row binds the row's responsible and leading units.
    """
    doers = [i for i, owner in enumerate(owners) if owner.role in _BINDING]
    passage = next((p for p in passages if _holds(p.span, quota.span)), None)
    if passage is not None:
        end = quota.span.start - passage.span.start
        for stops in ("，,。；;", "。；;"):
            start = max((passage.text.rfind(stop, 0, end) for stop in stops), default=-1) + 1
            near = [
                i
                for i, owner in enumerate(owners)
                if owner.role != "supervisor"
                and _holds(passage.span, owner.span)
                and start <= owner.span.start - passage.span.start < end
            ]
            if near:
                return near
    if quota.span.row is not None:
        return [i for i in doers if owners[i].span.row is not None and not _in(owners[i], passages)] or doers[:1]
    brackets = [i for i in doers if _bracketed(owners[i], passages)]
    return brackets or (doers if len(doers) == 1 else [])


def _holds(outer: Span, inner: Span) -> bool:
    same = (outer.block, outer.row, outer.column) == (inner.block, inner.row, inner.column)
    return same and outer.start <= inner.start and inner.end <= outer.end


def _in(owner: Owner, passages: Sequence[Passage]) -> bool:
    return any(_holds(passage.span, owner.span) for passage in passages)


def _bracketed(owner: Owner, passages: Sequence[Passage]) -> bool:
    """Whether an owner stands in a list that names who is responsible for the whole item."""
    if owner.inherited == "bracket":
        return True
    for passage in passages:
        if _holds(passage.span, owner.span):
            before = passage.text[: owner.span.start - passage.span.start]
            return bool(re.search(r"(?:单位|部门|科室|处室|牵头|责任人?)[^。；;：:]{0,6}[：:][^。：:]*$", before))
    return False
