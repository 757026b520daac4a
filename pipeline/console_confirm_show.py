"""How items that wait for 立项 are shown."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from pipeline.columns import width, wrap
from pipeline.console_ledger import WIDE, one_line, print_table

if TYPE_CHECKING:
    from pipeline.tracker.ledger import Ledger
    from pipeline.tracker.types import Item

#: Of items that come from no notice.
_NO_NOTICE = "（不是公文里的）"
_PROPOSAL = {"filed": "立项", "archived": "仅存档"}
_SHORT = {
    "没有责任单位、时限和数量": "无责任单位、时限、数量", "没有责任单位": "无责任单位", "识别把握不大": "把握",
    "文件改版，内容有变": "改版有变", "新版文件已无此项": "新版已无",
}  # fmt: skip
_SHOWN_AS_PROPOSAL = "与另一事项重复"
#: Most columns of units and times in a line, and most characters of words.
_SIDE, _MOST = 20, 200
_COUNTS = ("pending", "filed", "archived", "merged")


def waiting(ledger: Ledger) -> list[dict[str, Any]]:
    """Of every notice with something to decide, and of what comes from none, how many items there are."""
    from pipeline.tracker.review_book import doubts_of, review_items
    from pipeline.tracker.types import Query

    rows = {row.notice_id: row for row in ledger.store.notices()}
    found: dict[str | None, dict[str, Any]] = {}
    for item in review_items(ledger, Query(ledger.today, filing=("pending",))):
        row = rows.get(item.notice_id or "")
        entry = found.setdefault(item.notice_id, {
            "notice_id": item.notice_id, "number": row.number if row else None,
            "title": row.title if row else None, "pending": 0, "filed": 0, "archived": 0, "merged": 0, "doubtful": 0,
        })  # fmt: skip
        entry["pending"] += 1
        entry[item.proposal or "filed"] += 1
        entry["doubtful"] += bool(doubts_of(item))
    order = {notice_id: place for place, notice_id in enumerate(rows)}
    return sorted(found.values(), key=lambda entry: order.get(entry["notice_id"], len(order)))


def print_waiting(rows: Sequence[dict[str, Any]]) -> None:
    """Prints what ``waiting`` gives."""
    if not rows:
        print("没有待立项的事项")
        return
    heads = ("公文", "待立项", "建议立项", "仅存档", "并入", "存疑")
    print_table(
        heads,
        [(_notice(row), *(str(row[name]) for name in (*_COUNTS, "doubtful"))) for row in rows],
        wide=("公文",),
    )  # fmt: skip
    total, doubtful = sum(row["pending"] for row in rows), sum(row["doubtful"] for row in rows)
    print(f"共 {total} 项待立项，存疑 {doubtful} 项")
    name = rows[0]["number"] or rows[0]["notice_id"]
    if name:
        print(f"逐项看：duban confirm {name}；不存疑的照建议办：duban confirm {name} --sure --accept")


def _notice(row: dict[str, Any]) -> str:
    if row["notice_id"] is None:
        return _NO_NOTICE
    return f"{row['number'] or row['notice_id']} {one_line(row['title'] or '（无标题）', 32)}"


def print_items(items: Sequence[Item], *, words: bool) -> None:
    """Prints items, one a line: doubtful ones first, plan by plan; or each with its source words."""
    from pipeline.tracker.review_book import doubts_of

    if not items:
        print("没有符合条件的待立项事项")
        return
    doubtful = sum(1 for item in items if doubts_of(item))
    if words:
        for item in items:
            print_block(item)
            print()
    else:
        columns = terminal_width()
        for head, part in (("存疑", items[:doubtful]), ("不存疑", items[doubtful:])):
            if part:
                click.secho(f"{head} {len(part)} 项", bold=True)
                _print_lines(part, columns)
    print(f"共 {len(items)} 项，存疑 {doubtful} 项" + ("" if words else "；原文加 --words，一项一项过加 --step"))


def terminal_width() -> int:
    """Columns to fill; where the output goes elsewhere, as many as tables have."""
    return shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else WIDE


def _print_lines(items: Sequence[Item], columns: int) -> None:
    plan: str | None = None
    for item in items:
        if item.plan != plan:
            plan = item.plan
            click.secho(_cut(f"【{plan or '没有方案'}】", columns), fg="cyan")
        head = f"{item.id:>5} {_padded(proposal_of(item), 9)}"
        named = (_cut("、".join(item.names()), _SIDE), _cut(item.time_text, _SIDE))
        tail = "".join(f"〔{each}〕" for each in named if each)
        remark = _remarks(item)
        room = columns - width(head + tail) - (width(remark) + 2 if remark else 0)
        click.echo(head + _cut(words_of(item, _MOST), max(room, 20)) + tail, nl=not remark)
        if remark:
            click.secho(f"！{remark}", fg="yellow")


def _padded(text: str, columns: int) -> str:
    return text + " " * max(columns - width(text), 1)


def _remarks(item: Item) -> str:
    from pipeline.tracker.review_book import SURE, doubts_of

    found = [_SHORT.get(word, word) for word in doubts_of(item) if word != _SHOWN_AS_PROPOSAL]
    if item.confidence < SURE:
        found[found.index("把握")] = f"把握{item.confidence:.0%}"
    if item.proposal == "archived" and item.proposal_reason:
        found.append(item.proposal_reason.split("，")[0])
    return "，".join(found)


def proposal_of(item: Item) -> str:
    """What is proposed for an item, in words."""
    if item.proposal == "merged" and item.merged_into:
        return f"并入{item.merged_into}"
    return _PROPOSAL.get(item.proposal or "filed", "立项")


def words_of(item: Item, most: int) -> str:
    """An item in one line: its title, and what its text says beyond it."""
    title = item.title or ""
    rest = item.requirement or (item.text if item.text != title else "")
    if title and rest.startswith(title):
        rest = rest[len(title) :].lstrip(" ：:，。")
    return one_line(f"{title}｜{rest}" if title and rest else title or rest, most)


def _cut(text: str, columns: int) -> str:
    """A text in one line of at most so many terminal columns."""
    line = " ".join(text.split())
    if width(line) <= columns:
        return line
    kept = ""
    for character in line:
        if width(kept + character) > columns - 1:
            break
        kept += character
    return kept + "…"


def print_block(item: Item, *, lines: int | None = None) -> None:
    """Prints all that there is to decide by: place, title, source words, fields, proposal."""
    columns = min(terminal_width(), 120)
    for line in block(item, columns, lines):
        print(line)


def block(item: Item, columns: int, lines: int | None = None) -> Iterator[str]:
    """The lines of ``print_block``; at most ``lines`` of the source words."""
    from pipeline.tracker.review_book import doubts_of

    place = " › ".join(filter(None, (item.plan, *item.section)))
    page = f"　第{item.page}页" if item.page else ""
    yield from wrap(f"{item.id}　{place or item.source or '（不是公文里的）'}{page}", columns)
    if item.title:
        yield f"  【{item.title}】"
    words = [line for part in item.text.split("\n") for line in wrap(part, columns - 4)]
    yield from (f"    {line}" for line in words[:lines])
    if lines is not None and len(words) > lines:
        yield f"    ……（还有 {len(words) - lines} 行）"
    fields = (
        ("责任领导", item.leader), ("责任", "、".join(name for name in item.names() if name != item.leader)),
        ("时限", _time(item)), ("指标", "；".join(item.quota.split("\n"))),
    )  # fmt: skip
    if told := "　".join(f"{name}：{value}" for name, value in fields if value):
        yield from (f"  {line}" for line in wrap(told, columns - 2))
    reason = f"（{item.proposal_reason}）" if item.proposal_reason else ""
    doubts = "；".join(doubts_of(item))
    told = f"　请留意：{doubts}（把握 {item.confidence:.0%}）" if doubts else ""
    yield f"  建议：{proposal_of(item)}{reason}{told}"


def _time(item: Item) -> str:
    words = "；".join(item.time_text.split("\n"))
    day = item.due.isoformat() if item.due else ""
    return f"{words}（{day}）" if words and day else words or day


def as_dict(item: Item) -> dict[str, Any]:
    """An item for other programs."""
    from pipeline.tracker.review_book import doubts_of

    names = (
        "id", "notice_id", "proposal", "proposal_reason", "merged_into", "confidence", "kind", "title", "text",
        "requirement", "quota", "leader", "plan", "section", "table", "page", "time_text", "rrule", "state",
    )  # fmt: skip
    return {
        **{name: getattr(item, name) for name in names},
        "due": item.due.isoformat() if item.due else None,
        "parties": [asdict(party) for party in item.parties],
        "doubts": doubts_of(item),
    }
