"""Two cities beside each other, a superior's notice against ours, and this year against the last."""

from __future__ import annotations

import pytest

from pipeline.compare.analysis import compare
from pipeline.compare.parties import cautions_of, parties_of
from pipeline.compare.upper import hand_down
from pipeline.compare.years import year_on_year


@pytest.fixture(scope="module")
def two(notices):
    return compare([notices["haining"], notices["rugao"]], population={"320682": 1_240_000, "330481": 1_000_000})


def titles(found, keys):
    return [found.tasks[key].title for key in keys]


def table(found, measure, base):
    return next(one for one in found.tables if one.measure == measure and one.base_name == base)


def test_parties_can_not_be_confused(two):
    assert [party.city for party in two.parties] == ["如皋市（江苏南通）", "海宁市（浙江嘉兴）"]
    assert [party.agency_kind for party in two.parties] == ["城市管理局"] * 2
    assert [party.level for party in two.parties] == ["county"] * 2 and two.cautions == ()


def test_pairs_have_evidence(two):
    found = {(two.tasks[pair.left].title, two.tasks[pair.right].title): pair for pair in two.pairs}
    assert set(found) == {
        ("推进垃圾分类", "深化垃圾分类"), ("规范停车秩序", "优化停车管理"), ("报送政务信息", "做好信息报送"),
        ("开展志愿服务", "开展志愿服务"),
    }  # fmt: skip
    pair = found["推进垃圾分类", "深化垃圾分类"]
    assert pair.relation == "same" and pair.measures == ("waste_coverage", "waste_points")
    text = two.tasks[pair.left].text
    assert all(text[start:end] for start, end in pair.left_marks) and "分类" in pair.common


def test_tasks_without_counterpart_are_told(two):
    assert {key: titles(two, tasks) for key, tasks in two.only.items()} == {
        "n1": ["治理不文明养犬"],
        "n2": ["提升公厕品质"],
    }


def test_quotas_stand_on_one_base_only(two):
    spaces = table(two, "parking_spaces", "个")
    assert [(row.rank, row.quota.value) for row in spaces.rows] == [(1, 1500), (2, 1000)]
    assert (spaces.low, spaces.high) == (1000, 1500)
    each, whole = table(two, "government_news", "篇、每年、每中队"), table(two, "government_news", "篇、每年")
    assert each.others == (whole.key,) and whole.others == (each.key,)
    assert (each.rows[0].rank, whole.rows[0].rank) == (None, None)
    assert whole.rows[0].quota.value == 72 and "12次" in whole.rows[0].quota.converted
    assert table(two, "parking_spaces", "个、每万人").rows[0].quota.value == 15


def test_every_word_stands_where_it_is_said_to(two):
    for quota in two.quotas.values():
        assert quota.words.around[quota.words.start : quota.words.end] == quota.words.text
    for due in two.calendar:
        assert due.words.around[due.words.start : due.words.end] == due.words.text


def test_topics_coverage_and_calendar(two):
    assert {one.topic for one in two.coverage} >= {"waste_sorting", "parking", "volunteering"}
    assert {topic.code for topic in two.topics} >= {"city", "waste_sorting"}
    june = next(due for due in two.calendar if due.day == "2023-06-30")
    assert june.months == (6,) and not june.recurring
    monthly = next(due for due in two.calendar if due.recurring and len(due.months) == 12)
    assert monthly.day is None


def test_only_wanted_topics(notices):
    found = compare([notices["haining"], notices["rugao"]], topics=["parking"])
    assert titles(found, found.tasks) == ["规范停车秩序", "优化停车管理"]


def test_the_same_whatever_the_order(notices):
    one = compare([notices["haining"], notices["rugao"]])
    other = compare([notices["rugao"], notices["haining"]])
    assert (one.pairs, one.tables, one.groups) == (other.pairs, other.tables, other.groups)


def test_what_differs_in_kind_is_told(notices):
    parties = [party for party, _ in parties_of([notices["upper"], notices["before"], notices["haining"]])]
    reasons = [reason for caution in cautions_of(parties) for reason in caution.reasons]
    assert any("层级不同（市级与县级）" in reason for reason in reasons)
    assert any("年度不同（2022年与2023年）" in reason for reason in reasons)
    found = compare([notices["upper"], notices["rugao"], notices["haining"]])
    row = next(row for row in table(found, "volunteer_hours", "小时、每年、每人").rows if row.quota.party == "n1")
    assert row.rank is None and "不宜直接比较" in row.why


def test_handed_down(notices):
    found = hand_down([notices["upper"]], [notices["rugao"]])
    items = {found.tasks[item.upper].title: item for item in found.items}
    assert items["推进垃圾分类"].uptakes == ("taken", "raised", "lowered")
    assert "垃圾分类投放点：40处 → 30处" in items["推进垃圾分类"].detail
    assert items["规范停车秩序"].uptakes == ("taken", "later")
    assert items["治理渣土运输"].uptakes == ("missing",) and items["治理渣土运输"].lower == ()
    assert items["开展志愿服务"].uptakes == ("taken",)
    assert titles(found, found.own) == ["报送政务信息", "治理不文明养犬"]


def test_an_item_that_nobody_owns(notices):
    bare = notices["rugao"].model_copy(deep=True)
    for task in bare.tasks:
        task.owners = []
    found = hand_down([notices["upper"]], [bare])
    assert all("ownerless" in item.uptakes for item in found.items if item.lower)


def test_year_on_year(notices):
    found = year_on_year([notices["rugao"], notices["before"]])
    (step,) = found.steps
    turns = {found.tasks[change.before or change.after].title: change.turns for change in step.changes}
    assert turns == {
        "推进垃圾分类": ("raised", "lowered"), "规范停车秩序": ("kept",), "清理户外广告": ("dropped",),
        "开展志愿服务": ("kept",), "报送政务信息": ("added",), "治理不文明养犬": ("added",),
    }  # fmt: skip
    with pytest.raises(ValueError, match="two years"):
        year_on_year([notices["rugao"]])
    assert year_on_year([notices["rugao"], notices["before"]], [2022, 2023, 2024]).notes == ("没有2024年的文件。",)


def test_what_looks_back_asks_nothing(tmp_path):
    import duban

    path = tmp_path / "报告.txt"
    path.write_text(
        "各位代表：\n现在，我代表市人民政府向大会报告工作，请予审议。\n\n一、2023年主要工作\n"
        "过去一年，推进绿化建设，完成绿化面积500亩，新增停车泊位800个。\n\n二、2024年重点工作\n"
        "各位代表：今年要新增停车泊位900个，推进绿化建设，新增绿化面积600亩。",
        encoding="utf-8",
    )
    found = compare(duban.extract(path))
    assert found.parties[0].years == (2024, 2024)
    values = [row.quota.value for one in found.tables if one.measure == "parking_spaces" for row in one.rows]
    assert values == [900]


def test_the_same_notice_twice_counts_once(notices):
    found = compare([notices["rugao"], notices["haining"], notices["rugao"]])
    assert len(found.parties) == 2 and found.taken_over == ()


def test_a_joint_notice_is_of_the_agency_that_governs(notices):
    from schemas.record import Issuer

    joint = notices["haining"].model_copy(deep=True)
    names = ("海宁市新时代文明实践中心", "海宁市志愿者协会", "海宁市综合行政执法局")
    joint.notice.issuers = [Issuer(name=name, region="330481") for name in names]
    ((party, _),) = parties_of([joint])
    assert party.agency == "、".join(names) and party.agency_kind == "城市管理局"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("如皋市城市管理局", "城市管理局"), ("嘉兴市综合行政执法局", "城市管理局"), ("合肥市城市管理委员会", "城市管理局"),
        ("宿州市人民政府办公室", "人民政府"), ("嘉兴市经济和信息化局", "工业和信息化局"), ("嘉兴市民政局", "民政局"),
        ("宿州市园林局", "园林局"),
    ],
)  # fmt: skip
def test_kinds_of_agencies(notices, name, kind):
    from schemas.record import Issuer

    record = notices["haining"].model_copy(deep=True)
    record.notice.issuers = [Issuer(name=name, region="330481")]
    ((party, _),) = parties_of([record])
    assert party.agency_kind == kind


def test_a_report_whose_head_names_no_city_is_of_the_one_that_it_speaks_of(tmp_path):
    import duban

    path = tmp_path / "报告.txt"
    body = "".join(f"（{n}）办好第{n}件实事，让六安更美好。新增停车泊位{n}00个。\n" for n in range(1, 8))
    filler = "加强学习，改进作风。\n" * 70
    path.write_text(
        "各位代表：\n现在，我代表市人民政府，向大会报告工作，请予审议。\n一、2024年重点工作\n" + filler + body,
        encoding="utf-8",
    )
    (record,) = duban.extract(path)
    record.notice.region = None
    found = compare([record])
    assert found.parties[0].city == "六安市（安徽）" and found.parties[0].region_inferred
    assert any("按全文提到最多的地名推断" in note and "inferred" in note.en for note in found.notes)


def test_bounds_and_rough_values_are_marked_where_they_are_ranked_together(notices):
    haining = notices["haining"].model_copy(deep=True)
    for quota in haining.quotas:
        if quota.unit == "个":
            quota.comparator = "~"
    found = compare([haining, notices["rugao"]])
    assert [(row.rank, row.why) for row in table(found, "parking_spaces", "个").rows] == [(1, "约数"), (2, "定值")]
