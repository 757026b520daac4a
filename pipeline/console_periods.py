"""An item's periods and figures as people name them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.tracker.entries import figure, period_words
from pipeline.tracker.types import Detail, LedgerError, Occurrence


@dataclass(frozen=True)
class Figures:
    """What was reached in a period: one figure, or by series where it has several."""

    period: str
    single: float | None = None
    named: tuple[tuple[int, float], ...] = ()


def figures_of(detail: Detail, period: str, given: Sequence[str]) -> Figures:
    """Figures as they are typed: ``4``, or ``微博=4`` where a period asks for several.

    Raises:
        LedgerError: no number, no such figure, or it isn't said which one.
    """
    asked = [one for one in detail.occurrences if one.period == period and one.target is not None]
    named: list[tuple[int, float]] = []
    single: float | None = None
    for words in given:
        name, equals, number = words.replace("＝", "=").rpartition("=")
        value = _number(number)
        if equals:
            named.append((_series(asked, name.strip(), period), value))
        elif len(asked) > 1:
            raise LedgerError(
                "ledger.which_figure",
                f"{period_words(period) or period}有 {len(asked)} 项指标，不知道 {words} 是哪一项",
                remedy=f"请写 --actual {_name(asked[0])}={figure(value)} 这样，可写多次；有：{_names(asked)}",
            )  # fmt: skip
        elif single is not None:
            raise LedgerError("ledger.which_figure", "完成值写了两个", remedy="请只写一个")
        else:
            single = value
    return Figures(period, single, tuple(named))


def _number(text: str) -> float:
    try:
        value = float(text.strip())
    except ValueError:
        value = float("nan")
    if not abs(value) < 1e15:
        raise LedgerError("ledger.value", f"完成值“{text.strip()}”不是数", remedy="如 --actual 4")
    return value


def _series(asked: Sequence[Occurrence], name: str, period: str) -> int:
    found = [one for one in asked if name and name in (one.subject or "")]
    exact = [one for one in found if one.subject == name]
    if len(exact or found) != 1:
        shown = period_words(period) or period
        raise LedgerError(
            "ledger.which_figure", f"{shown}{'有几项' if found else '没有'}“{name}”这项指标",
            remedy=f"有：{_names(asked)}" if asked else "这一期没有要完成的数",
        )  # fmt: skip
    return (exact or found)[0].series


def _name(one: Occurrence) -> str:
    return one.subject or "指标"


def _names(asked: Sequence[Occurrence]) -> str:
    return "、".join(map(_name, asked))


def period_of(detail: Detail, given: str, year: int) -> str:
    """An item's period by its code or name: ``2021-03``, 2021年3月, 3月, 一季度; by name that of this year.

    Raises:
        LedgerError: the item has no such period.
    """
    from pipeline.tracker.grid import title_of

    wanted = given.strip()
    periods = list(dict.fromkeys(one.period for one in detail.occurrences))
    if not wanted or wanted in periods:
        return wanted
    named = [each for each in periods if wanted in (title_of(each), period_words(each), each.replace("-0", "-"))]
    this_year = [each for each in named if each.startswith(str(year))]
    if len(this_year or named) == 1:
        return (this_year or named)[0]
    if not periods and (period_words(wanted) or re.fullmatch(r"\d{4}-\d\d-\d\d", wanted)):
        return wanted
    number = detail.item.number or detail.item.id
    if not periods:
        raise LedgerError(
            "ledger.no_period", f"“{wanted}”不是期", remedy="请写 2026-03（月）、2026-Q1、2026-H1、2026-03-05"
        )
    shown = "、".join(periods[:24]) + ("……" if len(periods) > 24 else "")
    raise LedgerError("ledger.no_period", f"事项 {number} 没有“{wanted}”这一期", remedy=f"各期：{shown}")


def reached(detail: Detail, period: str) -> str:
    """What a period's figures are at: ``2021年3月 完成 2，目标 4，差 2``; empty without a figure."""
    told = []
    asked = [one for one in detail.occurrences if one.period == period and one.target is not None]
    for one in asked:
        gap = (one.target or 0) - (one.actual or 0)
        short = f"，差 {figure(gap)}" if gap > 0 and one.comparator not in ("<", "<=") else ""
        name = _name(one) if len(asked) > 1 else ""
        told.append(f"{name}完成 {figure(one.actual or 0)}，目标 {figure(one.target)}{short}")
    return f"{period_words(period) or period} {'；'.join(told)}" if told else ""
