"""Archives and mails: what belongs together, names, bad members, limits."""

from __future__ import annotations

import gzip
import io
import shutil
import struct
import subprocess
import tarfile
import zipfile
import zlib
from email.message import EmailMessage
from pathlib import Path

import pytest

from extractors.assemble import extract_document
from extractors.readers import archive, read_source
from extractors.readers.limits import Limits
from extractors.readers.members import in_order
from extractors.readers.sniff import sniff
from schemas.document import SourceFile
from schemas.errors import DubanError, LimitError, SourceError
from schemas.record import NoticeRecord
from tests.faults.build import zeros

SAMPLES = Path(__file__).parents[2] / "samples"
FLOOD = (SAMPLES / "shaoxing-yuecheng-flood.docx").read_bytes()
FLOOD_PDF = (SAMPLES / "shaoxing-yuecheng-flood.pdf").read_bytes()
FESTIVAL = (SAMPLES / "zhenjiang-culture-festival.docx").read_bytes()
SHEET = (SAMPLES / "xuzhou-renewal-projects.xlsx").read_bytes()
ANNEX = "一、各镇街要在5月31日前报送物资清单。\n二、区水利局每月组织一次抽查。\n".encode()


class Named(zipfile.ZipInfo):
    """An entry whose name stands in GBK, with no mark of it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


def zipped(files: dict[str, bytes], kind: type[zipfile.ZipInfo] = zipfile.ZipInfo) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in files.items():
            package.writestr(kind(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def records(data: bytes, name: str = "来文.zip", limits: Limits | None = None) -> list[NoticeRecord]:
    source = SourceFile.of(data, name, sniff(data, name))
    return extract_document(read_source(source, limits or Limits()))


def names(record: NoticeRecord) -> list[str]:
    return [source.name.partition("/")[2] for source in record.notice.sources]


def told(record: NoticeRecord) -> list[tuple[str, str]]:
    return [(warning.code, warning.message) for warning in record.warnings if warning.code.split(".")[0] != "coverage"]


def test_a_notice_and_its_annexes_are_one_in_the_order_of_their_numbers() -> None:
    files = {
        "附件10：抽查表.xlsx": SHEET,
        "附件2.txt": ANNEX,
        "通知.docx": FLOOD,
        "__MACOSX/._通知.docx": b"x",
        "Thumbs.db": b"y",
    }
    (record,) = records(zipped(files))
    assert names(record) == ["通知.docx", "附件2.txt", "附件10：抽查表.xlsx"]
    assert [block.source for block in record.blocks] == sorted(block.source for block in record.blocks)
    assert any(block.text == "附件2" for block in record.blocks)
    alone = records(zipped({"通知.docx": FLOOD}))[0]
    assert len(record.tasks) > len(alone.tasks) and record.notice.title == alone.notice.title
    for task in record.tasks:
        assert "".join(task.text.split()) == "".join(
            "".join(_words(record, span).split()) for span in task.spans
        )  # every span moved with its block


def _words(record: NoticeRecord, span) -> str:
    block = next(block for block in record.blocks if block.id == span.block)
    if span.row is None:
        return block.text[span.start : span.end]
    table = next(table for table in record.tables if table.id == block.table)
    return table.cells[span.row][span.column][span.start : span.end]


def test_names_in_gbk() -> None:
    (record,) = records(zipped({"来文/防汛通知.docx": FLOOD, "来文/附件：清单.txt": ANNEX}, Named))
    assert names(record) == ["来文/防汛通知.docx", "来文/附件：清单.txt"]


def test_several_notices_each_with_the_annexes_of_its_folder() -> None:
    found = records(zipped({"甲/通知.docx": FLOOD, "甲/附件1.txt": ANNEX, "乙/通知.docx": FESTIVAL}))
    assert sorted(len(record.notice.sources) for record in found) == [1, 2]
    assert {record.notice.document_number.text for record in found if record.notice.document_number} == {
        "越水〔2024〕12号", "镇文旅发〔2024〕41号",
    }  # fmt: skip


def test_the_same_notice_in_two_formats_is_one() -> None:
    (record,) = records(zipped({"通知.pdf": FLOOD_PDF, "通知.docx": FLOOD}))
    assert [source.format for source in record.notice.sources] == ["docx", "pdf"]
    assert {block.source for block in record.blocks} == {0}
    assert "source.conflict" not in [code for code, _ in told(record)]


def test_archives_in_archives_to_a_depth() -> None:
    inner = zipped({"通知.docx": FLOOD})
    (record,) = records(zipped({"内.zip": inner}))
    assert names(record) == ["内.zip/通知.docx"]
    deep = inner
    for _ in range(6):
        deep = zipped({"a.zip": deep, "附件.txt": ANNEX})
    found = records(deep)
    assert any(code == "limit.depth" for record in found for code, _ in told(record))


def test_one_bad_file_never_loses_the_others() -> None:
    files = {"通知.docx": FLOOD, "坏.docx": FESTIVAL[:4000], "../外.docx": FESTIVAL, "图.png": b"\x89PNG\r\n\x1a\n" + bytes(90), "x.exe": b"MZ\x90\0" * 50}  # fmt: skip
    (record,) = records(zipped(files))
    found = told(record)
    assert names(record) == ["通知.docx"]
    for code, name in (("source.damaged", "坏.docx"), ("source.bad_entry", "外.docx"), ("source.unknown", "x.exe")):
        assert any(each == code and name in message for each, message in found), found
    assert any("图.png" in message for _, message in found)


@pytest.mark.parametrize(
    ("make", "limits", "code"),
    [
        (lambda: zipped({}), {}, "source.no_member"),
        (lambda: zipped({"通知.docx": FLOOD})[:-40], {}, "source.damaged"),
        (lambda: zipped({f"{i}.txt": ANNEX for i in range(9)}), {"max_members": 5}, "limit.members"),
        (lambda: zipped({f"{i}.txt": ANNEX for i in range(9)}), {"max_entries": 5}, "limit.entries"),
        (lambda: zipped({"通知.txt": b"0" * 40_000_000}), {}, "limit.expansion"),
        (lambda: zipped({"a.docx": b"PK\x03\x04" + bytes(9)}), {}, "source.damaged"),
        (lambda: zipped({"内.docx": zeros(2000)}), {}, "limit.expansion"),
    ],
)
def test_bad_archives(make, limits: dict[str, int], code: str) -> None:
    with pytest.raises(DubanError) as caught:
        records(make(), limits=Limits(**limits))
    assert caught.value.code == code and caught.value.remedy and caught.value.file == "来文.zip"


def test_a_password() -> None:
    data = bytearray(zipped({"通知.docx": FLOOD}))
    for at in (6, data.rindex(b"PK\x01\x02") + 8):
        data[at] |= 1
    with pytest.raises(SourceError) as caught:
        records(bytes(data))
    assert caught.value.code == "source.encrypted"


def test_gz_and_tgz() -> None:
    (record,) = records(gzip.compress(FLOOD), "通知.docx.gz")
    assert names(record) == ["通知.docx"]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as package:
        for name, data in {"通知.docx": FLOOD, "附件1.txt": ANNEX}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            package.addfile(entry, io.BytesIO(data))
    (record,) = records(out.getvalue(), "来文.tgz")
    assert names(record) == ["通知.docx", "附件1.txt"]
    with pytest.raises(LimitError):
        records(gzip.compress(bytes(600_000_000)), "炸弹.gz")


@pytest.mark.parametrize("tool", ["bsdtar", "7z"])
def test_7z_by_a_program(tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("bsdtar") or not shutil.which(tool):
        pytest.skip(f"bsdtar makes the archive, {tool} opens it; one is missing")
    (tmp_path / "通知.docx").write_bytes(FLOOD)
    (tmp_path / "附件1[甲].txt").write_bytes(ANNEX)
    made = tmp_path / "a.7z"
    subprocess.run(
        ["bsdtar", "-cf", made, "--format=7zip", "通知.docx", "附件1[甲].txt"], cwd=tmp_path, check=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    monkeypatch.setenv("DUBAN_UNPACK", shutil.which(tool) or "")
    archive.program.cache_clear()
    try:
        (record,) = records(made.read_bytes(), "来文.7z")
        assert names(record) == ["通知.docx", "附件1[甲].txt"]
        with pytest.raises(SourceError) as caught:
            records(made.read_bytes()[:3000], "来文.7z")
        assert caught.value.code == "source.damaged"
    finally:
        archive.program.cache_clear()


def rar(files: dict[str, bytes]) -> bytes:
    """A rar of stored files, of version 4; source: RARLAB, RAR 4.x archive format (technote.txt)."""

    def block(kind: int, flags: int, rest: bytes, data: bytes = b"") -> bytes:
        body = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
        return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body + data

    out = b"Rar!\x1a\x07\x00" + block(0x73, 0, bytes(6))
    for name, data in files.items():
        size, raw = len(data), name.encode("ascii")
        head = struct.pack("<IIBIIBBHI", size, size, 3, zlib.crc32(data), 0x52000000, 20, 0x30, len(raw), 0o100644)
        out += block(0x74, 0x8000, head + raw, data)
    return out + block(0x7B, 0x4000, b"")


@pytest.mark.skipif(not (shutil.which("bsdtar") or shutil.which("7z")), reason="neither bsdtar nor 7-Zip is here")
def test_rar_with_a_program() -> None:
    archive.program.cache_clear()
    (record,) = records(rar({"notice.docx": FLOOD, "annex1.txt": ANNEX}), "来文.rar")
    assert names(record)[0] == "notice.docx" and record.tasks
    with pytest.raises(SourceError) as caught:
        records(rar({"notice.docx": FLOOD})[:3000], "来文.rar")
    assert caught.value.code == "source.damaged"


def test_rar_without_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_UNPACK", "")
    archive.program.cache_clear()
    try:
        with pytest.raises(SourceError) as caught:
            records(b"Rar!\x1a\x07\x01\x00" + bytes(90), "来文.rar")
        assert caught.value.code == "source.no_reader" and "解压" in caught.value.remedy
    finally:
        archive.program.cache_clear()


def mail(body: str = "", **attached: bytes) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.cn", "b@example.cn", "转发：防汛工作通知"
    message.set_content(body, charset="gb18030")
    for name, data in attached.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message


def test_a_mail_with_a_notice_and_its_annex() -> None:
    (record,) = records(bytes(mail("请查收。", **{"通知.docx": FLOOD, "附件1.txt": ANNEX})), "信.eml")
    assert names(record) == ["通知.docx", "附件1.txt"]
    assert any(code == "source.mail_text" and "请查收" in message for code, message in told(record))


def test_a_mail_that_is_the_notice_itself() -> None:
    body = "各科室：\n请于5月31日前将防汛值班表报送办公室。\n区水利局办公室\n2024年5月6日\n"
    (record,) = records(bytes(mail(body, **{"附件1.txt": ANNEX})), "信.eml")
    assert names(record) == ["邮件正文.txt", "附件1.txt"]
    assert record.notice.title == "防汛工作通知" and record.notice.issue_date == "2024-05-06"
    assert any("值班表" in task.text for task in record.tasks)


def test_a_mail_in_a_mail_and_names_in_raw_bytes() -> None:
    inner = mail("请查收。", **{"通知.docx": FLOOD})
    outer = mail("见附件。")
    outer.add_attachment(inner)
    (record,) = records(bytes(outer), "信.eml")
    assert names(record)[0].endswith("/通知.docx")
    raw = bytes(mail("请查收。", **{"X.docx": FLOOD})).replace(
        b'filename="X.docx"', 'filename="防汛通知.docx"'.encode("gb18030")
    )
    (record,) = records(raw, "信.eml")
    assert names(record) == ["防汛通知.docx"]


def test_a_mail_with_nothing_in_it() -> None:
    with pytest.raises(DubanError) as caught:
        records(b"From: a@example.cn\nTo: b@example.cn\nSubject: x\n\n\n", "信.eml")
    assert caught.value.remedy


def test_order_of_names() -> None:
    given = ["附件10.docx", "附件2.docx", "附件一.docx", "b/附件1.docx", "附件十.docx", "通知.docx"]
    found = sorted(given, key=in_order)
    assert (
        found.index("附件一.docx")
        < found.index("附件2.docx")
        < found.index("附件10.docx")
        < found.index("b/附件1.docx")
    )


def test_a_page_with_the_file_that_it_links_to() -> None:
    page = (
        "<html><body><h1>关于做好防汛工作的通知</h1><div class=TRS_Editor><p>各科室：</p><p>请认真落实防汛工作要求，确保安全。</p>"
        "<p align=right>某市水务局</p><p align=right>2024年5月6日</p></div>"
        '<div>附件：<a href="./P1.txt">1.物资清单.txt</a><a href="./P2.doc">2.联系表.doc</a></div></body></html>'
    ).encode()
    (record,) = records(page, "通知.html")
    assert record.notice.attachments == ["物资清单", "联系表"]
    assert [code for code, _ in told(record)] == ["source.linked_file"] * 2
    (record,) = records(zipped({"通知.html": page, "P1.txt": ANNEX}))
    assert names(record) == ["通知.html", "P1.txt"]
    assert [message for code, message in told(record) if code == "source.linked_file" and "物资清单" in message] == []
