"""Digests by mail to the units' addresses in the roster, through the office's own server. Off without a server.

A paper marked 内部资料 and the like stays out unless the office says otherwise, and telephone and identity numbers are
masked, as in everything that leaves the machine.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from pipeline.export.mask import mask
from pipeline.tracker.remind import Digest
from pipeline.tracker.remind_text import chat
from pipeline.tracker.settings import MailSettings
from pipeline.tracker.types import LedgerError, Unit

_ADDRESS = re.compile(r"[^\s@;,，；<>\"]+@[^\s@;,，；<>\"]+")
_WORD_TYPE = "vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Ports where none is set.
_PORTS = {"tls": 465, "starttls": 587, "none": 25}


@dataclass(frozen=True)
class Mailed:
    """Which units' digests went out, and why others did not."""

    sent: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


def addresses(digest: Digest, units: Iterable[Unit]) -> list[str]:
    """A unit's addresses in the roster, as valid on the digest's day; one cell may hold several."""
    found = []
    for unit in units:
        valid = (unit.valid_from is None or unit.valid_from <= digest.on) and (
            unit.valid_to is None or digest.on <= unit.valid_to
        )
        if valid and digest.unit in (unit.name, *unit.short_names):
            found += _ADDRESS.findall(unit.email)
    return list(dict.fromkeys(found))


def message(
    digest: Digest, to: Sequence[str], settings: MailSettings, now: datetime, sender: str = "",
    letters: Sequence[Path] = (),
) -> EmailMessage:  # fmt: skip
    """A digest as a mail, with its letters as attachments."""
    mail = EmailMessage()
    mail["From"] = settings.sender
    mail["To"] = ", ".join(to)
    mail["Subject"] = f"督办提醒：{' '.join(digest.unit.split())}（{digest.on.month}月{digest.on.day}日）"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=settings.sender.rpartition("@")[2] or "duban")
    text = chat(digest, sender)
    mail.set_content(text if settings.unmask else mask(text))
    for path in letters:
        mail.add_attachment(path.read_bytes(), maintype="application", subtype=_WORD_TYPE, filename=path.name)
    return mail


def send(mails: Sequence[tuple[str, EmailMessage]], settings: MailSettings, environment: Mapping[str, str]) -> Mailed:
    """Sends mails over one connection; one that is refused stops no other.

    Args:
        mails: with the units that they are for.

    Raises:
        LedgerError: the server can't be reached, or doesn't let this user in.
    """
    sent: list[str] = []
    failed: list[tuple[str, str]] = []
    if not mails:
        return Mailed()
    with _connect(settings, environment) as server:
        for unit, mail in mails:
            try:
                server.send_message(mail)
                sent.append(unit)
            except (smtplib.SMTPException, OSError) as error:
                failed.append((unit, _why(error)))
    return Mailed(tuple(sent), tuple(failed))


def _connect(settings: MailSettings, environment: Mapping[str, str]) -> smtplib.SMTP:
    password = environment.get("DUBAN_MAIL_PASSWORD", "") or settings.password
    port = settings.port or _PORTS[settings.security]
    safe = ssl.create_default_context()
    try:
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(settings.server, port, timeout=settings.timeout, context=safe)
        else:
            server = smtplib.SMTP(settings.server, port, timeout=settings.timeout)
        if settings.security == "starttls":
            server.starttls(context=safe)
        if settings.user:
            server.login(settings.user, password)
    except (smtplib.SMTPException, OSError) as error:
        raise LedgerError(
            "ledger.mail", f"连不上邮件服务器 {settings.server}:{port}（{_why(error)}）",
            remedy="请核对 duban.toml 的 [mail] 和环境变量 DUBAN_MAIL_PASSWORD",
        ) from error  # fmt: skip
    return server


def _why(error: Exception) -> str:
    """The server's own words, on one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "；".join(f"{name}：{_plain(said[1])}" for name, said in error.recipients.items())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_plain(error.smtp_error)}"
    return str(getattr(error, "strerror", None) or error)


def _plain(said: str | bytes) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(text.split())
