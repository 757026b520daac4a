"""Backups of a store that is a server's database, and stores copied from one kind to the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pipeline.backup import back_up
from pipeline.office import Office
from pipeline.restore import restore
from pipeline.store import Arrival, Saved, open_store
from pipeline.workspace import init

NOW = datetime(2024, 3, 20, tzinfo=UTC)
TEXT = """临江市水务局文件
临水发〔2024〕4号

关于做好防汛工作的通知

各科室：
一、落实责任。
办公室牵头，于11月底前完成台账整理。
二、报送信息。
水资源科每月5日前报送信息不少于{}篇。

临江市水务局
2024年3月4日
"""


def test_a_store_goes_into_a_backup_and_comes_back(
    store_url: str, put: Callable[..., Saved], arrived: Callable[..., Arrival], tmp_path: Path
) -> None:
    saved = put(TEXT.format(2))
    init(tmp_path / "督办")
    office = Office.open(tmp_path / "督办", "李科", {"DUBAN_STORE": store_url})
    with office.store() as store:
        key = list(store.keys(saved.notice_id).values())[1]
        store.correct(key, "title", "set", "改过", "王", NOW)
        changes, record = store.changes(0), store.record(saved.notice_id)
    made = back_up(office, tmp_path / "a.zip")
    assert made.notices == 1
    # Whatever happens after the backup is gone when it is put back, and numbers go on where they stood.
    put(TEXT.format(3), "重印.txt")
    with office.store() as store:
        store.correct(key, "title", "set", "又改", "王", NOW)
        assert len(store.versions(saved.notice_id)) == 2
    done = restore(made.path, office, force=True)
    assert done.saved is not None
    with office.store() as store:
        assert store.changes(0) == changes
        assert store.record(saved.notice_id) == record
        assert store.task(key).task.title == "改过"
    put(TEXT.format(5), "三印.txt")
    with office.store() as store:
        store.correct(key, "title", "set", "再改", "王", NOW)
        assert store.task(key).task.title == "再改"
        assert store.cursor() > changes[-1].seq
    # The copy in the backup is an SQLite store like any other.
    restore(done.saved, office, force=True)
    with office.store() as store:
        assert len(store.versions(saved.notice_id)) == 2


def test_a_server_s_store_moves_into_a_workspace_s_file(
    store_url: str, put: Callable[..., Saved], tmp_path: Path
) -> None:
    saved = put(TEXT.format(2))
    init(tmp_path / "甲")
    made = back_up(Office.open(tmp_path / "甲", "李科", {"DUBAN_STORE": store_url}), tmp_path / "a.zip")
    init(tmp_path / "乙")
    office = Office.open(tmp_path / "乙", "李科", {})
    restore(made.path, office)
    with open_store(office.workspace.database) as store, open_store(store_url) as origin:
        assert store.record(saved.notice_id) == origin.record(saved.notice_id)
        assert store.changes(0) == origin.changes(0)
