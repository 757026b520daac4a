"""What a file is, told from its bytes; its name decides only between formats that share their bytes."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path

from extractors.readers import sniff_ole
from extractors.readers.txt_decode import decode, is_text
from schemas.errors import SourceError

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"II*\x00", "tif"), (b"MM\x00*", "tif"),
    (b"GIF87a", "gif"), (b"GIF89a", "gif"), (b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gz"), (b"PK\x05\x06", "zip"), (b"PK\x07\x08", "zip"),
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The folder that a package's own parts stand in.
_PACKAGES = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))
_OPEN_DOCUMENT = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}
_HEAD = 4096
_HTML = re.compile(
    r"<!doctype html|<(?:html|head|body|meta)[\s>]|"
    r"<(?:table|div|p|span|center|style|script|section|article|h\d)(?:\s[^<>]*)?>"
)
#: What site generators put before a page.
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n.*?\n---[ \t]*\r?\n\s*", re.DOTALL)
_MAIL = re.compile(
    r"^(received|from|to|subject|date|message-id|return-path|mime-version|content-type|x-[\w-]+): ", re.MULTILINE
)
_ENTRY_NAME = re.compile(rb"PK\x03\x04.{26}([\w\[\]./-]+)", re.DOTALL)


def sniff(data: bytes, name: str) -> str:
    """The format of a file's bytes, as the table of formats names it; ``unknown`` where none fits.

    Args:
        data: the file, whole or at least its beginning and, for packages, its end.
        name: its name; tells .wps from .doc and .csv from .txt, nothing more.

    Raises:
        SourceError: source.empty; source.encrypted, where only a password opens it.
    """
    if not data.strip(b"\x00 \t\r\n\x0b\x0c\xef\xbb\xbf\xff\xfe"):
        raise SourceError("source.empty", "文件是空的，没有任何内容", file=name, remedy="请确认后重新保存或下载")
    for magic, format in _MAGIC:
        if data.startswith(magic):
            return format
    if data.startswith(b"BM") and data[6:10] == b"\x00\x00\x00\x00":
        return "bmp"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(_OLE):
        return _ole(data, name)
    if data.startswith(b"PK\x03\x04"):
        return _zip(data)
    if re.search(rb"%PDF-\d", data[:1024]):
        return "pdf"
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return "rtf"
    if marked := _marked_up(data):
        return marked
    if not is_text(data):
        return "unknown"
    return "csv" if Path(name).suffix.lower() in (".csv", ".tsv") else "txt"


def _ole(data: bytes, name: str) -> str:
    kind = sniff_ole.kind(data)
    if kind == "encrypted":
        raise SourceError("source.encrypted", "文件有打开密码", file=name, remedy="请去掉密码另存后再放入")
    if kind == "doc" and Path(name).suffix.lower() in (".wps", ".wpt"):
        return "wps"
    return kind


def _zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            mimetype = package.open("mimetype").read(200).decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError, NotImplementedError):
        # Cut off, so without a directory: the names before each entry still stand in the bytes.
        names = [name.decode("ascii", "replace") for name in _ENTRY_NAME.findall(data)]
        mimetype = ""
    if match := re.search(r"opendocument\.(\w+)", mimetype):
        return _OPEN_DOCUMENT.get(match[1], "zip")
    plain = [name.replace("\\", "/") for name in names]
    if any(name.upper().endswith("OFD.XML") for name in plain):
        return "ofd"
    if "[Content_Types].xml" in plain or any(name == "_rels/.rels" for name in plain):
        for folder, format in _PACKAGES:
            if any(name.startswith(folder) for name in plain):
                return format
    if any(name == "word/document.xml" for name in plain):
        return "docx"
    return "zip"


def _marked_up(data: bytes) -> str:
    """Formats that are text with marks: web pages, mails, Word's XML."""
    head = decode(data[:_HEAD]).text.lstrip("\ufeff \t\r\n").lower()
    if head.startswith("<?xml") or head.startswith("<pkg:") or head.startswith("<w:"):
        if 'progid="word.document"' in head or "schemas.microsoft.com/office/2006/xmlpackage" in head:
            return "word_xml"
        if "wordml" in head or "wordprocessingml" in head:
            return "word_xml"
    body = _FRONT_MATTER.sub("", head, count=1)
    if body.startswith("<") and _HTML.search(body):
        return "html"
    top = re.split(r"\r?\n\r?\n", head, maxsplit=1)[0]
    if len({match[1] for match in _MAIL.finditer(top.replace("\r", ""))}) >= 2:
        return "mht" if "multipart/related" in top or "snapshot-content-location" in top else "eml"
    if head.startswith("mime-version:"):
        return "mht"
    return ""
