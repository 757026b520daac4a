"""The roster: names, sets, its workbook, and how an item is divided."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.tracker import roster_book
from pipeline.tracker.parts import plan_parts
from pipeline.tracker.roster import Roster, collective
from pipeline.tracker.types import Item, LedgerError, Party, Unit, UnitSet

BUREAU, DISTRICT = "江州市水务局", "江州市城南区水务局"
UNITS = (
    Unit("办公室", BUREAU, ("局办公室",)),
    Unit("法规（服务）科", BUREAU, ("法规科",)),
    Unit("城北水利站", BUREAU, ("城北站", "城北")),
    Unit("城南水利站", BUREAU, ("城南站",)),
    Unit("河道管理科", BUREAU, valid_to=date(2021, 6, 30)),
    Unit("河湖管理科", BUREAU, ("河道管理科",), valid_from=date(2021, 7, 1)),
    Unit("办公室", DISTRICT),
)
SETS = (
    UnitSet("各水利站", ("城北站", "城南水利站"), BUREAU),
    UnitSet("各科室", ("办公室", "法规科", "河道管理科", "河湖管理科"), BUREAU),
    UnitSet("各单位", ("各科室", "各水利站"), BUREAU),
)
ROSTER = Roster(UNITS, SETS)
SPRING, AUTUMN = date(2021, 3, 23), date(2021, 9, 1)


@pytest.mark.parametrize(
    ("name", "on", "wanted"),
    [
        ("城北站", SPRING, "城北水利站"), ("城 北 站", SPRING, "城北水利站"), ("江州市水务局法规科", SPRING, "法规（服务）科"),
        ("法规(服务)科", SPRING, "法规（服务）科"), ("局办公室", SPRING, "办公室"), ("局法规科", SPRING, "法规（服务）科"),
        ("市局法规科", SPRING, None), ("河道管理科", SPRING, "河道管理科"), ("河道管理科", AUTUMN, "河湖管理科"),
        ("河湖管理科", SPRING, None), ("财务科", SPRING, None), ("", SPRING, None),
    ],
)  # fmt: skip
def test_a_name_on_a_day(name: str, on: date, wanted: str | None) -> None:
    assert ROSTER.resolve(name, on, BUREAU) == wanted


def test_a_name_that_two_units_bear_is_nobodys() -> None:
    roster = Roster([Unit("一科", "甲局", ("综合科",)), Unit("二科", "乙局", ("综合科",))])
    assert roster.resolve("综合科", SPRING) is None
    assert roster.resolve("综合科", SPRING, "乙局") == "二科"


def test_a_set_within_a_set_on_a_day() -> None:
    stations = ("城北水利站", "城南水利站")
    assert ROSTER.expand("各水利站", SPRING, BUREAU).units == stations
    assert ROSTER.expand("水利站", SPRING, BUREAU).units == stations
    assert ROSTER.expand("各单位", SPRING, BUREAU).units == ("办公室", "法规（服务）科", "河道管理科", *stations)
    assert ROSTER.expand("各单位", AUTUMN, BUREAU).units == ("办公室", "法规（服务）科", "河湖管理科", *stations)


@pytest.mark.parametrize(
    ("name", "agency", "sets", "code"),
    [
        ("各中队", BUREAU, SETS, "ledger.set_undefined"),
        ("全市各单位", BUREAU, SETS, "ledger.set_undefined"),
        ("各单位", DISTRICT, SETS, "ledger.set_undefined"),
        ("各站", BUREAU, [UnitSet("各站", ("城东站",), BUREAU)], "ledger.set_member_unknown"),
        ("各站", BUREAU, [UnitSet("各站", ("各站",), BUREAU)], "ledger.set_circular"),
        ("各站", BUREAU, [UnitSet("各站", ("城北站",)), UnitSet("各站", ("城南站",))], "ledger.set_ambiguous"),
        ("各站", BUREAU, [UnitSet("各站", ("城北站",), valid_to=date(2020, 12, 31))], "ledger.set_undefined"),
    ],
)
def test_a_set_is_never_guessed(name: str, agency: str, sets: list[UnitSet], code: str) -> None:
    expansion = Roster(UNITS, sets).expand(name, SPRING, agency)
    assert expansion.units == ()
    assert expansion.problem is not None and expansion.problem.code == code


@pytest.mark.parametrize(
    ("name", "type_", "wanted"),
    [
        ("各单位", "collective", True), ("机关各科室", "department", True), ("各水利站", "collective", True),
        ("各镇（街道）", "agency", True), ("下属单位", "collective", True), ("各级党组织", "collective", True),
        ("各市、县（市、区）人民政府", "agency", True), ("志愿者", "collective", False), ("全体党员", "collective", False),
        ("各单位负责人", "position", False), ("办公室", "department", False), ("领导小组", "group", False),
        ("信息员", "collective", False),
    ],
)  # fmt: skip
def test_which_names_are_several_units(name: str, type_: str, wanted: bool) -> None:
    assert collective(Party(name, "responsible", type_)) is wanted


def item(*parties: tuple[str, str, str]) -> Item:
    owners = tuple(Party(name, role, type_) for name, role, type_ in parties)
    return Item(1, "notice", "filed", "working", "报送信息", "每月报送信息", parties=owners, agency=BUREAU)


def test_a_set_alone_has_to_reach_the_figures_each() -> None:
    plan = plan_parts(
        item(("各水利站", "responsible", "collective"), ("办公室", "supervisor", "department")), ROSTER, SPRING
    )
    assert (plan.units, plan.shared, plan.problems) == (("城北水利站", "城南水利站"), False, ())


def test_units_beside_a_set_share_the_figures_and_come_in_their_order() -> None:
    parties = ("法规科", "responsible", "department"), ("各单位", "responsible", "collective")
    plan = plan_parts(item(*parties), ROSTER, SPRING)
    assert plan.units == ("法规（服务）科", "办公室", "河道管理科", "城北水利站", "城南水利站")
    assert plan.shared
    assert not plan_parts(item(*parties), ROSTER, SPRING, each=True).shared


def test_nobody_is_lost_where_a_set_is_undefined() -> None:
    plan = plan_parts(item(("法规科", "lead", "department"), ("各中队", "responsible", "collective")), ROSTER, SPRING)
    assert plan.units == ()
    assert [problem.code for problem in plan.problems] == ["ledger.set_undefined"]
    assert "各中队" in plan.problems[0].message and "报送信息" in plan.problems[0].message


@pytest.mark.parametrize(
    "party",
    [
        ("城北水利站", "responsible", "department"), ("各单位", "support", "collective"), ("各单位", "participant", "collective"),
        ("各单位负责人", "responsible", "position"), ("志愿者", "responsible", "collective"),
    ],
)  # fmt: skip
def test_what_is_not_divided(party: tuple[str, str, str]) -> None:
    assert plan_parts(item(party), ROSTER, SPRING) == plan_parts(item(), ROSTER, SPRING)


def test_a_workbook_gives_back_what_was_written(tmp_path: Path) -> None:
    units = (*UNITS, Unit("泵站", BUREAU, ("东泵站",), "张三", "李四", "0513-86000000", "=1+1@example.cn"))
    roster_book.write(tmp_path / "名册.xlsx", units, SETS)
    book = roster_book.read(tmp_path / "名册.xlsx")
    assert book.units == units
    assert book.sets == SETS
    assert book.problems == ()


def test_the_template_is_an_empty_roster(tmp_path: Path) -> None:
    roster_book.write_template(tmp_path / "名册.xlsx")
    book = roster_book.read(tmp_path / "名册.xlsx")
    assert (book.units, book.sets, book.problems) == ((), (), ())


def test_an_offices_own_sheet_is_read_by_its_heads(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    for row in (
        ["江州市水务局单位名册"], ["序号", "单 位", "简称", "联系人", "联系电话", "启用日期", "停用日期"],
        [1, "办公室", "局办；办公室", "李四", 13900000000, "2021.3", "2021年12月"],
        [2, None, "无名", None, None, None, None], [3, "人事科", None, None, None, "去年", None],
        [4, "工会", None, None, None, "2021-5-1", "2020-5-1"], [None] * 7,
    ):  # fmt: skip
        sheet.append(row)
    sets = book.create_sheet("集合定义")
    sets.append(["名称", "成员单位"])
    sets.append(["各科室", "办公室、财务科"])
    book.save(tmp_path / "a.xlsx")
    found = roster_book.read(tmp_path / "a.xlsx")
    assert found.units == (
        Unit("办公室", "", ("局办", "办公室"), contact="李四", phone="13900000000",
             valid_from=date(2021, 3, 1), valid_to=date(2021, 12, 31)),
    )  # fmt: skip
    assert found.sets == (UnitSet("各科室", ("办公室", "财务科")),)
    told = [problem.message for problem in found.problems]
    assert ["第 4 行" in told[0], "第 5 行" in told[1], "第 6 行" in told[2], "财务科" in told[3]] == [True] * 4


@pytest.mark.parametrize("content", [b"", b"not a workbook"])
def test_what_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match=r"另存为 \.xlsx"):
        roster_book.read(path)
    with pytest.raises(LedgerError, match="打不开"):
        roster_book.read(tmp_path / "none.xlsx")


def test_a_workbook_without_names(tmp_path: Path) -> None:
    from openpyxl import Workbook

    Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(LedgerError, match="单位名称"):
        roster_book.read(tmp_path / "a.xlsx")


def test_a_roster_says_what_is_wrong_with_it() -> None:
    units = [Unit("甲科", short_names=("一",)), Unit("乙科", short_names=("一",)), Unit("丙科")]
    sets = [UnitSet("各科", ("甲科", "丁科")), UnitSet("空", ())]
    codes = {problem.code for problem in Roster(units, sets).check()}
    assert codes == {"ledger.unit_twice", "ledger.set_member_unknown", "ledger.set_empty"}
    assert ROSTER.check() == []
