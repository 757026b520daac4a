"""What is forgotten can't be found any more, not in the database's files either."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.store import StoreError, open_store

AT = datetime(2023, 5, 1, tzinfo=UTC)


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("duban.db*"))


def test_nothing_of_it_stays(store, put, volunteers, sample, everything):
    put(sample("xuzhou-renewal-projects.docx"))
    before = everything()
    first = put(volunteers)
    second = put(volunteers.replace("走访率达到100%", "并座谈慰问困难党员,送上慰问品"), "改.txt")
    assert second.version == 2
    put(volunteers.replace("2023年3月6日", "2024年3月5日"), "次年.txt")
    store.correct(next(iter(store.keys(first.notice_id).values())), "title", "set", "目标", "李科", AT)
    other = store.notices()[2].notice_id
    gone = store.forget(first.notice_id, by="王科", at=AT)
    assert (gone.notice_id, gone.versions, gone.corrections) == (first.notice_id, 2, 1)
    assert gone.tasks >= 10 and {each.name for each in gone.sources} == {"通知.txt", "改.txt"}
    assert "护河志愿服务队" not in repr([row for name, row in everything().items() if name == "questions"])
    with pytest.raises(StoreError):
        store.record(first.notice_id)
    assert store.notices()[1].questions == 0, "it is no candidate any more"
    store.forget(other, by="王科", at=AT)
    after = everything()
    assert [(change.kind, change.by) for change in store.changes(0)][1:] == [("forgotten", "王科")] * 2
    assert {**after, "changes": None} == {**before, "changes": None}
    assert put(volunteers).outcome == "new"


def test_the_files_hold_no_word_of_it(tmp_path, sample, arrived):
    from extractors import extract

    path, other = sample("haining-river-volunteers.docx"), sample("xuzhou-renewal-projects.docx")
    word = "护河志愿服务".encode()
    with open_store(tmp_path / "duban.db") as store:
        store.save(extract(other), arrived(other), by="李科", at=AT)
        (saved,) = store.save(extract(path), arrived(path), by="李科", at=AT)
        assert word in bytes_of(tmp_path)
        store.forget(saved.notice_id)
        assert word not in bytes_of(tmp_path)
        assert store.has(arrived(other).sha256) and not store.has(arrived(path).sha256)
    assert word not in bytes_of(tmp_path)


def test_a_file_that_holds_other_notices_stays_known(store, sample, arrived):
    from extractors import extract

    records = [extract(sample(name))[0] for name in ("xuzhou-renewal-projects.docx", "haining-river-volunteers.docx")]
    arrival = arrived(sample("xuzhou-renewal-projects.docx"))
    first, second = store.save(records, arrival, by="李科", at=AT)
    store.forget(first.notice_id)
    assert store.has(arrival.sha256)
    store.forget(second.notice_id)
    assert not store.has(arrival.sha256)


def test_another_reader_makes_it_say_so(tmp_path, sample, arrived, monkeypatch):
    import sqlite3

    from extractors import extract
    from pipeline.store import engine

    monkeypatch.setattr(engine, "BUSY", 0.2)
    path = sample("haining-river-volunteers.docx")
    with open_store(tmp_path / "duban.db") as store:
        (saved,) = store.save(extract(path), arrived(path), by="李科", at=AT)
        reader = sqlite3.connect(tmp_path / "duban.db")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM notices").fetchone()
        with pytest.raises(StoreError, match="残留没有清干净"):
            store.forget(saved.notice_id)
        reader.close()
        assert store.notices() == []
        assert store.forget(saved.notice_id).versions == 0, "once more, as the message says"
        assert "护河志愿服务".encode() not in bytes_of(tmp_path)
