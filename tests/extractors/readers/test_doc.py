"""Word 97-2003 documents, made byte by byte."""

from __future__ import annotations

import shutil
import struct
import sys
from pathlib import Path

import pytest

from extractors.readers import office, read_source
from extractors.readers.doc import read
from extractors.readers.limits import Limits
from extractors.readers.ole import Compound
from extractors.readers.sniff import sniff
from schemas.document import Document, SourceFile
from schemas.errors import LimitError, SourceError

sys.path.insert(0, str(Path(__file__).parent))
from doc_build import IN_TABLE, ROW_END, Paragraph, container, numbered, row, sprm, word

ROOT = Path(__file__).resolve().parents[3]


def doc(data: bytes, **limits: int) -> Document:
    return read(SourceFile.of(data, "通知.doc", "doc"), Limits(**limits))


def texts(document: Document) -> list[str | None]:
    return [block.text for block in document.blocks]


def test_paragraphs_in_the_order_of_the_pieces_not_of_the_file() -> None:
    paragraphs = [Paragraph("各科室：\r"), Paragraph("现将要点印发给你们。\r"), Paragraph("办公室\r")]
    assert texts(doc(word(paragraphs, order=[2, 0, 1]))) == ["各科室：", "现将要点印发给你们。", "办公室"]


def test_deleted_and_hidden_text_is_left_out_inserted_stays() -> None:
    deleted, inserted, hidden = sprm(0x0800, 1), sprm(0x0801, 1), sprm(0x083C, 1)
    text = "于6月底7月底前完成秘密。\r"
    runs = [(1, 4, deleted), (4, 7, inserted), (10, 12, hidden)]
    assert texts(doc(word([Paragraph(text, runs=runs)]))) == ["于7月底前完成。"]


def test_a_deleted_mark_joins_two_paragraphs() -> None:
    paragraphs = [Paragraph("加强组织\r", runs=[(4, 5, sprm(0x0800, 1))]), Paragraph("领导。\r")]
    assert texts(doc(word(paragraphs))) == ["加强组织领导。"]


def test_fields_show_their_results() -> None:
    text = '详见\x13 HYPERLINK "http://a.cn" \x14附件1\x15，第\x13 PAGE \x141\x15页。\r'
    assert texts(doc(word([Paragraph(text)]))) == ["详见附件1，第1页。"]


def test_breaks_hyphens_and_characters_beyond_the_basic_plane() -> None:
    assert texts(doc(word([Paragraph("上\x0b下a\x1eb\x1f𠮷\ud800\x08\x01\r")]))) == ["上\n下a-b𠮷\ufffd"]


def test_size_alignment_and_colour_are_hints() -> None:
    runs = [(0, 2, sprm(0x4A43, 44, 0) + sprm(0x2A42, 6) + sprm(0x0835, 1))]
    (block,) = doc(word([Paragraph("通知\r", sprm(0x2461, 1), runs)])).blocks
    assert (block.layout.size, block.layout.align, block.layout.bold) == (22.0, "center", True)
    assert block.layout.colour == "#ff0000"


def test_automatic_numbers_are_labels() -> None:
    use = sprm(0x260A, 0) + sprm(0x460B, 1, 0)
    document = doc(
        word([Paragraph("总体要求\r", use), Paragraph("正文\r"), Paragraph("重点任务\r", use)], **numbered())
    )
    assert [(block.label, block.text) for block in document.blocks] == [
        ("一、", "总体要求"), (None, "正文"), ("二、", "重点任务"),
    ]  # fmt: skip


def cells(*rows: tuple[list[str], bytes]) -> list[Paragraph]:
    found: list[Paragraph] = []
    for row_texts, end in rows:
        found += [Paragraph(f"{text}\x07", IN_TABLE) for text in row_texts]
        found.append(Paragraph("\x07", end))
    return found


PLAIN = [0, 0, 0]


@pytest.mark.parametrize("bits", [[1, 2, 0], [2, 1, 0], [3, 1, 0]])
def test_cells_merged_across_by_either_reading_of_the_bits(bits: list[int]) -> None:
    edges = [0, 1000, 2000, 3000]
    paragraphs = cells(
        (["时间", "", "内容"], row(edges, bits)),
        (["3月", "上旬", "植树"], row(edges, PLAIN)),
        (["4月", "下旬", "清明"], row(edges, PLAIN)),
    )
    (table,) = doc(word([*paragraphs, Paragraph("完\r")])).tables
    assert table.cells[0] == ["时间", "时间", "内容"]
    assert table.merges == [(0, 0, 1, 2)]


def test_cells_merged_down_and_wider_cells_by_their_edges() -> None:
    edges, start, on = [0, 1000, 2000, 3000], 0x60, 0x20
    paragraphs = cells(
        (["2024年任务"], row([0, 3000], [0])),
        (["建设科", "任务一", "3月"], row(edges, [start, 0, 0])),
        (["", "任务二", "4月"], row([0, 1001, 2000, 3000], [on, 0, 0])),
    )
    (table,) = doc(word([*paragraphs, Paragraph("完\r")])).tables
    assert table.cells == [["2024年任务"] * 3, ["建设科", "任务一", "3月"], ["建设科", "任务二", "4月"]]
    assert table.merges == [(0, 0, 1, 3), (1, 0, 2, 1)]


def test_a_table_in_a_cell() -> None:
    inner = IN_TABLE + sprm(0x6649, 2, 0, 0, 0)
    end = inner + sprm(0x244C, 1) + row([0, 500, 1000], [0, 0])[len(ROW_END) :]
    paragraphs = [
        Paragraph("外一\x07", IN_TABLE),
        Paragraph("内一\r", inner + sprm(0x244B, 1)), Paragraph("内二\r", inner + sprm(0x244B, 1)), Paragraph("\r", end),
        Paragraph("内三\r", inner + sprm(0x244B, 1)), Paragraph("内四\r", inner + sprm(0x244B, 1)), Paragraph("\r", end),
        Paragraph("外二\x07", IN_TABLE), Paragraph("\x07", row([0, 1000, 2000], [0, 0])),
        *cells((["外三", "外四"], row([0, 1000, 2000], [0, 0]))),
        Paragraph("完\r"),
    ]  # fmt: skip
    document = doc(word(paragraphs))
    outer, nested = document.tables
    assert outer.cells == [["外一", "内一\n内二\n内三\n内四\n外二"], ["外三", "外四"]]
    assert nested.cells == [["内一", "内二"], ["内三", "内四"]]
    assert [warning.code for warning in document.warnings] == ["table.nested"]


def test_a_row_whose_end_is_lost_comes_as_paragraphs() -> None:
    assert texts(doc(word([Paragraph("一\x07", IN_TABLE), Paragraph("二\x07", IN_TABLE)]))) == ["一", "二"]


def test_limits() -> None:
    many = word([Paragraph("一\r")] * 20)
    with pytest.raises(LimitError, match="上限10字"):
        doc(many, max_text_chars=10)
    with pytest.raises(LimitError, match="上限5个"):
        doc(many, max_blocks=5)


def test_a_password_is_told_from_damage() -> None:
    with pytest.raises(SourceError) as caught:
        sniff(word([Paragraph("一\r")], flags=0x0100), "通知.doc")
    assert caught.value.code == "source.encrypted"


def test_an_older_word_wants_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "program", lambda: None)
    old = container({"WordDocument": struct.pack("<HH", 0xA5DC, 0x65) + bytes(5000)})
    with pytest.raises(SourceError, match="LibreOffice") as caught:
        doc(old)
    assert caught.value.code == "source.old_word" and "另存为 docx" in str(caught.value)


def test_loops_in_the_container_end() -> None:
    data = bytearray(word([Paragraph("一\r")]))
    # The stream's last sector leads back to its first.
    for at in range(512, 1024, 4):
        if struct.unpack_from("<I", data, at)[0] == 0xFFFFFFFE:
            struct.pack_into("<I", data, at, 2)
    assert len(Compound(bytes(data)).stream("WordDocument") or b"") <= len(data)


def test_a_doc_that_is_something_else_is_read_as_that() -> None:
    for data, format in ((b"{\\rtf1\\ansicpg936 \\'d2\\'bb\\par}", "rtf"), ("关于印发要点的通知\n".encode(), "txt")):
        assert sniff(data, "通知.doc") == format
        document = read_source(SourceFile.of(data, "通知.doc", format))
        assert document.blocks and document.warnings[0].code == "source.ending"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_as_the_way_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = ROOT / "samples" / "rugao-water-plans.doc"
    source = SourceFile.of(path.read_bytes(), path.name, "doc")
    converted, own = office.read(source, Limits(), "MS Word 97"), read(source, Limits())
    assert [table.cells for table in converted.tables] == [table.cells for table in own.tables]
    assert converted.source == own.source and converted.warnings[0].code == "source.converted"
    assert not list(tmp_path.iterdir())
