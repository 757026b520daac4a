"""Commands that change the ledger's items: set, assign, note, report, review, close, stop, reopen, extend, split,
acknowledge, undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from pipeline import usage
from pipeline.cli_items import NAMING, filters
from pipeline.cli_shared import OPERATOR, WORKSPACE, command, existing

F = TypeVar("F", bound=Callable[..., Any])

_REFS = click.argument("refs", metavar="[事项]...", nargs=-1)
_ITEM = click.argument("item", metavar="事项")
_SURE = click.option("--yes", "sure", is_flag=True, help="不再询问。")
_FIELDS = """可改的栏：工作任务、任务内容、具体要求、量化目标、责任领导、牵头单位、责任单位、
配合单位、汇报人、参加单位、督办单位、完成时限、时限原文、交办日期、开始日期、
结束日期、重复规则、长期坚持（是/否）、状态、进度、办结日期、理由、单位、主题、
事项来源、方案、章节、发文机关、地区、年度、成文日期。
等号后面空着是清除；进度清除后重新按各期推算。几个单位用顿号隔开。"""


def register(group: click.Group) -> None:
    """Adds the commands to a group."""
    _set(group)
    _assign(group)
    _note(group)
    _report(group)
    _review(group)
    _close(group)
    _stop(group)
    _extend(group)
    _split(group)
    _acknowledge(group)
    _undo(group)


def _many(function: F) -> F:
    """Items by name or by filters, the workspace, and who does it."""
    for option in reversed((_REFS, filters, _SURE, WORKSPACE, OPERATOR)):
        function = option(function)
    return function


def _chosen(refs: tuple[str, ...], sure: bool, wanted: dict[str, Any]) -> Any:
    from pipeline.console_chosen import Chosen
    from pipeline.console_ledger import Wanted

    return Chosen(Wanted(refs=refs, **wanted), sure)


def _desk(folder: Path, operator: str | None) -> Any:
    from pipeline.console_work import Desk

    return Desk(folder, operator)


def _set(group: click.Group) -> None:
    @command(
        group, "set",
        help="改事项的栏目。改了的以人为准，公文重新印发也不盖掉。",
        epilog=f"""
示例：
  duban set 2026-0012 完成时限=2026-06-30 牵头单位=办公室、人事科
  duban set 12..20 责任领导=陈局长
  duban set --plan 防汛 督办单位=督查室 --yes
  duban set 2026-0012 进度=达序时

{_FIELDS}
{NAMING}
""",
    )  # fmt: skip
    @click.argument("words", metavar="[事项]... 栏目=内容...", nargs=-1, required=True)
    @filters
    @_SURE
    @WORKSPACE
    @OPERATOR
    def set_(words: tuple[str, ...], sure: bool, folder: Path, operator: str | None, **wanted: Any) -> int:
        from pipeline import console_work

        assignments = [each for each in words if "=" in each or "＝" in each]
        if not assignments:
            raise click.UsageError("没有写改什么，如 完成时限=2026-06-30")
        refs = tuple(each for each in words if each not in assignments)
        return console_work.set_fields(_desk(folder, operator), _chosen(refs, sure, wanted), assignments)


def _assign(group: click.Group) -> None:
    @command(
        group, "assign",
        help="交办：立项的事项从这天起办理，各单位的分项一起；在这天以前到期的不算逾期。",
        epilog=f"""
示例：
  duban assign 2026-0012 2026-0013
  duban assign --notice 皋水〔2026〕4号 --on 2026-03-23
  duban assign --status 待交办 --yes           全部待交办的

用筛选条件而没有写 --status 时，只交办待交办的。
{NAMING}
""",
    )  # fmt: skip
    @click.option("--on", type=usage.Day(), metavar="日期", help="交办日期，默认今天。")
    @_many
    def assign(
        refs: tuple[str, ...], sure: bool, folder: Path, operator: str | None, on: date | None, **wanted: Any
    ) -> int:  # fmt: skip
        from pipeline import console_work

        return console_work.assign(_desk(folder, operator), _chosen(refs, sure, wanted), on)


def _says(function: F) -> F:
    """What is said of an item."""
    for option in reversed((
        click.option("--period", default="", metavar="期", help="哪一期：2026-03、3月、一季度；默认眼下要报的一期。"),
        click.option("--progress", default="", metavar="文字", help="进展情况。"),
        click.option("--problems", default="", metavar="文字", help="存在问题。"),
        click.option("--next", "next_steps", default="", metavar="文字", help="下一步措施。"),
        click.option(
            "--actual", multiple=True, metavar="数",
            help="完成值；一期有几项指标的写成 微博=4，可写多次。",
        ),
    )):  # fmt: skip
        function = option(function)
    return function


def _note(group: click.Group) -> None:
    @command(
        group, "note",
        help="填写进展、问题、措施和完成值；状态不变。",
        epilog="""
示例：
  duban note 2026-0012 --progress 已完成初稿 --next 下周征求意见
  duban note 2026-0012 --period 3月 --actual 4

要送审核用 duban report。
""",
    )  # fmt: skip
    @_ITEM
    @_says
    @WORKSPACE
    @OPERATOR
    def note(item: str, folder: Path, operator: str | None, **said: Any) -> int:
        from pipeline import console_work

        return console_work.note(_desk(folder, operator), item, console_work.Said(**said))


def _report(group: click.Group) -> None:
    @command(
        group, "report",
        help="反馈：某一期办了，附材料，等待审核。",
        epilog="""
示例：
  duban report 2026-0012 --progress 已印发 --evidence 文件.pdf
  duban report 2026-0012-03 --period 3月 --actual 4

不写 --period 是最早一个没有报的期。材料复制到工作区的 evidence 里。
""",
    )  # fmt: skip
    @_ITEM
    @_says
    @click.option(
        "--evidence", multiple=True, type=click.Path(path_type=Path), metavar="文件", help="佐证材料，可写多次。"
    )
    @WORKSPACE
    @OPERATOR
    def report(item: str, evidence: tuple[Path, ...], folder: Path, operator: str | None, **said: Any) -> int:
        from pipeline import console_work

        files = [existing(path) for path in evidence]
        return console_work.report(_desk(folder, operator), item, console_work.Said(**said), files)


def _review(group: click.Group) -> None:
    @command(
        group, "review",
        help="审核反馈：通过，或写明理由退回重办。只由督办单位做。",
        epilog=f"""
示例：
  duban tasks --status 已反馈待审核             等审核的
  duban review 2026-0012 --accept
  duban review 2026-0013 --return 缺签到表
  duban review --unit 办公室 --accept           这个单位报来的全部通过

{NAMING}
""",
    )  # fmt: skip
    @click.option("--accept", is_flag=True, help="通过。")
    @click.option("--return", "returned", metavar="理由", help="退回重办。")
    @_many
    def review(
        refs: tuple[str, ...], sure: bool, folder: Path, operator: str | None, accept: bool, returned: str | None,
        **wanted: Any,
    ) -> int:  # fmt: skip
        from pipeline import console_work

        if accept == (returned is not None):
            raise click.UsageError("请写 --accept（通过）或 --return 理由（退回）")
        if returned is not None and not returned.strip():
            raise click.UsageError("退回要写明理由")
        return console_work.review(_desk(folder, operator), _chosen(refs, sure, wanted), returned)


def _close(group: click.Group) -> None:
    @command(
        group, "close",
        help="办结销号，要有佐证材料或理由。只由督办单位做。",
        epilog=f"""
示例：
  duban close 2026-0012 --reason 已印发实施
  duban close 2026-0012 2026-0013 --evidence 验收报告.pdf --on 2026-06-30

分给各单位的，各单位的分项都办结或中止后才能办结。
{NAMING}
""",
    )  # fmt: skip
    @click.option("--reason", default="", metavar="文字", help="办结的理由。")
    @click.option("--evidence", type=click.Path(path_type=Path), metavar="文件", help="佐证材料。")
    @click.option("--on", type=usage.Day(), metavar="日期", help="办结日期，默认今天。")
    @_many
    def close(
        refs: tuple[str, ...], sure: bool, folder: Path, operator: str | None, reason: str, evidence: Path | None,
        on: date | None, **wanted: Any,
    ) -> int:  # fmt: skip
        from pipeline import console_work

        file = existing(evidence) if evidence else None
        return console_work.close(_desk(folder, operator), _chosen(refs, sure, wanted), reason, file, on)


def _stop(group: click.Group) -> None:
    @command(
        group, "stop", help="中止：不再办理，不催办，不计逾期；各单位的分项一起。",
        epilog="\n示例：\n  duban stop 2026-0012 --reason 上级取消该项工作\n",
    )  # fmt: skip
    @click.option("--reason", required=True, metavar="文字", help="中止的理由。")
    @_many
    def stop(
        refs: tuple[str, ...], sure: bool, folder: Path, operator: str | None, reason: str, **wanted: Any
    ) -> int:  # fmt: skip
        from pipeline import console_work

        return console_work.stop(_desk(folder, operator), _chosen(refs, sure, wanted), reason)

    @command(
        group, "reopen", help="重新办理办结、中止的事项；立项了还没有交办的退回待立项。",
        epilog="\n示例：\n  duban reopen 2026-0012\n",
    )  # fmt: skip
    @_many
    def reopen(refs: tuple[str, ...], sure: bool, folder: Path, operator: str | None, **wanted: Any) -> int:
        from pipeline import console_work

        return console_work.reopen(_desk(folder, operator), _chosen(refs, sure, wanted))


def _extend(group: click.Group) -> None:
    @command(
        group, "extend",
        help="延期：记下新时限、理由和批准人，原时限保留；分项里时限相同的一起延。",
        epilog="""
示例：
  duban extend 2026-0012 --to 2026-09-30 --reason 汛情影响 --approved-by 陈局长
  duban extend 2026-0012 --to 2026-04-10 --period 3月 --approved-by 陈局长
""",
    )  # fmt: skip
    @_ITEM
    @click.option("--to", required=True, type=usage.Day(), metavar="日期", help="新时限。")
    @click.option("--reason", default="", metavar="文字", help="延期的理由。")
    @click.option("--approved-by", required=True, metavar="姓名", help="批准人。")
    @click.option("--applied-on", type=usage.Day(), metavar="日期", help="申请日期，默认今天。")
    @click.option("--period", default="", metavar="期", help="只延这一期。")
    @WORKSPACE
    @OPERATOR
    def extend(
        item: str, to: date, reason: str, approved_by: str, applied_on: date | None, period: str, folder: Path,
        operator: str | None,
    ) -> int:  # fmt: skip
        from pipeline import console_work

        return console_work.extend(
            _desk(folder, operator), item, to, reason=reason, approved_by=approved_by, applied_on=applied_on,
            period=period,
        )  # fmt: skip


def _split(group: click.Group) -> None:
    @command(
        group, "split",
        help="拆分：分给几个单位，或分成几项；总的一项留着，各分项有自己的编号、状态和各期。",
        epilog="""
示例：
  duban split 2026-0012 --units 城北中队,城南中队
  duban split 2026-0012 --units 各中队                 名册里有这个集合
  duban split 2026-0012 --into 编制方案 --into 组织实施
""",
    )  # fmt: skip
    @_ITEM
    @click.option("--units", multiple=True, metavar="单位", help="分给这些单位，用逗号隔开；可写名册里的集合。")
    @click.option("--into", multiple=True, metavar="文字", help="分成的一项，写多次。")
    @click.option("--together", is_flag=True, help="指标是各单位合起来的，不是每个单位的。")
    @WORKSPACE
    @OPERATOR
    def split(
        item: str, units: tuple[str, ...], into: tuple[str, ...], together: bool, folder: Path, operator: str | None
    ) -> int:  # fmt: skip
        from pipeline import console_work

        return console_work.split(_desk(folder, operator), item, units, into, together=together)


def _acknowledge(group: click.Group) -> None:
    @command(
        group, "acknowledge",
        help="看过了公文重新印发带来的变化，不再提示。",
        epilog="""
示例：
  duban tasks --changed                    重新印发后有变化的
  duban acknowledge 2026-0012
  duban acknowledge --changed              全部
""",
    )  # fmt: skip
    @_many
    def acknowledge(refs: tuple[str, ...], sure: bool, folder: Path, operator: str | None, **wanted: Any) -> int:
        from pipeline import console_work

        return console_work.acknowledge(_desk(folder, operator), _chosen(refs, sure, wanted))


def _undo(group: click.Group) -> None:
    @command(
        group, "undo",
        help="撤销自己最近一次操作，或第几次操作；后来又改过的先撤销后来的。",
        epilog="\n示例：\n  duban undo\n  duban undo 41        duban task 的历史里有第几次\n",
    )  # fmt: skip
    @click.argument("batch", metavar="[第几次]", required=False, type=int)
    @WORKSPACE
    @OPERATOR
    def undo(batch: int | None, folder: Path, operator: str | None) -> int:
        from pipeline import console_work

        return console_work.undo(_desk(folder, operator), batch)
