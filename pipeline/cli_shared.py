"""What commands share: options, and how they are added."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from pipeline import usage

F = TypeVar("F", bound=Callable[..., Any])

HELP = click.help_option("-h", "--help", help="显示用法后退出。")
TIMEOUT = click.option("--timeout", type=usage.Positive(float), metavar="秒", help="每个文件最多读多久，默认 120 秒。")
JOBS = click.option(
    "--jobs", "-j", type=usage.Positive(int), metavar="个数", help="同时读几个文件，默认用全部处理器核心。"
)
WORKSPACE = click.option(
    "--workspace", "folder", type=click.Path(path_type=Path), default=Path(), metavar="文件夹",
    help="工作区，默认当前文件夹。",
)  # fmt: skip
OPERATOR = click.option(
    "--operator", metavar="姓名", help="记在每项改动上的经办人；默认取 DUBAN_OPERATOR、duban.toml、登录名。"
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="以 JSON 打印，供程序用。")
JSON_LOG = click.option("--json-log", is_flag=True, help="日志每行一个 JSON，供程序用。")
INTERNAL = click.option(
    "--confirm-internal", "internal", is_flag=True, help="确认收入标有内部资料、工作秘密、不予公开的文件。"
)
NOTICE = click.argument("notice", metavar="公文")

#: How a notice may be named, for the help of commands that take one.
NAMING = "公文用编号（n-…，可只写开头几位）、文号或标题指明；duban list 列出全部。"


def command(group: click.Group, name: str, *, help: str, epilog: str) -> Callable[[F], click.Command]:
    """Adds a command with its help to a group."""

    def add(function: F) -> click.Command:
        first = help.split("。")[0] + "。"
        return group.command(name, cls=usage.Command, help=help, short_help=first, epilog=epilog)(HELP(function))

    return add


def existing(path: Path) -> Path:
    """A path that is there.

    Raises:
        click.UsageError: it isn't.
    """
    if not path.exists():
        raise click.UsageError(f"没有“{path}”这个文件或文件夹")
    return path
