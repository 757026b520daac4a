"""Floors under the figures on real notices, and the same ids from every format; where the real notices are at hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from extractors import extract

SHARED = Path(__file__).resolve().parents[2] / "shared"
#: Least figures over all notices of a format; a change that falls below has lost something.
FLOORS = {
    "notice": 0.97, "plans": 0.97, "tables": 0.98, "tasks": 0.97, "kind": 0.97, "owners": 0.95, "times": 0.97,
    "quotas": 0.97, "grounded": 1.0, "accounted": 0.995,
}  # fmt: skip
THREE_FORMATS = (
    "haining-zhifa-2020",
    "rugao-chengguan-2021-15",
    "shirong-plans-collection",
    "suzhou-anhui-chengguan-2020",
    "wuxi-jiguan-2020-6",
)

pytestmark = pytest.mark.skipif(not (SHARED / "eval" / "score.py").exists(), reason="the shared notices are not here")


@pytest.mark.parametrize("ending", ["docx", "pdf", "txt"])
def test_figures_stay_above_their_floors(ending, tmp_path):
    names = []
    for path in sorted((SHARED / "notices").glob(f"*.{ending}")):
        if (SHARED / "eval" / "gold" / f"{path.stem}.json").exists():
            (tmp_path / f"{path.stem}.json").write_text(extract(path)[0].to_json(), encoding="utf-8")
            names.append(path.stem)
    result = tmp_path / "figures.out"
    command = [
        sys.executable,
        str(SHARED / "eval" / "score.py"),
        str(tmp_path),
        "--only",
        *names,
        "--json",
        str(result),
    ]
    subprocess.run(command, check=True, capture_output=True)
    figures = json.loads(result.read_text(encoding="utf-8"))["all"]
    short = {name: figures[name]["f1"] for name, floor in FLOORS.items() if figures[name]["f1"] < floor}
    assert short == {}


@pytest.mark.parametrize("name", THREE_FORMATS)
def test_every_format_gives_the_same_ids(name):
    records = [extract(SHARED / "notices" / f"{name}.{ending}")[0] for ending in ("docx", "pdf", "txt")]
    assert len({record.notice.id for record in records}) == 1
    ids = [{task.id for task in record.tasks} for record in records]
    assert ids[0] == ids[1] == ids[2]


@pytest.mark.parametrize("folder", ["gb18030", "utf16"])
def test_encodings_give_the_same_tasks(folder):
    for path in sorted((SHARED / "notices" / "variants" / folder).glob("*.txt")):
        plain = extract(SHARED / "notices" / path.name)[0]
        assert [task.id for task in extract(path)[0].tasks] == [task.id for task in plain.tasks]
