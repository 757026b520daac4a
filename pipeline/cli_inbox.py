"""Commands that bring files into a workspace: init, ingest, watch, retry, status."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline import usage
from pipeline.cli_shared import (
    AS_JSON,
    INTERNAL,
    JOBS,
    JSON_LOG,
    OPERATOR,
    TIMEOUT,
    WORKSPACE,
    command,
    existing,
)


def register(group: click.Group) -> None:
    """Adds the commands to a group."""
    _workspace(group)
    _taking(group)
    _watching(group)


def _workspace(group: click.Group) -> None:
    @command(
        group, "init",
        help="建一个工作区。里面有 inbox（收文）、archive（归档）、failed（读不了的）、outputs（产出）"
        "和 duban.toml（设置）。",
        epilog="\n示例：\n  duban init\n  duban init --workspace 督办\n\n已有的文件夹和文件都不动。\n",
    )  # fmt: skip
    @WORKSPACE
    def init(folder: Path) -> int:
        from pipeline import console_inbox

        return console_inbox.init(folder)

    @command(
        group, "status",
        help="工作区的现状：收文箱、失败的文件、库里的公文、待回答的问题、备份。",
        epilog="\n示例：\n  duban status\n  duban status --json\n",
    )  # fmt: skip
    @WORKSPACE
    @AS_JSON
    def status(folder: Path, as_json: bool) -> int:
        from pipeline import console_inbox

        return console_inbox.status(folder, as_json=as_json)


def _taking(group: click.Group) -> None:
    @command(
        group, "ingest",
        help="把文件收进库；不写路径则收 inbox 里的。inbox 里的原件移到 archive，别处的复制过去、原处不动。",
        epilog="""
示例：
  duban ingest
  duban ingest 通知.docx 收文/
  duban ingest --confirm-internal 内部通知.docx

同样内容只收一次；同一公文的另一种格式并为一件；重新印发的成为新版本。
有国家秘密标志的文件不收、不存、不动。读不了的文件在 failed/，旁边写着原因。
退出状态：0 全部收好；1 有文件要人处理。
""",
    )  # fmt: skip
    @click.argument("paths", metavar="[路径]...", nargs=-1, type=click.Path(path_type=Path))
    @WORKSPACE
    @INTERNAL
    @JOBS
    @TIMEOUT
    @OPERATOR
    @JSON_LOG
    def ingest(
        paths: tuple[Path, ...], folder: Path, internal: bool, jobs: int | None, timeout: float | None,
        operator: str | None, json_log: bool,
    ) -> int:  # fmt: skip
        from pipeline import console_inbox

        return console_inbox.ingest(
            folder,
            [existing(path) for path in paths],
            operator=operator,
            internal=internal,
            jobs=jobs,
            timeout=timeout,
            machine=json_log,
        )

    @command(
        group, "retry",
        help="把 failed 里的文件放回 inbox 再收一次；不写名字则全部。",
        epilog="\n示例：\n  duban retry\n  duban retry 通知.pdf\n",
    )  # fmt: skip
    @click.argument("names", metavar="[名字]...", nargs=-1)
    @WORKSPACE
    @INTERNAL
    @JOBS
    @TIMEOUT
    @OPERATOR
    @JSON_LOG
    def retry(
        names: tuple[str, ...], folder: Path, internal: bool, jobs: int | None, timeout: float | None,
        operator: str | None, json_log: bool,
    ) -> int:  # fmt: skip
        from pipeline import console_inbox

        return console_inbox.retry(
            folder, names, operator=operator, internal=internal, jobs=jobs, timeout=timeout, machine=json_log
        )


def _watching(group: click.Group) -> None:
    @command(
        group, "watch",
        help="一直看着 inbox，放进来的文件写完就收；每天自动备份一次。Ctrl-C 或 SIGTERM 结束。",
        epilog="""
示例：
  duban watch
  duban watch --once                只收现有的，收完结束
  duban watch --poll 10             每 10 秒看一次（网络共享上自动如此）
  duban watch --json-log 2>> duban.log

一个工作区只开一个。正在写入的、被打开着的文件等它好了再收；.part、~$ 和隐藏文件不收。
""",
    )  # fmt: skip
    @WORKSPACE
    @click.option("--once", is_flag=True, help="只收现有的，收完结束。")
    @click.option("--poll", type=usage.Positive(float), metavar="秒", help="每隔几秒看一次，不靠系统通知。")
    @JOBS
    @TIMEOUT
    @OPERATOR
    @JSON_LOG
    def watch(
        folder: Path, once: bool, poll: float | None, jobs: int | None, timeout: float | None,
        operator: str | None, json_log: bool,
    ) -> int:  # fmt: skip
        from pipeline import console_inbox

        return console_inbox.watch(
            folder, once=once, poll=poll, operator=operator, jobs=jobs, timeout=timeout, machine=json_log
        )
