"""Commands that hand on, keep and remove what is there: export, publish, backup, restore, purge."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli_shared import NAMING, NOTICE, OPERATOR, WORKSPACE, command


def register(group: click.Group) -> None:
    """Adds the commands to a group."""
    _export(group)
    _publish(group)
    _backup(group)
    _purge(group)


def _export(group: click.Group) -> None:
    @command(
        group, "export",
        help="导出：json 一件公文一个文件，jsonl 一行一件，csv 和 xlsx 是公文、任务、责任主体、时间、指标五张表。",
        epilog="""
示例：
  duban export --format xlsx --output outputs/台账.xlsx
  duban export --format json --output outputs/记录 --year 2026 --city 如皋市
  duban export --format jsonl --output 变动.jsonl --since 游标.txt     只要上次以后变动的

--since 写一个数，或一个存着游标的文件：导出后文件里是新的游标，下次接着用，不漏。
标有内部资料等的公文不导出，除非加 --internal；电话、身份证号打码，除非加 --unmask。
各列的含义见 docs/data-dictionary.md。
""",
    )  # fmt: skip
    @click.option("--format", "form", required=True, type=click.Choice(["json", "jsonl", "csv", "xlsx"]), help="格式。")
    @click.option("--output", required=True, type=click.Path(path_type=Path), metavar="路径", help="写到哪里。")
    @click.option("--since", metavar="游标", help="只导出这以后变动的。")
    @click.option("--city", metavar="地区", help="只导出这个地区的。")
    @click.option("--agency", metavar="机关", help="只导出发文机关名称里有这些字的。")
    @click.option("--year", type=int, metavar="年", help="只导出这一年成文的。")
    @click.option("--topic", metavar="主题", help="只导出有这个主题的任务的。")
    @click.option("--internal", is_flag=True, help="标有内部资料等的也导出。")
    @click.option("--unmask", is_flag=True, help="电话、身份证号不打码。")
    @WORKSPACE
    def export(form: str, output: Path, folder: Path, since: str | None, unmask: bool, **filters: object) -> int:
        from pipeline import console_keep

        if form in ("json", "csv") and output.suffix.lower() == f".{form}" and not output.is_dir():
            other = "jsonl" if form == "json" else "xlsx"
            raise click.UsageError(f"{form} 写成几个文件，--output 应是文件夹；要写成一个文件请用 --format {other}")
        return console_keep.export(folder, form, output, since=since, filters=filters, unmask=unmask)


def _publish(group: click.Group) -> None:
    @command(
        group, "publish",
        help="把变动交给别的系统：发件箱文件夹或 webhook。按 duban.toml 的 [export.outbox]、[export.webhook]，"
        "没设就不发；duban watch 运行时自动进行。",
        epilog="\n示例：\n  duban publish\n  duban publish --again        对方拒收的再发一次\n",
    )  # fmt: skip
    @click.option("--again", is_flag=True, help="对方拒收的再发一次。")
    @WORKSPACE
    def publish(again: bool, folder: Path) -> int:
        from pipeline import console_keep

        return console_keep.publish(folder, again=again)


def _backup(group: click.Group) -> None:
    @command(
        group, "backup",
        help="把工作区（数据库、原件、失败的文件、设置）备份成一个文件，不用停下别的程序。",
        epilog="""
示例：
  duban backup
  duban backup --output /mnt/u盘

备份文件没有加密，请按其中公文的要求保管。duban watch 每天自动备份一次，保留几天见 duban.toml 的 [backup]。
""",
    )  # fmt: skip
    @click.option("--output", type=click.Path(path_type=Path), metavar="路径", help="文件或文件夹，默认 backups/。")
    @WORKSPACE
    def backup(output: Path | None, folder: Path) -> int:
        from pipeline import console_keep

        return console_keep.backup(folder, output)

    @command(
        group, "restore",
        help="用备份恢复工作区。先核对备份是否完好；现有数据库比备份新时不动，除非加 --force（先另存一份备份）。",
        epilog="""
示例：
  duban restore backups/duban-20260301.zip
  duban restore --workspace 新文件夹 /mnt/u盘/backup-20260301-180000.zip

备份以后才归档的原件会放回 inbox，再收一次即可。
""",
    )  # fmt: skip
    @click.argument("file", metavar="文件", type=click.Path(path_type=Path))
    @click.option("--force", is_flag=True, help="现有数据库比备份新，也恢复成备份时的样子。")
    @WORKSPACE
    def restore(file: Path, force: bool, folder: Path) -> int:
        from pipeline import console_keep

        return console_keep.restore(folder, file, force=force)


def _purge(group: click.Group) -> None:
    @command(
        group, "purge",
        help="彻底清除一件公文：数据库和它的日志、归档的原件、outputs 里含有它的文件；并指出哪些备份里还有。不能恢复。",
        epilog=f"""
示例：
  duban purge 皋水〔2026〕4号
  duban purge n-3f2a91c04b77 --yes

outputs 里含有它的台账等整个删去，请再导出一次；自己另存到别处的文件和已交给别的系统的内容要自己清理。
{NAMING}
""",
    )  # fmt: skip
    @NOTICE
    @click.option("--together", is_flag=True, help="同一个原件里的别的公文一并清除。")
    @click.option("--yes", "sure", is_flag=True, help="不再询问。")
    @WORKSPACE
    @OPERATOR
    def purge(notice: str, together: bool, sure: bool, folder: Path, operator: str | None) -> int:
        from pipeline import console_keep

        return console_keep.purge(folder, notice, together=together, sure=sure, operator=operator)
