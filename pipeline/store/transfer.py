"""A whole store copied into another, between SQLite and PostgreSQL too: what backups are made and restored by."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, func, insert, select, text

from pipeline.store.engine import WRITES, explained
from pipeline.store.tables import metadata

#: Rows copied at once.
_BATCH = 500


def transfer(source: Engine, target: Engine) -> int:
    """Replaces all that a store holds by what another one holds, in one transaction of each; gives the rows copied.

    Both must have the current form. Numbers are kept, and those given out next follow the greatest.

    Raises:
        StoreError: either is away, full or damaged; the target is as it was.
    """
    copied = 0
    with (
        explained(),
        source.connect() as old,
        old.begin(),
        target.execution_options(**{WRITES: True}).begin() as new,
    ):
        for table in reversed(metadata.sorted_tables):
            new.execute(table.delete())
        for table in metadata.sorted_tables:
            # In their order: an item's parts come after it.
            query = select(table).order_by(*table.primary_key)
            rows = old.execution_options(yield_per=_BATCH).execute(query).mappings()
            for part in rows.partitions(_BATCH):
                new.execute(insert(table), [dict(row) for row in part])
                copied += len(part)
            key = table.primary_key.columns.values()[0]
            if target.dialect.name == "postgresql" and key.autoincrement and key.type.python_type is int:
                _continue(new, table.name, key.name, new.execute(select(func.max(key))).scalar())
    return copied


def _continue(connection: Connection, table: str, column: str, greatest: int | None) -> None:
    """Lets a sequence go on behind the numbers that were copied."""
    sequence = connection.execute(
        text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table, "column": column}
    ).scalar()
    if sequence:
        connection.execute(
            text("SELECT setval(CAST(:sequence AS regclass), :value, :used)"),
            {"sequence": sequence, "value": greatest or 1, "used": greatest is not None},
        )
