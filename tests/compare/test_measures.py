"""What quotas count, how strongly they bind, whom, and what kind of number they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import duban
from pipeline.compare.analysis import views_of
from pipeline.compare.measures import measure_of, measures, mentions, relatives
from pipeline.compare.population import read_population
from pipeline.compare.views import force_of
from pipeline.topics import packaged
from schemas.errors import SourceError

CASES = json.loads((Path(__file__).parents[1] / "specs" / "comparison.json").read_text(encoding="utf-8"))
EXAMPLES = [(measure, text) for measure in measures() for text in measure.examples]


@pytest.mark.parametrize(("measure", "text"), EXAMPLES, ids=[text for _, text in EXAMPLES])
def test_examples(measure, text):
    assert measure.codes in [one.codes for one in mentions(text)]


@pytest.mark.parametrize("case", CASES["measures"], ids=lambda case: case["clause"])
def test_measure(case):
    known = {code for measure in measures() for code in measure.codes}
    code, name = measure_of(case["clause"], case["unit"], case.get("place", 0))
    assert code == case["code"] or (case["code"] == "" and code.removesuffix("_growth") not in known)
    assert bool(name) == bool(code)


@pytest.mark.parametrize("case", CASES["relatives"], ids=lambda case: case["text"])
def test_relatives(case):
    found = relatives(case["text"])
    assert [[code, said] for code, _, _, said in found] == case["found"]
    for _, start, end, said in found:
        assert case["text"][start:end].endswith(said)


@pytest.mark.parametrize("case", CASES["forces"], ids=lambda case: case["text"])
def test_force(case):
    assert force_of(case["text"]) == case["force"]


def only_quota(folder, item):
    path = folder / "计划.txt"
    path.write_text(
        f"2023年工作计划\n\n一、重点工作\n（一）有关工作。{item}\n（二）其他工作。做好其他工作。", encoding="utf-8"
    )
    views = views_of(duban.extract(path), packaged())
    return list(views.quotas.values())[-1]


@pytest.mark.parametrize("case", CASES["natures"], ids=lambda case: case["item"])
def test_nature(case, tmp_path):
    assert only_quota(tmp_path, case["item"]).nature == case["nature"]


@pytest.mark.parametrize("case", CASES["binds"], ids=lambda case: case["item"])
def test_whom_it_binds(case, tmp_path):
    quota = only_quota(tmp_path, case["item"])
    assert quota.binds == case["binds"]
    assert quota.base.split("|")[3] == (f"each:{case['each']}" if case["each"] else "")


def test_population(tmp_path):
    path = tmp_path / "人口.csv"
    path.write_text("region,population\n320682,1234000\n海宁市,108.5万\n", encoding="gb18030")
    assert read_population(path) == {"320682": 1234000, "330481": 1085000}


@pytest.mark.parametrize(
    ("text", "words"),
    [("a,b\n", "表头"), ("region,population\n不存在市,1\n", "第2行"), ("region,population\n320682,很多\n", "第2行")],
)
def test_wrong_population(tmp_path, text, words):
    path = tmp_path / "人口.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=words):
        read_population(path)
