"""Commands on the roster of units, and on the ledger as workbooks: units, ledger."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal

import click

from pipeline import usage
from pipeline.cli_items import NAMING, filters
from pipeline.cli_shared import AS_JSON, HELP, OPERATOR, WORKSPACE, command, existing

_PATH = click.Path(path_type=Path)
_FILE = click.argument("file", metavar="文件", type=_PATH)
_ITEMS = click.argument("refs", metavar="[事项]...", nargs=-1)
_SURE = click.option("--yes", "sure", is_flag=True, help="不再询问。")
_AS_OF = click.option("--as-of", type=usage.Day(), metavar="日期", help="截至日期，默认今天。")
_TITLE = click.option("--title", metavar="文字", help="表的标题，默认“督办事项台账”。")
_PAPER = click.option("--paper", type=click.Choice(["A3", "A4"]), help="横向打印的纸，默认 A3。")


def register(group: click.Group) -> None:
    """Adds the commands to a group."""
    _units(group)
    _ledger(group)


def _units(group: click.Group) -> None:
    @group.group(
        "units", cls=usage.Group,
        help="单位名册：有哪些单位、简称、联络员，“各单位”“各中队”指哪些；立项时照它分解。",
        epilog="""
示例：
  duban units template 名册.xlsx      空白名册，填好再导入
  duban units import 名册.xlsx        先列出有何变化，再替换
  duban units divide                  把已立项的“各单位”事项分解给各单位
""",
    )  # fmt: skip
    @HELP
    def units() -> None:
        pass

    _looking(units)
    _roster(units)
    _dividing(units)


def _looking(units: click.Group) -> None:
    @command(
        units, "list", help="列出单位名册和集合（“各单位”指哪些）。",
        epilog="\n示例：\n  duban units list\n  duban units list --json\n",
    )  # fmt: skip
    @WORKSPACE
    @AS_JSON
    def list_(folder: Path, as_json: bool) -> int:
        from pipeline import console_units

        return console_units.list_units(folder, as_json=as_json)


def _roster(units: click.Group) -> None:
    @command(
        units, "template", help="写一份空白名册（xlsx），带示例和填写说明。",
        epilog="\n示例：\n  duban units template 名册.xlsx\n",
    )  # fmt: skip
    @_FILE
    @_SURE
    def template(file: Path, sure: bool) -> int:
        from pipeline import console_units

        return console_units.template(_workbook(file), sure=sure)

    @command(
        units, "import",
        help="导入名册，替换现有的。先列出增加、去掉、修改了哪些；导入后列出事项里有、名册里没有的单位。",
        epilog="""
示例：
  duban units import 名册.xlsx
  duban units import 名册.xlsx --yes

有读不了的行（如日期写错）就逐行列出，退出状态为 1；改正后再导入一次即可。
""",
    )  # fmt: skip
    @_FILE
    @_SURE
    @WORKSPACE
    @OPERATOR
    def import_(file: Path, sure: bool, folder: Path, operator: str | None) -> int:
        from pipeline import console_units

        return console_units.import_units(folder, existing(file), sure=sure, operator=operator)

    @command(
        units, "export", help="把现有名册写成 xlsx，改好可再导入。",
        epilog="\n示例：\n  duban units export 名册.xlsx\n",
    )  # fmt: skip
    @_FILE
    @_SURE
    @WORKSPACE
    def export(file: Path, sure: bool, folder: Path) -> int:
        from pipeline import console_units

        return console_units.export(folder, _workbook(file), sure=sure)


def _dividing(units: click.Group) -> None:
    @command(
        units, "divide",
        help="照名册把“各单位”的事项分解给各单位，各有各的状态和数；不写事项则是全部能分解的。"
        "立项时名册已有定义的会自动分解。",
        epilog=f"""
示例：
  duban units divide
  duban units divide 2026-0012 --yes

{NAMING}
""",
    )  # fmt: skip
    @_ITEMS
    @_SURE
    @WORKSPACE
    @OPERATOR
    def divide(refs: tuple[str, ...], sure: bool, folder: Path, operator: str | None) -> int:
        from pipeline import console_units

        return console_units.divide(folder, refs, sure=sure, operator=operator)


def _ledger(group: click.Group) -> None:
    @group.group(
        "ledger", cls=usage.Group, help="台账与 Excel：导出、分给各单位填、收回来。",
        epilog="""
示例：
  duban ledger export --output 台账.xlsx
  duban ledger split --output 反馈表          一个单位一个文件
  duban ledger import 反馈表                  填好收回：先列出改动，再问
""",
    )  # fmt: skip
    @HELP
    def ledger() -> None:
        pass

    _exporting(ledger)
    _splitting(ledger)
    _importing(ledger)


def _exporting(ledger: click.Group) -> None:
    @command(
        ledger, "export",
        help="把立项的事项写成台账（xlsx）：标题、填报单位、截至日期、下拉选项、红黄灯，横向打印；或填进本单位自己的表。",
        epilog=f"""
示例：
  duban ledger export --output 台账.xlsx
  duban ledger export --output 三月.xlsx --as-of 2026-03-31 --paper A4 --agency 水务局
  duban ledger export --output 台账.xlsx --template 督查室台账.xlsx

--template 按表头的意思填，表的样子不变；认不出的表头会列出来，它们的列空着。
填报单位默认是 --unit 的单位，没有就是 duban.toml 里的本单位。
{NAMING}
""",
    )  # fmt: skip
    @_ITEMS
    @click.option("--output", required=True, type=_PATH, metavar="文件", help="写到哪里（.xlsx）。")
    @click.option("--template", type=_PATH, metavar="文件", help="本单位自己的台账表（.xlsx），照它的样子填。")
    @_PAPER
    @_AS_OF
    @_TITLE
    @click.option("--reporting-unit", metavar="单位", help="表头上的填报单位。")
    @filters
    @_SURE
    @WORKSPACE
    def export(
        output: Path, template: Path | None, paper: Literal["A3", "A4"] | None, as_of: date | None, title: str | None,
        reporting_unit: str | None, sure: bool, folder: Path, **wanted: Any,
    ) -> int:  # fmt: skip
        from pipeline import console_books
        from pipeline.console_ledger import Wanted

        if template is not None:
            if paper or title:
                raise click.UsageError("用 --template 时，标题和纸型照模板的，不能再写 --title、--paper")
            if existing(template).absolute() == output.absolute():
                raise click.UsageError("--output 和 --template 是同一个文件，请换一个文件名")
        return console_books.export(
            folder, _workbook(output), Wanted(**wanted), template=template, paper=paper, title=title, as_of=as_of,
            unit=reporting_unit, sure=sure,
        )  # fmt: skip


def _splitting(ledger: click.Group) -> None:
    @command(
        ledger, "split",
        help="一个单位写一个文件（xlsx），是该单位牵头、要填报的事项；已办结、中止的不在内，除非写明 --status。",
        epilog="""
示例：
  duban ledger split --output 反馈表
  duban ledger split --output 反馈表 --units 市容科,环卫处
  duban ledger split --output 4月反馈表 --as-of 2026-04-30 --notice 皋水〔2026〕4号
""",
    )  # fmt: skip
    @_ITEMS
    @click.option("--output", required=True, type=_PATH, metavar="文件夹", help="写到哪个文件夹。")
    @click.option("--units", multiple=True, metavar="单位", help="只写这些单位的，逗号隔开，或写多次。")
    @_PAPER
    @_AS_OF
    @_TITLE
    @filters
    @_SURE
    @WORKSPACE
    def split(
        output: Path, units: tuple[str, ...], paper: Literal["A3", "A4"] | None, as_of: date | None,
        title: str | None, sure: bool, folder: Path, **wanted: Any,
    ) -> int:  # fmt: skip
        import re

        from pipeline import console_books
        from pipeline.console_ledger import Wanted

        if output.exists() and not output.is_dir():
            raise click.UsageError(f"“{output}”不是文件夹")
        names = [name.strip() for each in units for name in re.split("[,，、;；]", each) if name.strip()]
        return console_books.split(
            folder, output, Wanted(**wanted), units=names, paper=paper, title=title, as_of=as_of, sure=sure
        )


def _importing(ledger: click.Group) -> None:
    @command(
        ledger, "import",
        help="收回填好的表（xlsx、xls）：先列出要改什么、哪里冲突、哪里存疑、谁没有反馈，问过再改。"
        "空格不改；台账后来又改过的不覆盖。",
        epilog="""
示例：
  duban ledger import 反馈表              整个文件夹，含下级
  duban ledger import 市容科.xlsx 环卫处.xls
  duban ledger import 台账.xlsx --full    本单位自己的台账：任务、责任、时限也照改

没有督办编号、按文字认出的行要逐个确认，--likely 则都算对。
存疑和冲突的格子加了批注，另存一份（--doubts 写明放哪里），可退回单位核对。
再导入一次同样的文件，台账不会再变。duban undo 撤销整次导入。
""",
    )  # fmt: skip
    @click.argument("paths", metavar="路径...", nargs=-1, required=True, type=_PATH)
    @click.option("--full", is_flag=True, help="督办方自己的台账：任务、要求、责任、时限的改动也采纳。")
    @click.option("--likely", is_flag=True, help="按文字认出的行都算对，不逐个问。")
    @click.option("--doubts", type=_PATH, metavar="文件夹", help="批注了的退回件放哪里，默认在来件旁边的“请核对”。")
    @click.option("--as-of", type=usage.Day(), metavar="日期", help="表里没写截至日期时用，默认今天。")
    @_SURE
    @WORKSPACE
    @OPERATOR
    def import_(
        paths: tuple[Path, ...], full: bool, likely: bool, doubts: Path | None, as_of: date | None, sure: bool,
        folder: Path, operator: str | None,
    ) -> int:  # fmt: skip
        from pipeline import console_books

        return console_books.import_(
            folder, [existing(path) for path in paths], full=full, sure=sure, likely=likely, doubts=doubts,
            as_of=as_of, operator=operator,
        )  # fmt: skip


def _workbook(path: Path) -> Path:
    """A path that a workbook may be written to.

    Raises:
        click.UsageError: a folder, or another kind of file.
    """
    if path.is_dir():
        raise click.UsageError(f"“{path}”是文件夹，请写文件名")
    if not path.suffix:
        return path.with_name(path.name + ".xlsx")
    if path.suffix.lower() != ".xlsx":
        raise click.UsageError(f"只写 .xlsx 文件，现为“{path.name}”")
    return path
