"""督办通报: what the figures of a day say, as headings, paragraphs, tables and a chart for Word and for a web page.

Every figure comes from ``figures.Figures``, which a snapshot keeps: a bulletin made again later says the same. It is a
draft (代拟稿): it has no number and no signature, praises and blames nobody beyond what the figures say, and ranks no
unit unless that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipeline.tracker.entries import NOBODY, full_day
from pipeline.tracker.figures import Count, Figures, Line, Records, UnitCount, by_item, measure
from pipeline.tracker.settings import BulletinSettings
from pipeline.tracker.types import LedgerError, Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Table:
    """``widths`` are shares of the page's width; columns named in ``wide`` are set to the left, the others centred."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    wide: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """Bars of a unit each, made up of the series in their order."""

    title: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, str, tuple[int, ...]], ...]


Block = Heading | Paragraph | Table | Chart


@dataclass(frozen=True)
class Bulletin:
    """A bulletin: ``blocks`` before the lists, ``appendix`` the lists, which are set on broad pages."""

    title: str
    subtitle: str
    made_on: str
    blocks: tuple[Block, ...]
    appendix: tuple[Block, ...]


DEFINITIONS = (
    "件次：有一个时限的事项计1件次，周期性事项每一期（每项指标）计1件次；分解到单位的事项按单位分别计，原事项不再重复计。",
    "责任归属：每件次只计入牵头单位一次；几家共同牵头的，计第一家；没有写明牵头的，计第一责任单位。配合事项单列，不计入各项比率。",
    "应办结：时限（经批准延期的，按延期后时限）在截至日期当日及以前的件次。未到期、印发（交办）以前到期、免报、中止和尚未交办的，不计入。",
    "办结率＝已办结件次÷应办结件次。已办结以督办部门审核通过为准。",
    "按时办结率＝按时办结件次÷应办结件次。办结日以审核通过的反馈日期为准，不晚于时限的为按时。",
    "反馈率＝已反馈（含已办结和待审核）件次÷应办结件次。",
    "逾期：时限已过，截至日期仍未反馈、未办结的件次；退回重办而时限已过的，也计为逾期。截至日期当天到期的不计。",
    "延期：经批准推迟时限的件次，原定时限保留。",
)


def make(
    ledger: Ledger, as_of: date, settings: BulletinSettings | None = None, *, again: bool = False, keep: bool = True
) -> tuple[Bulletin, Figures]:
    """The bulletin of a day. Its figures are kept as a snapshot; where there is one, it says the same as then.

    Args:
        again: count anew and keep a new snapshot, for a ledger that was put right.
        keep: off for a mere look, which leaves no snapshot.

    Raises:
        LedgerError: the day lies ahead.
    """
    rules = settings or BulletinSettings()
    if as_of > ledger.today:
        raise LedgerError("ledger.future", f"{as_of} 还没有到，不能通报", remedy="请用不晚于今天的 --as-of")
    kept = ledger.snapshots()
    same = [each for each in kept if each.as_of == as_of]
    if same and not again:
        figures = Figures.of(same[-1].payload)
    else:
        earlier = [each for each in kept if each.as_of < as_of]
        figures = count(ledger, as_of, rules, Figures.of(earlier[-1].payload) if earlier else None)
        if keep:
            ledger.save_snapshot(as_of, figures.payload())
    return compose(figures, rules), figures


def count(ledger: Ledger, as_of: date, settings: BulletinSettings, previous: Figures | None = None) -> Figures:
    """The figures of a day from the ledger as it is."""
    from pipeline.tracker.entries import entries

    items = ledger.items(Query(ledger.today))
    records = Records(by_item(ledger.notes()), by_item(ledger.extensions()), by_item(ledger.sent()))
    order = [each.name for each in ledger.units()]
    return measure(
        entries(items, ledger.occurrences()), records, as_of, order=order, soon=settings.soon, previous=previous
    )


def compose(figures: Figures, settings: BulletinSettings | None = None) -> Bulletin:
    """A bulletin's words from its figures."""
    rules = settings or BulletinSettings()
    day = full_day(date.fromisoformat(figures.as_of))
    units = [each for each in figures.units if each.items or each.supported]
    blocks = (*_overall(figures, day), *_good(units), *_problems(figures, units), *_next(figures, units, rules))
    subtitle = "　".join(filter(None, (f"填报单位：{rules.office}" if rules.office else "", f"截至{day}")))
    return Bulletin(rules.title, subtitle, day, blocks, tuple(_appendix(figures, units, rules)))


def percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}%"


def _overall(figures: Figures, day: str) -> Iterator[Block]:
    total, kinds = figures.total, []
    for name, number in (("已办结", figures.closed), ("长期坚持", figures.standing), ("中止", figures.stopped),
                         ("尚未交办", figures.unassigned)):  # fmt: skip
        if number:
            kinds.append(f"{name}{number}项")
    yield Heading("一、总体情况")
    yield Paragraph(
        f"截至{day}，台账共有督办事项{figures.items}项{f'，其中{_list(kinds)}' if kinds else ''}。"
        f"应办结{total.due}件次，"
        f"已办结{total.done}件次，办结率{percent(total.rate('done'))}；按时办结{total.on_time}件次，按时办结率"
        f"{percent(total.rate('on_time'))}；已反馈{total.reported}件次，反馈率{percent(total.rate('reported'))}，其中待审核"
        f"{total.waiting}件次；逾期{total.overdue}件次；经批准延期{total.extended}件次。另有未到期{figures.not_due}件次、"
        f"印发（交办）前{figures.before_issue}件次，均未计入。"
    )
    previous = Count(**figures.previous["total"]) if figures.previous else None
    if figures.previous and previous:
        yield Paragraph(_change(figures, figures.previous["as_of"], previous))
    heads = ("指标", "本次", "上次", "增减") if previous else ("指标", "本次")
    yield Table("表1　总体指标", heads, tuple(_indicators(total, previous)), (3, 2, 2, 2)[: len(heads)], ("指标",))
    shown = [each for each in figures.units if each.count.due]
    if shown:
        yield _chart(shown)


def _change(figures: Figures, since: str, previous: Count) -> str:
    total = figures.total
    parts = []
    for name, part in (("办结率", "done"), ("按时办结率", "on_time"), ("反馈率", "reported")):
        new, old = total.rate(part), previous.rate(part)
        if new is not None and old is not None:
            parts.append(f"{name}{_moved(round(new - old, 1), '个百分点', '上升', '下降')}")
    parts.append(f"逾期{_moved(total.overdue - previous.overdue, '件次', '增加', '减少')}")
    fresh = figures.closed - int((figures.previous or {}).get("closed", 0))
    due = _moved(total.due - previous.due, "件次", "增加", "减少")
    closed = _moved(fresh, "项", "增加", "减少")
    day = full_day(date.fromisoformat(since))
    return f"与上次通报（截至{day}）相比，应办结{due}，{'，'.join(parts)}；办结事项{closed}。"


def _moved(by: float, unit: str, up: str, down: str) -> str:
    return f"{up if by > 0 else down}{abs(by):g}{unit}" if by else "持平"


def _indicators(total: Count, previous: Count | None) -> Iterator[tuple[str, ...]]:
    for name, part in (("应办结（件次）", "due"), ("已办结（件次）", "done"), ("按时办结（件次）", "on_time"),
                       ("已反馈（件次）", "reported"), ("待审核（件次）", "waiting"), ("逾期（件次）", "overdue"),
                       ("延期（件次）", "extended")):  # fmt: skip
        new = getattr(total, part)
        old = getattr(previous, part) if previous else None
        yield (name, str(new)) if old is None else (name, str(new), str(old), f"{new - old:+d}" if new != old else "0")
    for name, part in (("办结率", "done"), ("按时办结率", "on_time"), ("反馈率", "reported")):
        rate, before = total.rate(part), previous.rate(part) if previous else None
        gap = "—" if rate is None or before is None else f"{rate - before:+.1f}个百分点"
        yield (name, percent(rate)) if previous is None else (name, percent(rate), percent(before), gap)


def _chart(units: Sequence[UnitCount]) -> Chart:
    counts = [each.count for each in units]
    rest = [each.due - each.done - each.waiting - each.overdue for each in counts]
    series = (
        ("按时办结", "4E8F5B", tuple(each.on_time for each in counts)),
        ("逾期后办结", "A9CBA4", tuple(each.done - each.on_time for each in counts)),
        ("待审核", "6C94C6", tuple(each.waiting for each in counts)),
        ("当天到期", "D9D9D9", tuple(rest)),
        ("逾期", "C8504B", tuple(each.overdue for each in counts)),
    )
    kept = tuple(each for each in series if any(each[2]))
    return Chart("各单位应办结事项办理情况（件次）", tuple(each.unit for each in units), kept)


def _good(units: Sequence[UnitCount]) -> Iterator[Block]:
    yield Heading("二、办理较好的方面")
    full = [each for each in units if each.count.due and each.count.on_time == each.count.due]
    done = [each for each in units if each.count.due and each.count.done == each.count.due and each not in full]
    told = [each for each in units if each.count.due and each.count.reported == each.count.due]
    told = [each for each in told if each not in full and each not in done]
    if full:
        yield Paragraph(f"到期事项全部按时办结的有{len(full)}个单位：{_with_counts(full)}。")
    if done:
        yield Paragraph(f"到期事项全部办结、但有逾期后办结的有{len(done)}个单位：{_with_counts(done)}。")
    if told:
        yield Paragraph(f"到期事项全部反馈、正在审核的有{len(told)}个单位：{_with_counts(told)}。")
    if not (full or done or told):
        due = any(each.count.due for each in units)
        yield Paragraph("本期没有到期事项全部办结或全部反馈的单位。" if due else "截至目前没有到期事项。")


def _with_counts(units: Sequence[UnitCount]) -> str:
    return "、".join(f"{each.unit}（{each.count.due}件次）" for each in units)


def _problems(figures: Figures, units: Sequence[UnitCount]) -> Iterator[Block]:
    yield Heading("三、存在的问题")
    late = [each for each in units if each.count.overdue]
    for number, each in enumerate(late, 1):
        own = [one for one in figures.overdue if one.unit == each.unit]
        told = list(dict.fromkeys(one.problems for one in own if one.problems))
        said = f"单位反映：{'；'.join(told)}。" if told else ""
        chased = max((one.chases for one in own), default=0)
        yield Paragraph(
            f"{number}．{each.unit}：应办结{each.count.due}件次，逾期{each.count.overdue}件次，"
            f"涉及{'、'.join(_named(one) for one in own[:5])}{f'等{len(own)}项' if len(own) > 5 else ''}，最长逾期"
            f"{max(one.days for one in own)}天{f'，已催办{chased}次' if chased else ''}。{said}"
        )
    if not late:
        yield Paragraph("截至目前没有逾期事项。")
    if any(each.unit == NOBODY for each in units):
        nobody = next(each for each in units if each.unit == NOBODY)
        yield Paragraph(f"另有{nobody.items}项没有明确责任单位，需要先行明确。")
    if figures.unassigned:
        yield Paragraph(f"另有{figures.unassigned}项立项后尚未交办。")


def _named(line: Line) -> str:
    periods = f"（{'、'.join(line.periods[:3])}{'等' if len(line.periods) > 3 else ''}）" if line.periods else ""
    return f"“{line.title}”{periods}"


def _next(figures: Figures, units: Sequence[UnitCount], settings: BulletinSettings) -> Iterator[Block]:
    yield Heading("四、下一步工作")
    steps = []
    if late := [each.unit for each in units if each.count.overdue and each.unit != NOBODY]:
        steps.append(
            f"{_list(late)}对逾期事项逐项说明原因、措施和办结时间，尽快办结并反馈（见附表2）；确需延期的，按程序办理。"
        )
    if figures.coming:
        steps.append(f"今后{settings.soon}天内有{len(figures.coming)}项到期（见附表3），请有关单位提前安排。")
    if figures.total.waiting:
        steps.append(f"督办部门对已反馈的{figures.total.waiting}件次及时审核，符合要求的予以销号，不符合的退回重办。")
    if figures.unassigned:
        steps.append(f"对尚未交办的{figures.unassigned}项尽快明确责任单位和时限并交办。")
    for number, step in enumerate(steps or ["各单位继续按时限推进，按期反馈办理情况。"], 1):
        yield Paragraph(f"{number}．{step}")


def _appendix(figures: Figures, units: Sequence[UnitCount], settings: BulletinSettings) -> Iterator[Block]:
    yield _unit_table(units, settings.ranking)
    head = ("序号", "督办编号", "事项", "牵头单位")
    yield _lines(
        "附表2　逾期事项", figures.overdue, (*head, "应办时限", "逾期天数", "催办次数", "进展和问题"),
        (1, 2.4, 6, 3, 2.4, 1.2, 1.2, 5),
        lambda each: (each.when, str(each.days), str(each.chases or ""), _said(each)),
    )  # fmt: skip
    yield _lines(
        f"附表3　今后{settings.soon}天内到期的事项",
        figures.coming,
        (*head, "时限", "进展"),
        (1, 2.4, 7, 3, 2.4, 5),
        lambda each: (each.when, each.progress),
    )
    name = "附表4　上次通报以来办结的事项" if figures.previous else "附表4　已办结的事项"
    yield _lines(
        name,
        figures.finished,
        (*head, "办结日期", "进展"),
        (1, 2.4, 7, 3, 2.4, 5),
        lambda each: (each.when, each.progress),
    )
    if figures.extensions:
        yield _lines(
            "附表5　经批准延期的事项", figures.extensions, (*head, "延期后时限", "说明"), (1, 2.4, 7, 3, 2.4, 5),
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
    caption: str, lines: Sequence[Line], heads: tuple[str, ...], widths: tuple[float, ...], rest: object
) -> Table:
    rows = []
    for number, each in enumerate(lines, 1):
        periods = f"（{_few(each.periods)}）" if each.periods else ""
        more = rest(each) if callable(rest) else ()
        rows.append((str(number), each.number, each.title + periods, each.unit, *more))
    return Table(caption, heads, tuple(rows), widths, ("事项", "进展和问题", "进展", "说明"))


def _few(periods: Sequence[str]) -> str:
    """Periods in a row, the first ones where they are many."""
    return "、".join(periods) if len(periods) <= 6 else f"{'、'.join(periods[:5])}等{len(periods)}期"


def _said(line: Line) -> str:
    parts = (("进展", line.progress), ("问题", line.problems), ("措施", line.next_steps))
    return "；".join(f"{name}：{words}" for name, words in parts if words)


def _list(names: Sequence[str]) -> str:
    return "、".join(names)
