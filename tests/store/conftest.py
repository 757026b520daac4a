"""Stores to test on: every test that asks for ``store_url`` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from extractors import extract
from pipeline.store import Arrival, Saved, Store, open_store
from schemas.record import NoticeRecord

AT = datetime(2023, 3, 20, 8, 30, tzinfo=UTC)
NO_SERVER = "needs PostgreSQL: set DUBAN_TEST_POSTGRES to a server's URL, or install it so that initdb can start one"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server, without a database's name: the one that is named, else one that is started for the run."""
    named = os.environ.get("DUBAN_TEST_POSTGRES")
    if named:
        yield named
        return
    initdb = _find("initdb")
    if initdb is None:
        pytest.skip(NO_SERVER)
    folder = Path(tempfile.mkdtemp(prefix="duban-pg-", dir="/tmp"))
    prefix = []
    if os.geteuid() == 0:
        # The server refuses to run as root.
        if not shutil.which("runuser") or subprocess.run(["id", "postgres"], capture_output=True).returncode:
            pytest.skip(NO_SERVER)
        prefix = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")
    data, log = folder / "data", folder / "log"
    options = f"-c listen_addresses='' -k {folder} -c fsync=off -c full_page_writes=off -c max_connections=50"
    control = [*prefix, str(initdb.with_name("pg_ctl")), "-D", str(data)]
    _run([*prefix, str(initdb), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"])
    _run([*control, "-l", str(log), "-w", "-o", options, "start"])
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], capture_output=True, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)


def _find(program: str) -> Path | None:
    found = shutil.which(program)
    if found:
        return Path(found)
    return max(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), default=None)


def _run(command: list[str]) -> None:
    # Output goes to a file: the server that is started would keep a pipe open.
    with tempfile.TemporaryFile() as output:
        if subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, cwd="/").returncode:
            output.seek(0)
            pytest.fail(output.read().decode(errors="replace"))


@pytest.fixture(scope="session")
def made_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store's file with its tables, to be copied."""
    path = tmp_path_factory.mktemp("made") / "duban.db"
    open_store(path).close()
    return path


@pytest.fixture(scope="session")
def made_postgres(postgres: str) -> Iterator[str]:
    """The name of an empty store's database with its tables, to be copied."""
    with _database(postgres, "template0") as (name, url):
        open_store(url).close()
        yield name


@contextmanager
def _database(server: str, template: str) -> Iterator[tuple[str, str]]:
    import psycopg
    from sqlalchemy.engine import make_url

    url, name = make_url(server), f"duban_{uuid.uuid4().hex}"
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
    yield name, url.set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database in which nothing is yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'duban.db'}"
    else:
        with _database(request.getfixturevalue("postgres"), "template0") as (_, url):
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty store."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("made_sqlite"), tmp_path / "duban.db")
        yield f"sqlite:///{tmp_path / 'duban.db'}"
    else:
        template = request.getfixturevalue("made_postgres")
        with _database(request.getfixturevalue("postgres"), template) as (_, url):
            yield url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store."""
    with open_store(store_url) as opened:
        yield opened


@pytest.fixture
def put(store: Store, tmp_path: Path) -> Callable[..., Saved]:
    """Reads a file, or text with the name that it should have, and saves what was read; gives what became of it."""

    def save(source: Path | str, name: str = "通知.txt", **more: object) -> Saved:
        path = source
        if isinstance(source, str):
            path = tmp_path / name
            path.write_text(source, encoding="utf-8")
        assert isinstance(path, Path)
        (saved,) = store.save(extract(path), arrival(path, **more), by="李科", at=AT)
        return saved

    return save


def arrival(path: Path, **more: object) -> Arrival:
    """A file as it arrives."""
    data = path.read_bytes()
    return Arrival(path.name, path.suffix[1:], sha256(data).hexdigest(), len(data), **more)  # type: ignore[arg-type]


@pytest.fixture
def arrived() -> Callable[..., Arrival]:
    return arrival


@pytest.fixture
def sample(root: Path) -> Callable[[str], Path]:
    """A sample's path by its file name."""
    return lambda name: root / "samples" / name


@pytest.fixture
def projects(root: Path) -> str:
    """The text of a notice whose tasks stand in a table."""
    return (root / "samples" / "xuzhou-renewal-projects.txt").read_text(encoding="utf-8")


@pytest.fixture
def volunteers(root: Path) -> str:
    """The text of a notice whose tasks stand in numbered items."""
    return (root / "samples" / "haining-river-volunteers.txt").read_text(encoding="utf-8")


@pytest.fixture
def everything(store: Store) -> Callable[[], dict[str, list[tuple[object, ...]]]]:
    """All rows of all tables, to compare."""
    from sqlalchemy import select

    from pipeline.store.tables import metadata

    def rows() -> dict[str, list[tuple[object, ...]]]:
        with store._gate.reading() as session:
            return {
                table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
                for table in metadata.sorted_tables
            }

    return rows


def keys_by_text(store: Store, notice_id: str, version: int | None = None) -> dict[str, str]:
    """A version's keys by the first words of each task."""
    record: NoticeRecord = store.record(notice_id, version=version, corrected=False)
    keys = store.keys(notice_id, version=version)
    return {task.title or task.text: keys[task.id] for task in record.tasks}


@pytest.fixture
def keys_of() -> Callable[..., dict[str, str]]:
    return keys_by_text
