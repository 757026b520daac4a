"""What a file is, from its bytes; and the table of formats."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from extractors.readers import load, read
from extractors.readers.sniff import sniff
from extractors.readers.table import FORMATS, readable, reader_of, row_of
from schemas.errors import DubanError, LimitError, SourceError
from tests.faults.build import body, compound, package

ROOT = Path(__file__).resolve().parents[3]
SPECS = json.loads((ROOT / "tests" / "specs" / "sniff.json").read_text("utf-8"))


def zipped(*names: str, mimetype: str = "") -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        if mimetype:
            out.writestr("mimetype", mimetype)
        for name in names:
            out.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize("case", SPECS, ids=lambda case: f"{case['name']}-{case['format']}")
def test_specs(case: dict[str, Any]) -> None:
    assert sniff(bytes.fromhex(case["hex"]), case["name"]) == case["format"], case["why"]


@pytest.mark.parametrize(
    ("data", "name", "format"),
    [
        (package(body("一")), "a.doc", "docx"),
        (package(body("一"))[:-60], "a.docx", "docx"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "a.docx", "xlsx"),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), "a.zip", "pptx"),
        (zipped("content.xml", mimetype="application/vnd.oasis.opendocument.text"), "a.docx", "odt"),
        (zipped("OFD.xml", "Doc_0/Document.xml"), "a.zip", "ofd"),
        (zipped("通知.docx", "附件.xls"), "a.zip", "zip"),
        (compound("WordDocument", "1Table"), "a.docx", "doc"),
        (compound("WordDocument", "1Table"), "a.wps", "wps"),
        (compound("Workbook"), "a.doc", "xls"),
        (compound("PowerPoint Document"), "a.doc", "ppt"),
        (compound("Other"), "a.doc", "ole"),
        (compound("WordDocument")[:1300], "a.doc", "doc"),
    ],
)
def test_packages(data: bytes, name: str, format: str) -> None:
    assert sniff(data, name) == format


def test_encrypted_package() -> None:
    with pytest.raises(SourceError, match="打开密码"):
        sniff(compound("EncryptionInfo", "EncryptedPackage"), "a.docx")


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n \n", b"\x00\x00"])
def test_empty(data: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        sniff(data, "a.txt")
    assert caught.value.code == "source.empty"


def test_every_row_is_whole() -> None:
    assert len({row.format for row in FORMATS}) == len(FORMATS)
    for row in FORMATS:
        assert row.title and bool(row.module) != bool(row.remedy), row.format
    endings = [ending for row in FORMATS for ending in row.endings]
    assert len(set(endings)) == len(endings)


@pytest.mark.parametrize("row", readable(), ids=lambda row: row.format)
def test_every_reader_is_there(row: Any) -> None:
    assert importlib.util.find_spec(f"extractors.readers.{row.module}")
    assert callable(reader_of(row))


@pytest.mark.parametrize("row", [row for row in FORMATS if not row.module], ids=lambda row: row.format)
def test_no_reader_is_told_with_remedy(row: Any) -> None:
    from extractors.readers import read_source
    from schemas.document import SourceFile

    with pytest.raises(DubanError) as caught:
        read_source(SourceFile.of(b"x", "文件.bin", row.format))
    assert caught.value.remedy == row_of(row.format).remedy
    assert caught.value.code == ("source.unknown" if row.format == "unknown" else "source.no_reader")


def test_wrong_ending_is_told(tmp_path: Path) -> None:
    path = tmp_path / "通知.doc"
    path.write_text("各科室：\n请落实。\n", "utf-8")
    found = read(path)
    assert [block.text for block in found.blocks] == ["各科室：", "请落实。"]
    assert [warning.code for warning in found.warnings] == ["source.ending"]


def test_text_has_a_limit_of_its_own(tmp_path: Path) -> None:
    from extractors.readers.limits import Limits

    path = tmp_path / "通知.txt"
    path.write_text("各科室：请落实。\n" * 100, "utf-8")
    with pytest.raises(LimitError) as caught:
        load(path, Limits(max_text_bytes=1000))
    assert caught.value.code == "limit.bytes"


def test_import_is_free() -> None:
    heavy = ["lxml", "pdfplumber", "pypdfium2", "docx", "spacy", "jieba", "pandas"]
    code = f"import sys; import extractors.readers.table; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
