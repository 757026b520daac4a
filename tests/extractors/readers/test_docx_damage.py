"""Word packages that are unusual, damaged or hostile."""

from __future__ import annotations

import io
import zipfile
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import LimitError, SourceError
from tests.extractors.readers.docx_build import (
    HEAD,
    NAMESPACES,
    SCHEMAS,
    box,
    document,
    field,
    lists,
    load,
    lvl,
    num,
    p,
    package,
    r,
    span,
    tbl,
    tc,
    texts,
)


def test_strict_documents() -> None:
    strict = NAMESPACES.replace(
        f"{SCHEMAS}/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main"
    )
    right = p("甲", '<w:jc w:val="end"/>')
    xml = f"{HEAD}<w:document {strict}><w:body>{right}</w:body></w:document>"
    doc = load(package("", files={"word/document.xml": xml}))
    assert [(b.text, b.layout.align) for b in doc.blocks] == [("甲", "right")]


def test_utf16_parts_and_other_part_names() -> None:
    xml = f"{HEAD.replace('UTF-8', 'UTF-16')}<w:document {NAMESPACES}><w:body>{p('甲')}</w:body></w:document>"
    assert texts(load(package("", files={"word/document.xml": xml.encode("utf-16")}))) == ["甲"]
    rels = (
        f'<Relationships xmlns="{SCHEMAS}/package/2006/relationships">'
        '<Relationship Id="r" Target="/word/document2.xml" '
        f'Type="{SCHEMAS}/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    )
    plain = f"<w:document {NAMESPACES}><w:body>{p('乙')}</w:body></w:document>"
    assert texts(load(package("", files={"_rels/.rels": rels, "word/document2.xml": plain}))) == ["乙"]


def test_a_damaged_part_beside_the_main_one_costs_a_warning() -> None:
    doc = load(package(p("甲"), {"numbering": ""}, files={"word/numbering.xml": "<w:numb"}))
    assert texts(doc) == ["甲"]
    assert [w.code for w in doc.warnings] == ["source.part_damaged"]


DOCTYPE = f"<!DOCTYPE d [<!ELEMENT d ANY>]><w:document {NAMESPACES}><w:body>{p('甲')}</w:body></w:document>"
NOTHING = package("", files={"_rels/.rels": "<Relationships/>"}).replace(b"document.xml", b"documenx.xml")
DAMAGED = {
    "no zip": (b"not a zip", "source.damaged"),
    "cut short": (package(p("甲"))[:-40], "source.damaged"),
    "broken xml": (package("", files={"word/document.xml": "<w:document"}), "source.damaged"),
    "no main part": (NOTHING, "source.damaged"),
    "doctype": (package("", files={"word/document.xml": DOCTYPE}), "source.unsafe_xml"),
    "doctype in utf-16": (package("", files={"word/document.xml": DOCTYPE.encode("utf-16")}), "source.unsafe_xml"),
    "encrypted": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "source.encrypted"),
    "old doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "source.unsupported"),
    "other office file": (package("", files={"word/document.xml": "<workbook/>"}), "source.unsupported"),
}


@pytest.mark.parametrize(("data", "code"), DAMAGED.values(), ids=DAMAGED.keys())
def test_refused(data: bytes, code: str) -> None:
    with pytest.raises(SourceError) as caught:
        load(data)
    assert caught.value.code == code
    assert caught.value.file == "通知.docx"
    assert caught.value.remedy


def test_entities_are_refused() -> None:
    bomb = f'<!DOCTYPE d [<!ENTITY a "甲甲">]><w:document {NAMESPACES}><w:body>{p("甲")}</w:body></w:document>'
    with pytest.raises((SourceError, LimitError)):
        load(package("", files={"word/document.xml": bomb}))


def test_limits() -> None:
    for limits, code in (({"max_blocks": 2}, "limit.blocks"), ({"max_text_chars": 3}, "limit.text_chars")):
        with pytest.raises(LimitError) as caught:
            document(p("甲乙") + p("丙丁") + p("戊"), **limits)
        assert caught.value.code == code
        assert caught.value.file == "通知.docx"
    wide = tbl(*[tc("甲", '<w:gridSpan w:val="99999"/>')] * 3)
    with pytest.raises(LimitError) as caught:
        document(wide, max_cells=2000)
    assert caught.value.code == "limit.cells"


def test_deep_nesting_ends_in_an_error_or_a_document() -> None:
    for depth in (40, 300):
        inner = p("底")
        for _ in range(depth):
            inner = tbl(tc(inner))
        try:
            assert texts(document(inner))
        except SourceError as error:
            assert error.code == "source.damaged"


def test_entry_order_and_backslashes() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package(p("甲")))) as old, zipfile.ZipFile(out, "w") as new:
        for name in reversed(old.namelist()):
            new.writestr(name.replace("/", "\\"), old.read(name))
    assert texts(load(out.getvalue())) == ["甲"]


RICH_TABLE = tbl(
    tc("任务", span(2)) + tc("单位"),
    tc("甲", '<w:vMerge w:val="restart"/>') + tc("乙") + tc(tbl(tc("内") + tc("表"))),
    tc("", "<w:vMerge/>") + tc(p("丙", num(1, 1))) + tc("丁"),
)
RICH = "".join((
    p(box(p("某某市水务局文件")) + r("关于某事的通知", "<w:b/>"), '<w:jc w:val="center"/>'),
    p(field("REF a", "各单位") + r("：")),
    p("工作目标", num(1)),
    p("一季度完成", num(1, 1)),
    RICH_TABLE,
    p('<w:ins w:id="1">' + r("新增") + "</w:ins>", '<w:rPr><w:del w:id="2"/></w:rPr>'),
    p('<w:r><w:footnoteReference w:id="1"/><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'),
    '<w:sectPr><w:headerReference w:type="default" r:id="header1"/></w:sectPr>',
))  # fmt: skip
RICH_PARTS = {
    "numbering": lists(lvl(0, "chineseCounting", "%1、"), lvl(1, "decimal", "%2.")),
    "styles": '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>',
    "footnotes": f'<w:footnote w:id="1">{p("说明")}</w:footnote>',
    "header1": p("内部资料"),
}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["drop", "twice", "junk", "unwrap"])), max_size=6))
def test_any_broken_body_gives_a_whole_document(changes: list[tuple[int, str]]) -> None:
    from lxml import etree

    root = etree.fromstring(f"<w:document {NAMESPACES}><w:body>{RICH}</w:body></w:document>")
    for index, change in changes:
        elements = list(root[0].iter())[1:] if len(root) else []
        if not elements:
            break
        element = elements[index % len(elements)]
        parent = element.getparent()
        assert parent is not None
        if change == "drop":
            parent.remove(element)
        elif change == "twice":
            parent.append(deepcopy(element))
        elif change == "junk":
            for name in element.attrib:
                element.set(name, ["-7", "99999999999", "甲", ""][index % 4])
        else:
            for child in list(element):
                parent.append(child)
            parent.remove(element)
    doc = load(package("", RICH_PARTS, {"word/document.xml": etree.tostring(root)}))
    assert [b.id for b in doc.blocks] == list(range(len(doc.blocks)))
    assert [t.id for t in doc.tables] == [b.table for b in doc.blocks if b.type == "table"]
    assert all(b.text and b.text == b.text.strip() for b in doc.blocks if b.type != "table")
    for table in doc.tables:
        assert len({len(row) for row in table.cells}) == 1
        for top, left, high, wide in table.merges:
            area = {table.cells[r_][c] for r_ in range(top, top + high) for c in range(left, left + wide)}
            assert len(area) == 1
    for warning in doc.warnings:
        assert warning.span is None or doc.text_at(warning.span) is not None
