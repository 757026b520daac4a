"""Commands that show the ledger: tasks, task."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.cli_items import NAMING, filters
from pipeline.cli_shared import AS_JSON, WORKSPACE, command


def register(group: click.Group) -> None:
    """Adds the commands to a group."""
    _tasks(group)
    _task(group)


def _tasks(group: click.Group) -> None:
    @command(
        group, "tasks",
        help="列出台账里的事项：亮灯、编号、任务、责任、时限、状态。",
        epilog="""
示例：
  duban tasks --overdue                    逾期的
  duban tasks --due this-week              本周到期的
  duban tasks --mine --sort due            本单位的，按时限
  duban tasks --status 已反馈待审核        等审核的
  duban tasks --csv 台账.csv               用 Excel、WPS 打开
  duban tasks --json | jq '.[].number'

灯：红是逾期或到期没有完成，黄是临近或慢于序时，绿是正常，— 是没有时限；临近的
天数在 duban.toml 的 [lamps] 里改。时限后面的“延”表示延过期。
分给各单位的事项只列总的一行，各单位的分项用 --parts 或 --unit 看。
""",
    )  # fmt: skip
    @filters
    @click.option("--near", is_flag=True, help="临近到期的。")
    @click.option("--filing", multiple=True, metavar="情况", help="待立项、立项、仅存档、并入另一事项；默认立项的。")
    @click.option("--parts", is_flag=True, help="各单位的分项也列。")
    @click.option(
        "--sort", type=click.Choice(["due", "owner", "number"]), help="按时限、责任单位或编号排；默认按公文。"
    )
    @click.option("--all", "everything", is_flag=True, help="屏幕上也列出全部；默认前 100 项。")
    @WORKSPACE
    @AS_JSON
    @click.option("--csv", "table", metavar="文件", help="写成 CSV；- 是打印到标准输出。")
    def tasks(
        folder: Path, near: bool, parts: bool, sort: str | None, everything: bool, as_json: bool, table: str | None,
        **wanted: Any,
    ) -> int:  # fmt: skip
        from pipeline import console_tasks
        from pipeline.console_ledger import Wanted

        if as_json and table:
            raise click.UsageError("--json 和 --csv 只能用一个")
        return console_tasks.tasks(
            folder, Wanted(**wanted), near=near, parts=parts, sort=sort, everything=everything, as_json=as_json,
            table=table,
        )  # fmt: skip


def _task(group: click.Group) -> None:
    @command(
        group, "task",
        help="一件事项的全部：原文、责任、时限、进度表、进展、材料、延期、催办、各单位、历史。",
        epilog=f"""
示例：
  duban task 2026-0012
  duban task 2026-0012-03          各单位的分项
  duban task 2026-0012 --json

{NAMING}
""",
    )  # fmt: skip
    @click.argument("item", metavar="事项")
    @WORKSPACE
    @AS_JSON
    def task(item: str, folder: Path, as_json: bool) -> int:
        from pipeline import console_task

        return console_task.task(folder, item, as_json=as_json)
