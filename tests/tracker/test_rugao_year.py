"""A notice through its year, as an office works with it: 立项, division among units, reminders, returns, a reissue.

Once with the real notice, where it is there, and always with a sample of three plans; on SQLite and on PostgreSQL.
Figures stand in ``tests/golden/ledger``; they were checked by hand.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from extractors import extract
from pipeline.store import Arrival, Store, open_store
from pipeline.tracker import bulletin
from pipeline.tracker.book_columns import COLUMNS
from pipeline.tracker.entries import entries
from pipeline.tracker.grid import lines
from pipeline.tracker.ledger import Ledger
from pipeline.tracker.ledger_book import SHEET
from pipeline.tracker.parts import divide, standing
from pipeline.tracker.remind import RemindSettings, plan
from pipeline.tracker.returns import plan_returns
from pipeline.tracker.returns_apply import apply_plan
from pipeline.tracker.split import split_ledger
from pipeline.tracker.types import Item, Query, Reminder, Unit, UnitSet

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "ledger"


@dataclass(frozen=True)
class Year:
    """A notice, its agency's units, and what a reissue in June changes of it.

    ``monthly``: words of the item that is due every month, and its title. ``counted``: words of one with a figure to
    reach each month. ``seen``: of the monthly item, how many dates lie before the issue, in the first year, and in the
    second. ``divided``: an item of 各单位, as ``monthly``.
    """

    name: str
    source: Path
    issued: date
    agency: str
    units: tuple[str, ...]
    sets: tuple[str, ...]
    monthly: tuple[str, str]
    counted: tuple[str, str, float, int]
    seen: tuple[int, int, int]
    divided: tuple[str, str]
    reissue: tuple[str, str]
    short: dict[str, tuple[str, ...]] = field(default_factory=dict)


YEARS = [
    Year(
        "rugao-2021", ROOT.parent / "shared" / "notices" / "rugao-chengguan-2021-15.txt", date(2021, 3, 23),
        "如皋市城市管理局",
        ("办公室", "人事科", "法规（服务）科", "市容科", "环卫科", "物管科", "物管中心", "安全科", "执法大队", "环卫处",
         "数字城管", "城北中队", "城南中队", "城西中队"),
        ("各单位",), ("请各单位每月2日前", "工作要求"), ("报送不少于4篇/月", "政务", 4, 10), (3, 9, 12),
        ("请各单位每月2日前", "工作要求"),
        ("每月2日前将当月重点志愿服务活动安排", "每月8日前将当月重点志愿服务活动安排"), {"法规（服务）科": ("法规科",)},
    ),
    Year(
        "rugao-water-2024", ROOT / "samples" / "rugao-water-plans.txt", date(2024, 2, 26), "如皋市水务局",
        ("城北水利站", "城南水利站", "江滨水利站", "开发区水利站", "办公室", "人事科", "宣传科", "水资源科", "供水管理处",
         "河道管理科", "水政监察大队", "节水办", "工程科", "财务科"),
        ("各水利站", "各单位"), ("各水利站每月5日前", "按时报送"), ("每月开展夜间巡查4次", "夜间", 4, 11), (2, 10, 0),
        ("各单位要明确1名", "加强组织领导"), ("各水利站每月5日前", "各水利站每月10日前"),
    ),
]  # fmt: skip


@dataclass
class Office:
    """The store of one year, and the ledger as it is on a day."""

    year: Year
    store: Store
    folder: Path

    def on(self, day: date, by: str = "王五") -> Ledger:
        now = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
        return Ledger(self.store, today=day, by=by, now=now, evidence=self.folder / "evidence")

    def save(self, text: str, name: str, day: date) -> Any:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        data = path.read_bytes()
        arrival = Arrival(path.name, "txt", sha256(data).hexdigest(), len(data))
        (saved,) = self.store.save(
            extract(path), arrival, by="王五", at=datetime(day.year, day.month, day.day, tzinfo=UTC)
        )
        return saved

    def find(self, words: str, title: str | None = None) -> Item:
        found = self.on(self.year.issued).items(Query(self.year.issued, text=words, parts=False))
        (item,) = [one for one in found if title is None or title in (one.title or "")]
        return item


@pytest.fixture(
    scope="module",
    params=[(year, kind) for kind in ("sqlite", "postgresql") for year in YEARS],
    ids=lambda given: f"{given[0].name}-{given[1]}",
)
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory,
    fresh_store: Callable[[str, Path], AbstractContextManager[str]],
) -> Iterator[Office]:  # fmt: skip
    """The office on the day of issue: the notice is in the store, all is decided as proposed and assigned."""
    year: Year
    year, kind = request.param
    if not year.source.exists():
        pytest.skip("needs the real notices in ../shared")
    folder = tmp_path_factory.mktemp(year.name)
    with fresh_store(kind, folder) as url, open_store(url) as store:
        made = Office(year, store, folder)
        made.save(year.source.read_text(encoding="utf-8"), "通知.txt", year.issued)
        ledger = made.on(year.issued)
        ledger.propose()
        stations = tuple(name for name in year.units if name.endswith("站"))
        ledger.set_units(Unit(name, year.agency, year.short.get(name, ())) for name in year.units)
        ledger.set_unit_sets(
            UnitSet(name, stations if name == "各水利站" else year.units, year.agency) for name in year.sets
        )
        ledger.confirm([item.id for item in ledger.items(Query(year.issued, filing=("pending",)))])
        ledger.assign([item.id for item in ledger.items(Query(year.issued))], year.issued)
        yield made


def golden(request: pytest.FixtureRequest, name: str, found: Any) -> None:
    """Compares with the figures that were checked; writes them anew where the run asks for it."""
    path = GOLDEN / f"{name}.json"
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    if request.config.getoption("--rewrite-golden"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(text)


def test_the_notice_is_decided_on(office: Office, request: pytest.FixtureRequest) -> None:
    ledger = office.on(office.year.issued)
    items = ledger.items(Query(office.year.issued, filing=(), parts=False))
    found = {
        "items": len(items),
        "filing": dict(sorted(Counter(item.filing for item in items).items())),
        "archived": dict(sorted(Counter(item.kind for item in items if item.filing == "archived").items())),
        "standing": sum(item.status == "standing" for item in items),
        "occurrences": len(ledger.occurrences([item.id for item in items if item.filing == "filed"])),
    }
    golden(request, f"{office.year.name}-filed", found)


def test_nothing_is_overdue_before_the_issue(office: Office) -> None:
    day = office.year.issued - timedelta(days=100)
    while day <= office.year.issued:
        assert office.on(day).count(Query(day, overdue=True)) == 0
        day += timedelta(days=10)
    assert office.on(office.year.issued).count(Query(office.year.issued, overdue=True)) == 0


def test_a_monthly_date_runs_through_the_plan(office: Office) -> None:
    item = office.find(*office.year.monthly)
    found = office.on(office.year.issued).occurrences([item.id])
    first = office.year.issued.year
    counted = [one for one in found if not one.before_issue]
    before, this, following = office.year.seen
    assert len(found) - len(counted) == before
    assert sum(one.due.year == first for one in counted) == this
    assert sum(one.due.year == first + 1 for one in counted) == following


def test_a_count_is_one_line_over_the_year(office: Office) -> None:
    words, title, each, months = office.year.counted
    item = office.find(words, title)
    found = office.on(office.year.issued).occurrences([item.id])
    end = date(office.year.issued.year, 12, 31)
    (line,) = [one for one in lines(found, end, year=end.year) if one.subject and one.cells[0].target == each][:1]
    assert len(line.cells) == 12
    assert (line.total, line.actual) == (each * months, None)


def test_what_becomes_overdue_is_counted_day_by_day(office: Office, request: pytest.FixtureRequest) -> None:
    first = office.year.issued.year
    days = [date(first, month, 1) for month in range(4, 13)] + [date(first + 1, 1, 1), date(first + 2, 1, 1)]
    found = {day.isoformat(): office.on(day).count(Query(day, overdue=True, parts=False)) for day in days}
    golden(request, f"{office.year.name}-overdue", found)


def test_each_stage_is_sent_once(office: Office) -> None:
    """Somebody looks every day for a quarter; nothing is written down."""
    ledger = office.on(office.year.issued)
    every = entries(ledger.items(Query(office.year.issued)), ledger.occurrences())
    sent: list[Reminder] = []
    day, rules = office.year.issued, RemindSettings()
    while day <= office.year.issued + timedelta(days=70):
        digests = plan(every, sent, day, rules).digests
        assert len({digest.unit for digest in digests}) == len(digests)
        for digest in digests:
            sent += digest.reminders
            assert all(due.deadline >= office.year.issued for due in digest.due)
        day += timedelta(days=1)
    assert sent
    stages = Counter((one.item, one.period, one.unit, one.stage) for one in sent)
    assert set(stages.values()) == {1}


def test_units_report_and_the_parent_counts_them(office: Office) -> None:
    """A divided item: most units report the first month, the others are named; then all is taken back."""
    item = office.find(*office.year.monthly)
    due = next(one for one in office.on(office.year.issued).occurrences([item.id]) if not one.before_issue)
    ledger = office.on(due.due + timedelta(days=1))
    with ledger.batch() as batch:
        plan_ = divide(ledger, item.id)
        assert not plan_.problems and not plan_.shared
        parts = ledger.item(item.id).parts
        for part in parts[:-3]:
            ledger.report(part.id, due.period, progress="已按时报送")
    names = [part.unit for part in parts]
    rest = len(parts) - 3
    text = f"{len(parts)}个单位，已报{rest}，未报3：{'、'.join(map(str, names[-3:]))}"
    assert standing(ledger, item.id, ledger.today).text == text
    overdue = ledger.items(Query(ledger.today, overdue=True, text=office.year.monthly[0]))
    assert {one.unit for one in overdue if one.parent == item.id} == set(names[-3:])
    assert [part.number for part in ledger.item(item.id).parts] == [
        f"{item.number}-{place:02}" for place in range(1, len(parts) + 1)
    ]
    ledger.undo(batch)
    assert ledger.item(item.id).parts == ()
    assert ledger.item(item.id).occurrences == office.on(office.year.issued).item(item.id).occurrences


def sent_and_filled_in(ledger: Ledger, parts: Sequence[Item], folder: Path, names: Sequence[str]) -> int:
    """One file a unit, filled in by each: 50 cells; gives how many files there are."""
    files = split_ledger(ledger, Query(ledger.today), folder, ledger.today, units=names)
    place = {column.name: number for number, column in enumerate(COLUMNS, 1)}
    by_unit = {part.unit: part for part in parts}
    for number, file in enumerate(sorted(files, key=lambda one: names.index(one.unit))):
        book = load_workbook(file.path)
        sheet = book[SHEET]
        wanted = by_unit[file.unit].number
        row = next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, place["number"]).value == wanted)
        told = {"progress_text": f"{file.unit}已完成", "problems": "人手不足", "next_steps": "增派人员"}
        told |= {"progress": "达序时"} if number >= 6 else {}
        for name, words in told.items():
            sheet.cell(row, place[name]).value = words
        book.save(file.path if number else file.path.with_name("反馈（改名）.xlsx"))
        if not number:
            file.path.unlink()
    return len(files)


def test_fourteen_units_return_their_files(office: Office) -> None:
    """50 cells of 14 files, five of which were changed in the ledger meanwhile; then all is taken back."""
    item = office.find(*office.year.divided)
    names = office.year.units
    ledger = office.on(office.year.issued + timedelta(days=30))
    with ledger.batch() as sent:
        assert len(divide(ledger, item.id).units) == 14
    parts = ledger.item(item.id).parts
    folder = office.folder / "反馈"
    assert sent_and_filled_in(ledger, parts, folder, names) == 14
    later = office.on(office.year.issued + timedelta(days=33))
    with later.batch() as phoned:
        for part in parts[:5]:
            later.note(part.id, progress="来电说已完成")
    found = plan_returns(later, [folder])
    assert (len(found.changes), len(found.conflicts), len(found.doubts)) == (45, 5, 0)
    assert all(file.unit in names and not file.problem for file in found.files)
    assert not set(names) & set(found.missing)
    applied = apply_plan(later, found)
    assert (applied.items, applied.cells, applied.left) == (14, 45, ())
    told = {part.unit: [note.progress for note in later.item(part.id).notes if note.progress] for part in parts}
    assert [told[part.unit] for part in parts[:5]] == [["来电说已完成"]] * 5
    assert [told[part.unit] for part in parts[5:]] == [[f"{part.unit}已完成"] for part in parts[5:]]
    again = plan_returns(later, [folder])
    assert (again.changes, len(again.conflicts)) == ([], 5)
    for batch in (applied.batch, phoned, sent):
        assert batch is not None
        later.undo(batch)
    assert later.item(item.id).parts == ()


def test_a_reissue_in_june_keeps_what_was_done(office: Office) -> None:
    item = office.find(*office.year.monthly)
    first = office.year.issued.year
    june = office.on(date(first, 6, 15))
    for one in june.occurrences([item.id]):
        if not one.before_issue and one.due < june.today:
            june.set_occurrence(item.id, one.period, status="done", done_on=one.due)
    done = {one.period: one for one in june.occurrences([item.id]) if one.status == "done"}
    assert len(done) >= 3
    old, new = office.year.reissue
    text = office.year.source.read_text(encoding="utf-8")
    assert text.count(old) == 1
    office.save(text.replace(old, new), "通知（修订）.txt", june.today)
    june.propose()
    after = june.item(item.id)
    assert after.item.state == "changed"
    assert after.item.number == item.number
    assert {one.period: one for one in after.occurrences if one.status == "done"} == done
    moved = {one.due.day for one in after.occurrences if one.status == "open" and one.due > june.today}
    assert moved == {int("".join(c for c in new.split("日")[0] if c.isdecimal()))}
    others = [one for one in june.items(Query(june.today, parts=False)) if one.state != "current"]
    assert [one.id for one in others] == [item.id]


def test_the_december_bulletin(office: Office, request: pytest.FixtureRequest) -> None:
    """What fell due up to June was done on its day, the rest was not; a bulletin made later says the same."""
    first = office.year.issued.year
    ledger = office.on(date(first, 12, 15))
    half, items = date(first, 6, 30), {item.id for item in ledger.items(Query(ledger.today))}
    every = [one for one in ledger.occurrences() if one.item in items]
    with ledger.batch():
        for one in every:
            if one.status == "open" and not one.before_issue and one.due <= half:
                ledger.set_occurrence(one.item, one.period, status="done", done_on=one.due, series=one.series)
    _, figures = bulletin.make(ledger, ledger.today)
    # What is to be done by one day or in one period counts once, however many figures it has.
    days = {(one.item, one.period): one.deadline for one in every if not one.before_issue}
    due, today = sum(day <= ledger.today for day in days.values()), sum(day == ledger.today for day in days.values())
    early = sum(day <= half for day in days.values())
    assert (figures.total.due, figures.total.done, figures.total.on_time) == (due, early, early)
    assert (figures.total.overdue, figures.not_due) == (due - early - today, len(days) - due)
    assert figures.before_issue == len({(one.item, one.period) for one in every} - set(days))
    assert sum(unit.count.due for unit in figures.units) == figures.total.due
    golden(request, f"{office.year.name}-bulletin", {"total": asdict(figures.total), "units": [
        [unit.unit, unit.items, unit.count.due, unit.count.done, unit.count.overdue] for unit in figures.units
    ]})  # fmt: skip
    later = office.on(date(first, 12, 20))
    for one in every:
        if one.item == every[-1].item and one.status == "open" and not one.before_issue:
            later.set_occurrence(one.item, one.period, status="done", series=one.series)
    _, again = bulletin.make(later, ledger.today)
    assert again == figures
