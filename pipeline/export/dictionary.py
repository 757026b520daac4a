"""Writes ``docs/data-dictionary.md`` from tables and models: ``python -m pipeline.export.dictionary``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from pipeline.export import tables
from pipeline.export.meanings import MEANINGS, VOCABULARIES
from schemas import document, record

PATH = Path(__file__).parents[2] / "docs" / "data-dictionary.md"

MODELS: tuple[type[BaseModel], ...] = (
    record.NoticeRecord, record.Producer, record.Notice, document.Source, record.DocumentNumber, record.Issuer,
    record.Region, record.Contact, record.RecordBlock, record.Plan, record.Effective, record.RecordTable, record.Task,
    record.Owner, record.Time, record.Submission, record.Quota, document.Warning, document.Span,
)  # fmt: skip
_HEAD = """\
# Data dictionary

Generated from the code: change it there, then run `python -m pipeline.export.dictionary`.

`duban export` writes records as JSON (a file a notice), as JSON Lines (a record a line), and as five tables in CSV or
Excel. JSON is the whole record and follows [`schemas/notice.schema.json`](../schemas/notice.schema.json); the tables
hold what people sort and filter. Text is UTF-8; days are ISO (2021-03-01); empty means null.

- **Keys.** `notice_id` and, with a task, `task_key` are permanent: they stay over files, formats, reissues and newer
  rules. In JSON a task's key is `key`; its `id` changes with its words.
- **Withdrawals.** With `--since`, a notice that was purged, or is no longer to be given out, comes as
  `{"withdrawn": true, "notice": {"id": …}}` in JSON Lines, as `ID.withdrawn.json` in a folder (`ID.json` goes), and as
  a row with `state` `withdrawn` in `notices`. With JSON and JSON Lines replace a notice whole; with the tables delete
  all rows of every `notice_id` in `notices`, then insert what came.
- **Cursors.** `--since` takes a number, or a file that holds one and gets the next when everything is written. What
  changed comes at least once.
- **Masking.** Phone and identity numbers have their middle digits as `*`, one for each, unless `--unmask` is given;
  lengths and spans stay.
- **Formulas.** In CSV a text that a spreadsheet would reckon (it begins with = + - @) has a `'` before it.
- **Excel.** Heads are Chinese and so are the values of closed vocabularies. Columns marked *edit* may be changed;
  `duban corrections import` makes corrections of what was changed. Keys in the first column must stay in their rows.
"""


def text() -> str:
    """The dictionary as the committed file holds it."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "## Tables\n"
    for table in tables.TABLES:
        yield f"### {table.name} ({table.head})\n"
        yield f"{table.about} Key: `{table.key.name}`.\n"
        yield "| column | Excel | type | what it holds |"
        yield "| --- | --- | --- | --- |"
        for column in table.columns:
            edit = " *edit*" if column.edit else ""
            yield f"| `{column.name}` | {column.head}{edit} | {column.kind} | {_escape(column.about)} |"
        yield ""
    yield "## JSON\n"
    for model in MODELS:
        yield f"### {model.__name__}\n"
        yield "| field | type | what it holds |"
        yield "| --- | --- | --- |"
        for name, type_, about in fields(model):
            yield f"| `{name}` | {_escape(type_)} | {_escape(about)} |"
        yield ""
    yield "## Vocabularies\n"
    for name, (_, words) in VOCABULARIES.items():
        yield f"### {name}\n"
        yield "| value | 中文 |"
        yield "| --- | --- |"
        for value, word in words.items():
            yield f"| `{value}` | {word} |"
        yield ""


def fields(model: type[BaseModel]) -> Iterator[tuple[str, str, str]]:
    """A model's fields as they are exported: name, type, meaning.

    Raises:
        KeyError: a field has no meaning yet in ``meanings.py``.
    """
    for name, info in model.model_fields.items():
        yield info.alias or name, _type(info.annotation), MEANINGS[model.__name__][name]


def _type(annotation: Any) -> str:
    """A type in words that are not Python's."""
    for name, (literal, _) in VOCABULARIES.items():
        if annotation == literal:
            return name
    plain: dict[Any, str] = {str: "text", int: "whole", float: "number", bool: "flag", type(None): "null"}
    if annotation in plain:
        return plain[annotation]
    if annotation == document.Box:
        return "[left, top, right, bottom]"
    if annotation == document.Merge:
        return "[row, column, row span, column span]"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.__name__
    arguments = get_args(annotation)
    origin = getattr(annotation, "__origin__", None)
    if origin is list:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"{_type(arguments[1])} by name"
    return " or ".join(_type(each) for each in arguments)


def _escape(words: str) -> str:
    return words.replace("|", "\\|")


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8", newline="\n")
