"""Tasks that ask for the same, against samples labelled by reading: no worse than measured."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def alignment():
    spec = importlib.util.spec_from_file_location("benchmark_alignment", ROOT / "benchmarks" / "alignment.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def read(alignment, reports):
    return alignment.read_pairs(reports)


def test_duties_alike_are_paired_and_others_of_their_topic_not(alignment, tmp_path):
    told = alignment.written_pairs(tmp_path)
    assert "gone" not in dict(told).values()
    precision, recall, agreed = alignment.precision_recall(told)
    assert precision >= 0.9 and recall >= 0.9 and agreed >= 0.4


@pytest.mark.parametrize(("which", "least"), [("set", (0.95, 0.75, 0.5)), ("held", (0.95, 0.9, 0.55))])
def test_pairs_of_reports(read, alignment, which, least):
    told = read[which]
    # Where a report is read in other units, a pair may have lost one of its tasks.
    assert sum(relation == "gone" for _, relation in told) <= 0.15 * len(told)
    here = [one for one in told if one[1] != "gone"]
    assert all(got >= floor for got, floor in zip(alignment.precision_recall(here), least, strict=True))


def test_items_handed_down(alignment, reports):
    precision, recall = alignment.handed_down(reports)
    assert precision >= 0.85 and recall >= 0.7
