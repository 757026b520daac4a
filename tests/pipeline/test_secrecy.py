from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from extractors.readers import load, read_source
from pipeline.secrecy import mark_in_bytes, mark_in_document, mark_in_name
from schemas.document import SourceFile

SPECS = json.loads((Path(__file__).parent.parent / "specs" / "secrecy.json").read_text("utf-8"))
BODY = "某市城市管理局关于做好保密工作的通知\n\n各科室：\n\n一、学习保密法，严守国家秘密和商业秘密。\n\n二、每月5日前报送机密文件管理情况。\n"


def kind(data: bytes, name: str, format: str) -> str | None:
    source = SourceFile.of(data, name, format)
    mark = mark_in_document(source, read_source(source))
    return mark.kind if mark else None


@pytest.mark.parametrize("case", SPECS["texts"], ids=lambda case: case["why"])
def test_marks_in_texts(case: dict[str, str]) -> None:
    assert kind(case["text"].replace("{body}", BODY).encode("utf-8"), "a.txt", "txt") == case["kind"]


@pytest.mark.parametrize(("name", "expected"), SPECS["names"])
def test_marks_in_names(name: str, expected: str | None) -> None:
    mark = mark_in_name(name)
    assert (mark.kind if mark else None) == expected


def word(change: object) -> bytes:
    import docx

    document = docx.Document()
    for line in BODY.split("\n"):
        document.add_paragraph(line)
    change(document)  # type: ignore[operator]
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def in_header(document: object) -> None:
    document.sections[0].header.paragraphs[0].text = "机密★1年"  # type: ignore[attr-defined]


def in_first_line(document: object) -> None:
    document.paragraphs[0].insert_paragraph_before("秘　密")  # type: ignore[attr-defined]


def in_table(document: object) -> None:
    table = document.add_table(1, 2)  # type: ignore[attr-defined]
    table.cell(0, 0).text, table.cell(0, 1).text = "000012", "绝密★长期"
    document.paragraphs[0]._p.addprevious(table._tbl)  # type: ignore[attr-defined]


def in_text_box(document: object) -> None:
    from docx.oxml import parse_xml

    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    box = f"<w:txbxContent xmlns:w='{space}'><w:p><w:r><w:t>机密★</w:t></w:r></w:p></w:txbxContent>"
    shape = f"<v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox>{box}</v:textbox></v:shape>"
    run = f"<w:r xmlns:w='{space}'><w:pict>{shape}</w:pict></w:r>"
    document.paragraphs[3]._p.append(parse_xml(run))  # type: ignore[attr-defined]


def in_watermark(document: object) -> None:
    from docx.oxml import parse_xml

    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    path = "<v:textpath style='font-size:1pt' string='机密'/>".replace("'", '"')
    shape = f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml">{path}</v:shape>'
    run = f'<w:r xmlns:w="{space}"><w:pict>{shape}</w:pict></w:r>'
    document.sections[0].header.paragraphs[0]._p.append(parse_xml(run))  # type: ignore[attr-defined]


@pytest.mark.parametrize("change", [in_header, in_first_line, in_table, in_text_box, in_watermark])
def test_marks_in_word_documents(change: object) -> None:
    assert kind(word(change), "a.docx", "docx") == "state"


def test_a_word_document_about_secrecy_has_no_mark() -> None:
    assert kind(word(lambda document: None), "a.docx", "docx") is None


@pytest.mark.parametrize(("place", "expected"), [("running", "state"), ("body", None)])
def test_marks_in_pdf_files(place: str, expected: str | None) -> None:
    pytest.importorskip("reportlab")
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    data = io.BytesIO()
    page = canvas.Canvas(data)
    for number in range(3):
        page.setFont("STSong-Light", 12)
        if place == "running":
            page.drawString(70, 800, "机密★1年")
        for row, line in enumerate(BODY.split("\n")):
            page.drawString(70, 700 - 20 * row, line + str(number))
        page.showPage()
    page.save()
    assert kind(data.getvalue(), "a.pdf", "pdf") == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "gb18030"])
def test_marks_in_files_that_nothing_reads(encoding: str) -> None:
    assert mark_in_bytes(b"\xd0\xcf\x11\xe0" + "前文秘密★3年后文".encode(encoding))
    assert not mark_in_bytes(b"\xd0\xcf\x11\xe0" + "做好秘密工作".encode(encoding))


def test_one_marked_file_stops_an_archive(tmp_path: Path) -> None:
    def packed(name: str, text: str) -> Path:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            package.writestr("通知.txt", "关于做好防汛工作的通知\n各科室：\n请于5月31日前报送。\n")
            package.writestr(name, text)
        path = tmp_path / "来文.zip"
        path.write_bytes(out.getvalue())
        return path

    for name, text in (
        ("附件.txt", "机密★1年\n关于某项工作的通知\n各科室：\n请照办。\n"),
        ("机密★方案.txt", "请照办。\n"),
    ):
        source = load(packed(name, text))
        mark = mark_in_document(source, read_source(source))
        assert mark and mark.kind == "state", name
    source = load(packed("附件.txt", "一、加强值班。\n"))
    assert mark_in_document(source, read_source(source)) is None


@pytest.mark.parametrize(("level", "expected"), [("秘密★1年", "state"), ("", None)])
def test_marks_on_the_slip_before_a_scan(level: str, expected: str | None) -> None:
    from tests.extractors.readers.pdf_build import Pdf
    from tests.extractors.readers.test_pdf_slips import SLIP, form, notice

    source = notice(form(Pdf(), "收文处理笺", [*SLIP, ["密级", level]])).source()
    assert kind(source.data, "a.pdf", "pdf") == expected
