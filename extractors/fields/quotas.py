"""Quotas: the numbers that somebody must reach, deliver, stay within, or is scored by."""

from __future__ import annotations

from dataclasses import replace

from extractors.fields.quotas_context import follows, is_quota, is_told, masked, qualifies_only
from extractors.fields.quotas_matrix import find_cell_quotas, head_period, is_counted, is_past
from extractors.fields.quotas_record import make_quota
from extractors.fields.quotas_subject import subject_of
from extractors.passage import Context, Passage
from extractors.values.numbers import has_number
from extractors.values.quantities import QuantityMatch, find_quantities
from schemas.record import Quota

#: How far the parts of a quantity vouch for it.
_SURE, _COMPARED, _PLAIN, _LOOSE = 0.96, 0.93, 0.85, 0.7


def find_quotas(passage: Passage, context: Context) -> list[Quota]:
    """The quotas of a passage, in reading order, without id and task.

    Args:
        passage: an item's paragraph, or a cell.
        context: its surroundings; with ``heads`` a bare number is read as a cell of a matrix. The heads may hold
            the row's own name (where it tells a unit, 博物馆数量（个）) before those of the column.
    """
    role = context.role or ""
    if role == "index" or role.startswith("owner.") or not has_number(passage.text) or is_past(context):
        return []
    if context.heads or role in ("score", "quota"):
        cell = find_cell_quotas(passage, context)
        if cell is not None:
            return cell
    hidden = masked(passage.text)
    quotas = []
    refused: QuantityMatch | None = None
    matches = find_quantities(passage.text)
    if qualifies_only(passage.text, context, matches):
        return []
    for match in matches:
        if role == "time" and not (match.quantity.per and match.quantity.kind == "count"):
            continue
        alone = passage.text.strip() == passage.text[match.start : match.end] and is_counted(context)
        gone_on = refused is not None and follows(passage.text, refused, match)
        told = is_told(passage.text, match, context)
        if gone_on or told or not (alone or is_quota(passage.text, match, hidden)):
            refused = match
            continue
        refused = None
        quotas.append(_quota(passage, context, match))
    return quotas


def _quota(passage: Passage, context: Context, match: QuantityMatch) -> Quota:
    quantity, per_span = match.quantity, None
    if match.period and match.carried:
        per_span = passage.at(*match.period)
    elif quantity.per is None and quantity.kind in ("count", "amount", "duration"):
        per, head = head_period(context)
        if head:
            quantity, per_span = replace(quantity, per=per), head.span
    subject = subject_of(passage.text, match)
    return make_quota(
        quantity,
        passage.text[match.start : match.end],
        passage.at(match.start, match.end),
        rule=match.rule,
        confidence=_confidence(match),
        subject=passage.text[slice(*subject)] if subject else None,
        subject_span=passage.at(*subject) if subject else None,
        per_span=per_span,
    )


def _confidence(match: QuantityMatch) -> float:
    if match.carried:
        return _LOOSE
    if match.quantity.per and match.comparator:
        return _SURE
    if match.comparator or match.quantity.per or match.quantity.kind in ("score", "ratio", "rank"):
        return _COMPARED
    return _LOOSE if match.chinese else _PLAIN
