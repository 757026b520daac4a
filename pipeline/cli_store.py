"""Commands on what the store holds: list, diff, questions, answer, correct, corrections, reprocess."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline import usage
from pipeline.cli_shared import AS_JSON, HELP, JOBS, NAMING, NOTICE, OPERATOR, TIMEOUT, WORKSPACE, command


def register(group: click.Group) -> None:
    """Adds the commands to a group."""
    _looking(group)
    _asking(group)
    _correcting(group)
    _corrections(group)
    _reprocessing(group)


def _looking(group: click.Group) -> None:
    @command(
        group, "list",
        help="列出库里的公文；写明一件公文则列出它的任务和任务编号。",
        epilog=f"""
示例：
  duban list
  duban list --year 2026 --agency 水务局
  duban list 皋水〔2026〕4号

{NAMING}
""",
    )  # fmt: skip
    @click.argument("notice", metavar="[公文]", required=False)
    @WORKSPACE
    @click.option("--city", metavar="地区", help="只列这个地区的。")
    @click.option("--agency", metavar="机关", help="只列发文机关名称里有这些字的。")
    @click.option("--year", type=int, metavar="年", help="只列这一年成文的。")
    @AS_JSON
    def list_(
        notice: str | None, folder: Path, city: str | None, agency: str | None, year: int | None, as_json: bool
    ) -> int:
        from pipeline import console_store

        return console_store.list_notices(folder, notice, city=city, agency=agency, year=year, as_json=as_json)

    @command(
        group, "diff",
        help="比较一件公文的两个版本：增加、取消的任务，改了的时限、指标、责任主体和文字。",
        epilog=f"""
示例：
  duban diff 皋水〔2026〕4号                 最新一版与前一版
  duban diff n-3f2a --old 1 --new 3

{NAMING}
""",
    )  # fmt: skip
    @NOTICE
    @click.option("--old", type=int, metavar="版本", help="旧版本的序号。")
    @click.option("--new", type=int, metavar="版本", help="新版本的序号，默认最新。")
    @WORKSPACE
    @AS_JSON
    def diff(notice: str, old: int | None, new: int | None, folder: Path, as_json: bool) -> int:
        from pipeline import console_store

        return console_store.diff(folder, notice, old=old, new=new, as_json=as_json)


def _asking(group: click.Group) -> None:
    @command(
        group, "questions",
        help="列出要人判断的问题，如重新印发后某条任务是不是原来的那一条。",
        epilog="\n示例：\n  duban questions\n  duban questions --all\n",
    )  # fmt: skip
    @WORKSPACE
    @click.option("--all", "everything", is_flag=True, help="答过的也列。")
    @AS_JSON
    def questions(folder: Path, everything: bool, as_json: bool) -> int:
        from pipeline import console_store

        return console_store.questions(folder, everything=everything, as_json=as_json)

    @command(
        group, "answer",
        help="回答一个问题：答案是候选的编号；都不是则答 new。",
        epilog="\n示例：\n  duban answer 3 k-5b1e0c7a9d24\n  duban answer 4 new\n",
    )  # fmt: skip
    @click.argument("question", metavar="问题号", type=int)
    @click.argument("answer", metavar="答案")
    @WORKSPACE
    @OPERATOR
    def answer(question: int, answer: str, folder: Path, operator: str | None) -> int:
        from pipeline import console_store

        return console_store.answer(folder, question, answer, operator=operator)


def _correcting(group: click.Group) -> None:
    @command(
        group, "correct",
        help="更正一条任务。提取的原值另存，读取时以更正为准，随时可以撤销；不写更正则显示任务和它的更正。",
        epilog="""
示例：
  duban correct k-5b1e0c7a9d24
  duban correct k-5b1e0c7a9d24 --owner 办公室:牵头 --owner 水资源科:配合
  duban correct k-5b1e0c7a9d24 --due 2026-11-30
  duban correct k-5b1e0c7a9d24 --quota 信息:不少于4篇/月
  duban correct k-5b1e0c7a9d24 --drop          不是任务
  duban correct k-5b1e0c7a9d24 --undo          撤销最近一次更正

--owner、--due、--quota 可写多次，写的就是全部；写“无”表示没有。任务编号见 duban list 公文。
""",
    )  # fmt: skip
    @click.argument("task", metavar="任务")
    @click.option("--owner", "owners", multiple=True, metavar="名称[:角色]", help="责任主体；角色如 牵头、配合、责任。")
    @click.option("--due", multiple=True, metavar="时间", help="时限，如 2026-11-30、11月底前、每月5日前。")
    @click.option("--quota", "quotas", multiple=True, metavar="指标", help="指标，如 信息:不少于4篇/月。")
    @click.option("--title", metavar="文字", help="标题。")
    @click.option("--text", metavar="文字", help="任务内容。")
    @click.option("--kind", metavar="类别", help="任务、活动、评分标准、要求、目标。")
    @click.option("--drop", is_flag=True, help="去掉，不是任务。")
    @click.option("--restore", is_flag=True, help="恢复去掉的任务。")
    @click.option("--undo", is_flag=True, help="撤销最近一次更正。")
    @WORKSPACE
    @OPERATOR
    def correct(task: str, folder: Path, operator: str | None, undo: bool, **wish: object) -> int:
        from pipeline import console_store

        return console_store.correct(folder, task, wish, undo=undo, operator=operator)


def _corrections(group: click.Group) -> None:
    @group.group(
        "corrections", cls=usage.Group, help="成批的更正：导出为评测用的标注，从 Excel 台账读回。",
        epilog="\n示例：\n  duban corrections export --output 标注\n  duban corrections import 台账.xlsx\n",
    )  # fmt: skip
    @HELP
    def corrections() -> None:
        pass

    @command(
        corrections, "export",
        help="把更正过的公文写成评测用的标注，一件一个 JSON 文件。",
        epilog="\n示例：\n  duban corrections export --output 标注\n",
    )  # fmt: skip
    @click.option("--output", required=True, type=click.Path(path_type=Path), metavar="文件夹", help="写到哪里。")
    @WORKSPACE
    def export(output: Path, folder: Path) -> int:
        from pipeline import console_store

        return console_store.export_corrections(folder, output)

    @command(
        corrections, "import",
        help="读回 duban export --format xlsx 导出的台账：改过的格子成为更正。再读一次不会重复。",
        epilog="\n示例：\n  duban export --format xlsx --output 台账.xlsx\n  duban corrections import 台账.xlsx\n",
    )  # fmt: skip
    @click.argument("file", metavar="文件", type=click.Path(path_type=Path, exists=False))
    @WORKSPACE
    @OPERATOR
    def import_(file: Path, folder: Path, operator: str | None) -> int:
        from pipeline import console_store

        return console_store.import_corrections(folder, file, operator=operator)


def _reprocessing(group: click.Group) -> None:
    @command(
        group, "reprocess",
        help="用现在的规则重读归档的原件，列出有何不同；人写的更正都保留。不写公文则全部。",
        epilog=f"""
示例：
  duban reprocess
  duban reprocess 皋水〔2026〕4号
  duban reprocess --force            规则没变的也重读

{NAMING}
""",
    )  # fmt: skip
    @click.argument("notices", metavar="[公文]...", nargs=-1)
    @click.option("--force", is_flag=True, help="规则没变的也重读。")
    @WORKSPACE
    @JOBS
    @TIMEOUT
    @OPERATOR
    @AS_JSON
    def reprocess(
        notices: tuple[str, ...], force: bool, folder: Path, jobs: int | None, timeout: float | None,
        operator: str | None, as_json: bool,
    ) -> int:  # fmt: skip
        from pipeline import console_store

        return console_store.reprocess(
            folder, notices, force=force, jobs=jobs, timeout=timeout, operator=operator, as_json=as_json
        )
