"""Samples in further formats: the same notice through another door gives the same tasks, and its record is kept."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import jsonschema
import pytest

import duban
from schemas.record import NoticeRecord

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
GOLDEN = ROOT / "tests" / "golden"
#: Of these the whole notice is there; a sheet holds its table alone.
NOTICES = (".doc", ".wps", ".rtf", ".ofd", ".html", ".mht", ".eml", ".zip")
SHEETS = (".xls", ".et", ".xlsx")
#: Text alone: what is merged is not told.
FLAT = (".csv",)
FILES = sorted(path.name for path in SAMPLES.iterdir() if path.suffix in NOTICES + SHEETS + FLAT)


@functools.cache
def record(file: str) -> NoticeRecord:
    (found,) = duban.extract(SAMPLES / file)
    return found


def test_each_format_has_a_sample() -> None:
    assert {Path(file).suffix for file in FILES} == {*NOTICES, *SHEETS, *FLAT}


@pytest.mark.parametrize("file", [file for file in FILES if Path(file).suffix in NOTICES])
def test_the_same_notice_gives_the_same_tasks(file: str) -> None:
    word = record(f"{Path(file).stem}.docx")
    assert [texts(task.text) for task in record(file).tasks] == [texts(task.text) for task in word.tasks]
    assert record(file).notice.id == word.notice.id
    assert [table.cells for table in record(file).tables] == [table.cells for table in word.tables]


@pytest.mark.parametrize("file", [file for file in FILES if Path(file).suffix in SHEETS])
def test_a_sheet_holds_the_same_table(file: str) -> None:
    (sheet,) = record(file).tables
    word = record(f"{Path(file).stem}.docx").tables[0]
    assert (sheet.cells, sheet.merges) == (word.cells, word.merges)


@pytest.mark.parametrize("file", [file for file in FILES if Path(file).suffix in FLAT])
def test_a_text_holds_the_same_words(file: str) -> None:
    (sheet,) = record(file).tables
    word = record(f"{Path(file).stem}.docx").tables[0]
    covered = {
        (r, c)
        for top, left, high, wide in word.merges
        for r in range(top, top + high)
        for c in range(left, left + wide)
    } - {(top, left) for top, left, _, _ in word.merges}
    shown = [["" if (r, c) in covered else cell for c, cell in enumerate(row)] for r, row in enumerate(word.cells)]
    assert sheet.cells == shown


def test_blocks_tell_the_file_that_they_come_from() -> None:
    found = record("rugao-water-plans.zip")
    assert [source.format for source in found.notice.sources] == ["docx", "docx"]
    assert {block.source for block in found.blocks} == {0, 1}
    assert [block.source for block in found.blocks] == sorted(block.source for block in found.blocks)
    assert found.notice.sources[1].name.endswith("来文/附件：2024年如皋市水务局理论学习计划.docx")


@pytest.mark.parametrize("file", FILES)
def test_a_record_follows_the_schema_and_is_as_last_approved(file: str, request: pytest.FixtureRequest) -> None:
    found = json.loads(record(file).to_json())
    schema = json.loads((ROOT / "schemas" / "notice.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    path = GOLDEN / f"{file}.json"
    if request.config.getoption("--rewrite-golden"):
        path.write_text(record(file).to_json() + "\n", encoding="utf-8", newline="\n")
        return
    assert path.exists(), "a new sample: look at its record, then run pytest --rewrite-golden"
    golden = json.loads(path.read_text(encoding="utf-8"))
    for each in (golden, found):
        each["producer"] = None  # the version and the rules' hash change with every rule
    assert found == golden


def texts(text: str) -> str:
    """Without white space, which a page's lines do not tell, and with ASCII punctuation, which the pdf's source has."""
    return "".join(text.split()).translate(str.maketrans("，：；（）", ",:;()"))
