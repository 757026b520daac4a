"""The command that compares notices: duban compare."""

from __future__ import annotations

import re
from pathlib import Path

import click

from pipeline import usage
from pipeline.cli_shared import HELP, JOBS, TIMEOUT, WORKSPACE, existing

_PATH = click.Path(path_type=Path)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_HELP = "比较各地、各机关的公文：谁提了什么、指标高低、责任、时限、文本沿用，写成 HTML、Excel 和 Word 报告。"
_EPILOG = """
示例：
  duban compare --output 比较                          库里全部公文
  duban compare --output 比较 如皋.docx 海宁.docx       不进库，直接比文件
  duban compare --output 比较 --city 如皋 --city 海宁 --year 2026
  duban compare --output 比较 --upper 省方案.docx --lower 市方案.docx    承接对照表
  duban compare --output 比较 --agency 城市管理局 --years 2021 2022      年度对照

人口表（CSV，列为 region、population）用来折算每万人。--city、--agency、--year、--topic、--plan-kind 可写多次。
"""


class _Command(usage.Command):
    """Years may follow ``--years`` one after the other: ``--years 2021 2022``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, repeated(args))


def repeated(args: list[str]) -> list[str]:
    """Arguments with ``--years`` before each of the years that follow it; up to ``--``, behind which all are paths."""
    made: list[str] = []
    years = False
    for place, word in enumerate(args):
        if word == "--":
            return made + args[place:]
        if word.startswith("-"):
            years = word.partition("=")[0] == "--years"
        elif years and _YEAR.fullmatch(word) and made[-1] != "--years":
            made.append("--years")
        elif not _YEAR.fullmatch(word):
            years = False
        made.append(word)
    return made


def register(group: click.Group) -> None:
    """Adds the command to a group."""

    @group.command("compare", cls=_Command, help=_HELP, short_help=_HELP.split("：")[0] + "。", epilog=_EPILOG)
    @HELP
    @click.argument("paths", metavar="[路径...]", nargs=-1, type=_PATH)
    @click.option("--output", required=True, type=_PATH, metavar="文件夹", help="报告写到哪里。")
    @click.option("--city", "cities", multiple=True, metavar="地区", help="只比这些地区。")
    @click.option("--agency", "agencies", multiple=True, metavar="机关", help="只比发文机关名称里有这些字的。")
    @click.option("--year", "years_of", multiple=True, type=int, metavar="年", help="只比工作年度含这一年的。")
    @click.option("--topic", "topics", multiple=True, metavar="主题", help="只比这些主题，写名称或代码。")
    @click.option("--plan-kind", "kinds", multiple=True, metavar="文种", help="只比这些文种，如 要点、方案。")
    @click.option("--population", type=_PATH, metavar="表", help="人口表，用来折算每万人。")
    @click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="标题和说明用中文还是英文。")
    @click.option("--upper", multiple=True, metavar="公文", help="上级公文：文件，或库里公文的编号、文号、标题。")
    @click.option("--lower", multiple=True, metavar="公文", help="本级公文，写法同上。")
    @click.option("--years", multiple=True, type=int, metavar="年...", help="同一机关的年度对照：两个以上年份。")
    @WORKSPACE
    @JOBS
    @TIMEOUT
    def compare(paths: tuple[Path, ...], folder: Path, output: Path, **wish: object) -> int:
        from pipeline import console_compare

        if bool(wish["upper"]) != bool(wish["lower"]):
            raise click.UsageError("--upper 和 --lower 要一起写")
        return console_compare.compare([existing(path) for path in paths], folder, output, wish)
