"""PDF files as a whole: what is read, what is refused, what is warned of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extractors.readers import pdf_pdfium, pdf_plumber
from extractors.readers.limits import Limits
from extractors.readers.pdf import read
from schemas.document import Document, SourceFile
from schemas.errors import LimitError, SourceError
from tests.extractors.readers.pdf_build import LEADING, TOP, Pdf, plain

LIMITS = Limits()
BODY = "各单位要按照要求认真做好各项工作，确保各项任务落到实处，取得实际成效。"


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if block.text is not None]


def open_pdfs(root: Path) -> list[Path]:
    return sorted((root / "notices").rglob("*.pdf"))


def test_a_notice_comes_as_paragraphs_and_tables_with_their_places() -> None:
    pdf = Pdf()
    pdf.centred(60, "关于开展某项工作的通知", 22)
    end = pdf.body([BODY])
    rows = [["时间", "内容", "责任单位"], ["3月", "方案", "办公室"]]
    pdf.table([80, 200, 320, 512], [end, end + 30, end + 60], plain(rows))
    pdf.page()
    document = read(pdf.source(), LIMITS)
    assert texts(document) == ["关于开展某项工作的通知", BODY]
    assert [block.type for block in document.blocks] == ["paragraph", "paragraph", "table"]
    assert document.tables[0].cells == rows
    assert document.tables[0].row_pages == [1, 1]
    title = document.blocks[0]
    assert title.page == 1 and title.layout.align == "center" and title.layout.size == 22
    assert document.blocks[1].bbox == pytest.approx((80, TOP, 512, TOP + LEADING + 16), abs=4)
    assert document.source.pages == 1
    assert not document.warnings


def test_a_password_is_told() -> None:
    pdf = Pdf(password="secret")
    pdf.text(80, 100, "内部文件").page()
    with pytest.raises(SourceError, match="打开密码") as caught:
        read(pdf.source("加密.pdf"), LIMITS)
    assert caught.value.code == "source.encrypted" and caught.value.file == "加密.pdf"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"not a pdf at all", b"%PDF-1.4\n" + b"\0" * 4000])
def test_damage_is_told(data: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        read(SourceFile.of(data, "坏.pdf", "pdf"), LIMITS)
    assert caught.value.code == "source.damaged" and "坏.pdf" in str(caught.value)


def test_a_file_cut_short_is_read_or_refused_but_never_crashes() -> None:
    pdf = Pdf()
    for number in range(5):
        pdf.text(80, 100, f"第{number}部分的内容").page()
    data = pdf.data()
    for cut in range(0, len(data), len(data) // 25):
        try:
            document = read(SourceFile.of(data[:cut], "截断.pdf", "pdf"), LIMITS)
        except SourceError as error:
            assert error.code == "source.damaged"
        else:
            assert all("部分" in text for text in texts(document))


def test_too_many_pages_are_refused_from_their_count() -> None:
    pdf = Pdf()
    for _ in range(4):
        pdf.text(80, 100, "内容").page()
    with pytest.raises(LimitError) as caught:
        read(pdf.source(), replace(LIMITS, max_pages=3))
    assert caught.value.code == "limit.pages" and "4页" in str(caught.value)


@pytest.mark.parametrize(
    ("limit", "code"), [("max_cells", "limit.cells"), ("max_blocks", "limit.blocks"), ("max_text_chars", "limit.text")]
)
def test_other_limits(limit: str, code: str) -> None:
    pdf = Pdf()
    pdf.body(["第一段。", "第二段。"])
    pdf.table([80, 200, 320], [200, 230, 260], plain([["甲", "乙"], ["丙", "丁"]])).page()
    with pytest.raises(LimitError) as caught:
        read(pdf.source(), replace(LIMITS, **{limit: 1}))
    assert caught.value.code == code


@pytest.fixture
def no_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without the extra."""
    monkeypatch.setattr("extractors.ocr._found", lambda: False)


@pytest.mark.usefixtures("no_ocr")
def test_pages_without_text_are_warned_of_each() -> None:
    pdf = Pdf()
    pdf.text(80, 100, "有文字的一页").page()
    pdf.rect(80, 80, 500, 700, fill="gray").page()
    document = read(pdf.source(), LIMITS)
    assert [(w.code, w.message[:3]) for w in document.warnings] == [("source.scan_page", "第2页")]
    assert "duban[ocr]" in document.warnings[0].message
    assert texts(document) == ["有文字的一页"]


@pytest.mark.usefixtures("no_ocr")
def test_a_file_of_pictures_alone_says_what_to_install() -> None:
    with pytest.raises(SourceError) as caught:
        read(Pdf().rect(80, 80, 500, 700, fill="gray").page().source("扫描件.pdf"), LIMITS)
    assert caught.value.code == "source.no_ocr"
    assert "扫描件.pdf" in str(caught.value) and 'pip install "duban[ocr]"' in str(caught.value)


def test_blank_pages_are_no_scans() -> None:
    document = read(Pdf().page().source(), LIMITS)
    assert document.blocks == [] and [w.code for w in document.warnings] == ["source.scan_page"]
    assert "空白" in document.warnings[0].message


def test_blank_pages_share_a_warning() -> None:
    pdf = Pdf().page().page().page()
    pdf.text(80, 100, "有文字的一页").page().page()
    assert [warning.message.split("没有")[0] for warning in read(pdf.source(), LIMITS).warnings] == ["第1—3、5页"]


def test_a_page_that_nothing_can_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import pypdfium2

    def fail(*_: object) -> None:
        raise pypdfium2.PdfiumError("no page")

    def fail_too(*_: object) -> None:
        raise KeyError("Resources")

    monkeypatch.setattr(pdf_pdfium, "read_page", fail)
    monkeypatch.setattr(pdf_plumber, "read_page", fail_too)
    document = read(Pdf().text(80, 100, "读不出的一页").page().source(), LIMITS)
    assert document.blocks == [] and [warning.code for warning in document.warnings] == ["source.bad_page"]


@pytest.mark.usefixtures("no_ocr")
def test_a_text_layer_of_private_characters_is_warned_of() -> None:
    pdf = Pdf()
    pdf.text(80, 100, "".join(chr(0xE000 + i) for i in range(40))).page()
    assert [w.code for w in read(pdf.source(), LIMITS).warnings] == ["source.garbled_text"]


def test_single_characters_without_a_font_are_not_lost() -> None:
    """PDFium gives them no place where neither file nor machine has the font; the page is then read another way."""
    pdf = Pdf()
    pdf.table([80, 200, 320], [200, 230, 260], plain([["甲", "乙类"], ["丙", "丁"]])).page()
    assert read(pdf.source(), LIMITS).tables[0].cells == [["甲", "乙类"], ["丙", "丁"]]


def test_where_pdfium_fails_pdfplumber_reads_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    import pypdfium2

    def build() -> Pdf:
        pdf = Pdf()
        end = pdf.body([BODY])
        pdf.table([80, 200, 320], [end, end + 30, end + 60], plain([["时间", "内容"], ["3月", "方案"]]))
        return pdf.page()

    straight = read(build().source(), LIMITS)

    def fail(*_: object) -> None:
        raise pypdfium2.PdfiumError("no page")

    monkeypatch.setattr(pdf_pdfium, "read_page", fail)
    round_about = read(build().source(), LIMITS)
    assert texts(round_about) == texts(straight)
    assert [table.cells for table in round_about.tables] == [table.cells for table in straight.tables]


@pytest.mark.parametrize("angle", [90, 89.95, 180, 270, 269.95])
def test_text_that_stands_on_its_side_is_read_upright(angle: float) -> None:
    pdf = Pdf()
    canvas = pdf.canvas
    canvas.translate(300, 400)
    canvas.rotate(angle)
    for number, line in enumerate(["横排的表格标题", "表格下面的一行说明文字"]):
        canvas.setFont("STSong-Light", 14)
        canvas.drawString(0, -number * 40, line)
    pdf.page(rotate=90 if angle < 100 else 0)
    assert texts(read(pdf.source(), LIMITS)) == ["横排的表格标题", "表格下面的一行说明文字"]


def test_a_watermark_set_aslant_is_left_out() -> None:
    pdf = Pdf()
    pdf.body([BODY])
    pdf.canvas.saveState()
    pdf.canvas.translate(150, 300)
    pdf.canvas.rotate(45)
    pdf.canvas.setFont("STSong-Light", 60)
    pdf.canvas.drawString(0, 0, "仅供内部使用")
    pdf.canvas.restoreState()
    assert texts(read(pdf.page().source(), LIMITS)) == [BODY]


@pytest.mark.usefixtures("no_ocr")
def test_real_pdfs(shared: Path) -> None:
    for path in open_pdfs(shared):
        if path.stem in ("SCAN-07", "JYB-01") or "scan" in path.parts:
            with pytest.raises(SourceError, match=r"duban\[ocr\]"):
                read(SourceFile.of(path.read_bytes(), path.name, "pdf"), LIMITS)
            continue
        document = read(SourceFile.of(path.read_bytes(), path.name, "pdf"), LIMITS)
        pages = document.source.pages or 0
        assert all(block.page and 1 <= block.page <= pages and block.bbox for block in document.blocks), path.name
        assert all(len({len(row) for row in table.cells}) == 1 for table in document.tables), path.name
        assert [block.id for block in document.blocks] == list(range(len(document.blocks)))
        assert document.blocks, path.name


@pytest.mark.usefixtures("no_ocr")
@pytest.mark.parametrize("name", ["HN-02", "GB-01", "JS-04", "SHF-01"])
def test_real_pdfs_without_a_table_give_none(shared: Path, name: str) -> None:
    path = shared / "notices" / "more" / f"{name}.pdf"
    assert not read(SourceFile.of(path.read_bytes(), path.name, "pdf"), LIMITS).tables
