"""The samples: built from their sources, alike in every format, and their records as they were last approved."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import duban
from schemas.record import NoticeRecord

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
GOLDEN = ROOT / "tests" / "golden"
NAMES = sorted(path.stem for path in (SAMPLES / "source").glob("*.toml"))
FORMATS = ("docx", "pdf", "txt")
FILES = [f"{name}.{ending}" for name in NAMES for ending in FORMATS]


@functools.cache
def record(file: str) -> NoticeRecord:
    (found,) = duban.extract(SAMPLES / file)
    return found


def exported(file: str) -> Any:
    return json.loads(record(file).to_json())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples built anew."""
    reportlab = pytest.importorskip("reportlab", reason="building the samples needs the extra “samples”")
    wanted = [
        word for word in (ROOT / "setup.cfg").read_text(encoding="utf-8").split() if word.startswith("reportlab==")
    ]
    if wanted != [f"reportlab=={reportlab.Version}"]:
        pytest.skip(f"the committed files are of {wanted[0]}")
    folder = tmp_path_factory.mktemp("built")
    program = SAMPLES / "build" / "build.py"
    done = subprocess.run([sys.executable, program, folder], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return folder


def test_the_samples_are_what_was_promised() -> None:
    assert len(NAMES) >= 8
    assert {path.name for path in SAMPLES.iterdir() if path.suffix[1:] in FORMATS} == set(FILES)
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert not [name for name in NAMES if f"`{name}`" not in readme]


@pytest.mark.parametrize("file", FILES)
def test_a_sample_is_what_its_source_makes(file: str, built: Path) -> None:
    committed = (SAMPLES / file).read_bytes()
    assert committed == (built / file).read_bytes(), "run: make samples"
    assert len(committed) < 100_000


@pytest.mark.parametrize("file", FILES)
def test_a_record_follows_the_schema(file: str) -> None:
    schema = json.loads((ROOT / "schemas" / "notice.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(exported(file))


@pytest.mark.parametrize("file", FILES)
def test_spans_quote_to_the_letter(file: str) -> None:
    found = exported(file)
    blocks = {block["id"]: block for block in found["blocks"]}
    tables = {table["id"]: table for table in found["tables"]}

    def words(span: dict[str, Any]) -> str:
        block = blocks[span["block"]]
        text = block["text"] if span["row"] is None else tables[block["table"]]["cells"][span["row"]][span["column"]]
        return "".join(text[span["start"] : span["end"]].split())

    for task in found["tasks"]:
        assert "".join(map(words, task["spans"])) == "".join(task["text"].split())
        for owner in task["owners"]:
            assert words(owner["span"]) == "".join(owner["name"].split())
        for each in task["times"]:
            assert words(each["span"]) == "".join(each["text"].split())
    for quota in found["quotas"]:
        assert words(quota["span"]) == "".join(quota["text"].split())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", FORMATS[1:])
def test_every_format_gives_the_same_tasks(name: str, ending: str) -> None:
    first, second = (texts(record(f"{name}.{each}")) for each in (FORMATS[0], ending))
    shared = len(first) + len(second) - len(unmatched(first, second)) - len(unmatched(second, first))
    assert shared / (len(first) + len(second)) >= 0.95, (unmatched(first, second), unmatched(second, first))


@pytest.mark.parametrize("name", NAMES)
def test_every_format_gives_the_notice_the_same_id(name: str) -> None:
    assert len({record(f"{name}.{ending}").notice.id for ending in FORMATS}) == 1


@pytest.mark.parametrize("file", FILES)
def test_a_record_is_as_last_approved(file: str, request: pytest.FixtureRequest) -> None:
    path = GOLDEN / f"{file}.json"
    if request.config.getoption("--rewrite-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(record(file).to_json() + "\n", encoding="utf-8", newline="\n")
        return
    if not any(GOLDEN.glob("*.json")):
        pytest.skip("no golden records yet: pytest tests/test_samples.py --rewrite-golden")
    assert path.exists(), "a new sample: look at its record, then run pytest --rewrite-golden"
    golden, found = json.loads(path.read_text(encoding="utf-8")), exported(file)
    for each in (golden, found):
        each["producer"] = None  # the version and the rules' hash change with every rule
    assert found == golden


def texts(found: NoticeRecord) -> list[str]:
    """Tasks' texts without white space, and with ASCII punctuation, which the txt on one line has."""
    return ["".join(task.text.split()).translate(str.maketrans("，：；（）", ",:;()")) for task in found.tasks]


def unmatched(texts: list[str], others: list[str]) -> list[str]:
    """What is left of texts when each of the others has taken away one like it."""
    left = list(texts)
    for each in others:
        if each in left:
            left.remove(each)
    return left
