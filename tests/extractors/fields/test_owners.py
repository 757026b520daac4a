"""Owners: every rule's examples, cases in prose and cells, and what must hold for any text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.fields.owners import find_owners, owners_in_heading, resolve
from extractors.lexicons import Rule, load_rules
from extractors.passage import Context, Passage
from schemas.document import Span
from schemas.labels import ColumnRole
from schemas.record import Owner

SPECS = Path(__file__).resolve().parents[2] / "specs"
PROSE = json.loads((SPECS / "owners_prose.json").read_text(encoding="utf-8"))
CELLS = json.loads((SPECS / "owners_cells.json").read_text(encoding="utf-8"))
RULES = load_rules("owners").rules


def prose(text: str, *, issuers: tuple[str, ...] = ()) -> list[Owner]:
    return find_owners(Passage(text, Span(block=3, start=5, end=5 + len(text))), Context(issuers=issuers))


def cell(text: str, role: ColumnRole) -> list[Owner]:
    return find_owners(Passage(text, Span(block=1, row=2, column=3, start=0, end=len(text))), Context(role=role))


def by_rule(text: str, rule: Rule) -> list[str]:
    context = Context(task_kind=rule.data.get("task_kind", "task"))
    owners = find_owners(Passage(text, Span(block=0, start=0, end=len(text))), context)
    return [owner.name for owner in owners if owner.rule == rule.id]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_has_enough_examples(rule):
    assert len(rule.examples) >= 6
    assert len(rule.counter_examples) >= 3


@pytest.mark.parametrize(
    ("rule", "example"),
    [
        pytest.param(rule, example, id=f"{rule.id}-{number}")
        for rule in RULES
        for number, example in enumerate(rule.examples)
    ],
)
def test_example(rule, example):
    assert by_rule(example["text"], rule) == list(example["find"])


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        pytest.param(rule, text, id=f"{rule.id}-{number}")
        for rule in RULES
        for number, text in enumerate(rule.counter_examples)
    ],
)
def test_counter_example(rule, text):
    assert by_rule(text, rule) == []


@pytest.mark.parametrize("case", PROSE, ids=lambda case: case["text"][:16])
def test_prose(case):
    assert [[owner.name, owner.role] for owner in prose(case["text"])] == case["owners"]


@pytest.mark.parametrize("case", CELLS, ids=lambda case: repr(case["text"][:12]))
def test_cell(case):
    owners = cell(case["text"], f"owner.{case['role']}")
    assert [[owner.name, owner.role] for owner in owners] == case["owners"]


def test_span_quotes_the_padded_name():
    text = "郑国平沈  进\n郭建军"
    owners = cell(text, "owner.presenter")
    assert [text[owner.span.start : owner.span.end] for owner in owners] == ["郑国平", "沈  进", "郭建军"]
    assert {(owner.span.row, owner.span.column) for owner in owners} == {(2, 3)}
    assert [owner.type for owner in owners] == ["person"] * 3


def test_other_columns_have_no_owners():
    assert cell("各单位要按时报送", "content") == []


def test_types():
    text = "（责任单位：县财政局、法规科、防汛指挥部、各乡镇、局党组书记）"
    assert [owner.type for owner in prose(text)] == ["agency", "department", "group", "collective", "position"]


def test_two_roles_for_one_unit():
    text = "（牵头单位：办公室；配合单位：办公室、财务科）"
    assert [(o.name, o.role) for o in prose(text)] == [("办公室", "lead"), ("办公室", "support"), ("财务科", "support")]


def test_several_brackets_are_pooled():
    text = "建设步道（责任单位：住建局）；栽种行道树（责任单位：园林局、住建局）。"
    assert [owner.name for owner in prose(text)] == ["住建局", "园林局"]


def test_issuer_that_only_announces_is_no_owner():
    text = "水务局将定期通报进展，请各镇按时上报。"
    assert [owner.name for owner in prose(text, issuers=("清河市水务局",))] == ["各镇"]


def test_heading_tells_the_role():
    text = "全体党员、入党积极分子；可吸收群众代表参加。"
    owners = find_owners(Passage(text, Span(block=0, start=0, end=len(text))), Context(task_title="参加对象"))
    assert [(o.name, o.role) for o in owners] == [("党员", "participant"), ("入党积极分子", "participant")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("市教育局", ["市教育局"]),
        ("公安分局、交警大队", ["公安分局", "交警大队"]),
        ("各镇（街道）", ["各镇（街道）"]),
        ("加强组织领导", []),
        ("各单位考核", []),
        ("社区", []),
        ("志愿者", []),
    ],
)
def test_heading_of_units(text, names):
    owners = owners_in_heading(Passage(text, Span(block=0, start=0, end=len(text))), Context())
    assert [owner.name for owner in owners] == names


ISSUERS = ("清河市水务局", "清河市财政局")


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("局人事科", "清河市水务局人事科"),
        ("人事科", "清河市水务局人事科"),
        ("清河市水务局人事科", "清河市水务局人事科"),
        ("水务局", "清河市水务局"),
        ("市财政局", "清河市财政局"),
        ("市教育局", "清河市教育局"),
        ("省水利厅", None),
        ("各科室", None),
    ],
)
def test_resolve(name, canonical):
    text = f"（责任单位：{name}）"
    assert [owner.canonical for owner in resolve(prose(text), ISSUERS)] == [canonical]


def test_resolve_changes_nothing_else():
    owners = prose("（责任单位：办公室、各科室）")
    resolved = resolve(owners, ISSUERS)
    assert [owner.model_copy(update={"canonical": None}) for owner in resolved] == owners
    assert resolve([], ISSUERS) == []


WORDS = [
    *["各单位", "市教育局", "、", "，", "。", "要", "由", "牵头", "负责", "（责任单位：", "）", "组织", "志愿者"],
    *["开展", "活动", "和", "等部门", "沈  进", "\n", "“", "”", "：", "；", "成立", "领导小组", "2021年"],
    "各县（市、区）",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=14).map("".join))
def test_names_are_quoted_once_each(text):
    owners = prose(text)
    for owner in owners:
        assert re.sub(r"\s", "", text[owner.span.start - 5 : owner.span.end - 5]) == owner.name
        assert 0 < owner.confidence <= 1
    assert len({(owner.name, owner.role) for owner in owners}) == len(owners)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, "张伟", "王 芳", "/", "1."]), max_size=10).map("".join))
def test_cells_are_quoted(text):
    for owner in cell(text, "owner.responsible"):
        assert re.sub(r"\s", "", text[owner.span.start : owner.span.end]) == owner.name != ""


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text):
    prose(text)
    cell(text, "owner.lead")
