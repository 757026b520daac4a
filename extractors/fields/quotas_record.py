"""A quantity as a quota of the record."""

from __future__ import annotations

from extractors.values.quantities import Quantity
from schemas.document import Span
from schemas.labels import TIMES_A_YEAR
from schemas.record import Quota


def annual_of(quantity: Quantity) -> tuple[float | None, float | None]:
    """A quantity's value and upper value a year.

    Null without a period of the calendar, and for ratios, scores, ranks and lengths in 字.
    """
    times = TIMES_A_YEAR.get(quantity.per) if quantity.per else None
    if times is None or quantity.kind in ("ratio", "score", "rank") or quantity.unit in ("字", "字符"):
        return None, None
    top = None if quantity.value_max is None else round(quantity.value_max * times, 6)
    return round(quantity.value * times, 6), top


def make_quota(
    quantity: Quantity,
    text: str,
    span: Span,
    *,
    rule: str,
    confidence: float,
    subject: str | None = None,
    unit_span: Span | None = None,
    subject_span: Span | None = None,
    per_span: Span | None = None,
) -> Quota:
    """The quota without id, task and owners, which the record gives."""
    annual, annual_max = annual_of(quantity)
    return Quota(
        text=text,
        subject=subject,
        kind=quantity.kind,
        comparator=quantity.comparator,
        value=quantity.value,
        value_max=quantity.value_max,
        unit=quantity.unit,
        per=quantity.per,
        annual=annual,
        annual_max=annual_max,
        confidence=confidence,
        rule=rule,
        span=span,
        unit_span=unit_span,
        subject_span=subject_span,
        per_span=per_span,
    )
