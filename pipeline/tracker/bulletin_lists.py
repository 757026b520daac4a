"""The lists of a bulletin: units in figures, what is overdue, what comes next, what is done, and the definitions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from pipeline.tracker.bulletin_blocks import Block, Heading, Paragraph, Table
from pipeline.tracker.entries import joined
from pipeline.tracker.figures import Figures, Line, UnitCount
from pipeline.tracker.settings import BulletinSettings

DEFINITIONS = (
    "件次：有一个时限的事项计1件次，周期性事项每一期计1件次；一个时限或一期有几项指标的，全部完成才算办结；"
    "分解到单位的事项按单位分别计，原事项不再重复计。",
    "责任归属：每件次只计入牵头单位一次；几家共同牵头的，计第一家；没有写明牵头的，计第一责任单位。配合事项单列，不计入各项比率。",
    "应办结：时限（经批准延期的，按延期后时限）在截至日期当日及以前的件次。未到期、印发（交办）以前到期、免报、中止和尚未交办的，不计入。",
    "办结率＝已办结件次÷应办结件次。已办结以督办部门审核通过为准。",
    "按时办结率＝按时办结件次÷应办结件次。办结日以审核通过的反馈日期为准，不晚于时限的为按时。",
    "反馈率＝已反馈（含已办结和待审核）件次÷应办结件次。",
    "逾期：时限已过，截至日期仍未反馈、未办结的件次；退回重办而时限已过的，也计为逾期。截至日期当天到期的不计。",
    "延期：经批准推迟时限的件次，原定时限保留。",
)

#: A part's number has one more behind its item's.
_PART = re.compile(r"(\d+-\d+)-\d+")


def percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}%"


def appendix(figures: Figures, units: Sequence[UnitCount], settings: BulletinSettings) -> Iterator[Block]:
    """The lists and the definitions."""
    yield _unit_table(units, settings.ranking)
    yield _lines(
        "附表2　逾期事项", figures.overdue, ("应办时限", "逾期天数", "催办次数", "进展和问题"), (2.4, 1.2, 1.2, 4.6),
        lambda each: (each.when, str(each.days), str(each.chases or ""), _said(each)),
    )  # fmt: skip
    yield _lines(
        f"附表3　今后{settings.soon}天内到期的事项", figures.coming, ("时限", "进展"), (2.4, 4.6),
        lambda each: (each.when, each.progress),
    )  # fmt: skip
    name = "附表4　上次通报以来办结的事项" if figures.previous else "附表4　已办结的事项"
    yield _lines(
        name, figures.finished, ("办结日期", "进展"), (2.4, 4.6), lambda each: (each.when, each.progress)
    )  # fmt: skip
    if figures.extensions:
        yield _lines(
            "附表5　经批准延期的事项", figures.extensions, ("延期后时限", "说明"), (2.4, 4.6),
            lambda each: (each.when, each.remark),
        )  # fmt: skip
    yield Heading("统计口径")
    for number, words in enumerate(DEFINITIONS, 1):
        yield Paragraph(f"{number}．{words}")


def _unit_table(units: Sequence[UnitCount], ranking: bool) -> Table:
    heads = ("单位", "牵头事项", "应办结", "已办结", "按时办结", "待审核", "逾期", "延期", "办结率", "按时办结率",
             "反馈率", "配合事项", "配合中逾期")  # fmt: skip
    shown = list(units)
    if ranking:
        shown.sort(key=_merit, reverse=True)
    merits = [_merit(each) for each in shown]
    rows = []
    for each in shown:
        own = each.count
        row = (
            each.unit, str(each.items), str(own.due), str(own.done), str(own.on_time), str(own.waiting),
            str(own.overdue), str(own.extended), percent(own.rate("done")), percent(own.rate("on_time")),
            percent(own.rate("reported")), str(each.supported), str(each.supported_overdue),
        )  # fmt: skip
        place = str(merits.index(_merit(each)) + 1) if own.due else "—"
        rows.append((place, *row) if ranking else row)
    widths = (3.0, 1.4, 1.4, 1.4, 1.4, 1.4, 1.2, 1.2, 1.6, 1.7, 1.6, 1.4, 1.6)
    return Table(
        "附表1　各单位办理情况（件次；事项单位为项）", ("名次", *heads) if ranking else heads, tuple(rows),
        (1.0, *widths) if ranking else widths, ("单位",),
    )  # fmt: skip


def _merit(unit: UnitCount) -> tuple[float, float]:
    """What units are ranked by; equal ones share a place."""
    rates = unit.count.rate("done"), unit.count.rate("on_time")
    return tuple(-1.0 if each is None else each for each in rates)  # type: ignore[return-value]


def _lines(
    caption: str, lines: Sequence[Line], heads: tuple[str, ...], widths: tuple[float, ...],
    rest: Callable[[Line], tuple[str, ...]],
) -> Table:  # fmt: skip
    rows = []
    for number, each in enumerate(_gathered(lines), 1):
        periods = f"（{joined(each.periods)}）" if each.periods else ""
        rows.append((str(number), each.number, each.title + periods, each.unit, *rest(each)))
    return Table(
        caption, ("序号", "督办编号", "事项", "牵头单位", *heads), tuple(rows), (1, 2.8, 6.6, 3.4, *widths),
        ("事项", "进展和问题", "进展", "说明"),
    )  # fmt: skip


def _gathered(lines: Sequence[Line]) -> list[Line]:
    """Lines of one item's parts that say the same as one, with the item's number and all of their units."""
    groups: dict[str, list[Line]] = {}
    for each in lines:
        part = _PART.fullmatch(each.number)
        alike = replace(each, number=part[1], unit="") if part else each
        groups.setdefault(repr(alike), []).append(each)
    return [group[0] if len(group) == 1 else _as_one(group) for group in groups.values()]


def _as_one(group: Sequence[Line]) -> Line:
    names = [each.unit for each in group]
    number = _PART.sub(r"\1", group[0].number)
    return replace(group[0], number=number, unit=f"{'、'.join(names)}（{len(names)}个单位）")


def _said(line: Line) -> str:
    parts = (("进展", line.progress), ("问题", line.problems), ("措施", line.next_steps))
    return "；".join(f"{name}：{words}" for name, words in parts if words)
