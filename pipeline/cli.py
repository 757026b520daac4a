"""The command line: every command is one call. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from pipeline import (
    cli_compare,
    cli_confirm,
    cli_inbox,
    cli_keep,
    cli_ledger,
    cli_office,
    cli_store,
    cli_task_work,
    cli_tasks,
    usage,
)
from pipeline.cli_shared import HELP, JOBS, TIMEOUT, existing

INTERRUPTED = 130

_FILE = click.argument("file", metavar="文件", type=click.Path(path_type=Path))
_ALIASES = click.option(
    "--aliases", type=click.Path(path_type=Path), metavar="表", help="单位别名表（CSV，列为 name、canonical、agency）。"
)

_TOPICS = click.option(
    "--topics", type=click.Path(path_type=Path), metavar="表", help="自己的主题表（CSV），加在自带的主题之上。"
)


def _version(context: click.Context, option: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"duban {version('duban')}")
        context.exit()


@click.group(
    cls=usage.Group,
    help="督办：把公文读成任务、责任主体、时间和指标。",
    epilog="""
示例：
  duban extract 通知.docx             一份公文的记录，打印到屏幕
  duban explain 通知.docx             读成了什么、什么没有列为任务、为什么
  duban run 收文/ 会议纪要.pdf         文件和文件夹，记录写到 outputs/records/
  duban schema > notice.schema.json   记录的 JSON Schema

收进库里、天天用：
  duban init                          建工作区
  duban watch                         看着 inbox，放进来就收
  duban list 皋水〔2026〕4号           一件公文的任务
  duban export --format xlsx --output outputs/台账.xlsx

退出状态：0 正常；1 有文件未能读取，或做不成；2 用法有误；130 被中断。
""",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="显示版本后退出。")
@HELP
def cli() -> None:
    pass


@cli.command(
    help="把一份公文读成记录，以 JSON 打印到标准输出；提示和错误在标准错误。",
    epilog="""
示例：
  duban extract 通知.docx
  duban extract 通知.pdf > 通知.json
  duban extract --explain 通知.docx
""",
)
@_FILE
@click.option("--explain", "explained", is_flag=True, help="不打印 JSON，逐条列出来看，同 duban explain。")
@TIMEOUT
@_ALIASES
@_TOPICS
@HELP
def extract(file: Path, explained: bool, timeout: float | None, aliases: Path | None, topics: Path | None) -> int:
    from pipeline import console

    return (console.explain if explained else console.extract)(
        _file(file), timeout=timeout, aliases=aliases, topics=topics
    )


@cli.command(
    help="把文件和文件夹（含下级）里的公文逐一读成记录，写到当前文件夹的 outputs/records/，最后给出汇总。",
    epilog="""
示例：
  duban run 收文/
  duban run --jobs 4 通知.docx 方案.pdf 收文/
  duban run --aliases 别名.csv 收文/     责任主体写成全称

记录以原文件名命名（通知.docx → 通知.json）；几个文件同名时都带上格式（通知.docx.json、通知.pdf.json）。
一个文件读不了不影响其余文件。隐藏文件、~$ 开头和 .part 结尾的文件不读。
""",
)
@click.argument("paths", metavar="路径...", nargs=-1, required=True, type=click.Path(path_type=Path))
@JOBS
@TIMEOUT
@_ALIASES
@_TOPICS
@HELP
def run(
    paths: tuple[Path, ...], jobs: int | None, timeout: float | None, aliases: Path | None, topics: Path | None
) -> int:
    from pipeline import console

    return console.run([existing(path) for path in paths], jobs=jobs, timeout=timeout, aliases=aliases, topics=topics)


@cli.command(
    help="把一份公文读成的结果逐条列出来看：哪些文字列为任务，哪些没有，为什么。",
    epilog="\n示例：\n  duban explain 通知.docx\n",
)
@_FILE
@TIMEOUT
@_ALIASES
@_TOPICS
@HELP
def explain(file: Path, timeout: float | None, aliases: Path | None, topics: Path | None) -> int:
    from pipeline import console

    return console.explain(_file(file), timeout=timeout, aliases=aliases, topics=topics)


@cli.command(help="打印记录的 JSON Schema（draft 2020-12）。", epilog="\n示例：\n  duban schema > notice.schema.json\n")
@HELP
def schema() -> int:
    from pipeline import console

    return console.schema()


_PARTS = (
    ("收文入库", cli_inbox), ("查看和更正库里的公文", cli_store), ("导出、备份、清除", cli_keep), ("比较", cli_compare),
    ("台账：立项", cli_confirm), ("台账：查看", cli_tasks), ("台账：办理", cli_task_work),
    ("台账：单位和 Excel", cli_ledger), ("台账：提醒、通报、考核", cli_office),
)  # fmt: skip
cli.headings[next(iter(cli.commands))] = "读一份公文"
for _heading, _commands in _PARTS:
    _known = len(cli.commands)
    _commands.register(cli)
    cli.headings[list(cli.commands)[_known]] = _heading


def main(arguments: list[str] | None = None) -> NoReturn:
    """Runs the command line and exits with its status."""
    _utf8()
    try:
        status: Any = cli.main(args=arguments, prog_name="duban", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        click.echo(usage.message(error), err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断。", err=True)
        sys.exit(INTERRUPTED)
    except (usage.ReaderGoneError, BrokenPipeError):
        # Whoever read our output has gone (duban extract … | head): nothing is left to say, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        sys.exit(_usage(error))
    sys.exit(status or 0)


def _file(path: Path) -> Path:
    if existing(path).is_dir():
        raise click.UsageError(f"“{path}”是文件夹，请用 duban run 读整个文件夹")
    return path


def _usage(error: Exception) -> int:
    """What only turns out wrong at work: settings, paths that hold nothing to read, tables, workspace and store."""
    from pipeline.console import NothingToReadError
    from pipeline.settings import SettingError
    from schemas.errors import DubanError

    if isinstance(error, NothingToReadError):
        from extractors.readers.table import readable

        formats = "、".join(row.format for row in readable() if row.format != "word_xml")
        click.echo(f"没有可读的文件：{error}。能读的格式：{formats}", err=True)
    elif isinstance(error, SettingError):
        click.echo(f"设置有误：{error}", err=True)
    elif isinstance(error, DubanError):
        click.echo(str(error), err=True)
        return 2 if error.code.startswith(("aliases.", "topics.")) else 1
    else:
        raise error
    return 2


def _utf8() -> None:
    """Records are UTF-8 wherever they go; a terminal keeps its own encoding."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(**({"errors": "replace"} if stream.isatty() else {"encoding": "utf-8"}))
