"""A report as one HTML file that needs nothing else: styles and charts inside, no network, the reader's own fonts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pipeline.compare.reports.charts import svg
from pipeline.compare.reports.model import BRIEF, Content, capped, sheet_for


def html(content: Content) -> str:
    """The page; each number in brackets leads to the words in the appendix."""
    from itertools import groupby

    shown = [(section, *capped(section)) for section in content.sections]
    used = {
        content.number(words)
        for _, tables, _ in shown
        for table, _ in tables
        for row in table.rows[: table.cap]
        for cell in row
        for words in cell.words
    }
    places = {key: place for place, key in enumerate(content.places)}
    evidence = [(number, words) for number, words in enumerate(content.evidence, 1) if number in used]
    evidence.sort(key=lambda one: (places[one[1].party], one[0]))
    grouped = [(content.places[key], list(group)) for key, group in groupby(evidence, key=lambda one: one[1].party)]
    return str(
        _template().render(
            content=content, w=content.words, shown=shown, evidence=grouped, number=content.number,
            sheets=sheet_for(content), drawn=svg, brief=BRIEF,
        )
    )  # fmt: skip


@lru_cache(maxsize=1)
def _template() -> Any:
    from pathlib import Path

    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = Path(__file__).with_name("templates")
    made = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return made.get_template("report.html")
