"""Regions from agencies' names: issuers of all levels, shared names, codes that changed."""

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.lexicons import load_list
from extractors.values.regions import region_candidates, region_of, regions_named, resolve_city

SPECS = json.loads((Path(__file__).parents[2] / "specs" / "regions.json").read_text("utf-8"))
CODES = {row["code"]: row["name"] for row in load_list("regions") if not row["until"]}


@pytest.mark.parametrize("case", SPECS["issuers"], ids=lambda case: "、".join(case["names"]) or "none")
def test_issuers(case: dict) -> None:
    found = region_of(case["names"], case.get("text", ""), case.get("year"))
    assert (found.code if found else None) == case["code"]
    if "candidates" in case:
        several = region_candidates(case["names"], case.get("text", ""), case.get("year"))
        assert sorted(region.code for region in several) == case["candidates"]


@pytest.mark.parametrize("case", SPECS["city"], ids=lambda case: f"{case['text']} of {case['issuer']}")
def test_city_of_the_issuer(case: dict) -> None:
    issuer = (
        next(r for r in regions_named(CODES[case["issuer"]]) if r.code == case["issuer"]) if case["issuer"] else None
    )
    found = resolve_city(case["text"], issuer)
    assert (found.code if found else None) == case["code"]


@pytest.mark.parametrize("case", SPECS["named"], ids=lambda case: case["name"] or "empty")
def test_names(case: dict) -> None:
    assert [region.code for region in regions_named(case["name"])] == case["codes"]


@pytest.mark.parametrize("code", SPECS["paths"])
def test_paths(code: str) -> None:
    path = SPECS["paths"][code]
    assert next(region for region in regions_named(path[-1]) if region.code == code).path == path


def test_list_is_whole() -> None:
    rows = load_list("regions")
    now = [row for row in rows if not row["until"]]
    assert len({row["code"] for row in now}) == len(now) > 3200
    assert sum(row["code"].endswith("0000") for row in now) == 34
    for row in rows:
        assert re.fullmatch(r"[1-8]\d{5}", row["code"]) and row["name"]
        assert not row["until"] or int(row["since"] or 0) <= int(row["until"])


def test_every_full_name_finds_itself() -> None:
    for row in load_list("regions"):
        if not row["until"]:
            codes = [region.code for region in region_candidates([f"{row['name']}人民政府"])]
            assert row["code"] in codes or len(row["name"]) < 3, row


def test_quick_enough() -> None:
    region_of(["如皋市城市管理局"])
    start = time.process_time()
    for _ in range(100):
        region_of(["中国共产党无锡市机关事务管理局机关委员会"])
    assert time.process_time() - start < 3


@given(st.text(alphabet="省市区县州苏宿皋海宁鼓楼朝阳 教育部中国局", max_size=30), st.text(max_size=60))
def test_never_fails_and_never_makes_up_a_code(name: str, text: str) -> None:
    found = region_of([name], text)
    assert found is None or (found.code in CODES or found.path[-1] == found.name)
