"""Rich text, and Word documents in one XML file."""

from __future__ import annotations

import pytest

from extractors.readers import read_source
from extractors.readers.limits import Limits
from extractors.readers.rtf import read
from extractors.readers.sniff import sniff
from schemas.document import Document, SourceFile
from schemas.errors import LimitError, SourceError

HEAD = rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset134 SimSun;}{\f1\fcharset0 Arial;}}{\colortbl;\red255\green0\blue0;}"


def coded(text: str) -> bytes:
    """Text as writers of code page 936 put it: codes, the second half of a character plain where it can be."""
    raw = text.encode("gb18030")
    return b"".join(b"\\'%02x" % byte if byte > 0x7F or byte in b"\\{}" else bytes((byte,)) for byte in raw)


def rtf(body: bytes, **limits: int) -> Document:
    return read(SourceFile.of(HEAD + body + b"}", "通知.rtf", "rtf"), Limits(**limits))


def texts(document: Document) -> list[str | None]:
    return [block.text for block in document.blocks]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (coded("关于印发要点的通知") + rb"\par " + coded("各科室：") + rb"\par", ["关于印发要点的通知", "各科室："]),
        # A character whose second byte is an ASCII letter, written as such.
        (rb"\'81A\'b0\'ec\par", ["丄办"]),
        (rb"\uc1\u20851?\u20110?\uc0\u21150\par", ["关于办"]),
        (rb"\u-10179?\u-8249?\par", ["\U0001f7c7"]),
        (rb"a{\deleted " + coded("旧") + rb"}b{\v " + coded("密") + rb"}c\par", ["abc"]),
        (rb'{\field{\*\fldinst HYPERLINK "http://a.cn"}{\fldrslt ' + coded("附件") + rb"}}\par", ["附件"]),
        (rb"{\*\unknown xx}{\pict\pngblip 8950}{\info{\title t}}" + coded("正文") + rb"\par", ["正文"]),
        (rb"{\listtext\pard\plain 1.\tab}" + coded("总体要求") + rb"\par", ["1. 总体要求"]),
        (rb"{\bin4 }}}}a\par", ["a"]),
        (rb"a\line b\tab c\par", ["a\nb\tc"]),
    ],
)  # fmt: skip
def test_text(body: bytes, expected: list[str]) -> None:
    assert texts(rtf(body)) == expected


def test_tables_with_merges() -> None:
    line = rb"\clbrdrt\brdrs\clbrdrl\brdrs\clbrdrb\brdrs\clbrdrr\brdrs"
    body = (
        rb"\trowd" + line + rb"\clmgf\cellx1000" + line + rb"\clmrg\cellx2000" + line + rb"\cellx3000"
        rb"\intbl a\cell\cell b\cell\row"
        rb"\trowd" + line + rb"\clvmgf\cellx1000" + line + rb"\cellx2000" + line + rb"\cellx3000"
        rb"\intbl c\cell d\cell e\cell\row"
        rb"\trowd" + line + rb"\clvmrg\cellx1000" + line + rb"\cellx2000" + line + rb"\cellx3000"
        rb"\intbl \cell f\cell g\cell\row\pard end\par"
    )  # fmt: skip
    document = rtf(body)
    (table,) = document.tables
    assert table.cells == [["a", "a", "b"], ["c", "d", "e"], ["c", "f", "g"]]
    assert table.merges == [(0, 0, 1, 2), (1, 0, 2, 1)]
    assert texts(document) == [None, "end"]


def test_looks_headers_notes_and_boxes() -> None:
    body = (
        rb"{\header\pard " + coded("内部资料") + rb"\par}\pard\qc\fs44\cf1\b " + coded("通知") + rb"\par\pard\plain "
        + coded("正文") + rb"{\footnote\pard " + coded("说明") + rb"\par}"
        rb"{\shp{\*\shpinst{\shptxt\pard " + coded("文本框") + rb"\par}}}\par"
    )  # fmt: skip
    document = rtf(body)
    assert [(block.type, block.text) for block in document.blocks] == [
        ("header", "内部资料"), ("paragraph", "通知"), ("paragraph", "正文"), ("text_box", "文本框"),
        ("footnote", "说明"),
    ]  # fmt: skip
    title = document.blocks[1].layout
    assert (title.size, title.align, title.bold, title.colour) == (22.0, "center", True, "#ff0000")


def test_limits_of_depth_and_text() -> None:
    with pytest.raises(LimitError, match="层层嵌套"):
        rtf(b"{" * 5000)
    with pytest.raises(LimitError, match="上限5字"):
        rtf(b"abcdefgh\\par", max_text_chars=5)


OLD = """<?xml version="1.0"?><?mso-application progid="Word.Document"?>
<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"
 xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" xmlns:aml="http://schemas.microsoft.com/aml/2001/core">
<w:lists><w:listDef w:listDefId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:nfc w:val="39"/><w:lvlText w:val="%1、"/>
</w:lvl></w:listDef><w:list w:ilfo="1"><w:ilst w:val="0"/></w:list></w:lists>
<w:body><wx:sect><w:p><w:pPr><w:listPr><w:ilvl w:val="0"/><w:ilfo w:val="1"/></w:listPr></w:pPr><w:r><w:t>总体要求</w:t>
</w:r></w:p><w:p><w:r><w:t>于</w:t></w:r><aml:annotation aml:id="1" w:type="Word.Deletion"><aml:content><w:r><w:delText>
6月</w:delText></w:r></aml:content></aml:annotation><aml:annotation aml:id="2" w:type="Word.Insertion"><aml:content><w:r>
<w:t>7月</w:t></w:r></aml:content></aml:annotation><w:r><w:t>完成</w:t></w:r></w:p>
<w:tbl><w:tblPr><w:tblBorders><w:insideV w:val="single"/></w:tblBorders></w:tblPr>
<w:tr><w:tc><w:tcPr><w:vmerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc>
<w:tc><w:p><w:r><w:t>一</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:tcPr><w:vmerge/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:r><w:t>二</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
</wx:sect></w:body></w:wordDocument>"""


def test_a_document_of_word_2003_in_xml() -> None:
    data = OLD.encode()
    assert sniff(data, "通知.doc") == "word_xml"
    document = read_source(SourceFile.of(data, "通知.xml", "word_xml"))
    assert [(block.label, block.text) for block in document.blocks] == [
        ("一、", "总体要求"), (None, "于7月完成"), (None, None),
    ]  # fmt: skip
    assert document.tables[0].cells == [["甲", "一"], ["甲", "二"]]


def test_xml_with_entities_is_refused() -> None:
    data = OLD.replace("<w:wordDocument", '<!DOCTYPE x [<!ENTITY a "b">]><w:wordDocument', 1).encode()
    with pytest.raises(SourceError) as caught:
        read_source(SourceFile.of(data, "通知.xml", "word_xml"))
    assert caught.value.code == "source.unsafe_xml"
