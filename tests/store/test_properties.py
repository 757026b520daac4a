"""Whatever arrives in whatever order: nothing twice, nothing lost, keys for ever."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import extract
from pipeline.store import Arrival, Store, open_store
from schemas.record import NoticeRecord

AT = datetime(2023, 3, 20, tzinfo=UTC)
TEXT = (Path(__file__).parents[2] / "samples" / "haining-river-volunteers.txt").read_text(encoding="utf-8")
#: Edits that a reissue may bring; each is made or not.
EDITS = [
    ("3000份", "4000份"),
    ("4月15日前", "4月30日前"),
    ("不少于24次", "不少于36次"),
    ("(四)关爱老人行动 重阳节期间,工会组织青年志愿者走访慰问退休职工,走访率达到100%。", ""),
    ("走访慰问退休职工,走访率达到100%", "走访慰问困难党员和退休职工,并座谈"),
    ("宣传中心组织", "信息中心组织"),
    (
        "(二)加强培训管理 局机关党委每半年对志愿者进行一次集中培训,培训时间不少于4学时。",
        "(二)落实经费保障 财务科将活动经费列入年度预算,每季度公布1次。",
    ),
]


@lru_cache(maxsize=256)
def reading(chosen: frozenset[int]) -> tuple[list[NoticeRecord], Arrival]:
    text = TEXT
    for i in sorted(chosen):
        text = text.replace(*EDITS[i])
    data = text.encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{'-'.join(map(str, sorted(chosen)))}.txt")
        path.write_bytes(data)
        return extract(path), Arrival(path.name, "txt", sha256(data).hexdigest(), len(data))


ARRIVALS = st.lists(st.frozensets(st.integers(0, len(EDITS) - 1), max_size=3), min_size=1, max_size=5)


def state(store: Store) -> object:
    (row,) = store.notices()
    versions = store.versions(row.notice_id)
    keys = [store.keys(row.notice_id, version=version.ordinal) for version in versions]
    return row, versions, keys, store.questions(open_only=False), store.changes(0)


@settings(max_examples=15, deadline=None)
@given(ARRIVALS, st.data())
def test_arrivals_in_any_order(chosen, data):
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder, "duban.db")) as store:
        held: set[str] = set()
        for each in chosen:
            records, arrival = reading(each)
            store.save(records, arrival, by="李科", at=AT)
            check(store, held)
            for question in store.questions():
                if data.draw(st.booleans()):
                    choices = [each["key"] for each in question.payload["candidates"]] + ["new"]
                    if question in store.questions():
                        store.answer(question.id, data.draw(st.sampled_from(choices)), "王科", AT)
                        check(store, held)
        before = state(store)
        for each in chosen:
            records, arrival = reading(each)
            assert {saved.outcome for saved in store.save(records, arrival, by="李科", at=AT)} == {"duplicate"}
        assert state(store) == before
        assert len(before[1]) == len({reading(each)[0][0].notice.content_hash for each in chosen})


def check(store: Store, held: set[str]) -> None:
    """Every task of every version has one key; a key that was given once leads to a task for ever."""
    (row,) = store.notices()
    for version in store.versions(row.notice_id):
        record = store.record(row.notice_id, version=version.ordinal)
        keys = store.keys(row.notice_id, version=version.ordinal)
        assert list(keys) == [task.id for task in record.tasks]
        assert len(set(keys.values())) == len(keys)
        held |= set(keys.values())
    current = set(store.keys(row.notice_id).values())
    asked = {each["key"] for question in store.questions() for each in question.payload["candidates"]}
    for key in held:
        task = store.task(key)
        assert task.history
        assert task.dropped is not (task.key in current or task.doubtful)
        assert not task.doubtful or task.key in asked


@settings(max_examples=8, deadline=None)
@given(st.frozensets(st.sampled_from([0, 1, 2, 5])), st.frozensets(st.sampled_from([0, 1, 2, 5])))
def test_changed_values_keep_every_key(first, second):
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder, "duban.db")) as store:
        for each in (first, second):
            records, arrival = reading(each)
            (saved,) = store.save(records, arrival, by="李科", at=AT)
        versions = [store.keys(saved.notice_id, version=v.ordinal) for v in store.versions(saved.notice_id)]
        assert len({tuple(keys.values()) for keys in versions}) == 1
        assert store.questions() == []
