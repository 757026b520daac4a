"""Web pages saved with what belongs to them in one file (mht, mhtml). Source: RFC 2557."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

from extractors.readers import html
from extractors.readers.limits import Limits
from schemas.document import Document, SourceFile
from schemas.errors import SourceError


def read(source: SourceFile, limits: Limits) -> Document:
    """The page in a web archive, see ``html.read``.

    Args:
        source: its bytes.
        limits: upper bounds.

    Raises:
        SourceError: source.damaged, where no page is in it; and what ``html.read`` raises.
        LimitError: the page goes beyond a limit.
    """
    message = email.message_from_bytes(source.data.lstrip(b"\xef\xbb\xbf\r\n"), policy=email.policy.default)
    pages = [data for part in message.walk() if (data := _page(part)) is not None]
    if not pages:
        raise SourceError(
            "source.damaged", "网页归档里没有网页，可能没有下载完整", file=source.name,
            remedy="请用浏览器重新保存网页，或打印为 pdf 再放入",
        )  # fmt: skip
    # The first is the page itself; one that only sets frames holds hardly any words.
    errors: list[SourceError] = []
    for data in sorted(pages, key=lambda data: (data is not pages[0], -len(data))):
        page = source.model_copy(update={"data": data})
        try:
            document = html.read(page, limits)
        except SourceError as error:
            errors.append(error)
            continue
        about = document.source.model_copy(update={"bytes": len(source.data)})
        return document.model_copy(update={"source": about})
    raise errors[0]


def _page(part: EmailMessage) -> bytes | None:
    """A part's page; its encoding is told from its bytes, whatever its head says, but for UTF-16."""
    if part.get_content_type() not in ("text/html", "application/xhtml+xml"):
        return None
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) and data.strip() else None
