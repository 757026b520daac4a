"""What all tests share: the option that rewrites golden records, and stores to test on.

Every test that asks for ``store_url`` runs on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from pipeline.store import Store, open_store

ROOT = Path(__file__).resolve().parent.parent
Fresh = Callable[[str, Path], AbstractContextManager[str]]
NO_SERVER = "needs PostgreSQL: set DUBAN_TEST_POSTGRES to a server's URL, or install it so that initdb can start one"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write tests/golden anew from what is extracted now")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real notices beside the checkout, which not every machine has."""
    folder = ROOT.parent / "shared"
    if not (folder / "notices").is_dir():
        pytest.skip("needs the real notices in ../shared")
    return folder


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


@pytest.fixture(scope="session")
def fresh_store(request: pytest.FixtureRequest) -> Fresh:
    """Makes an empty store, ``sqlite`` in a folder or ``postgresql``, for as long as a test wants it; gives its URL."""

    @contextmanager
    def fresh(kind: str, folder: Path) -> Iterator[str]:
        if kind == "sqlite":
            shutil.copy(request.getfixturevalue("made_sqlite"), folder / "duban.db")
            yield f"sqlite:///{folder / 'duban.db'}"
        else:
            template = request.getfixturevalue("made_postgres")
            with _database(request.getfixturevalue("postgres"), template) as (_, url):
                yield url

    return fresh


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, fresh_store: Fresh, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty store."""
    with fresh_store(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store."""
    with open_store(store_url) as opened:
        yield opened
