"""duban compare as it is typed: what is chosen, from where, and what is written."""

from __future__ import annotations

import hashlib
import re
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from extractors import extract
from pipeline.cli import cli
from pipeline.cli_compare import repeated
from pipeline.office import Office
from pipeline.store import Arrival
from pipeline.workspace import init


@pytest.fixture(scope="module")
def workspace(tmp_path_factory, files):
    """A workspace with all notices in its store."""
    folder = tmp_path_factory.mktemp("office") / "督办"
    init(folder)
    with closing(Office.open(folder, "李科", {}).store()) as store:
        for path in files.values():
            data = path.read_bytes()
            arrival = Arrival(path.name, "txt", hashlib.sha256(data).hexdigest(), len(data))
            store.save(extract(path), arrival, by="李科", at=datetime(2024, 3, 20, tzinfo=UTC))
    return folder


@pytest.fixture
def compare(workspace, tmp_path):
    """Runs the command over the store: its result, and the folder written to."""

    def run(*words):
        output = tmp_path / "out"
        done = CliRunner().invoke(cli, ["compare", "--workspace", str(workspace), "--output", str(output), *words])
        return done, output

    return run


def cities(output: Path) -> list[str]:
    sheet = load_workbook(output / "report.xlsx")["比较对象"]
    return [str(row[0]) for row in sheet.iter_rows(min_row=2, values_only=True) if row[1]]


@pytest.mark.parametrize(
    ("words", "supplied"),
    [
        ((), ["南通2023", "如皋2022", "如皋2023", "海宁2023"]),
        (("--city", "海宁"), ["海宁2023"]),
        (("--city", "如皋", "--city", "海宁", "--year", "2023"), ["如皋2023", "海宁2023"]),
        (("--year", "2022"), ["如皋2022"]),
        (("--agency", "南通市城市管理局"), ["南通2023"]),
        (("--plan-kind", "计划", "--city", "浙江"), ["海宁2023"]),
    ],
)
def test_what_is_chosen_from_the_store(compare, words, supplied):
    done, output = compare(*words)
    assert done.exit_code == 0, done.output
    page = (output / "report.html").read_text(encoding="utf-8")
    assert sorted(set(re.findall(r"[^<>]+(?=\.txt<)", page))) == sorted(supplied)
    assert {path.name for path in output.iterdir()} == {"report.html", "report.xlsx", "report.docx"}
    assert len(cities(output)) == len(supplied)


def test_only_tasks_of_a_topic(compare):
    for name in ("停车管理", "parking"):
        done, output = compare("--topic", name, "--year", "2023")
        assert done.exit_code == 0, done.output
        page = (output / "report.html").read_text(encoding="utf-8")
        assert "公共停车泊位1500个" in page and "公共厕所8座" not in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--city", "苏州"), "没有可比较的公文"),
        (("--topic", "航天"), "没有“航天”这个主题"),
        (("--years", "2022", "2025"), "不足两年"),
        (("--upper", "通城管发〔2023〕1号"), "要一起写"),
        (("--population", "没有.csv"), "人口表打不开"),
        (("没有.docx",), "没有"),
    ],
)
def test_what_can_not_be_done_is_told(compare, words, told):
    done, output = compare(*words)
    assert done.exit_code != 0
    assert told in done.output + str(done.exception)
    assert not output.exists()


def test_quotas_by_population(compare, tmp_path):
    table = tmp_path / "人口.csv"
    table.write_text("region,population\n如皋市,124万\n330481,1000000\n", encoding="utf-8")
    done, output = compare("--population", str(table), "--year", "2023", "--city", "如皋", "--city", "海宁")
    assert done.exit_code == 0, done.output
    page = (output / "report.html").read_text(encoding="utf-8")
    assert "每万人" in page and "15个" in page and "按人口1000000人折算" in page


def test_in_english(compare):
    done, output = compare("--lang", "en", "--year", "2023")
    assert done.exit_code == 0, done.output
    assert "Contents" in load_workbook(output / "report.xlsx").sheetnames
    assert '<html lang="en">' in (output / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("by", ["number", "path"])
def test_upper_and_lower(compare, files, by):
    names = ("通城管发〔2023〕1号", "皋城管发〔2023〕5号") if by == "number" else (files["upper"], files["rugao"])
    done, output = compare("--upper", str(names[0]), "--lower", str(names[1]), "--jobs", "1")
    assert done.exit_code == 0, done.output
    rows = list(load_workbook(output / "承接对照表.xlsx")["承接对照表"].iter_rows(values_only=True))
    words = [str(value) for row in rows for value in row]
    assert {"已承接、加码、缩水", "已承接、时限推后", "漏项"} <= set(words)


@pytest.mark.parametrize("written", [("--years", "2022", "2023"), ("--years", "2022", "--years", "2023")])
def test_years_in_both_forms(compare, written):
    done, output = compare("--agency", "如皋", *written)
    assert done.exit_code == 0, done.output
    rows = load_workbook(output / "年度对照.xlsx")["年度对照"].iter_rows(min_row=2, max_col=1, values_only=True)
    assert {"新增", "取消", "沿用", "提高、降低"} >= {row[0] for row in rows} >= {"新增", "取消", "沿用"}


@pytest.mark.parametrize(
    ("words", "made"),
    [
        (["--years", "2021", "2022", "a.docx"], ["--years", "2021", "--years", "2022", "a.docx"]),
        (["--years", "2021", "--years", "2022"], ["--years", "2021", "--years", "2022"]),
        (["--years=2021", "2022", "2023", "--city", "如皋"],
         ["--years=2021", "--years", "2022", "--years", "2023", "--city", "如皋"]),
        (["--year", "2021", "2022"], ["--year", "2021", "2022"]),
        (["--years", "2021", "--", "2022"], ["--years", "2021", "--", "2022"]),
        (["--years", "2021", "./2022"], ["--years", "2021", "./2022"]),
        (["a.docx", "2022", "--years", "2021", "2022"], ["a.docx", "2022", "--years", "2021", "--years", "2022"]),
    ],
)  # fmt: skip
def test_years_one_after_the_other(words, made):
    assert repeated(words) == made
