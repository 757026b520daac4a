"""Brings a store to the current form. Alembic is loaded only where there is something to do."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from pipeline.store.engine import WRITES, explained
from pipeline.store.rows import StoreError

#: The newest form; a test holds it against the migrations.
HEAD = "0003"
SCRIPTS = Path(__file__).with_name("migrations")


def migrate(engine: Engine) -> None:
    """Creates the tables or changes them to the current form, in one transaction.

    Raises:
        StoreError: the store was written by a newer version, or can't be reached.
    """
    with explained():
        with engine.connect() as connection:
            if current(connection) == HEAD:
                return
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            # Another process may have done it while this one waited.
            found = current(connection)
            if found != HEAD:
                _upgrade(connection, found)


def current(connection: Connection) -> str | None:
    """The form that a store has; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _upgrade(connection: Connection, found: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError("store.newer", "数据库是由更新版本的督办建的，本版本用不了", remedy="请升级督办后再打开")
    command.upgrade(config, "head")
