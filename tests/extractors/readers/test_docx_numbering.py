"""Automatic numbers: formats, levels, restarts, styles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.readers.docx_numerals import circled, counting, knows, numeral, padded
from tests.extractors.readers.docx_build import document, labels, lists, lvl, num, p, tbl, tc

SPEC = json.loads((Path(__file__).parents[2] / "specs" / "docx_numbering.json").read_text("utf-8"))
FORMATS = [(form, int(value), shown) for form, cases in SPEC["formats"].items() for value, shown in cases.items()]


@pytest.mark.parametrize(("form", "value", "shown"), FORMATS, ids=lambda item: str(item))
def test_formats(form: str, value: int, shown: str) -> None:
    assert numeral(form, value) == shown


def _level(at: int, spec: list[Any], font: str = "") -> str:
    form, text, more = spec[0], spec[1], spec[2] if len(spec) > 2 else {}
    extra = f'<w:lvlRestart w:val="{more["restart"]}"/>' if "restart" in more else ""
    extra += "<w:isLgl/>" if more.get("legal") else ""
    extra += f'<w:rPr><w:rFonts w:ascii="{font}"/></w:rPr>' if font else ""
    return lvl(at, form, text, start=more.get("start", 1), more=extra)


def _num(identity: str, spec: dict[str, Any]) -> str:
    own = {at: _level(at, level) for at, level in enumerate(spec.get("levels", []))}
    starts = {int(at): f'<w:startOverride w:val="{start}"/>' for at, start in spec.get("starts", {}).items()}
    overrides = "".join(
        f'<w:lvlOverride w:ilvl="{at}">{starts.get(at, "")}{own.get(at, "")}</w:lvlOverride>'
        for at in sorted({*own, *starts})
    )
    return f'<w:num w:numId="{identity}"><w:abstractNumId w:val="0"/>{overrides}</w:num>'


@pytest.mark.parametrize("case", SPEC["lists"], ids=lambda case: case["name"])
def test_lists(case: dict[str, Any]) -> None:
    fonts = case.get("fonts", [""] * 9)
    levels = [_level(at, spec, fonts[at]) for at, spec in enumerate(case["levels"])]
    numbering = lists(*levels, nums="".join(_num(i, spec) for i, spec in case.get("nums", {"1": {}}).items()))
    body = "".join(p("内容", num(identity, level)) for identity, level in case["paragraphs"])
    doc = document(body, {"numbering": numbering})
    assert labels(doc) == case["labels"]
    assert [b.depth for b in doc.blocks] == [
        level if shown else None for (_, level), shown in zip(case["paragraphs"], case["labels"], strict=True)
    ]
    assert {b.text for b in doc.blocks} == {"内容"}


@given(st.integers(1, 9999))
def test_counting_reads_back(value: int) -> None:
    digits = {d: i for i, d in enumerate("零一二三四五六七八九")}
    units = {"十": 10, "百": 100, "千": 1000}
    total, last = 0, None
    for char in counting(value, "零一二三四五六七八九", "十百千万", bare_ten=True):
        if char in units:
            total += (1 if last is None else last) * units[char]
            last = None
        else:
            last = digits[char] or None
    assert total + (last or 0) == value


@given(st.sampled_from(sorted(SPEC["formats"])), st.integers(0, 10**9))
def test_any_value_gives_a_short_text(form: str, value: int) -> None:
    assert len(numeral(form, value)) <= 200


def test_unknown_formats_are_told() -> None:
    assert not knows("someFutureFormat")
    doc = document(p("甲", num(1)), {"numbering": lists(lvl(0, "someFutureFormat", "%1."))})
    assert labels(doc) == ["1."]
    assert [w.code for w in doc.warnings] == ["numbering.format"]


def test_custom_formats() -> None:
    assert padded("001, 002, 003, ...", 7) == "007"
    assert padded("甲", 7) == "7"
    level = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><mc:AlternateContent><mc:Choice Requires="w14">'
        '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback>'
        '<w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent><w:lvlText w:val="%1"/></w:lvl>'
    )
    assert labels(document(p("甲", num(1)) + p("乙", num(1)), {"numbering": lists(level)})) == ["001", "002"]


def test_circles_end() -> None:
    assert [circled(n, last=50) for n in (1, 21, 36, 50, 51)] == ["①", "㉑", "㊱", "㊿", "51"]


def _styles(*styles: str) -> str:
    return '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>' + "".join(
        styles
    )


def _style(identity: str, props: str, based: str = "a") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{identity}"/>'
        f'<w:basedOn w:val="{based}"/><w:pPr>{props}</w:pPr></w:style>'
    )


NUMBERING = lists(
    lvl(0, "chineseCounting", "%1、", more='<w:pStyle w:val="one"/>'),
    lvl(1, "chineseCounting", "（%2）", more='<w:pStyle w:val="two"/>'),
)


def test_numbers_from_styles() -> None:
    styles = _styles(_style("one", num(1, None)), _style("two", num(1, None)), _style("child", "", "two"))
    body = "".join(p("内容", f'<w:pStyle w:val="{s}"/>') for s in ("one", "two", "child", "one", "child"))
    doc = document(body, {"numbering": NUMBERING, "styles": styles})
    assert labels(doc) == ["一、", "（一）", "（二）", "二、", "（一）"]
    assert [b.depth for b in doc.blocks] == [0, 1, 1, 0, 1]


def test_numbers_switched_off() -> None:
    styles = _styles(_style("one", num(1, None)), _style("off", num(0), "one"))
    body = p("甲", '<w:pStyle w:val="one"/>') + p("乙", f'<w:pStyle w:val="one"/>{num(0)}')
    body += p("丙", '<w:pStyle w:val="off"/>') + p("丁", '<w:pStyle w:val="one"/>')
    assert labels(document(body, {"numbering": NUMBERING, "styles": styles})) == ["一、", None, None, "二、"]


def test_numbering_style_links() -> None:
    numbering = (
        f'<w:abstractNum w:abstractNumId="0"><w:styleLink w:val="L"/>{lvl(0, "decimal", "%1)")}</w:abstractNum>'
        '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="L"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    )
    styles = f'<w:style w:type="numbering" w:styleId="L"><w:name w:val="L"/><w:pPr>{num(1, None)}</w:pPr></w:style>'
    assert labels(document(p("甲", num(2)) + p("乙", num(2)), {"numbering": numbering, "styles": styles})) == [
        "1)",
        "2)",
    ]


def test_empty_numbered_paragraphs_count_but_make_no_block() -> None:
    doc = document(p("甲", num(1)) + p("", num(1)) + p("丙", num(1)), {"numbering": lists(lvl(0, "decimal", "%1."))})
    assert [(b.label, b.text) for b in doc.blocks] == [("1.", "甲"), ("3.", "丙")]


def test_former_numbering_of_a_tracked_change_is_not_read() -> None:
    change = f'<w:pPrChange w:id="1" w:author="x"><w:pPr>{num(1)}</w:pPr></w:pPrChange>'
    assert labels(document(p("甲", change), {"numbering": lists(lvl(0, "decimal", "%1."))})) == [None]


def test_numbers_in_cells_stand_before_the_text() -> None:
    numbering = lists(lvl(0, "decimal", "%1"), lvl(1, "chineseCounting", "%2、"), lvl(2, "decimal", "%3."))
    rows = [tc(p("", num(1))) + tc(p("甲", num(1, 1)) + p("2024年", num(1, 2)))] * 2
    doc = document(tbl(*rows), {"numbering": numbering})
    assert doc.tables[0].cells == [["1", "一、甲\n1. 2024年"], ["2", "一、甲\n1. 2024年"]]


def test_covered_cells_take_no_number() -> None:
    rows = [
        tc(p("", num(1)), '<w:vMerge w:val="restart"/>') + tc("甲"),
        tc(p("", num(1)), "<w:vMerge/>") + tc("乙"),
        tc(p("", num(1))) + tc("丙"),
    ]
    doc = document(tbl(*rows), {"numbering": lists(lvl(0, "decimal", "%1"))})
    assert [row[0] for row in doc.tables[0].cells] == ["1", "1", "2"]
