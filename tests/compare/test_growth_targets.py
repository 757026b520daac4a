"""Growth targets of the reports of thirty city governments for 2024, against a table read by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CITIES = json.loads((ROOT / "tests" / "specs" / "growth_targets_2024.json").read_text(encoding="utf-8"))["cities"]
MEASURES = {
    "gdp": "gdp_growth",
    "budget": "budget_revenue_growth",
    "income": "resident_income_growth",
    "urban": "urban_income_growth",
    "rural": "rural_income_growth",
}


@pytest.fixture(scope="module")
def comparison(reports):
    from pipeline.compare.analysis import compare

    return compare(reports)


def shown(quota):
    if quota is None:
        return None
    if quota.value is None:
        return quota.relative
    further = [quota.stretch.value] if quota.stretch else []
    return [quota.comparator, quota.value, *further]


def targets(comparison, party, measure):
    return [
        row.quota
        for table in comparison.tables
        if table.measure == measure and table.nature == "target" and table.base.startswith("%")
        for row in table.rows
        if row.quota.party == party
    ]


@pytest.mark.parametrize("city", CITIES)
def test_targets_of_a_city(comparison, city):
    party = next(party for party in comparison.parties if party.supplied == (f"{city}.docx",))
    for name, measure in MEASURES.items():
        expected = CITIES[city].get(name)
        found = [shown(quota) for quota in targets(comparison, party.key, measure)]
        if isinstance(expected, str):
            assert len(found) == 1 and isinstance(found[0], str) and found[0].endswith(expected), (name, found)
        else:
            assert found == ([] if expected is None else [expected]), name
    assert party.years == (2024, 2024)


def test_targets_are_of_this_year(comparison):
    """What was reached last year is no target, and the targets' words stand where they are said to."""
    blocks = {}
    for table in comparison.tables:
        if table.measure in MEASURES.values() and table.nature == "target":
            for row in table.rows:
                words = row.quota.words
                assert row.quota.year == 2024
                assert words.around[words.start : words.end] == words.text
                blocks[row.quota.party] = True
    assert len(blocks) == len(CITIES)


def test_the_state_council_is_no_city(comparison):
    national = next(party for party in comparison.parties if party.supplied == ("贵阳.docx",))
    assert national.level == "national"
    table = next(table for table in comparison.tables if table.measure == "gdp_growth" and table.nature == "target")
    row = next(row for row in table.rows if row.quota.party == national.key)
    assert row.rank is None and "不宜直接比较" in row.why
    assert (table.low, table.high) == (5, 8)
