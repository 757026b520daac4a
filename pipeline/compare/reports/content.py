"""The content of a comparison's report, in sections; quotas stand in ``quota_content``."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pipeline.compare.labels import FORCES, LEVELS, NOT_COMPARABLE, ONLY_HERE, RELATIONS, ROLES, SETTINGS
from pipeline.compare.reports.model import FEWEST_BARS, Cell, Chart, Content, Section, Table
from pipeline.compare.reports.naming import Names, place_groups, place_heads
from pipeline.compare.reports.quota_content import quota_section
from pipeline.compare.reports.wording import wording
from pipeline.compare.told import in_language, told
from pipeline.compare.types import Comparison, Coverage, Due, Party, TakenOver, TaskView, Words

#: Rows of the calendar below those of the months.
_ALL_YEAR, _MONTHLY = 13, 14


def content_of(found: Comparison, lang: str = "zh") -> Content:
    """The report of a comparison.

    Args:
        lang: ``zh`` or ``en``, of headings and prose; what notices say stays Chinese.
    """
    w = wording(lang)
    names = Names(found, lang)
    sections = (
        _objects(found, w, names), _overview(found, w, names), _coverage(found, w, names),
        quota_section(found, w, names), _owners(found, w, names), _calendar(found, w, names), _only(found, w, names),
        _taken(found, w, names), _method(found, w, names),
    )  # fmt: skip
    content = Content(w["title"], sections, {party.key: party.label for party in found.parties}, w, lang)
    content.number_all()
    return content


def parties_table(parties: Sequence[Party], w: Mapping[str, str]) -> Table:
    """What is compared, under provinces and prefectures."""
    columns = ("city", "agency", "level", "kind", "number", "date", "years", "tasks", "quota_count", "unread",
               "supplied")  # fmt: skip
    rows = []
    for one in parties:
        years = "" if one.years is None else "—".join(dict.fromkeys(map(str, one.years)))
        texts = (
            one.label, one.agency or "", in_language(LEVELS[one.level], w["lang"]), one.kind or "",
            one.document_number or "", one.issue_date or "", years, str(one.tasks), str(one.quotas), str(one.unread),
            "、".join(one.supplied),
        )  # fmt: skip
        rows.append(tuple(map(Cell, texts)))
    return Table("", tuple(w[name] for name in columns), tuple(rows), cap=200, groups=place_groups(parties, w))


def task_cell(task: TaskView, marks: tuple[tuple[int, int], ...] = ()) -> Cell:
    """A task by its words, with marks that fit them."""
    return Cell(task.text, (task.words,), tuple((s, e) for s, e in marks if 0 <= s < e <= len(task.text)))


def _objects(found: Comparison, w: Mapping[str, str], names: Names) -> Section:
    """Cautions are told together where one notice differs from several others for the same reasons."""
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    differing = Counter(key for one in found.cautions for key in (one.left, one.right))
    for one in found.cautions:
        # The one that differs from more notices is what the reader looks for.
        left, right = sorted((one.left, one.right), key=lambda key: -differing[key])
        reasons = tuple(names.told(reason) for reason in one.reasons)
        alike.setdefault((left, reasons if left == one.left else _swapped(reasons)), []).append(right)
    rows = tuple(
        (
            Cell(names.party(left)),
            Cell(names.row(map(names.party, others))),
            Cell(("；" if w["lang"] == "zh" else "; ").join(reasons)),
        )
        for (left, reasons), others in alike.items()
    )
    cautions = Table(
        w["not_comparable"], (w["notice"], w["others_side"], w["reasons"]), rows, cap=60, name=w["not_comparable_sheet"]
    )
    prose = (*map(names.told, found.notes), w["no_total"])
    return Section("objects", w["objects"], prose, (parties_table(found.parties, w), cautions))


def _swapped(reasons: tuple[str, ...]) -> tuple[str, ...]:
    """Reasons with the two sides in brackets in the other order."""
    return tuple(re.sub(r"（(.+)与(.+)）$|\((.+), (.+)\)$", _turned, reason) for reason in reasons)


def _turned(match: re.Match[str]) -> str:
    return f"（{match[2]}与{match[1]}）" if match[1] else f"({match[4]}, {match[3]})"


def _overview(found: Comparison, w: Mapping[str, str], names: Names) -> Section:
    line = w["counts_line"].format(
        parties=len(found.parties), tasks=len(found.tasks), quotas=len(found.quotas), pairs=len(found.pairs),
        groups=len(found.groups), taken=len(found.taken_over),
    )  # fmt: skip
    groups = tuple(
        (
            Cell(one.name), Cell(names.topics(one.topics)), Cell(str(len(set(one.parties)))),
            Cell(names.row(map(names.party, dict.fromkeys(one.parties))), _words(found, one.tasks)),
        )
        for one in found.groups
    )  # fmt: skip
    count = Counter(task.party for task in found.tasks.values())
    bars = tuple((one.label, float(count[one.key]), str(count[one.key])) for one in found.parties)
    counted = Table(
        w["tasks"], (w["city"], w["tasks"]), tuple((Cell(name), Cell(text)) for name, _, text in bars),
        chart=Chart(w["tasks"], bars) if len(bars) >= FEWEST_BARS else None, name=w["tasks"],
        groups=place_groups(found.parties, w),
    )  # fmt: skip
    shared = Table(w["groups"], (w["task"], w["topic"], w["notices"], w["city"]), groups, cap=40, name=w["groups"])
    return Section("overview", w["overview"], (line,), (counted, shared, _pairs(found, w, names)))


def _pairs(found: Comparison, w: Mapping[str, str], names: Names) -> Table:
    rows = tuple(
        (
            Cell(names.party(found.tasks[one.left].party)), task_cell(found.tasks[one.left], one.left_marks),
            Cell(names.party(found.tasks[one.right].party)), task_cell(found.tasks[one.right], one.right_marks),
            Cell(names.told(told("{a}（{b}）", "{a} ({b})", a=RELATIONS[one.relation], b=NOT_COMPARABLE) if one.cautious
                            else RELATIONS[one.relation])),
            Cell(f"{one.likeness:.2f}"), Cell("、".join(one.common)), Cell(names.row(map(names.measure, one.measures))),
        )
        for one in found.pairs
    )  # fmt: skip
    columns = (w["city"], w["left"], w["city"], w["right"], w["relation"], w["likeness"], w["common"], w["counts"])
    return Table(w["pairs"], columns, rows, cap=30, name=w["pairs"])


def _coverage(found: Comparison, w: Mapping[str, str], names: Names) -> Section:
    """Topics of the second level under those of the first; one of the first has a row where tasks are of it itself."""
    held = {(one.topic, one.party): one for one in found.coverage}
    rows: list[tuple[Cell, ...]] = []
    groups: list[tuple[int, str]] = []
    for topic in found.topics:
        if topic.parent is None:
            groups.append((len(rows), names.topic(topic.code)))
        if topic.parent is not None or any((topic.code, party.key) in held for party in found.parties):
            cells = [_covered(held.get((topic.code, party.key)), found, names) for party in found.parties]
            name = names.topic(topic.code)
            rows.append((Cell(name if topic.parent is not None else w["undivided"].format(name=name)), *cells))
    columns = (w["topic"], *(one.label for one in found.parties))
    table = Table(w["matrix"], columns, tuple(rows), cap=200, heads=place_heads(found.parties, w), groups=tuple(groups))
    return Section("coverage", w["coverage"], (w["matrix_text"],), (table,))


def _covered(one: Coverage | None, found: Comparison, names: Names) -> Cell:
    if one is None:
        return Cell("")
    forces = " ".join(f"{names.told(FORCES[name])}{one.forces[name]}" for name in FORCES if one.forces.get(name))
    said = told("{n}（{forces}）", "{n} ({forces})", n=len(one.tasks), forces=forces)
    return Cell(names.told(said), _words(found, one.tasks))


def _owners(found: Comparison, w: Mapping[str, str], names: Names) -> Section:
    rows = tuple(
        (
            Cell(names.topic(one.topic) if one.topic else w["no_topic"]), Cell(names.party(one.party)),
            Cell(names.told(ROLES[one.role])), Cell(one.name), Cell(str(len(one.tasks)), _words(found, one.tasks)),
        )
        for one in sorted(found.leads, key=lambda one: (names.topic_order(one.topic), one.party, -len(one.tasks)))
    )  # fmt: skip
    table = Table("", (w["topic"], w["city"], w["role"], w["owner"], w["tasks"]), rows, cap=150)
    return Section("owners", w["owners"], (), (table,))


def _calendar(found: Comparison, w: Mapping[str, str], names: Names) -> Section:
    held: dict[tuple[int, str], list[Words]] = defaultdict(list)
    for due in found.calendar:
        for row in _calendar_rows(due):
            held[row, due.party].append(due.words)
    months = ("", *w["month_names"].split())
    rows = {**{n: months[n] for n in range(1, 13)}, _ALL_YEAR: w["all_year"], _MONTHLY: w["monthly"], 0: w["undated"]}
    grid = tuple(
        (
            Cell(name),
            *(
                Cell(str(len(words)), tuple(words)) if (words := held.get((row, one.key))) else Cell("")
                for one in found.parties
            ),
        )
        for row, name in rows.items()
    )
    dues = tuple(
        (
            Cell(names.party(one.party)), Cell(str(one.year or "")), Cell(_months(one.months, months)),
            Cell(one.day or ""), Cell(w["recurring"] if one.recurring else ""), Cell(one.words.text, (one.words,)),
            Cell(found.tasks[one.task].title or found.tasks[one.task].text[:40]),
        )
        for one in sorted(found.calendar, key=lambda one: (one.year or 9999, one.day or "9999", one.months))
    )  # fmt: skip
    columns = (w["city"], w["year"], w["month"], w["day"], w["recurring"], w["words"], w["task"])
    heads = place_heads(found.parties, w)
    labels = tuple(one.label for one in found.parties)
    return Section("calendar", w["calendar"], (), (
        Table(w["months"], (w["month"], *labels), grid, heads=heads, name=w["months"]),
        Table(w["dues"], columns, dues, cap=80, name=w["dues"]),
    ))  # fmt: skip


def _calendar_rows(due: Due) -> Sequence[int]:
    """Rows of the calendar: months, but one row for what goes on all the year, and one for what comes each month."""
    if len(due.months) == 12:
        return (_MONTHLY,) if due.recurring else (_ALL_YEAR,)
    return due.months or (0,)


def _months(found: Sequence[int], names: Sequence[str]) -> str:
    """Months in a row, several on end as their first and last."""
    if len(found) > 2 and list(found) == list(range(found[0], found[-1] + 1)):
        return f"{names[found[0]]}—{names[found[-1]]}"
    return "、".join(names[month] for month in found)


def _only(found: Comparison, w: Mapping[str, str], names: Names) -> Section:
    tables = tuple(
        Table(
            w["only_of"].format(name=party.label, only=names.told(ONLY_HERE)), (w["topic"], w["task"]),
            tuple(
                (Cell(names.topics(found.tasks[key].topics)), task_cell(found.tasks[key]))
                for key in found.only.get(party.key, ())
            ),
            cap=25, name=w["only"],
        )
        for party in found.parties
        if found.only.get(party.key)
    )  # fmt: skip
    return Section("only", w["only"], (names.told(ONLY_HERE),), tables)


def _taken(found: Comparison, w: Mapping[str, str], names: Names) -> Section:
    rows = tuple(
        (
            Cell(names.party(one.left.party)), _passage(found, one, left=True),
            Cell(names.party(one.right.party)), _passage(found, one, left=False),
            Cell(f"{one.share:.0%}"), Cell(str(one.length)),
        )
        for one in sorted(found.taken_over, key=lambda one: -one.length)
    )  # fmt: skip
    columns = (w["city"], w["left"], w["city"], w["right"], w["share"], w["length"])
    return Section("taken", w["taken"], (), (Table("", columns, rows, cap=40),))


def _passage(found: Comparison, one: TakenOver, *, left: bool) -> Cell:
    side = one.left if left else one.right
    marks = tuple((at, at + size) for at, right, size in one.matches) if left else tuple(
        (at, at + size) for _, at, size in one.matches
    )  # fmt: skip
    task = found.tasks.get(side.task or "") or found.tasks.get(f"{side.party}/{side.task}")
    return Cell(side.text, (task.words,) if task else (), marks)


def _method(found: Comparison, w: Mapping[str, str], names: Names) -> Section:
    rows = tuple(
        (Cell(names.told(SETTINGS.get(name, name))), Cell(str(value))) for name, value in found.settings.items()
    )
    table = Table("", (w["setting"], w["amount"]), rows)
    return Section("method", w["method"], (w["method_text"], w["limit_text"]), (table,))


def _words(found: Comparison, keys: Sequence[str]) -> tuple[Words, ...]:
    return tuple(found.tasks[key].words for key in keys)
