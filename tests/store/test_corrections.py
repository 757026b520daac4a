"""Corrections in the store: on top at every read, over formats, reissues and newer rules, and taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.correct import Wish, correct, undo, undo_last
from pipeline.corrections import CorrectionError
from pipeline.store import StoreError

AT = datetime(2023, 4, 1, 9, tzinfo=UTC)


@pytest.fixture
def notice(put, projects):
    return put(projects).notice_id


@pytest.fixture
def first(store, notice):
    """Key and id of the first task."""
    task = store.record(notice).tasks[0]
    return store.keys(notice)[task.id], task.id


def owners(store, notice, task_id):
    return [each.name for task in store.record(notice).tasks if task.id == task_id for each in task.owners]


def test_a_correction_is_on_top_and_what_was_extracted_stays(store, notice, first):
    key, task_id = first
    before = store.record(notice, corrected=False)
    (made,) = correct(store, key, Wish(owners=["督查科:牵头"]), by="李科", at=AT)
    assert owners(store, notice, task_id) == ["督查科"]
    assert store.record(notice, corrected=False) == before
    assert (made.key, made.task_id, made.author) == (key, task_id, "李科")
    assert [each["name"] for each in made.basis] == [each.name for each in before.tasks[0].owners]
    assert made.made_at == "2023-04-01T09:00:00+00:00"
    assert store.task(key).task.owners[0].rule == "corrected"
    assert store.corrections(notice_id=notice) == store.corrections(key=task_id) == [made]


def test_a_task_is_named_by_its_id_too(store, notice, first):
    (made,) = correct(store, first[1], Wish(title="改名"), by="李科", at=AT)
    assert made.key == first[0]


def test_undone_ones_stay_on_record_and_what_was_before_holds_again(store, notice, first):
    key, task_id = first
    before = owners(store, notice, task_id)
    correct(store, key, Wish(owners=["甲科"]), by="李科", at=AT)
    (second,) = correct(store, key, Wish(owners=["乙科"]), by="李科", at=AT)
    assert undo(store, second.id, by="王科", at=AT).undone_by == "王科"
    assert owners(store, notice, task_id) == ["甲科"]
    undo_last(store, key, by="王科", at=AT)
    assert owners(store, notice, task_id) == before
    assert [each.undone_by for each in store.corrections()] == ["王科", "王科"]
    with pytest.raises(CorrectionError):
        undo_last(store, key, by="王科", at=AT)
    with pytest.raises(StoreError, match="已于"):
        undo(store, second.id, by="王科", at=AT)


def test_a_dropped_task_comes_back(store, notice, first):
    key, task_id = first
    correct(store, key, Wish(drop=True), by="李科", at=AT)
    assert task_id not in [task.id for task in store.record(notice).tasks]
    correct(store, key, Wish(restore=True), by="李科", at=AT)
    assert task_id in [task.id for task in store.record(notice).tasks]


def test_each_correction_is_a_change_that_others_take(store, notice, first):
    at = store.cursor()
    (made,) = correct(store, first[0], Wish(title="改名"), by="李科", at=AT)
    undo(store, made.id, by="王科", at=AT)
    assert [(each.notice_id, each.kind, each.by) for each in store.changes(at)] == [
        (notice, "correction", "李科"), (notice, "correction", "王科"),
    ]  # fmt: skip


def test_a_wish_that_can_not_be_read_leaves_nothing(store, first):
    at = store.cursor()
    with pytest.raises(CorrectionError):
        correct(store, first[0], Wish(title="改名", due=["有空时"]), by="李科", at=AT)
    with pytest.raises(CorrectionError):
        correct(store, first[0], Wish(title="改名", text=" "), by="李科", at=AT)
    with pytest.raises(CorrectionError):
        correct(store, first[0], Wish(), by="李科", at=AT)
    with pytest.raises(CorrectionError):
        store.correct(first[0], "owners", "set", [{"role": "lead"}], "李科", AT)
    assert store.corrections() == [] and store.cursor() == at


def test_unknown_tasks_and_corrections_are_told(store, notice):
    for key in ("k-000000000000", "t-000000000000", ""):
        with pytest.raises(StoreError) as caught:
            store.correct(key, "title", "set", "甲", "李科", AT)
        assert caught.value.remedy
    with pytest.raises(StoreError):
        store.undo(99, "李科", AT)


def test_a_correction_outlives_another_format(store, put, sample):
    notice = put(sample("xuzhou-renewal-projects.txt")).notice_id
    task = store.record(notice).tasks[0]
    correct(store, task.id, Wish(owners=["督查科"]), by="李科", at=AT)
    put(sample("xuzhou-renewal-projects.docx"))
    assert owners(store, notice, task.id) == ["督查科"]


def test_a_correction_outlives_a_reissue_and_a_changed_basis_is_told(store, put, projects):
    notice = put(projects).notice_id
    record = store.record(notice)
    task = next(each for each in record.tasks if each.owners and projects.count(each.owners[0].name) >= 1)
    key, name = store.keys(notice)[task.id], task.owners[0].name
    correct(store, key, Wish(owners=["督查科"]), by="李科", at=AT)
    assert put(projects.replace(name, "市园林局"), "重发.txt").outcome == "new_version"
    keys = {key: task_id for task_id, key in store.keys(notice).items()}
    assert owners(store, notice, keys[key]) == ["督查科"]
    assert "correction.stale" in [warning.code for warning in store.record(notice).warnings]


def test_a_forgotten_notice_takes_its_corrections_along(store, notice, first):
    correct(store, first[0], Wish(title="改名"), by="李科", at=AT)
    assert store.forget(notice).corrections == 1
    assert store.corrections() == []
