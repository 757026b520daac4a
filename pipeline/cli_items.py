"""Options of the ledger's commands that say which items."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from pipeline import usage

F = TypeVar("F", bound=Callable[..., Any])

#: How items are named, for the help of commands that take them.
NAMING = (
    "事项用督办编号（2026-0012、2026-0012..0020，今年的可写 0012）、序号（12 或\n"
    "12..20）或任务编号（k-…）指明；duban tasks 列出全部。"
)

_FILTERS = {
    "owner": click.option("--owner", metavar="名称", help="责任单位、责任人或责任领导里有这些字的。"),
    "unit": click.option("--unit", metavar="单位", help="这个单位的（名册里的名称）。"),
    "mine": click.option("--mine", is_flag=True, help="本单位的（duban.toml 的 [ledger] unit）。"),
    "city": click.option("--city", metavar="地区", help="这个地区的。"),
    "agency": click.option("--agency", metavar="机关", help="发文机关名称里有这些字的。"),
    "notice": click.option("--notice", metavar="公文", help="这件公文的：编号、文号或标题。"),
    "plan": click.option("--plan", metavar="方案", help="方案名称里有这些字的。"),
    "section": click.option("--section", metavar="章节", help="所在章节标题里有这些字的。"),
    "table": click.option("--table", metavar="表", help="所在表名里有这些字的。"),
    "topic": click.option("--topic", metavar="主题", help="这个主题的。"),
    "kind": click.option("--kind", metavar="类别", help="任务、活动、评分标准、要求、目标。"),
    "text": click.option("--text", metavar="文字", help="内容里有这些字的。"),
    "origin": click.option("--origin", metavar="来源", help="公文、领导批示、会议议定、电话交办、原有台账、其他。"),
    "status": click.option(
        "--status", multiple=True, metavar="状态", help="待交办、办理中、已反馈待审核等；可写多次。"
    ),
    "due": click.option(
        "--due", metavar="时间",
        help="在这段时间到期的：today、this-week、next-week、this-month、next-month、日期、日期..日期。",
    ),
    "overdue": click.option("--overdue", is_flag=True, help="逾期的。"),
    "unreported": click.option("--unreported", is_flag=True, help="到期没有反馈的。"),
    "changed": click.option("--changed", is_flag=True, help="公文重新印发后有变化、还没有看过的。"),
    "limit": click.option("--limit", type=usage.Positive(int), metavar="条数", help="最多几条。"),
}  # fmt: skip


def filters(function: F) -> F:
    """Adds the options; their values come as keywords that ``console_ledger.Wanted`` takes."""
    return some_filters(*_FILTERS)(function)


def some_filters(*names: str) -> Callable[[F], F]:
    """As ``filters``, with those of these names only."""

    def add(function: F) -> F:
        for name in reversed(names):
            function = _FILTERS[name](function)
        return function

    return add
