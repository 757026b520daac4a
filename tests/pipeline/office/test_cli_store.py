"""The commands of a workspace, as a clerk types them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.cli import cli
from pipeline.office import Office

Run = Callable[..., tuple[int, str, str]]
Put = Callable[..., str]
Text = Callable[..., str]


def first_key(run: Run, name: str = "临水发〔2024〕4号") -> str:
    return str(json.loads(run("list", name, "--json")[1])[0]["key"])


def test_from_the_inbox_to_the_ledger_and_back(run: Run, office: Office, text: Text) -> None:
    inbox = office.workspace.inbox
    (inbox / "甲.txt").write_text(text(4), encoding="utf-8")
    (inbox / "坏.pdf").write_bytes(b"%PDF-1.7 nothing")
    (inbox / "机密★1年.txt").write_text(text(5), encoding="utf-8")
    status, out, log = run("ingest")
    assert (status, out) == (1, "")
    for words in ("甲.txt：已入库", "坏.pdf", "国家秘密标志", "入库 1 个", "失败 1 个", "涉密未收 1 个"):
        assert words in log
    assert (inbox / "机密★1年.txt").exists()
    status, out, _ = run("status")
    assert status == 0
    for words in ("1 个文件待收", "失败：1 个文件", "failed/坏.pdf：", "公文：1 件，任务 2 条", "没有在运行"):
        assert words in out
    found = json.loads(run("status", "--json")[1])
    assert (found["notices"], found["tasks"], found["questions"], found["watcher"]) == (1, 2, 0, "")

    status, out, _ = run("list", "--year", "2024")
    assert "临水发〔2024〕4号" in out and "共 1 件" in out
    assert "共 0 件" in run("list", "--year", "2023")[1]
    key = first_key(run)
    status, out, _ = run("correct", key, "--owner", "督查科:牵头", "--due", "2024-10-31", "--operator", "王主任")
    assert status == 0
    for words in ("督查科（牵头）", "2024-10-31", "王主任"):
        assert words in out
    assert "督查科" in run("list", "临水发〔2024〕4号")[1]
    status, out, _ = run("correct", key, "--undo")
    assert "撤销" in out and "11月底前" in out

    assert run("export", "--format", "xlsx", "--output", "outputs/台账.xlsx")[0] == 0
    from openpyxl import load_workbook

    book = load_workbook("outputs/台账.xlsx")
    sheet = book["任务"]
    heads = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == key)
    row[heads.index("任务名称")].value = "台账里改的标题"
    book.save("outputs/台账.xlsx")
    status, out, notes = run("corrections", "import", "outputs/台账.xlsx")
    assert (status, notes) == (0, "")
    assert "更正 1 处" in out
    assert "台账里改的标题" in run("correct", key)[1]
    assert "更正 0 处" in run("corrections", "import", "outputs/台账.xlsx")[1]
    assert "写了 1 件" in run("corrections", "export", "--output", "标注")[1]
    assert "台账里改的标题" in next(Path("标注").iterdir()).read_text(encoding="utf-8")


def test_a_reissue_is_shown_and_what_is_doubtful_is_asked(run: Run, office: Office, put: Put, text: Text) -> None:
    put(office, text(4, count=2), "甲.txt")
    assert run("diff", "临水发〔2024〕4号")[2].strip().endswith("只有一个版本")
    changed = (
        text(4, count=4)
        .replace("11月底前", "10月底前")
        .replace("一、落实责任。\n办公室牵头", "一、落实责任。\n督查科牵头")
    )
    put(
        office,
        changed.replace("临江市水务局\n2024", "三、加强检查。\n监督科每季度检查一次。\n\n临江市水务局\n2024"),
        "重印.txt",
    )
    status, out, _ = run("diff", "临水发〔2024〕4号")
    assert status == 0
    for words in ("第 1 版 → 第 2 版", "增加", "10月底前", "原：办公室", "现：督查科", "不少于4篇"):
        assert words in out, out
    found = json.loads(run("diff", "临水发〔2024〕4号", "--json")[1])
    assert (found["old"], found["new"], len(found["added"])) == (1, 2, 1)
    assert "没有不同" in run("diff", "临水发〔2024〕4号", "--old", "2", "--new", "2")[1]
    assert "没有第 7 版" in run("diff", "临水发〔2024〕4号", "--new", "7")[2]


def test_questions_are_asked_and_answered(run: Run, office: Office, put: Put, text: Text) -> None:
    put(office, text(4), "甲.txt")
    again = text(4).replace(
        "水资源科每月5日前报送信息不少于2篇。", "水资源科每月5日前向办公室报送工作信息不少于2篇，并做好归档。"
    )
    put(office, again, "重印.txt")
    asked = json.loads(run("questions", "--json")[1])
    assert asked, "the changed task is neither surely the old one nor surely a new one"
    out = run("questions")[1]
    candidate = asked[0]["payload"]["candidates"][0]["key"]
    assert f"duban answer {asked[0]['id']} {candidate}" in out
    status, _, error = run("answer", str(asked[0]["id"]), "k-nonsense")
    assert status == 1 and "不在可选的答案里" in error
    assert "没有别的问题了" in run("answer", str(asked[0]["id"]), candidate)[1]
    assert "没有要回答的问题" in run("questions")[1]
    assert "李科 已答" in run("questions", "--all")[1]
    assert run("answer", "99", "new")[0] == 1


def test_backup_restore_and_purge(run: Run, office: Office, put: Put, text: Text) -> None:
    put(office, text(4), "甲.txt")
    status, out, _ = run("backup")
    assert status == 0 and "公文 1 件" in out
    backup = str(next(office.backups.iterdir()))
    assert "backups/backup-" in run("status")[1]
    status, out, _ = run("purge", "临水发〔2024〕4号", answer="n\n")
    assert status == 1
    assert "archive/2024/甲.txt" in out and "没有清除" in out
    status, out, _ = run("purge", "临水发〔2024〕4号", answer="y\n")
    assert status == 0 and backup in out
    assert "共 0 件" in run("list")[1]
    status, _, error = run("restore", backup)
    assert status == 1 and "--force" in error
    status, out, _ = run("restore", backup, "--force")
    assert status == 0 and "before-restore" in out
    assert "共 1 件" in run("list")[1]
    (office.workspace.archive / "2024" / "甲.txt").unlink()
    status, _, error = run("backup")
    assert status == 1 and "归档里却没有的原件 1 个：archive/2024/甲.txt" in error


def test_a_secret_notice_leaves_no_export_and_numbers_are_masked(
    run: Run, office: Office, put: Put, text: Text
) -> None:
    put(office, text(4), "甲.txt")
    put(office, text(5, "防汛"), "乙.txt", internal=True)
    assert "导出 1 件" in run("export", "--format", "json", "--output", "outputs/a")[1]
    assert "导出 2 件" in run("export", "--format", "json", "--output", "outputs/b", "--internal", "--unmask")[1]

    def words(folder: str) -> str:
        return "".join(path.read_text(encoding="utf-8") for path in Path("outputs", folder).glob("*.json"))

    assert "13912345678" not in words("a")
    assert "13912345678" in words("b")
    Path("游标").unlink(missing_ok=True)
    assert "导出 2 件" in run("export", "--format", "jsonl", "--output", "o.jsonl", "--since", "游标", "--internal")[1]
    assert "导出 0 件" in run("export", "--format", "jsonl", "--output", "o.jsonl", "--since", "游标", "--internal")[1]


def test_changes_are_published_where_it_is_set(run: Run, office: Office, put: Put, text: Text) -> None:
    status, _, error = run("publish")
    assert status == 1 and "没有设置" in error
    office.workspace.config.write_text('[export.outbox]\nfolder = "outputs/发件箱"\n', encoding="utf-8")
    put(office, text(4), "甲.txt")
    assert run("publish")[1] == "写入发件箱 1 件\n"
    assert run("publish")[1] == "没有新的变动\n"
    office.workspace.config.write_text('[export.webhook]\nurl = "http://127.0.0.1:9/x"\n', encoding="utf-8")
    status, _, error = run("publish")
    assert status == 1 and "密钥" in error


def test_reading_again(run: Run, office: Office, put: Put, text: Text) -> None:
    put(office, text(4), "甲.txt")
    assert "1 个已是现在的规则读的" in run("reprocess")[1]
    status, out, error = run("reprocess", "临水发〔2024〕4号", "--force", "--jobs", "1")
    assert (status, error) == (0, "")
    assert "没有变化 1 个文件" in out
    status, _, error = run("reprocess", "没有这件")
    assert status == 1 and "duban list" in error


def test_a_workspace_is_made_once_and_nothing_in_it_is_changed(run: Run, office: Office, tmp_path: Path) -> None:
    office.workspace.config.write_text('[operator]\nname = "王"\n', encoding="utf-8")
    assert run("init")[0] == 0
    assert Office.open(office.workspace.folder).config.operator == "王"
    assert run("init", "--workspace", "新的")[0] == 0
    assert Path("新的", "inbox").is_dir()
    (tmp_path / "空").mkdir()
    status, _, error = run("status", "--workspace", str(tmp_path / "空"))
    assert status == 1 and "duban init" in error


def test_wrong_settings_are_one_line(run: Run, office: Office) -> None:
    office.workspace.config.write_text("[backup]\nkeep = 1\n", encoding="utf-8")
    status, out, error = run("list")
    assert (status, out) == (2, "")
    assert error == "设置有误：duban.toml 第 2 行：没有 backup.keep 这一项；是不是 backup.keep_days？\n"


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("ingest", "没有.docx"), 2, "没有“没有.docx”"),
        (("diff", "没有这件"), 1, "duban list"),
        (("correct", "k-000000000000", "--title", "x"), 1, "k-000000000000"),
        (("correct",), 2, "缺少 任务"),
        (("export", "--output", "x"), 2, "--format"),
        (("export", "--format", "pdf", "--output", "x"), 2, "--format"),
        (("restore", "没有.zip"), 1, "没有这个文件"),
        (("corrections", "import", "没有.xlsx"), 1, "没有.xlsx"),
        (("retry", "没有.pdf"), 1, "没有.pdf"),
        (("purge", "没有这件", "--yes"), 1, "duban list"),
    ],
)
def test_what_goes_wrong_is_one_line(run: Run, arguments: tuple[str, ...], status: int, words: str) -> None:
    found, out, error = run(*arguments)
    assert (found, out) == (status, "")
    assert words in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(("form", "other"), [("json", "jsonl"), ("csv", "xlsx")])
def test_several_files_want_a_folder(run: Run, office: Office, form: str, other: str) -> None:
    status, _, error = run("export", "--format", form, "--output", f"全部.{form}")
    assert status == 2 and f"--format {other}" in error
    assert not (office.workspace.folder / f"全部.{form}").exists()
    assert run("export", "--format", form, "--output", "全部")[0] == 0


def commands() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in cli.commands.items():
        found.append((name,))
        found += [(name, inner) for inner in getattr(command, "commands", {})]
    return found


@pytest.mark.parametrize("names", commands())
def test_every_command_tells_how_it_is_used_with_examples(run: Run, names: tuple[str, ...]) -> None:
    status, out, _ = run(*names, "--help")
    assert status == 0
    assert f"用法：duban {' '.join(names)}" in out
    assert "示例：" in out
    alone = [(name,) for name in ("extract", "run", "explain", "schema")] + [("units", "template")]
    whole_group = len(names) == 1 and hasattr(cli.commands[names[0]], "commands")
    assert "--workspace" in out or whole_group or names in alone


def test_an_internal_paper_wants_a_word(run: Run, office: Office, text: Text) -> None:
    path = office.workspace.inbox / "通知.txt"
    path.write_text("内部资料\n" + text(4), encoding="utf-8")
    status, _, log = run("ingest")
    assert status == 1 and "--confirm-internal" in log
    assert path.exists()
    assert run("ingest", "--confirm-internal")[0] == 0
    with closing(office.store()) as store:
        assert [row.internal for row in store.notices()] == [True]


def test_a_failed_file_is_taken_again(run: Run, office: Office, root: Path) -> None:
    shutil.copy(root / "samples" / "zhenjiang-culture-festival.txt", office.workspace.failed / "节.txt")
    status, _, log = run("retry", "节.txt", "--json-log")
    assert status == 0
    assert [json.loads(line)["event"] for line in log.splitlines()] == ["file.saved", "retry.done"]
