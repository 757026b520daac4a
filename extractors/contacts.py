"""Telephone numbers and mail addresses that a notice gives for questions and returns."""

from __future__ import annotations

import re
from collections.abc import Iterable

from schemas.record import Contact

#: RFC 5321, 4.5.3.1: 64 characters before the @, 255 behind it. The bounds keep long runs of letters cheap.
_MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_PHONE = re.compile(
    r"(?:电\s*话|手\s*机|传\s*真|热\s*线|Tel|TEL)[^0-9＋+：:]{0,8}[：:]?\s*"
    r"(?P<numbers>[0-9（(+][0-9（）()\-—－/、，, ]{5,60}[0-9])"
)


def find_contacts(texts: Iterable[str]) -> list[Contact]:
    """Contacts in reading order, each once."""
    found: list[Contact] = []
    for text in texts:
        for phones in _PHONE.finditer(text):
            kind = "fax" if phones.group().replace(" ", "").startswith("传真") else "phone"
            for number in re.split(r"[、，,/；; ]+", phones["numbers"]):
                if len(re.sub(r"\D", "", number)) >= 5:
                    found.append(Contact(kind=kind, value=number.strip()))
        found.extend(Contact(kind="email", value=mail) for mail in _MAIL.findall(text))
    return list({(contact.kind, contact.value): contact for contact in found}.values())
