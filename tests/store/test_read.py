"""Lists, filters, tasks, changes; what is asked for and isn't there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.store import StoreError

AT = datetime(2023, 5, 1, tzinfo=UTC)


@pytest.fixture
def three(put, sample):
    """Notices of 徐州, 宿州 (安徽) and 海宁, by the first part of their samples' names."""
    names = ("xuzhou-renewal-projects", "suzhou-anhui-market-plan", "haining-river-volunteers")
    return {name.split("-")[0]: put(sample(f"{name}.docx")).notice_id for name in names}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["haining", "suzhou", "xuzhou"]),
        ({"city": "宿州"}, ["suzhou"]),
        ({"city": "宿州市"}, ["suzhou"]),
        ({"city": "苏州"}, []),
        ({"city": "嘉兴"}, ["haining"]),
        ({"city": "330481"}, ["haining"]),
        ({"city": "州"}, []),
        ({"city": "%"}, []),
        ({"agency": "水利局"}, ["haining"]),
        ({"year": 2023, "city": "徐州"}, ["xuzhou"]),
        ({"year": 1999}, []),
        ({"topic": "theory_study"}, []),
        ({"ids": []}, []),
        ({"since": 2}, ["haining"]),
        ({"since": None, "city": None}, ["haining", "suzhou", "xuzhou"]),
    ],
    ids=str,
)
def test_filters(store, three, filters, expected):
    assert {row.notice_id for row in store.notices(**filters)} == {three[name] for name in expected}


def test_ids_and_topics(store, three, sample, arrived):
    from extractors import extract

    assert [row.notice_id for row in store.notices(ids=[three["haining"]])] == [three["haining"]]
    path = sample("hefei-service-priorities.docx")
    (record,) = extract(path)
    record.tasks[0].topics = ["政务服务"]
    (saved,) = store.save([record], arrived(path), by="李科", at=AT)
    assert [row.notice_id for row in store.notices(topic="政务服务")] == [saved.notice_id]
    assert store.notices(topic="政务") == []


def test_an_unknown_filter_is_a_mistake(store):
    with pytest.raises(TypeError, match="province"):
        store.notices(province="江苏")


def test_changes_come_in_order_and_in_pages(store, three):
    assert store.cursor() == 3
    first = store.changes(0, limit=2)
    assert [each.seq for each in first] == [1, 2]
    rest = store.changes(first[-1].seq)
    assert [each.notice_id for each in [*first, *rest]] == list(three.values())
    assert (rest[0].by, rest[0].kind, rest[0].at) == ("李科", "new", "2023-03-20T08:30:00+00:00")
    assert store.changes(store.cursor()) == []


def test_a_task_by_key_and_by_id(store, three, keys_of):
    record = store.record(three["haining"])
    keys = store.keys(three["haining"])
    task = record.tasks[2]
    by_id = store.task(task.id)
    assert by_id == store.task(keys[task.id])
    assert by_id.task == task and by_id.notice_id == three["haining"]
    assert by_id.key.startswith("k-") and len(by_id.key) == 14


def test_a_task_that_was_corrected_away_can_still_be_seen(store, three):
    task = store.record(three["haining"]).tasks[0]
    store.correct(store.keys(three["haining"])[task.id], "task", "drop", None, "李科", AT)
    assert task.id not in {each.id for each in store.record(three["haining"]).tasks}
    assert store.task(task.id).task.text == task.text
    assert store.record(three["haining"], corrected=False).tasks[0] == task


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda s, _: s.record("n-000000000000"), "库中没有公文 n-000000000000；"),
        (lambda s, _: s.versions("n-0"), "没有公文"),
        (lambda s, _: s.forget("n-0"), "没有公文"),
        (lambda s, _: s.mark("n-0", internal=True, by="", at=AT), "没有公文"),
        (lambda s, n: s.record(n, version=2), "没有第 2 版；现有第 1 至 1 版"),
        (lambda s, n: s.diff(n, 1, 0), "没有第 0 版"),
        (lambda s, _: s.task("k-1"), "没有任务|没有任务 k-1"),
    ],
)
def test_what_is_not_there_is_told_with_a_remedy(store, three, ask, message):
    with pytest.raises(StoreError, match=message) as error:
        ask(store, three["haining"])
    assert error.value.remedy


def test_the_queryable_copies_hold_the_current_version(store, put, projects):
    from sqlalchemy import text

    saved = put(projects)
    put(projects.replace("11月底前", "10月20日前"), "改.txt")
    with store._gate.reading() as session:
        ends = list(session.scalars(text('SELECT "end" FROM times ORDER BY id')))
        owners = session.scalar(text("SELECT count(*) FROM owners"))
        quotas = session.scalar(text("SELECT count(*) FROM quotas"))
    record = store.record(saved.notice_id)
    assert ends == [time.end for task in record.tasks for time in task.times]
    assert owners == sum(len(task.owners) for task in record.tasks) and quotas == len(record.quotas)
