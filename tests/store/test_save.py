"""What becomes of a file's records: a notice, a version, another file of one, nothing new."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extractors import extract

AT = datetime(2023, 4, 1, tzinfo=UTC)


def test_a_new_notice_is_read_back_as_it_was_saved(store, put, sample):
    path = sample("xuzhou-renewal-projects.docx")
    saved = put(path)
    assert (saved.outcome, saved.version, saved.diff) == ("new", 1, None)
    (expected,) = extract(path)
    assert store.record(saved.notice_id) == expected
    (row,) = store.notices()
    assert (row.notice_id, row.title, row.number) == (saved.notice_id, expected.notice.title, "泉政办发〔2023〕16号")
    assert (row.tasks, row.year, row.internal, row.updated_at) == (
        len(expected.tasks),
        2023,
        False,
        "2023-03-20T08:30:00+00:00",
    )
    assert [change.kind for change in store.changes(0)] == ["new"]


def test_the_same_bytes_change_nothing(store, put, sample, tmp_path, everything):
    put(sample("xuzhou-renewal-projects.docx"))
    before = everything()
    copy = tmp_path / "另一个名字.docx"
    copy.write_bytes(sample("xuzhou-renewal-projects.docx").read_bytes())
    again = put(copy)
    assert (again.outcome, again.version) == ("duplicate", 1)
    assert everything() == before


def test_has_knows_bytes(store, put, sample, arrived):
    path = sample("xuzhou-renewal-projects.docx")
    assert not store.has(arrived(path).sha256)
    put(path)
    assert store.has(arrived(path).sha256)


@pytest.mark.parametrize("formats", [("docx", "pdf", "txt"), ("txt", "pdf", "docx"), ("pdf", "txt", "docx")])
@pytest.mark.parametrize("name", ["xuzhou-renewal-projects", "wuxi-office-targets"])
def test_formats_of_one_notice_are_one_version(store, put, sample, name, formats, keys_of):
    first, *others = [put(sample(f"{name}.{each}")) for each in formats]
    assert [each.outcome for each in others] == ["another_format"] * 2
    (version,) = store.versions(first.notice_id)
    assert {each.format for each in version.sources} == set(formats)
    record = store.record(first.notice_id)
    assert record.notice.sources[0].format == "docx"
    assert len(record.notice.sources) == 3
    (from_docx,) = extract(sample(f"{name}.docx"))
    assert record.tasks == from_docx.tasks
    assert not any(task.dropped for task in map(store.task, keys_of(store, first.notice_id).values()))


def test_files_that_differ_say_so_once(store, put, sample):
    for each in ("docx", "txt"):
        saved = put(sample(f"wuxi-office-targets.{each}"))
    found = [warning.message for warning in store.record(saved.notice_id).warnings if warning.code == "source.conflict"]
    assert len(found) == 1
    assert "wuxi-office-targets.docx" in found[0] and "wuxi-office-targets.txt" in found[0]


def test_a_reissue_is_a_version_with_the_same_keys(store, put, projects, keys_of):
    first = put(projects)
    changed = projects.replace("新增停车位180个", "新增停车位220个").replace("12月20日前", "12月10日前")
    second = put(changed, "改.txt")
    assert (second.notice_id, second.outcome, second.version) == (first.notice_id, "new_version", 2)
    assert keys_of(store, first.notice_id, 1) == keys_of(store, first.notice_id, 2)
    diff = second.diff
    assert not (diff.added or diff.dropped or diff.doubtful or diff.owners)
    assert [(each.before, each.after) for each in diff.moved] == [
        (("12月20日前（2023-12-20）",), ("12月10日前（2023-12-10）",))
    ]
    assert len(diff.quotas) == 1 and "220个" in " ".join(diff.quotas[0].after)
    assert store.diff(first.notice_id) == diff == store.diff(first.notice_id, 1, 2)


def test_added_and_dropped_tasks_are_told_by_key(store, put, volunteers, keys_of):
    first = put(volunteers)
    before = keys_of(store, first.notice_id)
    changed = volunteers.replace(
        "(四)关爱老人行动 重阳节期间,工会组织青年志愿者走访慰问退休职工,走访率达到100%。",
        "(四)水质监测行动 每季度,水质中心对全市骨干河道取样检测1次,结果在网站公布。",
    )
    second = put(changed, "改.txt")
    assert second.questions == 0
    assert [each.key for each in second.diff.dropped] == [before["关爱老人行动"]]
    (added,) = second.diff.added
    assert added.title == "水质监测行动" and added.key not in before.values()
    assert store.task(before["关爱老人行动"]).dropped
    third = put(volunteers + " ", "又.txt")
    assert third.outcome == "duplicate", "words without white space are those of the first version"
    back = put(volunteers.replace("3000份", "4000份").replace("走访率达到100%", "走访率达到90%"), "再.txt")
    assert back.version == 3
    assert not store.task(before["关爱老人行动"]).dropped


def test_an_old_copy_that_comes_late_leaves_the_current_version(store, put, projects, sample):
    first = put(sample("xuzhou-renewal-projects.docx"))
    put(projects.replace("新增停车位180个", "新增停车位220个"))
    late = put(projects)
    assert (late.outcome, late.version) == ("another_format", 1)
    assert store.notices()[0].version == 2
    assert len(store.versions(first.notice_id)[0].sources) == 2


def test_a_reissue_that_comes_in_another_format_is_no_other_format(store, put, projects, sample):
    put(sample("xuzhou-renewal-projects.docx"))
    assert put(projects.replace("11月底前", "10月底前")).outcome == "new_version"


def test_the_number_tells_a_notice_whose_title_changed(store, put, projects):
    first = put(projects)
    again = put(projects.replace("分解表的通知", "分解表（修订）的通知").replace("180个", "220个"), "改.txt")
    assert (again.notice_id, again.outcome) == (first.notice_id, "new_version")


def test_the_title_tells_a_notice_of_another_day(store, put, volunteers, keys_of):
    first = put(volunteers)
    again = put(volunteers.replace("2023年3月6日", "2023年3月16日").replace("3000份", "4000份"), "改.txt")
    assert (again.notice_id, again.outcome) == (first.notice_id, "new_version")
    assert keys_of(store, first.notice_id, 1) == keys_of(store, first.notice_id, 2)
    other_id = extract_id(volunteers.replace("2023年3月6日", "2023年3月16日"))
    assert other_id != first.notice_id
    assert store.record(other_id).notice.id == first.notice_id, "any id that it was read under finds it"


def test_other_words_under_one_title_are_another_notice(store, put):
    words = "关于召开工作例会的通知\n各科室：\n定于{}上午9时在{}召开工作例会，{}。\n海宁市水利局\n2023年{}\n"
    first = put(words.format("3月6日", "三楼会议室", "各科室负责人参加，汇报一季度重点任务进展", "3月3日"))
    other = put(
        words.format("9月8日", "水文站", "全体党员自带笔记本，观看警示教育片后分组讨论并提交心得", "9月5日"), "二.txt"
    )
    assert other.outcome == "new" and other.notice_id != first.notice_id


def test_the_same_title_by_another_agency_is_another_notice(store, put, volunteers):
    first = put(volunteers)
    other = put(volunteers.replace("海宁市水利局", "平湖市水利局"), "平湖.txt")
    assert other.outcome == "new" and other.notice_id != first.notice_id and other.questions == 0


def test_unsigned_texts_of_one_title_are_versions_where_they_say_much_the_same(store, put, sample, keys_of):
    text = sample("hefei-service-priorities.txt").read_text(encoding="utf-8")
    first = put(text)
    again = put(text.replace("6月底前上线", "5月底前上线"), "改.txt")
    assert (again.notice_id, again.outcome) == (first.notice_id, "new_version")
    assert keys_of(store, first.notice_id, 1) == keys_of(store, first.notice_id, 2)


def test_where_only_one_is_signed_it_is_asked(store, put, sample):
    text = sample("hefei-service-priorities.txt").read_text(encoding="utf-8")
    first = put(text)
    signed = put(text.replace("6月底前上线", "5月底前上线") + "\n合肥市数据资源局\n2024年3月1日\n", "署名.txt")
    assert signed.outcome == "new" and signed.notice_id != first.notice_id and signed.questions == 1


def extract_id(text: str) -> str:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.txt")
        path.write_text(text, encoding="utf-8")
        return extract(path)[0].notice.id


def test_a_file_of_several_notices_is_known_by_its_bytes(store, sample, arrived):
    records = [extract(sample(name))[0] for name in ("xuzhou-renewal-projects.docx", "haining-river-volunteers.docx")]
    arrival = arrived(sample("xuzhou-renewal-projects.docx"))
    saved = store.save(records, arrival, by="李科", at=AT)
    assert [each.outcome for each in saved] == ["new", "new"]
    again = store.save(records, arrival, by="李科", at=AT)
    assert [(each.notice_id, each.outcome) for each in again] == [(each.notice_id, "duplicate") for each in saved]
    assert len(store.sources()) == 2 and len({each.sha256 for each in store.sources()}) == 1


def test_an_archive_that_holds_a_notice_in_two_formats(store, sample, tmp_path, arrived, everything):
    path = tmp_path / "材料.zip"
    path.write_bytes(b"an archive")
    records = [extract(sample(f"xuzhou-renewal-projects.{each}"))[0] for each in ("txt", "docx")]
    told = store.save(records, arrived(path), by="李科", at=AT)
    assert [each.outcome for each in told] == ["new", "another_format"]
    assert [each.name for each in store.record(told[0].notice_id).notice.sources] == [
        "xuzhou-renewal-projects.docx", "xuzhou-renewal-projects.txt",
    ]  # fmt: skip
    assert [each.name for each in store.sources()] == ["材料.zip"]
    before = everything()
    store.reprocess(records, arrived(path).sha256, by="李科", at=AT)
    assert everything() == before


def test_the_same_words_in_other_bytes_are_a_copy_after_a_better_format_too(store, put, projects, sample):
    put(projects)
    put(sample("xuzhou-renewal-projects.docx"))
    again = put(projects.replace("\n", "\r\n"), "另存.txt")
    assert (again.outcome, again.version) == ("duplicate", 1)
    assert len(store.sources()) == 3


def test_internal_stays_marked(store, put, sample):
    saved = put(sample("xuzhou-renewal-projects.docx"), internal=True)
    put(sample("xuzhou-renewal-projects.pdf"))
    assert store.notices()[0].internal
    assert store.notices(internal=False) == []
    store.mark(saved.notice_id, internal=False, confirmed=True, by="李科", at=AT)
    (row,) = store.notices(internal=False)
    assert row.confirmed


def test_a_crash_in_the_middle_leaves_nothing(store, sample, arrived, everything, monkeypatch):
    from pipeline.store import save

    before = everything()
    path = sample("xuzhou-renewal-projects.docx")

    def crash(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(save, "tell", crash)
    with pytest.raises(RuntimeError):
        store.save(extract(path), arrived(path), by="李科", at=AT)
    assert everything() == before
    monkeypatch.undo()
    assert store.save(extract(path), arrived(path), by="李科", at=AT)[0].outcome == "new"


def test_what_was_saved_is_not_changed_by_saving(store, sample, arrived):
    path = sample("xuzhou-renewal-projects.pdf")
    records = extract(path)
    before = [record.model_copy(deep=True) for record in records]
    store.save(records, arrived(path), by="李科", at=AT)
    assert records == before
