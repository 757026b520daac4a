from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline import batch, cli, parallel
from pipeline.parallel import Lost, Returned
from pipeline.process import Digest, Failure, Outcome

Run = Callable[..., Any]

FINE = Outcome(
    ('{\n  "a": "一"\n}',), (Digest("关于做好防汛工作的通知", 3, 2, 4, 1, (("attachment.missing", "附件没有读到"),)),)
)
BROKEN = Outcome(failure=Failure("source.damaged", "文件已损坏", "请重新下载", "Traceback: …"))
SEVERAL = Outcome(('{"a": 1}', '{"a": 2}'), (Digest("甲", 1, 1, 1, 1, ()), Digest(None, 0, 0, 0, 0, ())))
BY_NAME = {"fine": FINE, "broken": BROKEN, "several": SEVERAL}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line in an empty folder; what reading gives depends on the file's name."""

    def each(function: object, items: list[Path], **options: object) -> Iterator[tuple[int, object]]:
        for index, item in reversed(list(enumerate(items))):
            if item.stem.startswith("lost-"):
                yield index, Lost(item.stem.removeprefix("lost-"), "SIGSEGV")  # type: ignore[arg-type]
            else:
                yield index, Returned(BY_NAME.get(item.stem.partition("-")[0], FINE))

    monkeypatch.setattr(parallel, "each", each)
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str) -> Any:
        # Through main, so that what it makes of errors is tested too.
        runner = CliRunner()
        with runner.isolation() as streams:
            with pytest.raises(SystemExit) as stop:
                cli.main(list(arguments))
            sys.stdout.flush()
            sys.stderr.flush()
        stdout, stderr = streams[0].getvalue().decode(), streams[1].getvalue().decode()
        return stop.value.code, stdout, stderr

    return invoke


def make(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(b"x")


def test_one_notice_is_an_object(run: Run) -> None:
    make("fine.docx")
    assert run("extract", "fine.docx") == (0, '{\n  "a": "一"\n}\n', "")


def test_several_are_an_array(run: Run) -> None:
    make("several.docx")
    status, out, _ = run("extract", "several.docx")
    assert status == 0
    assert json.loads(out) == [{"a": 1}, {"a": 2}]


def test_a_file_that_cannot_be_read_is_one_line_on_standard_error(run: Run) -> None:
    make("broken.pdf")
    assert run("extract", "broken.pdf") == (1, "", "broken.pdf：文件已损坏；请重新下载\n")


def test_the_trace_is_for_those_who_ask(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    make("broken.pdf")
    monkeypatch.setenv("DUBAN_DEBUG", "1")
    assert "Traceback" in run("extract", "broken.pdf")[2]


@pytest.mark.parametrize("reason", ["timeout", "memory", "crashed", "start", "raised"])
def test_a_lost_call_has_a_reason_and_a_remedy(run: Run, reason: str) -> None:
    make(f"lost-{reason}.docx")
    status, out, err = run("extract", f"lost-{reason}.docx")
    assert (status, out) == (1, "")
    assert err.startswith(f"lost-{reason}.docx：")
    assert "；请" in err


def test_a_run_writes_records_and_sums_up_in_the_order_of_the_files(run: Run) -> None:
    make("in/fine-b.docx", "in/fine-a.pdf", "in/broken.txt", "in/notes.md", "in/several.docx")
    status, out, _ = run("run", "in")
    assert status == 1
    assert sorted(os.listdir("outputs/records")) == [
        "fine-a.json", "fine-b.json", "several.1.json", "several.2.json"
    ]  # fmt: skip
    assert Path("outputs/records/fine-a.json").read_text(encoding="utf-8") == '{\n  "a": "一"\n}\n'
    assert out.index("fine-a.json") < out.index("fine-b.json") < out.index("several.1.json")
    for part in (
        "合计 4 件",
        "附件没有读到",
        "文件已损坏；请重新下载",
        "（无标题）",
        "outputs/records",
        "另有 1 个文件",
    ):
        assert part in out
    assert "读取 3 个文件，未能读取 1 个" in out


def test_files_of_one_stem_all_carry_their_format(run: Run) -> None:
    make("fine.docx", "fine.pdf", "fine-x.txt")
    assert run("run", ".")[0] == 0
    assert sorted(os.listdir("outputs/records")) == ["fine-x.json", "fine.docx.json", "fine.pdf.json"]


def test_an_output_folder_that_is_a_file_fails_each_file_with_a_remedy(run: Run) -> None:
    make("in/fine.docx", "outputs")
    status, out, _ = run("run", "in")
    assert status == 1
    assert "记录写不进" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run",), "缺少 路径"),
        (("run", "nowhere"), "没有“nowhere”这个文件或文件夹"),
        (("run", "empty"), "没有可读的文件"),
        (("run", "--jobs", "0", "empty"), "--jobs 的值不对"),
        (("run", "--jobs", "两", "empty"), "--jobs 的值不对"),
        (("run", "--quick", "empty"), "没有 --quick 这个选项"),
        (("extract",), "缺少 文件"),
        (("extract", "nowhere.docx"), "没有“nowhere.docx”"),
        (("extract", "empty"), "“empty”是文件夹"),
        (("extract", "a", "b"), "多了参数"),
        (("read", "a"), "没有 read 这个命令"),
    ],
)
def test_wrong_usage_is_status_2_and_one_chinese_line(run: Run, arguments: tuple[str, ...], words: str) -> None:
    Path("empty").mkdir()
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_a_bad_setting_is_wrong_usage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    make("fine.docx")
    monkeypatch.setenv("DUBAN_TIMEOUT", "soon")
    status, _, err = run("run", "fine.docx")
    assert status == 2
    assert "DUBAN_TIMEOUT" in err


def test_an_interrupt_is_status_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    make("fine.docx")

    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "run", interrupted)
    status, _, err = run("run", "fine.docx")
    assert status == 130
    assert "已中断" in err


@pytest.mark.parametrize(
    "arguments", [["--help"], ["extract", "-h"], ["explain", "-h"], ["run", "--help"], ["schema", "--help"]]
)
def test_help_is_chinese_with_examples(run: Run, arguments: list[str]) -> None:
    status, out, _ = run(*arguments)
    assert status == 0
    assert "用法：duban" in out
    assert "示例" in out
    assert "Show this message" not in out


def test_the_schema_is_printed(run: Run) -> None:
    assert json.loads(run("schema")[1])["title"] == "duban notice record"


def python(*arguments: str, cwd: Path) -> subprocess.Popen[bytes]:
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(cwd)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_ctrl_c_ends_a_run_cleanly(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("一、")
    (tmp_path / "hanging.py").write_text(
        "import pathlib, time\n"
        "def warm(): pass\n"
        "def process(path, overlay=None):\n"
        "    pathlib.Path('started').touch()\n"
        "    time.sleep(60)\n"
    )
    (tmp_path / "start.py").write_text(
        "import signal\n"
        "import hanging\n"
        "from pipeline import batch, cli\n"
        "batch.warm, batch.process = hanging.warm, hanging.process\n"
        "if __name__ == '__main__':\n"
        # What a shell starts in the background ignores SIGINT, and its children with it.
        "    signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "    cli.main(['run', 'a.txt'])\n"
    )
    process = python("start.py", cwd=tmp_path)
    waited = time.monotonic() + 120
    while not (tmp_path / "started").exists() and time.monotonic() < waited:
        time.sleep(0.05)
    assert (tmp_path / "started").exists()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert err.decode().strip() == "已中断。"


def test_a_reader_that_goes_early_is_no_error(tmp_path: Path) -> None:
    process = python("-m", "duban", "schema", cwd=tmp_path)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    errors = process.stderr.read()
    assert process.wait(timeout=30) == 0
    assert errors == b""


def test_nothing_heavy_is_loaded_for_help(tmp_path: Path) -> None:
    code = (
        "import sys, duban, pipeline.cli\n"
        "heavy = {'rich', 'pydantic', 'spacy', 'jieba', 'docx', 'pdfplumber', 'lxml', 'multiprocessing',"
        " 'pypdfium2', 'extractors', 'schemas'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    out, err = python("-c", code, cwd=tmp_path).communicate(timeout=30)
    assert (out, err) == (b"[]\n", b"")
