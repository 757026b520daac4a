"""Contents of 承接对照表 (a superior's notice against ours) and of 年度对照 (one agency's years)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.compare.changes import said
from pipeline.compare.labels import TURNS, UPTAKES
from pipeline.compare.reports.content import parties_table, task_cell
from pipeline.compare.reports.model import Cell, Content, Section, Table
from pipeline.compare.reports.wording import wording
from pipeline.compare.sides import HandedDown, YearOnYear
from pipeline.compare.told import in_language, joined
from pipeline.compare.types import Party


def hand_down_content(found: HandedDown, lang: str = "zh") -> Content:
    """Each item of the superior's with its counterparts and both sides' words."""
    w = wording(lang)
    rows = []
    for item in found.items:
        upper = found.tasks[item.upper]
        lower = [found.tasks[key] for key in item.lower]
        owners = "、".join(dict.fromkeys(name for task in lower for _, name in task.owners))
        rows.append((
            Cell(found.party(upper.party).label), task_cell(upper),
            Cell(in_language(joined(UPTAKES[one] for one in item.uptakes), lang)),
            Cell("\n".join(task.text for task in lower) or w["no_counterpart"], tuple(task.words for task in lower)),
            Cell(owners), Cell(in_language(joined(item.detail, "；", "; "), lang)),
        ))  # fmt: skip
    columns = (w["city"], w["item"], w["uptake"], w["counterpart"], w["owner"], w["detail"])
    own = tuple((Cell(found.party(found.tasks[key].party).label), task_cell(found.tasks[key])) for key in found.own)
    sections = (
        _objects(found.parties, found.notes, w),
        Section("hand_down", w["hand_down"], (), (Table("", columns, tuple(rows), cap=200),)),
        Section("own", w["own"], (), (Table("", (w["city"], w["task"]), own, cap=60),)),
    )
    return _numbered(w["hand_down"], sections, {one.key: one.label for one in found.parties}, lang)


def years_content(found: YearOnYear, lang: str = "zh") -> Content:
    """Each step from a year to the next with what changed."""
    w = wording(lang)
    tables = []
    for step in found.steps:
        rows = tuple(
            (
                Cell(in_language(joined(TURNS[turn] for turn in one.turns), lang)),
                task_cell(found.tasks[one.before]) if one.before else Cell(""),
                task_cell(found.tasks[one.after]) if one.after else Cell(""),
                Cell(in_language(joined(map(said, one.quotas), "；", "; "), lang)),
            )
            for one in step.changes
        )
        columns = (w["turn"], str(step.earlier), str(step.later), w["detail"])
        tables.append(Table(f"{step.earlier} → {step.later}", columns, rows, cap=200))
    sections = (
        _objects(found.parties, found.notes, w),
        Section("years", w["year_on_year"], (), tuple(tables)),
    )
    return _numbered(
        w["years_title"].format(agency=found.agency), sections, {p.key: p.label for p in found.parties}, lang
    )


def _objects(parties: Sequence[Party], notes: Sequence[str], w: Mapping[str, str]) -> Section:
    prose = tuple(in_language(note, w["lang"]) for note in notes)
    return Section("objects", w["objects"], prose, (parties_table(parties, w),))


def _numbered(title: str, sections: tuple[Section, ...], places: dict[str, str], lang: str) -> Content:
    content = Content(title, sections, places, wording(lang), lang)
    content.number_all()
    return content
