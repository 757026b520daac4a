"""Stores are made and brought to the current form by the migrations alone."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import pytest
from sqlalchemy import text

from pipeline.store import StoreError, open_store
from pipeline.store.migrate import HEAD, SCRIPTS


def test_migrations_make_what_the_models_say(empty_url):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from pipeline.store.tables import metadata

    with open_store(empty_url) as store, store._gate.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_head_is_the_last_migration():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_opening_again_changes_nothing(store_url, everything, put, sample):
    put(sample("haining-river-volunteers.docx"))
    before = everything()
    with open_store(store_url) as again:
        assert again.cursor() == 1
    assert everything() == before


def test_a_store_of_a_newer_version_is_refused(store, store_url):
    with store._gate.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"更新版本的督办.*请升级"):
        open_store(store_url)


def test_sqlite_is_durable_and_forgets(tmp_path):
    folder = tmp_path / "收文 100%"
    folder.mkdir()
    with open_store(folder / "duban.db") as store, store._gate.engine.connect() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        told = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in names}
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://somewhere/x", "类型“mysql”不支持"),
        ("postgresql://host:port/x", "地址写得不对"),
        ("postgresql://postgres@/x?host=/nowhere", "连接不上"),
        ("sqlite:////nowhere/at/all/x.db", "打不开"),
    ],
)
def test_what_cannot_be_opened_is_told(url, message):
    with pytest.raises(StoreError, match=message) as error:
        open_store(url)
    assert error.value.remedy and "Traceback" not in str(error.value)


def test_a_file_that_is_no_database_is_told(tmp_path):
    path = tmp_path / "duban.db"
    path.write_bytes(b"no database at all " * 200)
    with pytest.raises(StoreError, match="损坏或不是数据库"):
        open_store(path)


def test_a_locked_store_is_told(tmp_path, monkeypatch, sample, arrived):
    from datetime import UTC, datetime

    from extractors import extract
    from pipeline.store import engine

    monkeypatch.setattr(engine, "BUSY", 0.05)
    monkeypatch.setattr(engine, "_TRIES", 2)
    path = sample("haining-river-volunteers.docx")
    with open_store(tmp_path / "duban.db") as store:
        other = sqlite3.connect(tmp_path / "duban.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="正被另一个程序占用"):
            store.save(extract(path), arrived(path), by="李科", at=datetime.now(UTC))
        other.execute("ROLLBACK")
        other.close()
        assert store.save(extract(path), arrived(path), by="李科", at=datetime.now(UTC))


def test_importing_the_package_loads_no_database(root):
    code = "import sys, pipeline.store, pipeline.store.rows; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=root).returncode == 0
