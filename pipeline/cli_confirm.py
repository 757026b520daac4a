"""Commands that bring items into the ledger: confirm, add."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline import usage
from pipeline.cli_items import some_filters
from pipeline.cli_shared import AS_JSON, OPERATOR, WORKSPACE, command
from pipeline.cli_shared import NAMING as NOTICES

_ASSIGNED_ON = click.option("--assigned-on", type=usage.Day(), metavar="日期", help="交办日期；不写则立项后待交办。")
_YES = click.option("--yes", is_flag=True, help="不再询问。")
_PATH = click.Path(path_type=Path)
_ACTIONS = ("accept", "file", "archive", "merge", "split", "reopen", "step", "book", "read")
_WORDS = {"read": "--from"}

_CONFIRM_EPILOG = f"""
示例：
  duban confirm                                      各公文待立项多少，存疑多少
  duban confirm 皋水〔2026〕4号                       逐项列出：建议、责任、时限、请留意什么
  duban confirm 皋水〔2026〕4号 --sure --accept       不存疑的照建议办
  duban confirm 皋水〔2026〕4号 --step                其余的一项一项过，每项按一个键
  duban confirm --items 12,15..20 --archive 原则性要求
  duban confirm --items 31 --merge 12
  duban confirm --items 40 --split 市容科、环卫处
  duban confirm 皋水〔2026〕4号 --plan 志愿 --lead 人事科 --file --assigned-on 2026-03-25
  duban confirm 皋水〔2026〕4号 --book 立项.xlsx      在 Excel 里看和改
  duban confirm --from 立项.xlsx                     读回来，先说明再办
  duban confirm --items 12 --reopen                  退回待立项

按单位分解：责任单位写“各单位”等集合的，立项时按单位名册拆给各单位；名册里没有定义的不拆，并提示。
事项用序号（12 或 12..20）、督办编号或任务编号（k-…）指明。按条件办的，先说明有几项并询问。每次都是 duban undo 的一步。
{NOTICES}
"""


def register(group: click.Group) -> None:
    """Adds the commands to a group."""
    _confirming(group)
    _adding(group)


def _confirming(group: click.Group) -> None:
    @command(
        group, "confirm",
        help="立项：决定事项是立项、仅存档还是并入另一项。不写则汇总各公文待立项的；写明公文或条件则列出，存疑的在前。",
        epilog=_CONFIRM_EPILOG,
    )  # fmt: skip
    @click.argument("notice", metavar="[公文]", required=False)
    @click.option("--items", multiple=True, metavar="事项", help="哪些事项，如 12,15..20；可写多次。")
    @some_filters("plan", "section", "table", "kind", "topic", "text", "owner", "agency", "city", "origin", "limit")
    @click.option("--proposal", metavar="建议", help="建议是这样的：立项、仅存档、并入。")
    @click.option("--sure", is_flag=True, help="不存疑的。")
    @click.option("--doubtful", is_flag=True, help="存疑的。")
    @click.option("--doubt", metavar="文字", help="“请留意”里有这些字的。")
    @click.option("--accept", is_flag=True, help="照建议办。")
    @click.option("--file", is_flag=True, help="立项。")
    @click.option("--archive", metavar="理由", help="仅存档，写明理由。")
    @click.option("--merge", metavar="事项", help="并入这一事项。")
    @click.option("--split", metavar="单位、单位", help="立项并拆给这些单位，可写名册里的集合。")
    @click.option("--reopen", is_flag=True, help="退回待立项。")
    @click.option("--step", is_flag=True, help="一项一项过，每项按一个键。")
    @click.option("--lead", metavar="单位", help="立项的同时写上牵头单位。")
    @_ASSIGNED_ON
    @click.option("--each/--together", default=None, help="拆给各单位时，指标由每个单位各自完成，还是合计完成。")
    @click.option("--book", type=_PATH, metavar="文件", help="写成立项审核表（xlsx）。")
    @click.option("--from", "read", type=_PATH, metavar="文件", help="读回立项审核表。")
    @click.option("--words", is_flag=True, help="列出时连同原文。")
    @_YES
    @WORKSPACE
    @OPERATOR
    @AS_JSON
    def confirm(
        notice: str | None, items: tuple[str, ...], folder: Path, operator: str | None, as_json: bool, words: bool,
        yes: bool, lead: str | None, assigned_on: date | None, each: bool | None, **given: Any,
    ) -> int:  # fmt: skip
        from pipeline import console_confirm as console

        actions = {name: given.pop(name) for name in _ACTIONS}
        chosen = console.wish(given, notice, items)
        action = _only(actions, lead)
        if given["sure"] and (given["doubtful"] or given["doubt"]):
            raise click.UsageError("--sure 和 --doubtful、--doubt 不能一起用")
        value = actions[action] if action else None
        how = {"assigned_on": assigned_on, "each": each, "operator": operator}
        if action is None:
            if chosen.everything and not words:
                return console.summary(folder, as_json=as_json)
            return console.listing(folder, chosen, words=words, as_json=as_json)
        return _carry_out(folder, chosen, action, value, lead=lead, sure=yes, **how)


def _carry_out(
    folder: Path, chosen: Any, action: str, value: Any, *, lead: str | None, sure: bool, **how: Any
) -> int:  # fmt: skip
    """Does what ``confirm`` was asked to do; ``how`` is the day, the figures' bearers and the operator."""
    from pipeline import console_confirm as console

    if action == "step":
        from pipeline.console_confirm_step import step

        return step(folder, chosen, **how)
    if action == "book":
        return console.write_book(folder, chosen, value, sure=sure)
    if action == "read":
        if not chosen.everything:
            raise click.UsageError("--from 办的是审核表里的事项，不能再写条件")
        return console.read_book(folder, value, sure=sure, **how)
    words = value if isinstance(value, str) else None
    return console.decide(folder, chosen, action, words, lead=lead, sure=sure, **how)


def _adding(group: click.Group) -> None:
    @command(
        group, "add",
        help="新增不是公文里来的事项：领导批示、会议议定、电话交办、原有台账。新增的待立项，加 --file 则同时立项。",
        epilog="""
示例：
  duban add --title 整治城北农贸市场周边占道 --lead 执法大队 --support 市容科、环卫处 --due 4月底前 --source 王市长批示
  duban add --title 报送渣土整治情况 --owner 各中队 --due 每月5日前 --origin 会议议定 --file --assigned-on 2026-03-08
  duban add --template 登记表.xlsx            写一份空白登记表
  duban add --from 登记表.xlsx --file         读回登记表，或一份旧台账：先列出，再询问

旧台账（xlsx、xls）按表头认列，列名不必一样；台账里已有的不重复新增；看不懂的格子逐处列出，退出状态为 1。
来源不写时看 --source：写有批示、会议、电话的据此认定，否则是其他；--from 的是原有台账。
""",
    )  # fmt: skip
    @click.option("--title", metavar="文字", help="工作任务。")
    @click.option("--text", metavar="文字", help="内容全文，不写则同具体要求或工作任务。")
    @click.option("--requirement", metavar="文字", help="具体要求。")
    @click.option("--quota", metavar="文字", help="量化目标，如 不少于4篇/月。")
    @click.option("--lead", multiple=True, metavar="单位", help="牵头单位；几个用顿号，或写多次，下同。")
    @click.option("--owner", multiple=True, metavar="单位", help="责任单位。")
    @click.option("--support", multiple=True, metavar="单位", help="配合单位。")
    @click.option("--person", multiple=True, metavar="姓名", help="责任人。")
    @click.option("--leader", metavar="姓名", help="责任领导。")
    @click.option("--due", metavar="时间", help="完成时限：2026-04-30、4月底前、每月5日前、长期。")
    @click.option("--origin", metavar="来源", help="领导批示、会议议定、电话交办、原有台账、其他。")
    @click.option("--source", metavar="文字", help="事项来源，如 王市长批示（3月5日）。")
    @click.option("--assigned-on", type=usage.Day(), metavar="日期", help="交办日期；和 --file 一起用即为交办。")
    @click.option("--file", is_flag=True, help="同时立项。")
    @click.option("--from", "read", type=_PATH, metavar="文件", help="新增工作簿里的事项。")
    @click.option("--template", type=_PATH, metavar="文件", help="写一份空白登记表（xlsx）。")
    @_YES
    @WORKSPACE
    @OPERATOR
    @AS_JSON
    def add(
        folder: Path, operator: str | None, as_json: bool, yes: bool, file: bool, read: Path | None,
        template: Path | None, **given: Any,
    ) -> int:  # fmt: skip
        from pipeline import console_add as console

        origin = given["origin"]
        others = [name for name, value in given.items() if value not in (None, (), False) and name != "origin"]
        if template is not None:
            if others or read or file or origin:
                raise click.UsageError("--template 单独用")
            return console.template(template, sure=yes)
        if read is not None:
            if others:
                raise click.UsageError(f"--from 新增的是工作簿里的事项，不能再写 --{others[0].replace('_', '-')}")
            return console.add_book(
                folder, read, origin=origin, file=file, sure=yes, operator=operator, as_json=as_json
            )
        return console.add(folder, given, file=file, sure=yes, operator=operator, as_json=as_json)


def _only(actions: dict[str, Any], lead: str | None) -> str | None:
    """The one action that is wished for.

    Raises:
        click.UsageError: several, or what doesn't go with it.
    """
    given = [name for name, value in actions.items() if value not in (None, False)]
    if len(given) > 1:
        raise click.UsageError("、".join(_WORDS.get(name, f"--{name}") for name in given) + " 只能用一个")
    if lead is not None and given not in (["accept"], ["file"]):
        raise click.UsageError("--lead 和 --accept 或 --file 一起用")
    return given[0] if given else None
