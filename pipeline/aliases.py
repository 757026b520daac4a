"""An agency's other names for its units, which a person keeps in a table and which is laid over every record read.

Extraction resolves names within one notice only; what holds across notices (环卫处 is now 环卫中心) stands in
``aliases.csv``, edited in Excel or WPS::

    name,canonical,agency
    环卫处,如皋市城市管理局环境卫生管理中心,如皋市城市管理局
    市城管局,如皋市城市管理局,

``agency`` limits a row to notices that this agency issued; empty, it holds for all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.errors import SourceError

if TYPE_CHECKING:
    from schemas.record import NoticeRecord, Owner

_COLUMNS = ("name", "canonical", "agency")


@dataclass(frozen=True)
class Aliases:
    """Canonical names by (agency, name); the agency is empty where a row holds for all."""

    table: Mapping[tuple[str, str], str]

    def canonical(self, name: str, agencies: tuple[str, ...]) -> str | None:
        """The canonical name of an owner in a notice of these agencies; the agencies' own rows go first."""
        key = _squeeze(name)
        for agency in (*agencies, ""):
            if (agency, key) in self.table:
                return self.table[agency, key]
        return None


def read_aliases(path: Path) -> Aliases:
    """Read the table; UTF-8 with or without BOM, or GB18030, as Excel and WPS save it.

    Raises:
        SourceError: the file can't be read, a column is missing, or a row has no name or no canonical name.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = f"别名表打不开（{error.strerror or error}）"
        raise SourceError("aliases.unreadable", reason, file=str(path), remedy="请检查路径和权限") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    rows = csv.DictReader(io.StringIO(text))
    if rows.fieldnames is None or not {"name", "canonical"} <= {name.strip() for name in rows.fieldnames if name}:
        message = f"别名表的表头应是 {'、'.join(_COLUMNS)}"
        raise SourceError("aliases.columns", message, file=str(path), remedy="请补上表头")
    table: dict[tuple[str, str], str] = {}
    for number, row in enumerate(rows, 2):
        name, canonical, agency = ((row.get(column) or "").strip() for column in _COLUMNS)
        if not name and not canonical:
            continue
        if not name or not canonical:
            message = "name 和 canonical 都要填"
            raise SourceError("aliases.row", message, file=str(path), place=f"第{number}行", remedy="请补全这一行")
        table[_squeeze(agency), _squeeze(name)] = canonical
    return Aliases(table)


def apply(record: NoticeRecord, aliases: Aliases) -> NoticeRecord:
    """A record whose owners bear the table's canonical names; their own words and spans stay."""
    agencies = tuple(_squeeze(issuer.name) for issuer in record.notice.issuers)

    def renamed(owner: Owner) -> Owner:
        canonical = aliases.canonical(owner.name, agencies)
        if canonical is None and owner.canonical is not None:
            canonical = aliases.canonical(owner.canonical, agencies)
        return owner.model_copy(update={"canonical": canonical}) if canonical else owner

    tasks = [task.model_copy(update={"owners": [renamed(owner) for owner in task.owners]}) for task in record.tasks]
    return record.model_copy(update={"tasks": tasks})


def _squeeze(name: str) -> str:
    return "".join(name.split())
