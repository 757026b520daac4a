"""A report's tables as data frames, for whoever goes on with them in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.compare.reports.model import Content, sheets_of

if TYPE_CHECKING:
    import pandas as pd


def frames_of(content: Content) -> dict[str, pd.DataFrame]:
    """The tables with all their rows, by the names of their worksheets.

    Where a name holds several tables, the first column says which one a row is of; empty cells are empty strings.
    """
    import pandas as pd

    made: dict[str, pd.DataFrame] = {}
    for sheet in sheets_of(content):
        columns = ([content.words["of"]] if sheet.told else []) + _unlike(sheet.tables[0].columns)
        rows = [
            [*([table.title] if sheet.told else []), *(cell.text for cell in row)]
            for table in sheet.tables
            for row in table.rows
        ]
        made[sheet.name] = pd.DataFrame(rows, columns=columns)
    return made


def _unlike(columns: tuple[str, ...]) -> list[str]:
    """Columns with a number behind a name that was there already."""
    found: list[str] = []
    for name in columns:
        number = columns[: len(found)].count(name) + 1
        found.append(name if number == 1 else f"{name}{number}")
    return found
