"""Quantities that stand together: two bounds of one, lists that share a comparator, periods that hold on."""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.values.quantity_types import Quantity, QuantityMatch

_AND = re.compile(r"\s*(?:(?:、)|(?:并且|而且|且|并|而|同时|但))?\s*")
_JOIN = re.compile(r"\s*(?:[、和及与或]|以及|或者)\s*(?:[一-龥]{0,4}?)$")
_PLAIN_JOIN = re.compile(r"\s*(?:[、和及与或]|以及|或者)\s*$")


def bound(plain: str, matches: list[QuantityMatch]) -> list[QuantityMatch]:
    """1万元以上3万元以下, 大于100且小于300 and 少于30并多于20 are one quantity between two bounds."""
    out: list[QuantityMatch] = []
    for match in matches:
        last = out[-1] if out else None
        adjacent = last is not None and plain[last.end : match.core[0]].strip(" 、") == ""
        if (
            last is not None and adjacent and last.quantity.unit == match.quantity.unit
            and last.quantity.comparator == ">=" and match.quantity.comparator == "<="
            and last.comparator is not None and last.comparator[0] >= last.core[1]
            and match.comparator is not None and match.comparator[0] >= match.core[1]
        ):  # fmt: skip
            both = replace(last.quantity, comparator="between", value_max=match.quantity.value)
            core = (last.core[0], match.core[1])
            out[-1] = replace(last, end=match.end, core=core, quantity=both, unit_at=match.unit_at)
        elif last is not None and _encloses(plain, last, match):
            unit = match.quantity.unit or last.quantity.unit
            both = replace(last.quantity, comparator="between", value_max=match.quantity.value, unit=unit)
            core, unit_at = (last.core[0], match.core[1]), match.unit_at or last.unit_at
            out[-1] = replace(last, end=match.end, core=core, quantity=both, unit_at=unit_at)
        elif last is not None and _encloses(plain, last, match, falling=True):
            unit = match.quantity.unit or last.quantity.unit
            low, top = match.quantity.value, last.quantity.value
            both = replace(last.quantity, comparator="between", value=low, value_max=top, unit=unit)
            core, unit_at = (last.core[0], match.core[1]), match.unit_at or last.unit_at
            out[-1] = replace(last, end=match.end, core=core, quantity=both, unit_at=unit_at)
        else:
            out.append(match)
    return out


def _encloses(plain: str, one: QuantityMatch, other: QuantityMatch, *, falling: bool = False) -> bool:
    """大于100并且小于300: the words of both stand before their numbers, with nothing but 并且 between them.

    ``falling``: the upper bound stands first, which needs the word between them (少于30并多于20).
    """
    if one.comparator is None or other.comparator is None or not _AND.fullmatch(plain, one.end, other.comparator[0]):
        return False
    if falling and not plain[one.end : other.comparator[0]].strip(" 、"):
        return False
    low, high = (other.quantity, one.quantity) if falling else (one.quantity, other.quantity)
    before = one.comparator[0] < one.core[0] and other.comparator[0] < other.core[0]
    signs = low.comparator in (">", ">=") and high.comparator in ("<", "<=")
    return before and signs and low.value < high.value and one.quantity.unit in (None, other.quantity.unit)


def share(plain: str, matches: list[QuantityMatch]) -> list[QuantityMatch]:
    """Comparators before or after a list hold for each of its numbers: 最高50万元、100万元; 80%、90%以上."""
    out = list(matches)
    for index in range(1, len(out)):
        one, other = out[index - 1], out[index]
        if not _joined(plain, one, other) or other.comparator is not None:
            continue
        if one.comparator and one.comparator[1] <= one.core[0]:
            shared = replace(other.quantity, comparator=one.quantity.comparator)
            out[index] = replace(other, start=one.comparator[0], quantity=shared, comparator=one.comparator)
    for index in range(len(out) - 2, -1, -1):
        one, other = out[index], out[index + 1]
        after = other.comparator and other.comparator[0] >= other.core[1]
        if after and one.comparator is None and _joined(plain, one, other, _PLAIN_JOIN):
            shared = replace(one.quantity, comparator=other.quantity.comparator)
            out[index] = replace(one, end=other.end, quantity=shared, comparator=other.comparator)
    return out


def _joined(plain: str, one: QuantityMatch, other: QuantityMatch, join: re.Pattern[str] = _JOIN) -> bool:
    same = one.quantity.unit == other.quantity.unit and "between" not in (
        one.quantity.comparator, other.quantity.comparator,
    )  # fmt: skip
    return same and one.core[1] <= other.core[0] and bool(join.match(plain[one.core[1] : other.core[0]]))


def _alike(one: Quantity, other: Quantity) -> bool:
    """Whether a period may hold for both: counts and times together, amounts of one unit that is no money."""
    if one.kind in ("count", "duration"):
        return other.kind in ("count", one.kind)
    return one.kind == other.kind == "amount" and one.unit == other.unit and one.unit != "元"


def carry(plain: str, matches: list[QuantityMatch]) -> list[QuantityMatch]:
    """A period at the head of a sentence holds for the counts of its later clauses: 每年遴选20个…，培育100个…"""
    out = list(matches)
    for index in range(1, len(out)):
        one, other = out[index - 1], out[index]
        if other.period or one.quantity.per in (None, "event") or not one.period or one.period[0] > one.core[0]:
            continue
        if not _alike(one.quantity, other.quantity) or other.rule in ("quota.zero", "quota.rank"):
            continue
        between = plain[one.core[1] : other.core[0]]
        if re.search(r"[。；;！？!?\n（）()]|其中|给予|奖|补|争取到|截至|[0-9]{4}年", between):
            continue
        quantity = replace(other.quantity, per=one.quantity.per)
        out[index] = replace(other, quantity=quantity, period=one.period, carried=True)
    return out
