"""The wheel, installed in an empty environment outside the checkout, with what it needs and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

#: What pip says when it can't reach its index: no fault of the package.
OFFLINE = ("Temporary failure in name resolution", "ConnectionError", "NewConnectionError", "Connection refused",
           "Network is unreachable", "ReadTimeoutError")  # fmt: skip


def call(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A command without the checkout on its path."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "DUBAN"))}
    return subprocess.run(arguments, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", timeout=600)


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that no build folder of the checkout gets into it."""
    folder = tmp_path_factory.mktemp("wheel")
    kept = shutil.ignore_patterns(".*", "tests", "outputs", "samples", "docs", "build", "*.egg-info", "__pycache__")
    shutil.copytree(root, folder / "source", ignore=kept)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    done = call(*pip, "wheel", "--quiet", "--no-deps", "-w", folder, folder / "source", cwd=folder)
    if done.returncode and any(words in done.stderr for words in OFFLINE):
        pytest.skip("building needs the package index")
    assert done.returncode == 0, done.stderr
    (found,) = folder.glob("duban-*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an empty environment's programs, with the wheel and its dependencies installed."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [programs / "python", "-m", "pip", "--disable-pip-version-check"]
    done = call(*pip, "install", "--quiet", wheel, cwd=folder)
    if done.returncode and any(words in done.stderr for words in OFFLINE):
        pytest.skip("installing needs the package index")
    assert done.returncode == 0, done.stderr
    return programs


def test_the_wheel_holds_every_module_and_all_data_and_no_more(root: Path, wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    data = {".py", ".toml", ".csv", ".json", ".mako"}
    wanted = {
        path.relative_to(root).as_posix()
        for room in ("schemas", "extractors", "pipeline")
        for path in (root / room).rglob("*")
        if path.suffix in data or path.name == "py.typed" or path.parent.name == "templates"
    }
    assert names == wanted | {"duban.py"}


def test_the_wheel_carries_the_licence(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("/LICENSE") for name in names)


def test_it_runs_outside_the_checkout(root: Path, installed: Path, tmp_path: Path) -> None:
    sample = next((root / "samples").glob("*.docx"))
    shutil.copy(sample, tmp_path / "通知.docx")
    done = call(installed / "duban", "extract", "通知.docx", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["notice"]["sources"][0]["name"] == "通知.docx"
    done = call(installed / "python", "-m", "duban", "run", ".", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "outputs" / "records" / "通知.json").exists()


def test_its_version_schema_and_api_are_there(root: Path, installed: Path, tmp_path: Path) -> None:
    assert call(installed / "duban", "--version", cwd=tmp_path).stdout.startswith("duban 0.")
    schema = call(installed / "duban", "schema", cwd=tmp_path).stdout
    assert schema == (root / "schemas" / "notice.schema.json").read_text(encoding="utf-8")
    program = "import duban; print(duban.__version__, duban.NoticeRecord.__name__, callable(duban.parse_time))"
    done = call(installed / "python", "-c", program, cwd=tmp_path)
    assert done.stdout.split()[1:] == ["NoticeRecord", "True"], done.stderr
