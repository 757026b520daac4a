"""Web pages: what is the notice on them, encodings, tables, words split over elements."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.readers import read_source
from extractors.readers.html_page import decode_page
from extractors.readers.limits import Limits
from extractors.readers.sniff import sniff
from schemas.document import Document, SourceFile
from schemas.errors import DubanError, LimitError, SourceError

SPECS = json.loads((Path(__file__).parents[2] / "specs" / "html.json").read_text(encoding="utf-8"))
BODY = (
    "<p>各科室：</p><p>为做好防汛工作，现将有关事项通知如下。</p><p>一、加强值班。各科室要在5月31日前报送值班表，不得迟报、漏报。</p>"
    "<p>二、备足物资。办公室要在6月10日前完成物资采购，并于每月底前盘点一次。</p>"
)


def read(page: str | bytes, name: str = "通知.html", limits: Limits | None = None) -> Document:
    data = page if isinstance(page, bytes) else page.encode("utf-8")
    return read_source(SourceFile.of(data, name, "html"), limits or Limits())


def texts(document: Document) -> list[str]:
    return [f"{block.label or ''}{block.text}" for block in document.blocks if block.text is not None]


@pytest.mark.parametrize("spec", SPECS, ids=[spec["why"] for spec in SPECS])
def test_specs(spec):
    page = spec["html"].replace("{BODY}", BODY)
    document = read(page)
    if "texts" in spec:
        assert texts(document) == spec["texts"]
    for words in spec.get("has", []):
        assert any(words in text for text in texts(document)), texts(document)
    for words in spec.get("lacks", []):
        assert not any(words in text for text in texts(document)), texts(document)
    if "cells" in spec:
        assert [table.cells for table in document.tables] == spec["cells"]
    if "merges" in spec:
        assert [[list(merge) for merge in table.merges] for table in document.tables] == spec["merges"]
    for code in spec.get("codes", []):
        assert code in [warning.code for warning in document.warnings]


@pytest.mark.parametrize("named", ["", "gb2312", "gbk", "utf-8", "iso-8859-1", "nonsense"])
@pytest.mark.parametrize("coding", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
def test_encodings_whatever_the_page_says(named: str, coding: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={named}">' if named else ""
    css = "<style>" + ".a{color:red}\n" * 9000 + "</style>"
    page = f"<html><head>{meta}{css}</head><body><p>关于做好防汛抗旱工作的通知，请各单位认真落实，㙟镕喆。</p></body></html>"
    assert texts(read(page.encode(coding))) == ["关于做好防汛抗旱工作的通知，请各单位认真落实，㙟镕喆。"]


def test_a_few_bad_bytes_are_told() -> None:
    page = f"<html><body>{BODY * 20}</body></html>".encode()
    document = read(page[:200] + b"\xff" + page[200:])
    assert document.warnings[0].code == "source.bad_characters"
    assert decode_page(page).encoding == "utf-8"


@pytest.mark.parametrize(
    "page", ["<html><body></body></html>", "<html><body><script>app()</script><img src=a></body></html>"]
)
def test_a_page_without_text(page: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(page)
    assert caught.value.code in ("source.no_notice", "source.damaged")


def test_depth_and_cells_have_limits() -> None:
    with pytest.raises(LimitError):
        read("<html><body>" + "<div>" * 5000 + "字" * 9)
    with pytest.raises(LimitError) as caught:
        read(
            '<html><body><table><tr><td rowspan="60000" colspan="900">一</td></tr><tr><td>二</td></tr></table>' * 9,
            limits=Limits(max_cells=100),
        )
    assert caught.value.code == "limit.cells"


def test_the_day_of_publishing_is_no_date_of_the_notice() -> None:
    page = f"<html><body><h1>关于做好防汛工作的通知</h1><div>发布时间：2024-12-30 来源：本站</div>{BODY}</body></html>"
    assert not any("2024-12-30" in text for text in texts(read(page)))


def test_linked_files_are_named() -> None:
    page = f'<html><body><h1>关于做好防汛工作的通知</h1>{BODY}<p>附件：<a href="/a/P0202.docx?x=1">值班表.docx</a></p></body></html>'
    document = read(page)
    (warning,) = [warning for warning in document.warnings if warning.code == "source.linked_file"]
    assert "值班表.docx" in warning.message and warning.span
    assert document.text_at(warning.span) == "值班表.docx"


@given(st.text(alphabet="<>/=\"' abtdrphivlou一二，。\n&;!-", max_size=300))
def test_any_tags_give_a_document_or_one_clear_line(inner: str) -> None:
    data = f"<html><body>{inner}</body></html>".encode()
    try:
        document = read(data)
    except DubanError:
        return
    for table in document.tables:
        assert len({len(row) for row in table.cells}) == 1
        for top, left, high, wide in table.merges:
            assert top + high <= len(table.cells) and left + wide <= len(table.cells[0])
    assert [block.id for block in document.blocks] == list(range(len(document.blocks)))


def test_pages_are_told_by_their_bytes() -> None:
    assert sniff(b"\r\n\r\n<!-- x --><!DOCTYPE html><html>", "a.aspx") == "html"
