"""Figures to reach, read from what a person wrote down as 量化目标 of an item that comes from no notice."""

from __future__ import annotations

import re

from schemas.document import Span
from schemas.record import Quota

#: What a figure's words are not next to, so that no time is taken for theirs.
_APART = 1
_LONGEST = 12
#: What stands between what is counted and its figure.
_VERBS = re.compile(r"(?:达到|达|完成|实现|力争|确保|共计?|为)+$")


def quotas_of(words: str) -> list[Quota]:
    """The figures of words like ``政务信息不少于4篇/月；新媒体2条/周``, each with what is counted."""
    from extractors.values.quantities import find_quantities

    found: list[Quota] = []
    for piece in filter(None, (part.strip() for part in re.split(r"[；;。\n]+", words))):
        last = 0
        for match in find_quantities(piece):
            subject = re.sub(r"[\s，,、:：]+", "", piece[last : match.start])
            subject = _VERBS.sub("", subject)
            last = match.end
            value = match.quantity
            found.append(Quota(
                text=piece[match.start : match.end], kind=value.kind, comparator=value.comparator, value=value.value,
                value_max=value.value_max, unit=value.unit, per=value.per, confidence=1, rule="person",
                subject=subject if 0 < len(subject) <= _LONGEST else None,
                span=Span(block=_APART, start=match.start, end=match.end),
            ))  # fmt: skip
    return found
