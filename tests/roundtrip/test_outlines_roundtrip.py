"""Made-up outlines read back as the same tree from every format."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
pytest.importorskip("reportlab", reason="writing PDFs needs the extra “samples”")
from formats import BUILDERS, REPEATABLE, lines, notice, plans, read, sample, tree, wanted


def check(drawn, automatic=True, endings=tuple(BUILDERS)):
    elements = notice(*drawn)
    trees = {ending: tree(read(sample(elements), ending)) for ending in endings}
    if automatic:
        trees["numbered by Word"] = tree(read(sample(elements, numbering="automatic"), "docx"))
    for name, found in trees.items():
        assert lines(found) == wanted(*drawn), name
    for name, found in trees.items():
        assert found == trees["docx"], name


@REPEATABLE
@given(plans())
def test_one_plan(drawn):
    check([drawn])


@REPEATABLE
@given(st.tuples(plans(most=5), plans(most=5)))
def test_two_plans_numbered_anew(drawn):
    check(list(drawn))


@REPEATABLE
@given(plans("articles"))
def test_chapters_and_articles(drawn):
    check([drawn], automatic=False)


def test_an_article_that_begins_with_a_digit():
    """A PDF has no wide space behind an article's number: 第一条11月底前."""
    drawn = [(0, "第一章　", "加强组织领导", [], False), (1, "第一条　", "", ["11月底前完成3座公厕改造。"], True)]
    check([drawn], automatic=False)
