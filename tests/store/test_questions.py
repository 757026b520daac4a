"""Doubtful matches are asked; what people wrote goes with the answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.store import StoreError

AT = datetime(2023, 5, 1, 1, 2, 3, tzinfo=UTC)
OLD = "重阳节期间,工会组织青年志愿者走访慰问退休职工,走访率达到100%。"
DOUBTFUL = "重阳节期间,工会组织青年志愿者走访慰问困难党员和退休职工,送上慰问品并座谈。"


@pytest.fixture
def doubtful(put, volunteers, keys_of, store):
    """A notice with a task of which it is asked whether it is an older one: its id, the older and the newer key."""
    first = put(volunteers)
    second = put(volunteers.replace(OLD, DOUBTFUL), "改.txt")
    assert second.questions == 1
    before, after = (keys_of(store, first.notice_id, version)["关爱老人行动"] for version in (1, 2))
    assert before != after
    return first.notice_id, before, after


def test_it_is_asked_not_guessed(store, doubtful):
    notice_id, old, new = doubtful
    (question,) = store.questions()
    assert (question.notice_id, question.version, question.kind) == (notice_id, 2, "task")
    assert question.payload["task"]["key"] == new
    assert [(each["key"], each["text"]) for each in question.payload["candidates"]] == [(old, OLD)]
    row = store.task(old)
    assert (row.dropped, row.doubtful) == (False, True)
    diff = store.diff(notice_id)
    assert [each.key for each in diff.doubtful] == [old] and not diff.dropped
    assert store.notices()[0].questions == 1


def test_the_same_task_takes_its_corrections_along(store, doubtful):
    notice_id, old, new = doubtful
    store.correct(old, "title", "set", "关爱", "李科", AT)
    store.correct(new, "owners", "set", [{"name": "工会", "role": "lead"}], "李科", AT)
    (question,) = store.questions()
    answered = store.answer(question.id, old, "王科", AT)
    assert (answered.answer, answered.answered_by, answered.answered_at) == (old, "王科", "2023-05-01T01:02:03+00:00")
    assert store.questions() == [] and store.questions(open_only=False) == [answered]
    row = store.task(new)
    assert row.key == old, "the newer key leads to the older one"
    assert [each.version for each in row.history] == [1, 2]
    assert (row.dropped, row.doubtful, row.task.title) == (False, False, "关爱")
    assert [(owner.name, owner.role) for owner in row.task.owners] == [("工会", "lead")]
    assert len(row.corrections) == 2
    assert new not in store.keys(notice_id).values()
    assert [(each.key, each.after) for each in store.diff(notice_id).texts] == [(old, (DOUBTFUL,))]


def test_another_task_leaves_the_older_dropped(store, doubtful):
    notice_id, old, new = doubtful
    (question,) = store.questions()
    store.answer(question.id, "new", "王科", AT)
    assert store.task(old).dropped and not store.task(old).doubtful
    assert not store.task(new).dropped
    assert [each.key for each in store.diff(notice_id).dropped] == [old]


def test_answers_that_make_no_sense_are_refused(store, doubtful):
    (question,) = store.questions()
    with pytest.raises(StoreError, match=r"不在可选的答案里.*new"):
        store.answer(question.id, "k-000000000000", "王科", AT)
    with pytest.raises(StoreError, match="没有第 99 号问题"):
        store.answer(99, "new", "王科", AT)
    store.answer(question.id, "new", "王科", AT)
    with pytest.raises(StoreError, match="已由 王科 答过"):
        store.answer(question.id, "new", "王科", AT)


def test_a_later_version_that_has_it_again_settles_it(store, put, volunteers, doubtful, keys_of):
    notice_id, old, new = doubtful
    third = put(volunteers.replace("3000份", "4000份"), "再.txt")
    assert keys_of(store, notice_id)["关爱老人行动"] == old
    assert third.questions == 0 and store.questions() == []
    assert not store.task(old).doubtful and store.task(new).dropped


def test_an_open_question_outlives_a_version(store, put, volunteers, doubtful):
    _, old, _ = doubtful
    put(volunteers.replace(OLD, DOUBTFUL).replace("3000份", "4000份"), "再.txt")
    (question,) = store.questions()
    assert store.task(old).doubtful
    store.answer(question.id, old, "王科", AT)
    assert [each.version for each in store.task(old).history] == [1, 2, 3]


@pytest.fixture
def yearly(put, volunteers):
    """A notice and one of the same title, by the same agency, of the next year: both ids."""
    first = put(volunteers)
    second = put(volunteers.replace("2023年3月6日", "2024年3月5日").replace("3000份", "5000份"), "次年.txt")
    assert second.outcome == "new" and second.questions == 1
    return first.notice_id, second.notice_id


def test_a_notice_of_another_year_is_asked(store, yearly):
    (question,) = store.questions()
    assert question.kind == "notice" and question.notice_id == yearly[1]
    assert [each["notice_id"] for each in question.payload["candidates"]] == [yearly[0]]
    store.answer(question.id, "new", "王科", AT)
    assert len(store.notices()) == 2


def test_a_notice_that_is_a_reissue_becomes_a_version(store, yearly, keys_of):
    first, second = yearly
    before = keys_of(store, first)
    later = keys_of(store, second)["节水宣传行动"]
    store.correct(later, "title", "set", "节水", "李科", AT)
    (question,) = store.questions()
    store.answer(question.id, first, "王科", AT)
    (row,) = store.notices()
    assert (row.notice_id, row.version, row.issue_date) == (first, 2, "2024-03-05")
    assert store.record(second).notice.id == first
    after = keys_of(store, first, 2)
    assert after == before
    assert store.task(later).key == before["节水宣传行动"] and store.task(later).task.title == "节水"
    assert store.diff(first).quotas[0].key == before["节水宣传行动"]
    assert len(store.versions(first)) == 2
