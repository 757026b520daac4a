"""督办通报: what the figures of a day say, as headings, paragraphs, tables and a chart for Word and for a web page.

Every figure comes from ``figures.Figures``, which a snapshot keeps: a bulletin made again later says the same. It is a
draft (代拟稿): it has no number and no signature, praises and blames nobody beyond what the figures say, and ranks no
unit unless that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pipeline.tracker.bulletin_blocks import Block, Bulletin, Chart, Heading, Paragraph, Table
from pipeline.tracker.bulletin_lists import appendix, percent
from pipeline.tracker.entries import NOBODY, full_day
from pipeline.tracker.figures import Count, Figures, Line, Records, Tally, UnitCount, by_item, in_order
from pipeline.tracker.settings import BulletinSettings
from pipeline.tracker.types import LedgerError, Query

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger


#: Of a unit so many items are named in a sentence, by so many letters of their titles; the list has them all.
_NAMED, _TITLE = 3, 24
#: So many items are counted at once, so that a ledger of any size takes little memory.
_AT_ONCE = 5000
#: Marks of words that stand within marks.
_INNER = str.maketrans("“”", "‘’")


def make(
    ledger: Ledger, as_of: date, settings: BulletinSettings | None = None, *, again: bool = False, keep: bool = True,
    step: Callable[[int, int], None] | None = None,
) -> tuple[Bulletin, Figures]:  # fmt: skip
    """The bulletin of a day. Its figures are kept as a snapshot; where there is one, it says the same as then.

    Args:
        again: count anew and keep a new snapshot, for a ledger that was put right.
        keep: off for a mere look, which leaves no snapshot.
        step: as of ``count``.

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
        figures = count(ledger, as_of, rules, Figures.of(earlier[-1].payload) if earlier else None, step=step)
        if keep:
            ledger.save_snapshot(as_of, figures.payload())
    return compose(figures, rules), figures


def count(
    ledger: Ledger, as_of: date, settings: BulletinSettings, previous: Figures | None = None, *,
    step: Callable[[int, int], None] | None = None,
) -> Figures:  # fmt: skip
    """The figures of a day from the ledger as it is.

    Args:
        step: is told from time to time how many items are counted, and how many there are.
    """
    from pipeline.tracker.entries import entries

    items = sorted(ledger.items(Query(ledger.today)), key=in_order)
    tally = Tally(as_of, soon=settings.soon, previous=previous)
    for start in range(0, len(items), _AT_ONCE):
        part = items[start : start + _AT_ONCE]
        ids = [each.id for each in part]
        records = Records(by_item(ledger.notes(ids)), by_item(ledger.extensions(ids)), by_item(ledger.sent(ids)))
        tally.add(entries(part, ledger.occurrences(ids)), records)
        if step is not None:
            step(start + len(part), len(items))
    return tally.figures([each.name for each in ledger.units()])


def compose(figures: Figures, settings: BulletinSettings | None = None) -> Bulletin:
    """A bulletin's words from its figures."""
    rules = settings or BulletinSettings()
    day = full_day(date.fromisoformat(figures.as_of))
    units = [each for each in figures.units if each.items or each.supported]
    blocks = (*_overall(figures, day), *_good(units), *_problems(figures, units), *_next(figures, units, rules))
    subtitle = "　".join(filter(None, (f"填报单位：{rules.office}" if rules.office else "", f"截至{day}")))
    return Bulletin(rules.title, subtitle, day, blocks, tuple(appendix(figures, units, rules)))


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
    units = [each for each in units if each.unit != NOBODY]
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
    late = [each for each in units if each.count.overdue and each.unit != NOBODY]
    for number, each in enumerate(late, 1):
        own = [one for one in figures.overdue if one.unit == each.unit]
        told = list(dict.fromkeys(one.problems for one in own if one.problems))
        said = f"单位反映：{'；'.join(told)}。" if told else ""
        chased = max((one.chases for one in own), default=0)
        yield Paragraph(
            f"{number}．{each.unit}：应办结{each.count.due}件次，逾期{each.count.overdue}件次，"
            f"涉及{'、'.join(_named(one) for one in own[:_NAMED])}{f'等{len(own)}项' if len(own) > _NAMED else ''}，"
            f"最长逾期{max(one.days for one in own)}天{f'，已催办{chased}次' if chased else ''}。{said}"
        )
    if not late:
        yield Paragraph("截至目前没有单位逾期。" if figures.total.overdue else "截至目前没有逾期事项。")
    for each in units:
        if each.unit == NOBODY:
            overdue = f"（逾期{each.count.overdue}件次）" if each.count.overdue else ""
            yield Paragraph(f"另有{each.items}项没有明确责任单位{overdue}，需要先行明确。")
    if figures.unassigned:
        yield Paragraph(f"另有{figures.unassigned}项立项后尚未交办。")


def _named(line: Line) -> str:
    title = line.title if len(line.title) <= _TITLE else line.title[: _TITLE - 1] + "…"
    return f"“{title.translate(_INNER)}”" + (f"（{len(line.periods)}期）" if len(line.periods) > 1 else "")


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


def _list(names: Sequence[str]) -> str:
    return "、".join(names)
