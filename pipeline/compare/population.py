"""People by region, from a table that the user gives: what quotas per 10,000 people are reckoned with."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from schemas.errors import SourceError

_COLUMNS = ("region", "population")


def read_population(path: Path) -> dict[str, float]:
    """People by region code (GB/T 2260).

    Args:
        path: a CSV in UTF-8 or GB18030 with the columns ``region`` (six digits, or the region's full name) and
            ``population`` (people, or with 万: ``145.6万``).

    Raises:
        SourceError: the file can't be read, a column is missing, or a row can't be used; the row is named.
    """
    from extractors.values.regions import regions_named

    try:
        data = path.read_bytes()
    except OSError as error:
        reason = f"人口表打不开（{error.strerror or error}）"
        raise SourceError("population.unreadable", reason, file=str(path), remedy="请检查路径和权限") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    rows = csv.DictReader(io.StringIO(text))
    if not set(_COLUMNS) <= {(name or "").strip() for name in rows.fieldnames or ()}:
        message = f"人口表的表头应是 {'、'.join(_COLUMNS)}"
        raise SourceError("population.columns", message, file=str(path), remedy="请补上表头")
    people: dict[str, float] = {}
    for number, row in enumerate(rows, 2):
        region, amount = ((row.get(column) or "").strip() for column in _COLUMNS)
        if not region and not amount:
            continue
        found = [region] if region.isdigit() and len(region) == 6 else [one.code for one in regions_named(region)]
        value = _people(amount)
        if len(found) != 1 or value is None:
            message = f"“{region}，{amount}”看不出是哪个地区、多少人"
            raise SourceError(
                "population.row", message, file=str(path), place=f"第{number}行",
                remedy="地区请写六位代码或全称，人口写人数或如 145.6万",
            )  # fmt: skip
        people[found[0]] = value
    return people


def _people(amount: str) -> float | None:
    digits = amount.replace(",", "").replace("，", "").removesuffix("人")
    factor = 10_000.0 if digits.endswith("万") else 1.0
    try:
        value = float(digits.removesuffix("万")) * factor
    except ValueError:
        return None
    return value if 0 < value < 2e9 else None
