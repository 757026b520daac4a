"""Mails (eml): the letter's own words and the files attached to it. Source: RFC 5322, 2045-2049, 2231."""

from __future__ import annotations

import email
import email.errors
import email.header
import email.policy
import re
from collections.abc import Iterator
from contextlib import suppress
from email.message import EmailMessage, Message
from pathlib import PurePosixPath

from extractors.readers import members as files
from extractors.readers.joining import headed
from extractors.readers.limits import Limits
from extractors.readers.members import Member, tidy_name
from extractors.readers.text import clean
from schemas.document import Document, SourceFile
from schemas.errors import LimitError, SourceError

__all__ = ["BODY", "members", "read", "subject_of"]

#: What the letter itself is called among a mail's files.
BODY = "邮件正文"
_PREFIX = re.compile(r"^\s*(?:(?:fwd?|re|转发|回复|答复)\s*[:：]\s*)+", re.IGNORECASE)


def read(source: SourceFile, limits: Limits) -> Document:
    """A mail, see ``members.read``; its subject heads a letter that does not tell it.

    Raises:
        SourceError, LimitError: as ``members.read``.
    """
    document = files.read(source, limits)
    if PurePosixPath(document.source.name).stem != BODY:
        return document
    opening = "".join("".join((block.text or "").split()) for block in document.blocks[:8])
    subject = subject_of(source)
    if len(subject) < 6 or "".join(subject.split()) in opening:
        return document
    return headed(document, subject, "center")


def members(source: SourceFile, limits: Limits) -> Iterator[Member]:
    """A mail's letter, as a page or a text, then its attachments in order; pictures within the letter are left out.

    Raises:
        SourceError: source.damaged, where it has no part at all.
        LimitError: limit.entries.
    """
    message = email.message_from_bytes(source.data, policy=email.policy.default)
    pages: list[bytes] = []
    plain: list[bytes] = []
    attached: list[Member] = []
    for count, part in enumerate(_parts(message)):
        if count > limits.max_entries:
            text = f"邮件里的部分超过上限{limits.max_entries}个"
            raise LimitError("limit.entries", text, file=source.name, remedy="请把附件另存后逐个放入")
        name = filename(part)
        kind = part.get_content_type()
        if not name and kind in ("text/html", "text/plain") and part.get_content_disposition() != "attachment":
            (pages if kind == "text/html" else plain).append(_text(part))
        elif kind.startswith("image/") and (part.get("Content-ID") or part.get_content_disposition() == "inline"):
            continue
        elif (data := _data(part)) is not None:
            attached.append(Member(tidy_name(name or f"附件.{part.get_content_subtype()}"), data))
    body = b"\n<br>\n".join(pages) if pages else b"\n".join(plain)
    if not body.strip() and not attached:
        raise SourceError(
            "source.damaged", "邮件里没有正文也没有附件", file=source.name, remedy="请重新导出邮件，或把附件另存后放入"
        )
    if body.strip():
        yield Member(f"{BODY}.{'html' if pages else 'txt'}", _as_page(body) if pages else body)
    yield from attached


def subject_of(source: SourceFile) -> str:
    """A mail's subject without 转发 and 回复."""
    message = email.message_from_bytes(source.data, policy=email.policy.default)
    return _PREFIX.sub("", " ".join(clean(_decoded(str(message.get("Subject") or ""))).split()))


def filename(part: Message) -> str:
    """An attachment's name, by whichever of the ways to write it was taken; raw bytes as UTF-8 or GB18030."""
    name = _raw_name(part) or _decoded(part.get_filename() or "")
    if not name and part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0)
        subject = _decoded(str(inner.get("Subject") or "")) if isinstance(inner, Message) else ""
        name = f"{subject or '邮件'}.eml"
    return PurePosixPath(name.replace("\\", "/")).name


def _raw_name(part: Message) -> str:
    """A name that stands in a head as bytes, which no standard allows and the parser gives up on."""
    for _, value in part.raw_items():
        if any("\udc80" <= char <= "\udcff" for char in str(value)):
            found = re.search(r'name\s*=\s*"([^"]+)"', str(value))
            if found:
                return _decoded(found[1])
    return ""


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that hold something; of a mail in the mail, the mail as one."""
    if message.get_content_type() == "message/rfc822":
        yield message
    elif message.is_multipart():
        for part in message.iter_parts():
            yield from _parts(part)  # type: ignore[arg-type]
    else:
        yield message


def _data(part: EmailMessage) -> bytes | None:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0)
        return inner.as_bytes() if isinstance(inner, Message) else None
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else None


def _text(part: EmailMessage) -> bytes:
    """A part's words in UTF-8, by the encoding that its head names where the bytes bear it out."""
    data = _data(part) or b""
    named = (part.get_content_charset() or "").lower().replace("gb2312", "gb18030").replace("gbk", "gb18030")
    try:
        return data.decode(named or "utf-8").encode("utf-8")
    except (LookupError, UnicodeDecodeError):
        from extractors.readers.txt_decode import decode

        return decode(data).text.encode("utf-8")


def _as_page(body: bytes) -> bytes:
    return body if b"<" in body[:2000] else b"<p>" + body + b"</p>"


def _decoded(text: str) -> str:
    """A head's words: what is coded in them, and raw bytes that mailers leave."""
    if any("\udc80" <= char <= "\udcff" for char in text):
        raw = text.encode("utf-8", "surrogateescape")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("gb18030", "replace")
    if "=?" in text:
        with suppress(LookupError, UnicodeDecodeError, ValueError, email.errors.HeaderParseError):
            text = str(email.header.make_header(email.header.decode_header(text)))
    return text
