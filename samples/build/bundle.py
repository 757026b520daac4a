"""A sample as it travels: as a web archive (mht), attached to a mail (eml), and with its annex in a zip."""

from __future__ import annotations

import base64
import io
import quopri
import textwrap
import zipfile
from dataclasses import replace

import docx_file
import web
from source import PageBreak, Paragraph, Sample

_BOUNDARY = "----=_NextPart_000_0001"


def mht(sample: Sample) -> bytes:
    """A page saved in one file, with a picture beside it."""
    page = quopri.encodestring(web.system(sample))
    return (
        b"From: <Saved by a browser>\r\nSubject: =?utf-8?B?6YCa55+l?=\r\nMIME-Version: 1.0\r\n"
        + f'Content-Type: multipart/related; type="text/html"; boundary="{_BOUNDARY}"\r\n\r\n'.encode()
        + f"--{_BOUNDARY}\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        f"Content-Location: http://www.example.cn/zwgk/1.html\r\n\r\n".encode()
        + page.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        + f"\r\n--{_BOUNDARY}\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Location: http://www.example.cn/1.gif\r\n\r\nR0lGODlhAQABAAAAACw=\r\n\r\n--{_BOUNDARY}--\r\n".encode()
    )


def eml(sample: Sample) -> bytes:
    """A letter that passes the notice on as an attachment, in GB2312 throughout."""
    letter = "各位同事：\r\n    现将通知转发给你们，请查收附件。\r\n"
    attached = textwrap.fill(base64.b64encode(docx_file.build(sample)).decode(), 76).replace("\n", "\r\n")
    name = _coded(f"{sample.title[:12]}.docx")
    return (
        f"From: {_coded('办公室')} <office@example.cn>\r\nTo: <all@example.cn>\r\n"
        f"Subject: {_coded('转发：' + sample.title)}"
        "\r\nDate: Mon, 15 Apr 2024 09:00:00 +0800\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/mixed; boundary="{_BOUNDARY}"\r\n\r\n--{_BOUNDARY}\r\n'
        "Content-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{base64.b64encode(letter.encode('gb2312')).decode()}\r\n--{_BOUNDARY}\r\n"
        f'Content-Type: application/octet-stream; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n{attached}\r\n--{_BOUNDARY}--\r\n'
    ).encode("ascii")


def archive(sample: Sample) -> bytes:
    """The notice and what follows its first page break, as two files whose names are in GBK, as Windows packs them."""
    cut = next(i for i, element in enumerate(sample.elements) if isinstance(element, PageBreak))
    rest = sample.elements[cut:]
    while isinstance(rest[0], PageBreak):
        rest = rest[1:]
    title = next(element.text for element in rest if isinstance(element, Paragraph) and element.kind == "title")
    files = {
        f"来文/{sample.title[:20]}.docx": docx_file.build(replace(sample, elements=sample.elements[:cut])),
        f"来文/附件：{title[:20]}.docx": docx_file.build(replace(sample, elements=rest, letterhead_as="none")),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            entry = _Named(name, (2024, 1, 1, 0, 0, 0))
            entry.create_system = 0
            entry.compress_type = zipfile.ZIP_STORED  # so that zlib has no say
            package.writestr(entry, data)
    return out.getvalue()


class _Named(zipfile.ZipInfo):
    """An entry whose name is in GBK, without the mark of UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


def _coded(text: str) -> str:
    return f"=?GB2312?B?{base64.b64encode(text.encode('gb18030')).decode()}?="
