"""Commands that speak for the ledger: remind, letters, bulletin, score."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline import usage
from pipeline.cli_items import NAMING, filters
from pipeline.cli_shared import AS_JSON, OPERATOR, WORKSPACE, command, existing
from pipeline.cli_shared import NAMING as NOTICE_NAMING

_PATH = click.Path(path_type=Path)
_UNITS = click.option("--unit", "units", multiple=True, metavar="单位", help="只要这个单位的；可写多次。")
_AS_OF = click.option("--as-of", type=usage.Day(), metavar="日期", help="截至哪一天，默认今天。")
_SURE = click.option("--yes", "sure", is_flag=True, help="已有同名文件时不再询问，直接覆盖。")


def register(group: click.Group) -> None:
    """Adds the commands to a group."""
    _reminding(group)
    _letters(group)
    _bulletin(group)
    _scoring(group)


def _reminding(group: click.Group) -> None:
    @command(
        group, "remind",
        help="今天该提醒、催办谁：一个单位一段话，可直接贴到工作群。每个节点只提醒一次。",
        epilog="""
示例：
  duban remind --dry-run                   先看看，不记
  duban remind                             打印并记为已提醒
  duban remind --again                     今天提醒过的再打印一遍
  duban remind --letters 催办单            逾期的另写催办单、督办单（Word，代拟稿）
  duban remind --mail                      按名册里的邮箱发出去（要先设 [mail]）
  duban remind --dry-run --ics 台账.ics    只写日历，手机、Outlook、WPS 都能订

标准输出只有要发的文字，其余说明在标准错误。节点是到期前 15、7、3 个工作日和当天，每月的是 3 个工作日和当天，
可在 duban.toml 的 [remind] 里改。--mail 只把邮件服务器收下的记为已提醒；有发不出的，退出状态为 1。
""",
    )  # fmt: skip
    @click.option("--dry-run", "look", is_flag=True, help="只看：不记为已提醒，也不发邮件。")
    @click.option("--again", is_flag=True, help="把今天提醒过的再打印、再写、再发一遍，不另记。")
    @_UNITS
    @click.option("--letters", type=_PATH, metavar="文件夹", help="逾期的写成催办单，催办多次的写成督办单。")
    @click.option("--ics", type=_PATH, metavar="文件", help="未办结的写成日历（.ics），带提醒；有同名文件则更新。")
    @click.option("--todo", is_flag=True, help="日历里写成待办，而不是日程。")
    @click.option("--mail", is_flag=True, help="用邮件发给各单位。")
    @WORKSPACE
    @OPERATOR
    @AS_JSON
    def remind(folder: Path, operator: str | None, **wish: Any) -> int:
        from pipeline import console_office

        if wish["look"] and (wish["mail"] or wish["again"]):
            raise click.UsageError("--dry-run 不能与 --mail、--again 一起用")
        if wish["todo"] and not wish["ics"]:
            raise click.UsageError("--todo 要与 --ics 一起用")
        return console_office.remind(folder, wish, operator=operator)


def _letters(group: click.Group) -> None:
    @command(
        group, "letters",
        help="给立项的事项写交办单（Word，代拟稿），用本单位自己的模板或自带的。",
        epilog=f"""
示例：
  duban letters 2026-0012 --output 交办单
  duban letters --notice 皋水〔2026〕4号 --output 交办单
  duban letters --templates templates        把自带的模板复制出来，改好就用改好的

{NAMING}
也可用上面的选项挑选。已分解的事项，各单位各一份。
写交办单不改台账，交办日期用 duban assign 记。
模板放在工作区的 templates 文件夹里，字段见 docs/letters.md。
""",
    )  # fmt: skip
    @click.argument("refs", metavar="[事项]...", nargs=-1)
    @click.option("--output", type=_PATH, metavar="文件夹", help="交办单写到哪里；不覆盖已有的。")
    @click.option("--templates", type=_PATH, metavar="文件夹", help="把自带的模板复制到这里；已有的不动。")
    @filters
    @WORKSPACE
    def letters(refs: tuple[str, ...], folder: Path, output: Path | None, templates: Path | None, **given: Any) -> int:
        from pipeline import console_office

        chosen = bool(refs) or any(given.values())
        if templates is not None:
            if chosen or output is not None:
                raise click.UsageError("--templates 单独用")
            return console_office.copy_templates(folder, templates)
        if output is None:
            raise click.UsageError("缺少 --output")
        if not chosen:
            raise click.UsageError("请写事项，或用 --notice、--unit 等选项挑选")
        return console_office.letters(folder, refs, given, output)


def _bulletin(group: click.Group) -> None:
    @command(
        group, "bulletin",
        help="督办通报（Word 或网页，代拟稿）：截至某天的办结率、反馈率、逾期，各单位情况，问题，下一步，附清单。",
        epilog="""
示例：
  duban bulletin                                            只看数字
  duban bulletin --as-of 2026-06-30 --output 通报.docx
  duban bulletin --output 通报.docx --output 通报.html
  duban bulletin --as-of 2026-06-30 --again --output 通报.docx

写出通报时数字就留存下来：以后再编同一天的通报，数字与当时相同；台账改正后要重新统计，用 --again。
与上一期的对比，取这一天以前最近一次留存的数字。排名、标题、填报单位在 duban.toml 的 [bulletin] 里设。
""",
    )  # fmt: skip
    @_AS_OF
    @click.option("--output", "outputs", multiple=True, type=_PATH, metavar="文件", help=".docx 或 .html；可写多次。")
    @click.option("--again", is_flag=True, help="重新统计，不用当时留存的数字。")
    @_SURE
    @WORKSPACE
    @OPERATOR
    @AS_JSON
    def bulletin(folder: Path, operator: str | None, as_of: date | None, **wish: Any) -> int:
        from pipeline import console_office

        return console_office.bulletin(folder, as_of, wish, operator=operator)


def _scoring(group: click.Group) -> None:
    @command(
        group, "score",
        help="按公文里的考核细则评分：一个单位一张表，按台账数据给出扣分建议，由人确认，再收回来。",
        epilog=f"""
示例：
  duban score 环境卫生考核细则 --output 评分.xlsx
  duban score n-3f2a --period 2026-Q3 --as-of 2026-09-30 --output 评分.xlsx
  duban score --from 评分.xlsx               收回“确认扣分”“确认加分”
  duban score 环境卫生考核细则               看各单位的得分

{NOTICE_NAMING}
考核期默认为截至日期所在的年；收回时以表里写的为准。
""",
    )  # fmt: skip
    @click.argument("notice", metavar="[公文]", required=False)
    @click.option("--output", type=_PATH, metavar="文件", help="评分表（.xlsx）写到哪里。")
    @click.option("--from", "source", type=_PATH, metavar="文件", help="收回填好的评分表。")
    @click.option("--period", metavar="考核期", help="如 2026、2026-Q3。")
    @_AS_OF
    @_UNITS
    @_SURE
    @WORKSPACE
    @OPERATOR
    @AS_JSON
    def score(folder: Path, operator: str | None, notice: str | None, **wish: Any) -> int:
        from pipeline import console_score

        if wish["source"] is not None:
            if notice or wish["output"] or wish["units"] or wish["as_of"]:
                raise click.UsageError("--from 只能与 --period 一起用，不写公文")
            return console_score.take(folder, existing(wish["source"]), wish["period"], operator=operator)
        if notice is None:
            raise click.UsageError("缺少公文，或 --from")
        if wish["output"] is None:
            return console_score.show(folder, notice, wish)
        if wish["output"].suffix.lower() != ".xlsx":
            raise click.UsageError("--output 应是 .xlsx 文件")
        return console_score.write(folder, notice, wish, operator=operator)
