"""Quotas: the numbers that somebody must reach, deliver, stay within, or is scored by."""

from __future__ import annotations

import re
from functools import cache

from extractors.fields.quotas_context import follows, is_quota, masked, subject_of
from extractors.fields.quotas_matrix import find_cell_quotas
from extractors.passage import Context, Passage
from extractors.values.numbers import has_number
from extractors.values.quantities import Quantity, QuantityMatch, find_quantities
from schemas.labels import TIMES_A_YEAR, Period
from schemas.record import Quota

#: How far the parts of a quantity vouch for it.
_SURE, _COMPARED, _PLAIN, _LOOSE = 0.96, 0.93, 0.85, 0.7
_NONE_ROLES = ("index",)


def find_quotas(passage: Passage, context: Context) -> list[Quota]:
    """The quotas of a passage, in reading order, without id and task.

    Args:
        passage: an item's paragraph, or a cell.
        context: its surroundings; with ``heads`` a bare number is read as a cell of a matrix.
    """
    role = context.role or ""
    if role in _NONE_ROLES or role.startswith("owner.") or not has_number(passage.text):
        return []
    if context.heads or role in ("score", "quota"):
        cell = find_cell_quotas(passage, context)
        if cell is not None:
            return cell
    hidden = masked(passage.text)
    quotas = []
    refused: QuantityMatch | None = None
    for match in find_quantities(passage.text):
        if role == "time" and not (match.quantity.per and match.quantity.kind == "count"):
            continue
        if (refused and follows(passage.text, refused, match)) or not is_quota(passage.text, match, hidden, context):
            refused = match
            continue
        refused = None
        quotas.append(_quota(passage, match))
    return quotas


def _quota(passage: Passage, match: QuantityMatch) -> Quota:
    quantity = match.quantity
    subject = subject_of(passage.text, match)
    annual, annual_max = annual_of(quantity)
    return Quota(
        text=passage.text[match.start : match.end],
        subject=passage.text[slice(*subject)] if subject else None,
        kind=quantity.kind,
        comparator=quantity.comparator,
        value=quantity.value,
        value_max=quantity.value_max,
        unit=quantity.unit,
        per=quantity.per,
        annual=annual,
        annual_max=annual_max,
        confidence=_confidence(match),
        rule=match.rule,
        span=passage.at(match.start, match.end),
        unit_span=None,
        subject_span=passage.at(*subject) if subject else None,
        per_span=passage.at(*match.period) if match.period and match.carried else None,
    )


def annual_of(quantity: Quantity) -> tuple[float | None, float | None]:
    """A quantity's value and upper value a year; null without a period, and for ratios, scores, ranks, lengths in 字."""
    times = _times(quantity.per)
    if times is None or quantity.kind in ("ratio", "score", "rank") or quantity.unit in ("字", "字符"):
        return None, None
    top = None if quantity.value_max is None else round(quantity.value_max * times, 6)
    return round(quantity.value * times, 6), top


@cache
def _times(per: Period | None) -> int | None:
    return TIMES_A_YEAR.get(per) if per else None


def _confidence(match: QuantityMatch) -> float:
    if match.carried:
        return _LOOSE
    if (match.quantity.per and match.comparator) or (match.quantity.kind == "score" and re.search("扣|加", match.rule)):
        return _SURE
    if match.comparator or match.quantity.per or match.quantity.kind in ("score", "ratio", "rank"):
        return _COMPARED
    return _LOOSE if match.chinese else _PLAIN
