"""Bad files, made on the fly: small programs instead of large fixtures."""

from __future__ import annotations

import gzip
import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from extractors.ocr import installed

MIB = 1024 * 1024
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELS = (
    f'<Relationships xmlns="{_REL}"><Relationship Id="r1" Type="{_OFFICE}" Target="word/document.xml"/></Relationships>'
)
_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def package(document: bytes, **more: bytes) -> bytes:
    """A Word package around a main part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", _TYPES)
        out.writestr("_rels/.rels", _RELS)
        out.writestr("word/document.xml", document)
        for name, data in more.items():
            out.writestr(name, data)
    return buffer.getvalue()


def body(text: str) -> bytes:
    """A main part of one paragraph."""
    return f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'.encode()


def zeros(count: int, declared: int | None = None) -> bytes:
    """A package whose main part is ``count`` MiB of zeros, with a true or a false size in its directory."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = deflate.compress(b"\0" * MIB) + deflate.flush(zlib.Z_FULL_FLUSH)
    stream = block * count + zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    size = count * MIB if declared is None else declared
    buffer = io.BytesIO(package(body("一")))
    with zipfile.ZipFile(buffer, "a") as out:
        directory = {info.filename: info for info in out.filelist}
        info = zipfile.ZipInfo("word/document.xml")
        info.compress_type, info.compress_size, info.file_size = zipfile.ZIP_DEFLATED, len(stream), size
        info.CRC, info.header_offset = 0, out.start_dir
        assert out.fp
        out.fp.seek(out.start_dir)
        out.fp.write(info.FileHeader() + stream)
        out.start_dir = out.fp.tell()
        out.filelist[:] = [*(old for name, old in directory.items() if name != info.filename), info]
        out._didModify = True  # type: ignore[attr-defined]
    return buffer.getvalue()


def overlapping(count: int = 3) -> bytes:
    """A package whose directory names one stretch of bytes several times."""
    buffer = io.BytesIO(package(body("一")))
    with zipfile.ZipFile(buffer, "a") as out:
        last = out.filelist[-1]
        for number in range(count):
            info = zipfile.ZipInfo(f"word/part{number}.xml")
            for field in ("compress_type", "compress_size", "file_size", "CRC", "header_offset"):
                setattr(info, field, getattr(last, field))
            out.filelist.append(info)
        out._didModify = True  # type: ignore[attr-defined]
    return buffer.getvalue()


def laughs() -> bytes:
    """Entities of entities of entities, as a main part."""
    entities = '<!ENTITY a0 "哈">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f"<!DOCTYPE w:document [{entities}]>".encode() + body("&a9;")


def _members(**files: bytes) -> bytes:
    """An archive of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in files.items():
            out.writestr(name, data)
    return buffer.getvalue()


def _nested() -> bytes:
    data = _members(**{"通知.txt": "通知".encode()})
    for _ in range(6):
        data = _members(**{"内.zip": data})
    return data


def _xlsx(head: bytes = b"") -> bytes:
    """A sample's workbook, with something before its sheet."""
    with zipfile.ZipFile(_SAMPLES / "xuzhou-renewal-projects.xlsx") as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return _members(**{name: (head if "sheet1" in name else b"") + data for name, data in parts.items()})


def compound(*streams: str) -> bytes:
    """A compound file with empty streams of these names in its root."""

    def entry(name: str, kind: int, right: int, child: int) -> bytes:
        coded = name.encode("utf-16-le")
        none = 0xFFFFFFFF
        return (
            coded.ljust(64, b"\0") + struct.pack("<HBBIII", len(coded) + 2, kind, 1, none, right, child)
            + bytes(36) + struct.pack("<IQ", 0xFFFFFFFE, 0)
        )  # fmt: skip

    entries = [entry("Root Entry", 5, 0xFFFFFFFF, 1)]
    for number, name in enumerate(streams, 1):
        entries.append(entry(name, 2, number + 1 if number < len(streams) else 0xFFFFFFFF, 0xFFFFFFFF))
    directory = b"".join(entries).ljust(512, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    table = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE).ljust(512, b"\xff")
    return header + struct.pack("<I", 0).ljust(436, b"\xff") + table + directory.ljust(512, b"\0")


def pdf(pages: int = 1, password: str = "") -> bytes:
    """A PDF of blank pages, behind a password if one is given (standard handler, 40 bits, revision 2)."""
    kids = " ".join(f"{number} 0 R" for number in range(3, 3 + pages))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>"]
    objects += ["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"] * pages
    trailer = f"/Size {len(objects) + 1} /Root 1 0 R"
    if password:
        objects.append(_encryption(password))
        trailer = f"/Size {len(objects) + 1} /Root 1 0 R /Encrypt {len(objects)} 0 R /ID [<{'00' * 16}><{'00' * 16}>]"
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return bytes(out + f"trailer << {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode())


def _encryption(password: str) -> str:
    """Source: ISO 32000-1, 7.6.3, algorithms 2 to 4."""
    padded = (password.encode() + _PAD)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    key = hashlib.md5(padded + owner + struct.pack("<i", -4) + bytes(16)).digest()[:5]
    user = _rc4(key, _PAD)
    return f"<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <{owner.hex()}> /U <{user.hex()}> >>"


def _rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def _sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write("全市各单位：\n".encode() * 1000)
        stream.truncate(200 * MIB)


def _folder(path: Path) -> None:
    path.mkdir()


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


_SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def spoilt(sample: str, place: int, value: bytes, keep: float = 1.0) -> bytes:
    """A sample with bytes written over a place, and cut after a share of its length."""
    data = bytearray((_SAMPLES / sample).read_bytes())
    data[place : place + len(value)] = value
    return bytes(data[: int(len(data) * keep)])


def looped(sample: str) -> bytes:
    """A compound file whose every sector leads to the first."""
    data = (_SAMPLES / sample).read_bytes()
    size, first = 512, struct.unpack_from("<I", data, 76)[0]
    start = (first + 1) * size
    return data[:start] + bytes(size) + data[start + size :]


def ofd_of(content: str, **more: str) -> bytes:
    """An OFD file of one page."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    parts = {
        "OFD.xml": f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>D.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "D.xml": f'<ofd:Document {space}><ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages></ofd:Document>',
        "P.xml": content,
        **more,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in parts.items():
            out.writestr(name, text)
    return buffer.getvalue()


_PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
_MANY = {f"x/{number}.bin": b"" for number in range(6000)}
#: Name of the file, what is in it (or how it is made), the error's code, words that its line must hold.
CASES: dict[str, tuple[str, bytes | Callable[[], bytes] | Callable[[Path], None], str, str]] = {
    "empty": ("空.docx", b"", "source.empty", "空的"),
    "blank": ("空白.txt", "\ufeff \r\n\r\n".encode(), "source.empty", "空的"),
    "cut docx": ("残缺.docx", lambda: package(body("一" * 5000))[:-300], "source.damaged", "重新下载"),
    "cut pdf": ("残缺.pdf", lambda: pdf(3)[:60], "source.damaged", "重新下载"),
    "picture": ("扫描.docx", _PNG, "source.damaged" if installed() else "source.no_ocr", "图片"),
    "locked docx": ("加密.docx", lambda: compound("EncryptedPackage", "EncryptionInfo"), "source.encrypted", "密码"),
    "locked pdf": ("加密.pdf", lambda: pdf(1, "secret"), "source.encrypted", "密码"),
    "old word": ("旧版.docx", lambda: compound("WordDocument", "1Table"), "source.damaged", "另存为 docx"),
    "looped doc": ("环.doc", lambda: looped("rugao-water-plans.doc"), "source.no_reader", "另存为"),
    "looped xls": ("环.xls", lambda: looped("xuzhou-renewal-projects.xls"), "source.damaged", "打不开"),
    "cut xls": ("残缺.xls", lambda: spoilt("xuzhou-renewal-projects.xls", 0, b"", 0.3), "source.no_reader", "另存为"),
    "no ofd": ("空壳.ofd", lambda: ofd_of("", **{"OFD.xml": "<x/>"}), "source.damaged", "文档"),
    "ofd bomb": ("炸弹.ofd", lambda: ofd_of(" " * (60 * MIB)), "limit.expansion", "解压"),
    "ofd path trick": ("路径.ofd", lambda: ofd_of("<x/>", **{"../x.xml": "<x/>"}), "source.bad_entry", "路径"),
    "deep rtf": ("深.rtf", b"{\\rtf1 " + b"{" * 200_000, "limit.depth", "嵌套"),
    "empty page": ("空.html", b"<html><body><script>load()</script></body></html>", "source.no_notice", "正文"),
    "deep page": ("深.html", b"<html><body>" + b"<div>" * 3000 + b"x", "limit.depth", "嵌套"),
    "no page": (
        "空.mht",
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n",
        "source.damaged",
        "网页",
    ),
    "no letter": ("空.eml", b"From: a@example.cn\nSubject: x\n\n", "source.damaged", "附件"),
    "cut zip": ("残缺.zip", lambda: _members(**{"通知.txt": b"x" * 5000})[:-60], "source.damaged", "重新下载"),
    "archive bomb": ("炸弹.zip", lambda: _members(**{"通知.txt": bytes(60 * MIB)}), "limit.expansion", "解压"),
    "archive of nothing": ("空.zip", lambda: _members(**{"Thumbs.db": b"x"}), "source.no_member", "没有文件"),
    "archive path trick": ("路径.zip", lambda: _members(**{"../../通知.txt": b"x"}), "source.bad_entry", "路径"),
    "archives in archives": ("套.zip", _nested, "limit.depth", "层"),
    "gz bomb": ("炸弹.gz", lambda: gzip.compress(bytes(500 * MIB), 1), "limit.expansion", "解压"),
    "cut xlsx": ("残缺.xlsx", lambda: _xlsx()[:-300], "source.damaged", "重新下载"),
    "xlsx bomb": ("实体.xlsx", lambda: _xlsx(b'<!DOCTYPE x [<!ENTITY a "b">]>'), "limit.xml_entities", "实体"),
    "zip bomb": ("炸弹.docx", lambda: zeros(2000), "limit.expansion", "解压"),
    "lying zip bomb": ("谎报.docx", lambda: zeros(2000, declared=1000), "source.damaged", "损坏"),
    "overlapping entries": ("重叠.docx", overlapping, "source.bad_entry", "重叠"),
    "entries": ("条目.docx", lambda: package(body("一"), **_MANY), "limit.entries", "上限"),
    "path trick": ("路径.docx", lambda: package(body("一"), **{"../../x.xml": b"<x/>"}), "source.bad_entry", "路径"),
    "xml bomb": ("实体.docx", lambda: package(laughs()), "limit.xml_entities", "实体"),
    "broken xml": ("断裂.docx", lambda: package(b"<w:document><w:body>"), "source.damaged", "document.xml"),
    "other package": ("包裹.docx", lambda: package(body("一")).replace(b"word/", b"work/"), "source.no_reader", "解压"),
    "2000 pages": ("长卷.pdf", lambda: pdf(2000), "limit.pages", "上限"),
    "200 MB": ("巨大.txt", _sparse, "limit.bytes", "200 MB"),
    "folder": ("文件夹.docx", _folder, "source.not_a_file", "文件夹"),
    "link to itself": ("环.docx", _loop, "source.unreadable", "链接"),
    "noise": ("噪声.pdf", bytes(range(256)) * 50, "source.unknown", "认不出"),
}


def make(name: str, folder: Path) -> Path:
    """Writes a bad file and gives its path."""
    file, content, _, _ = CASES[name]
    path = folder / file
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif name in ("200 MB", "folder", "link to itself"):
        content(path)  # type: ignore[call-arg]
    else:
        path.write_bytes(content())  # type: ignore[call-arg, arg-type]
    return path
