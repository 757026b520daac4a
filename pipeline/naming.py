"""Which notice a person means: by id or its beginning, number or title."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from schemas.errors import DubanError

if TYPE_CHECKING:
    from pipeline.store import NoticeRow, Store

_SHOWN = 5
_BRACKETS = str.maketrans("[](){}【】（）〈〉《》", "〔〕〔〕〔〕〔〕〔〕〔〕〔〕")


class NamingError(DubanError):
    """A name that no notice has, or several have."""


def find_notice(store: Store, name: str) -> NoticeRow:
    """The notice that is meant: an id, the only one that an id begins with, a number, a title, a part of either.

    Raises:
        NamingError: none, or several.
    """
    wanted = _plain(name)
    rows = store.notices()
    for found in (
        [row for row in rows if row.notice_id == name.strip()],
        [row for row in rows if len(wanted) >= 4 and row.notice_id.startswith(name.strip())],
        [row for row in rows if row.number and _plain(row.number) == wanted],
        [row for row in rows if row.title and _plain(row.title) == wanted],
        [row for row in rows if row.number and len(wanted) >= 2 and _within(wanted, _plain(row.number))],
        [row for row in rows if row.title and len(wanted) >= 2 and wanted in _plain(row.title)],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            some = "、".join(f"{row.notice_id}（{row.title or '无标题'}）" for row in found[:_SHOWN])
            more = f"等 {len(found)} 件" if len(found) > _SHOWN else ""
            raise NamingError("notice.several", f"“{name}”指的不止一件：{some}{more}", remedy="请写编号")
    raise NamingError("notice.unknown", f"库里没有“{name}”这件公文", remedy="请用 duban list 查看编号")


def _within(part: str, number: str) -> bool:
    """Whether a number (文号) has this part, with whole figures: 15号 is not in 115号."""
    return re.search(rf"(?<!\d){re.escape(part)}(?!\d)", number) is not None


def _plain(text: str) -> str:
    """A text without white space and differences of width and brackets."""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_BRACKETS)
