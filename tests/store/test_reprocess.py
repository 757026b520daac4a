"""Newer rules' records take the place of older ones'; keys and corrections stay."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extractors import extract
from pipeline.store import StoreError

AT = datetime(2023, 6, 1, tzinfo=UTC)


@pytest.fixture
def saved(store, sample, arrived):
    """A sample, as rules had read it that knew no 100% and missed the last task: its path and notice's id."""
    path = sample("haining-river-volunteers.docx")
    (record,) = extract(path)
    record.producer.rules = "older"
    record.quotas = [quota for quota in record.quotas if quota.text != "达到100%"]
    record.tasks = record.tasks[:-1]
    record.quotas = [quota for quota in record.quotas if quota.task in {task.id for task in record.tasks}]
    (result,) = store.save([record], arrived(path), by="李科", at=AT)
    return path, result.notice_id


def test_what_changed_is_reported_and_the_version_stays(store, saved, arrived):
    path, notice_id = saved
    keys = store.keys(notice_id)
    (again,) = store.reprocess(extract(path), arrived(path).sha256, by="王科", at=AT)
    assert (again.outcome, again.version, again.questions) == ("reprocessed", 1, 0)
    assert [entry.title for entry in again.diff.added] == ["注重宣传引导"]
    assert store.record(notice_id) == extract(path)[0]
    assert {task: key for task, key in store.keys(notice_id).items() if task in keys} == keys
    (version,) = store.versions(notice_id)
    assert version.rules != "older" and version.updated_at == "2023-06-01T00:00:00+00:00"
    assert [change.kind for change in store.changes(0)] == ["new", "reprocessed"]


def test_the_same_again_changes_nothing(store, saved, arrived, everything):
    path, _ = saved
    store.reprocess(extract(path), arrived(path).sha256, by="王科", at=AT)
    before = everything()
    (again,) = store.reprocess(extract(path), arrived(path).sha256, by="王科", at=AT)
    assert again.outcome == "duplicate"
    assert everything() == before


def test_corrections_outlive_a_task_that_is_lost_and_found(store, saved, arrived):
    path, notice_id = saved
    (full,) = extract(path)
    lost = full.tasks[2]
    key = store.keys(notice_id)[lost.id]
    store.correct(key, "title", "set", "清洁河道", "李科", AT)
    (less,) = extract(path)
    less.tasks = [task for task in less.tasks if task.id != lost.id]
    less.quotas = [quota for quota in less.quotas if quota.task != lost.id]
    (again,) = store.reprocess([less], arrived(path).sha256, by="王科", at=AT)
    assert [entry.key for entry in again.diff.dropped] == [key]
    row = store.task(key)
    assert row.dropped and row.task == lost and len(row.corrections) == 1
    store.reprocess([full], arrived(path).sha256, by="王科", at=AT)
    row = store.task(key)
    assert not row.dropped and row.task.title == "清洁河道"


def test_ids_that_newer_rules_change_keep_the_keys(store, saved, arrived):
    path, notice_id = saved
    (record,) = extract(path)
    record.notice.id = "n-0123456789ab"
    names = {task.id: f"t-{i:012x}" for i, task in enumerate(record.tasks)}
    for task in record.tasks:
        task.id = names[task.id]
    for quota in record.quotas:
        quota.task = names[quota.task]
    keys = list(store.keys(notice_id).values())
    store.reprocess([record], arrived(path).sha256, by="王科", at=AT)
    assert list(store.keys("n-0123456789ab").values())[: len(keys)] == keys
    assert store.record("n-0123456789ab").notice.id == notice_id


def test_only_the_file_that_the_record_is_from_counts(store, saved, sample, put, arrived, everything):
    put(sample("haining-river-volunteers.pdf"))
    before = everything()
    (again,) = store.reprocess(
        extract(sample("haining-river-volunteers.pdf")),
        arrived(sample("haining-river-volunteers.pdf")).sha256,
        by="王科",
        at=AT,
    )
    assert again.outcome == "duplicate"
    assert everything() == before


def test_an_unknown_file_is_told(store, saved):
    with pytest.raises(StoreError, match="没有这个文件"):
        store.reprocess(extract(saved[0]), "0" * 64, by="王科", at=AT)


def test_notices_that_newer_rules_find_in_a_file_are_taken_in(store, saved, sample, arrived, everything):
    path, notice_id = saved
    records = [extract(sample("xuzhou-renewal-projects.docx"))[0], extract(path)[0]]
    told = store.reprocess(records, arrived(path).sha256, by="王科", at=AT)
    assert [each.outcome for each in told] == ["new", "reprocessed"]
    assert told[1].notice_id == notice_id and len(store.notices()) == 2
    before = everything()
    again = store.reprocess(records, arrived(path).sha256, by="王科", at=AT)
    assert [each.outcome for each in again] == ["duplicate", "duplicate"] and everything() == before
