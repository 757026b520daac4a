"""pipeline reads extractors, extractors read schemas, never back; and importing costs nothing."""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGES = ("schemas", "extractors", "pipeline")

#: The names that distributions are imported by, where they differ.
IMPORTED_AS = {
    "chinesecalendar": "chinese_calendar", "python-docx": "docx", "python-dateutil": "dateutil",
    "opencv-python-headless": "cv2", "pillow": "PIL",
}  # fmt: skip


def test_the_layers_hold(root: Path) -> None:
    program = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def modules(root: Path) -> list[Path]:
    return [root / "duban.py", *(path for name in PACKAGES for path in sorted((root / name).rglob("*.py")))]


def imports(node: ast.AST) -> set[str]:
    """The top-level packages that a tree imports."""
    found: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in each.names}
        elif isinstance(each, ast.ImportFrom) and each.module and not each.level:
            found.add(each.module.partition(".")[0])
    return found


def declared(root: Path) -> set[str]:
    settings = configparser.ConfigParser()
    settings.read(root / "setup.cfg", encoding="utf-8")
    lines = settings["options"]["install_requires"] + settings["options.extras_require"]["ocr"]
    names = [re.split(r"[<>=!~;\[ ]", line)[0] for line in lines.split("\n") if line]
    return {IMPORTED_AS.get(name, name.replace("-", "_")) for name in names}


def words(node: ast.AST) -> set[str]:
    """The strings of a tree: a library may be imported by a name that stands in one."""
    return {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def test_what_is_imported_is_what_is_declared(root: Path) -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in modules(root)]
    imported = set().union(*map(imports, trees)) - {"duban", *PACKAGES} - set(sys.stdlib_module_names)
    assert imported <= declared(root)
    assert declared(root) <= imported | set().union(*map(words, trees))


def test_extractors_neither_look_at_the_clock_nor_at_the_network(root: Path) -> None:
    forbidden = {"socket", "urllib", "http", "requests", "sqlite3", "sqlalchemy", "random", "time"}
    for path in sorted((root / "extractors").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        # Taking an address apart needs no network.
        tree.body = [
            each for each in tree.body if not (isinstance(each, ast.ImportFrom) and each.module == "urllib.parse")
        ]
        assert not imports(tree) & forbidden, path


@pytest.mark.parametrize(
    "name",
    ["duban", "schemas", "extractors", "extractors.readers", "extractors.lexicons", "pipeline.cli", "pipeline.store"],
)
def test_importing_is_free(root: Path, name: str) -> None:
    heavy = ["spacy", "jieba", "docx", "pdfplumber", "pdfminer", "pypdfium2", "lxml", "rich", "numpy", "pandas",
             "sqlalchemy", "alembic", "cv2", "PIL", "openpyxl", "watchfiles", "psycopg", "icalendar", "dateutil",
             "jinja2"]  # fmt: skip
    program = f"import sys, {name}; print([each for each in {heavy} if each in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
