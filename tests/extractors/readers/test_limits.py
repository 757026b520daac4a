"""Zip packages: what is refused, and that what is opened is bounded."""

from __future__ import annotations

import zipfile

import pytest

from extractors.readers import read_source
from extractors.readers.limits import Limits, check_zip, open_zip, read_entry, size_text
from schemas.document import SourceFile
from schemas.errors import DubanError, LimitError, SourceError
from tests.faults.build import body, laughs, overlapping, package, zeros


def source(data: bytes) -> SourceFile:
    return SourceFile.of(data, "通知.docx", "docx")


def test_a_sound_package_passes() -> None:
    found = source(package(body("一" * 10_000)))
    check_zip(found, Limits())
    with open_zip(found) as opened:
        assert read_entry(opened, "word/document.xml", Limits()) == body("一" * 10_000)


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        (zeros(30), Limits(), "limit.expansion"),
        (package(body("一" * 9999)), Limits(max_part_bytes=9999), "limit.expansion"),
        (package(body("一"), **{"word/media/a.bin": bytes(9999)}), Limits(max_expansion=9999), "limit.expansion"),
        (package(body("一"), **{f"{n}.xml": b"<a/>" for n in range(9)}), Limits(max_entries=9), "limit.entries"),
        (package(laughs()), Limits(), "limit.xml_entities"),
        (package(laughs().decode().encode("utf-16")), Limits(), "limit.xml_entities"),
        (overlapping(), Limits(), "source.bad_entry"),
        (package(body("一"), **{"../a.xml": b""}), Limits(), "source.bad_entry"),
        (package(body("一"), **{"/etc/a.xml": b""}), Limits(), "source.bad_entry"),
        (package(body("一"), **{"C:\\a.xml": b""}), Limits(), "source.bad_entry"),
        (package(body("一"))[:-30], Limits(), "source.damaged"),
        (b"PK\x03\x04", Limits(), "source.damaged"),
    ],
)
def test_refused(data: bytes, limits: Limits, code: str) -> None:
    with pytest.raises(DubanError) as caught:
        check_zip(source(data), limits)
    assert caught.value.code == code
    assert caught.value.file == "通知.docx" and caught.value.remedy


def test_encrypted_entry() -> None:
    data = bytearray(package(body("一")))
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    with pytest.raises(SourceError, match="密码"):
        check_zip(source(bytes(data)), Limits())


def test_false_sizes_do_not_help() -> None:
    with open_zip(source(zeros(200, declared=1000))) as opened, pytest.raises(SourceError) as caught:
        read_entry(opened, "word/document.xml", Limits(), file="通知.docx")
    assert caught.value.code == "source.damaged"


def test_read_entry_is_bounded() -> None:
    with open_zip(source(package(body("一" * 999)))) as opened, pytest.raises(LimitError):
        read_entry(opened, "word/document.xml", Limits(max_part_bytes=999))


def test_a_damaged_part_beside_is_no_reason_to_refuse() -> None:
    data = bytearray(package(body("一"), **{"word/settings.xml": b"<settings/>" * 50}))
    with zipfile.ZipFile(__import__("io").BytesIO(bytes(data))) as opened:
        at = opened.getinfo("word/settings.xml").header_offset
    data[at + 50] ^= 0xFF
    check_zip(source(bytes(data)), Limits())


@pytest.mark.parametrize(("size", "text"), [(64 * 1024**2, "64 MB"), (12_288, "12 KB"), (3, "1 KB")])
def test_size_text(size: int, text: str) -> None:
    assert size_text(size) == text


LONG = "一" * (Limits().max_block_chars + 1)


@pytest.mark.parametrize("ending", ["txt", "docx", "cell", "html"])
def test_an_absurdly_long_paragraph_or_cell_is_refused(ending: str) -> None:
    data = {
        "txt": ("通知\n" + LONG).encode(),
        "docx": package(body(LONG)),
        "cell": f"<table><tr><td>序号</td><td>内容</td></tr><tr><td>1</td><td>{LONG}</td></tr></table>".encode(),
        "html": f"<p>通知</p><p>{LONG}</p>".encode(),
    }[ending]
    format = "html" if ending == "cell" else ending
    with pytest.raises(LimitError) as caught:
        read_source(SourceFile.of(data, f"通知.{format}", format))
    assert caught.value.code == "limit.block"
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


def test_a_notice_in_one_line_is_read() -> None:
    line = "".join(f"{number}．各科室每月{number % 27 + 1}日前报送信息不少于3篇。" for number in range(1, 1200))
    document = read_source(SourceFile.of(line.encode(), "通知.txt", "txt"))
    assert "".join(block.text or "" for block in document.blocks) == line
