"""The content of a comparison's report, in sections; quotas stand in ``quota_content``."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pipeline.compare.labels import FORCES, LEVELS, ONLY_HERE, RELATIONS, ROLES
from pipeline.compare.reports.model import Cell, Content, Section, Table
from pipeline.compare.reports.quota_content import quota_section
from pipeline.compare.reports.wording import wording
from pipeline.compare.types import Comparison, Party, TakenOver, TaskView, Words


def content_of(found: Comparison, lang: str = "zh") -> Content:
    """The report of a comparison.

    Args:
        lang: ``zh`` or ``en``, of headings and prose; what notices say stays Chinese.
    """
    w = wording(lang)
    sections = (
        _objects(found, w), _overview(found, w), _coverage(found, w), quota_section(found, w), _owners(found, w),
        _calendar(found, w), _only(found, w), _taken(found, w), _method(found, w),
    )  # fmt: skip
    content = Content(w["title"], sections, {party.key: party.label for party in found.parties}, w, lang)
    content.number_all()
    return content


def parties_table(parties: Sequence[Party], w: Mapping[str, str]) -> Table:
    """What is compared, in the order of regions."""
    columns = ("city", "province", "agency", "level", "kind", "number", "date", "years", "tasks", "quota_count",
               "unread", "supplied")  # fmt: skip
    rows = []
    for one in parties:
        years = "" if one.years is None else "—".join(dict.fromkeys(map(str, one.years)))
        texts = (
            one.label, "／".join(one.provinces[:-1]), one.agency or "", LEVELS[one.level], one.kind or "",
            one.document_number or "", one.issue_date or "", years, str(one.tasks), str(one.quotas), str(one.unread),
            "、".join(one.supplied),
        )  # fmt: skip
        rows.append(tuple(map(Cell, texts)))
    return Table("", tuple(w[name] for name in columns), tuple(rows), cap=200)


def task_cell(task: TaskView, marks: tuple[tuple[int, int], ...] = ()) -> Cell:
    """A task by its words, with marks that fit them."""
    return Cell(task.text, (task.words,), tuple((s, e) for s, e in marks if 0 <= s < e <= len(task.text)))


def _objects(found: Comparison, w: Mapping[str, str]) -> Section:
    rows = tuple(
        (Cell(found.party(one.left).label), Cell(found.party(one.right).label), Cell("；".join(one.reasons)))
        for one in found.cautions
    )
    cautions = Table(w["not_comparable"], (w["left"], w["right"], w["reasons"]), rows, cap=40)
    return Section("objects", w["objects"], (*found.notes, w["no_total"]), (parties_table(found.parties, w), cautions))


def _overview(found: Comparison, w: Mapping[str, str]) -> Section:
    line = w["counts_line"].format(
        parties=len(found.parties), tasks=len(found.tasks), quotas=len(found.quotas), pairs=len(found.pairs),
        groups=len(found.groups), taken=len(found.taken_over),
    )  # fmt: skip
    groups = tuple(
        (
            Cell(one.name),
            Cell("、".join(_topic(found, code) for code in one.topics)),
            Cell("、".join(found.party(key).label for key in one.parties), _words(found, one.tasks)),
        )
        for one in found.groups
    )
    pairs = tuple(
        (
            Cell(found.party(found.tasks[one.left].party).label),
            task_cell(found.tasks[one.left], one.left_marks),
            Cell(found.party(found.tasks[one.right].party).label),
            task_cell(found.tasks[one.right], one.right_marks),
            Cell(RELATIONS[one.relation] + (f"（{w['not_comparable']}）" if one.cautious else "")),
            Cell(f"{one.likeness:.2f}"),
            Cell("、".join(one.common)),
            Cell("、".join(found_name(found, code) for code in one.measures)),
        )
        for one in found.pairs
    )
    tables = (
        Table(w["groups"], (w["task"], w["topic"], w["city"]), groups, cap=40),
        Table(
            w["pairs"],
            (w["city"], w["left"], w["city"], w["right"], w["relation"], w["likeness"], w["common"], w["counts"]),
            pairs, cap=30,
        ),
    )  # fmt: skip
    count = Counter(task.party for task in found.tasks.values())
    bars = tuple((one.label, float(count[one.key]), str(count[one.key])) for one in found.parties)
    chart = Table(
        w["tasks"], (w["city"], w["tasks"]), tuple((Cell(name), Cell(text)) for name, _, text in bars), bars=bars
    )
    return Section("overview", w["overview"], (line,), (chart, *tables))


def found_name(found: Comparison, measure: str) -> str:
    """A measure's Chinese name."""
    return next((quota.name for quota in found.quotas.values() if quota.measure == measure), measure)


def _coverage(found: Comparison, w: Mapping[str, str]) -> Section:
    held = {(one.topic, one.party): one for one in found.coverage}
    rows = []
    for topic in found.topics:
        cells = [Cell(topic.name if topic.parent is None else f"　{topic.name}")]
        for party in found.parties:
            one = held.get((topic.code, party.key))
            if one is None:
                cells.append(Cell(""))
                continue
            force = " ".join(f"{FORCES[name]}{one.forces[name]}" for name in FORCES if one.forces.get(name))
            cells.append(Cell(f"{len(one.tasks)}（{force}）", _words(found, one.tasks)))
        rows.append(tuple(cells))
    table = Table(w["matrix"], (w["topic"], *(one.label for one in found.parties)), tuple(rows), cap=200)
    return Section("coverage", w["coverage"], (), (table,))


def _owners(found: Comparison, w: Mapping[str, str]) -> Section:
    rows = tuple(
        (
            Cell(_topic(found, one.topic)), Cell(found.party(one.party).label), Cell(ROLES[one.role]),
            Cell(one.name), Cell(str(len(one.tasks)), _words(found, one.tasks)),
        )
        for one in sorted(found.leads, key=lambda one: (_place(found, one.topic), one.party, -len(one.tasks)))
    )  # fmt: skip
    table = Table("", (w["topic"], w["city"], w["role"], w["owner"], w["tasks"]), rows, cap=150)
    return Section("owners", w["owners"], (), (table,))


def _calendar(found: Comparison, w: Mapping[str, str]) -> Section:
    held: dict[tuple[int, str], list[Words]] = defaultdict(list)
    for due in found.calendar:
        for month in due.months or (0,):
            held[month, due.party].append(due.words)
    months = tuple(
        (
            Cell(w["undated"] if month == 0 else f"{month}月"),
            *(
                Cell(str(len(words)), tuple(words)) if (words := held.get((month, one.key))) else Cell("")
                for one in found.parties
            ),
        )
        for month in (*range(1, 13), 0)
    )
    dues = tuple(
        (
            Cell(found.party(one.party).label), Cell(str(one.year or "")),
            Cell("、".join(f"{month}月" for month in one.months)), Cell(one.day or ""),
            Cell(w["recurring"] if one.recurring else ""), Cell(one.words.text, (one.words,)),
            Cell(found.tasks[one.task].title or found.tasks[one.task].text[:40]),
        )
        for one in sorted(found.calendar, key=lambda one: (one.year or 9999, one.day or "9999", one.months))
    )  # fmt: skip
    columns = (w["city"], w["year"], w["month"], w["day"], w["recurring"], w["words"], w["task"])
    grid = Table(w["months"], (w["month"], *(one.label for one in found.parties)), months)
    return Section("calendar", w["calendar"], (), (grid, Table(w["dues"], columns, dues, cap=80)))


def _only(found: Comparison, w: Mapping[str, str]) -> Section:
    tables = tuple(
        Table(
            f"{party.label}：{ONLY_HERE}", (w["topic"], w["task"]),
            tuple(
                (Cell("、".join(_topic(found, code) for code in found.tasks[key].topics)), task_cell(found.tasks[key]))
                for key in found.only.get(party.key, ())
            ),
            cap=25,
        )
        for party in found.parties
        if found.only.get(party.key)
    )  # fmt: skip
    return Section("only", w["only"], (ONLY_HERE,), tables)


def _taken(found: Comparison, w: Mapping[str, str]) -> Section:
    rows = tuple(
        (
            Cell(found.party(one.left.party).label), _passage(found, one, left=True),
            Cell(found.party(one.right.party).label), _passage(found, one, left=False),
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


def _method(found: Comparison, w: Mapping[str, str]) -> Section:
    rows = tuple((Cell(name), Cell(str(value))) for name, value in found.settings.items())
    table = Table("", (w["setting"], w["amount"]), rows)
    return Section("method", w["method"], (w["method_text"], w["limit_text"]), (table,))


def _words(found: Comparison, keys: Sequence[str]) -> tuple[Words, ...]:
    return tuple(found.tasks[key].words for key in keys)


def _topic(found: Comparison, code: str) -> str:
    return next((topic.name for topic in found.topics if topic.code == code), code)


def _place(found: Comparison, code: str) -> int:
    return next((place for place, topic in enumerate(found.topics) if topic.code == code), len(found.topics))
