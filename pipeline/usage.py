"""click's help and usage errors in Chinese, wrapped by the width that characters have on a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import click

from pipeline import clock
from pipeline.columns import width, wrap

_HEADINGS = {"Options": "选项", "Commands": "命令", "Positional arguments": "参数"}


class ReaderGoneError(Exception):
    """Who read our output has closed it; click would make a failure of it."""


class Formatter(click.HelpFormatter):
    """Help text with Chinese headings, wrapped by terminal columns instead of characters."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        for line in text.splitlines():
            for part in wrap(line, self.width - self.current_indent):
                self.write(f"{indent}{part}\n" if part else "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        first = min(max((width(term) for term, _ in rows), default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        for term, description in rows:
            lines = list(wrap(description, max(self.width - self.current_indent - first, 20)))
            if width(term) > first - col_spacing:
                self.write(f"{indent}{term}\n")
            else:
                self.write(f"{indent}{term}{' ' * (first - width(term))}{lines.pop(0) if lines else ''}\n")
            for line in lines:
                self.write(f"{indent}{' ' * first}{line}\n")


class Context(click.Context):
    formatter_class = Formatter


class Command(click.Command):
    """A command whose help and epilog keep their line breaks."""

    context_class = Context

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"options_metavar": "[选项]", **kwargs})
        self.params.append(
            click.Option(
                ["--today"], type=Day(), metavar="日期", expose_value=False, callback=_name_day,
                help="把这一天当作今天，如 2026-03-05。",
            )
        )  # fmt: skip

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _epilog(self.epilog, formatter)


class Group(click.Group):
    """A group of such commands, listed in the order of their definition."""

    context_class = Context
    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"options_metavar": "[选项]", "subcommand_metavar": "命令 [参数]...", **kwargs})
        #: The heading over a command and those behind it, by the command's name.
        self.headings: dict[str, str] = {}

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderGoneError from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under their headings; those before the first heading, or of a group without, under 命令."""
        parts: list[tuple[str, list[tuple[str, str]]]] = [("Commands", [])]
        for name, command in self.commands.items():
            if name in self.headings:
                parts.append((self.headings[name], []))
            if not command.hidden:
                parts[-1][1].append((name, command.get_short_help_str(formatter.width)))
        for heading, rows in parts:
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _epilog(self.epilog, formatter)


class Day(click.ParamType[date]):
    """A day, as people write it: 2026-03-05, 2026.3.5, 2026年3月5日."""

    name = "日期"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        found = re.fullmatch(r"\s*(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?\s*", str(value))
        try:
            if found:
                return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            pass
        self.fail(f"应是日期，如 2026-03-05，现为“{value}”", param, ctx)


class Positive(click.ParamType[float]):
    """A positive number, whole where it is asked for."""

    name = "数"

    def __init__(self, kind: type[int] | type[float]) -> None:
        self.kind = kind

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int | float:
        try:
            number = self.kind(str(value))
        except ValueError:
            number = 0
        if not 0 < number < float("inf"):
            self.fail(f"应是大于 0 的{'整数' if self.kind is int else '数'}，现为“{value}”", param, ctx)
        return number


def message(error: click.ClickException) -> str:
    """A click error as a Chinese line, with where to find help."""
    if isinstance(error, click.NoSuchOption):
        words = f"没有 {error.option_name} 这个选项"
    elif isinstance(error, click.MissingParameter):
        named = error.param.make_metavar(error.ctx) if error.param and error.ctx else error.param_hint
        if isinstance(error.param, click.Option):
            named = error.param.opts[0]
        words = f"缺少 {named or '参数'}"
    elif isinstance(error, click.BadParameter):
        hint = error.param.opts[0] if error.param and error.param.opts else error.param_hint
        words = f"{hint} 的值不对：{error.message}" if hint else error.message
    elif isinstance(error, click.BadOptionUsage):
        words = f"选项 {error.option_name} 用法不对（{error.message}）"
    elif error.message.startswith("No such command"):
        words = "没有 " + error.message.split("'")[1] + " 这个命令"
    elif error.message.startswith("Got unexpected extra argument"):
        words = "多了参数" + error.message[error.message.find("(") :].rstrip(".")
    else:
        words = error.message
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "duban"
    return f"用法有误：{words}。输入 {command} --help 看用法"


def _name_day(context: click.Context, option: click.Parameter, value: date | None) -> None:
    clock.name(value)


def _epilog(epilog: str | None, formatter: click.HelpFormatter) -> None:
    if epilog:
        formatter.write("\n" + epilog.strip("\n") + "\n")
