"""What a quantity is, before and after its surroundings are read."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.labels import Comparator, Period, QuotaKind


@dataclass(frozen=True)
class Quantity:
    """A converted quantity; the fields are those of a record's quota."""

    comparator: Comparator
    value: float
    value_max: float | None
    unit: str | None
    per: Period | None
    kind: QuotaKind


@dataclass(frozen=True)
class QuantityMatch:
    """A quantity in a text.

    Attributes:
        start, end: the shortest stretch that holds comparator, number, unit and period.
        core: where number and unit stand.
        comparator: where its comparator's words stand; None where ``=`` is only understood.
        period: where the words of its period stand, if they do.
        unit_at: where the unit stands.
        chinese: the number is written in Chinese numerals alone.
        carried: the period stands in an earlier clause of the sentence.
        rule: the rule that found it.
    """

    start: int
    end: int
    quantity: Quantity
    core: tuple[int, int]
    comparator: tuple[int, int] | None = None
    period: tuple[int, int] | None = None
    unit_at: tuple[int, int] | None = None
    chinese: bool = False
    carried: bool = False
    rule: str = "quota.count"


@dataclass
class Core:
    """A number or range with its unit, before its surroundings are read."""

    start: int
    end: int
    value: float
    value_max: float | None
    unit: str | None
    kind: QuotaKind
    unit_at: tuple[int, int] | None
    more: bool
    chinese: bool
