"""Bad files: each gives one clear line, soon, in little memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from extractors.readers import read
from schemas.errors import DubanError
from tests.faults.build import CASES, make

ROOT = Path(__file__).resolve().parent.parent
SECONDS, BYTES = 30, 1024**3
#: Reads every file named on the command line within limits of address space and processor time.
WITHIN_LIMITS = f"""
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, ({BYTES}, {BYTES}))
from extractors.readers import read
for path in sys.argv[1:]:
    start = time.monotonic()
    try:
        read(path)
        line = ""
    except Exception as error:
        line = str(error)
    print(json.dumps([line, time.monotonic() - start]))
"""


@pytest.mark.parametrize("name", CASES)
def test_one_clear_line(name: str, tmp_path: Path) -> None:
    file, _, code, words = CASES[name]
    with pytest.raises(DubanError) as caught:
        read(make(name, tmp_path))
    line = str(caught.value)
    assert caught.value.code == code, line
    assert line.startswith(file) and words in line
    assert "\n" not in line and caught.value.remedy, line


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "密件.docx"
    path.write_bytes(b"PK\x03\x04")
    path.chmod(0)
    if os.access(path, os.R_OK):  # the superuser reads everything

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DubanError, match=r"密件\.docx：没有读取权限；请") as caught:
        read(path)
    assert caught.value.code == "source.unreadable"


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(DubanError, match="找不到这个文件"):
        read(tmp_path / "没有.docx")


def test_time_and_memory(tmp_path: Path) -> None:
    """All in a process that may take one gigabyte, half a minute each."""
    paths = [str(make(name, tmp_path)) for name in CASES]
    run = subprocess.run(
        [sys.executable, "-c", WITHIN_LIMITS, *paths],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    for name, answer in zip(CASES, run.stdout.splitlines(), strict=True):
        line, seconds = json.loads(answer)
        assert line.startswith(CASES[name][0]) and CASES[name][3] in line, (name, line)
        assert seconds < SECONDS, (name, seconds)


@pytest.mark.parametrize("name", ["empty", "locked docx", "picture", "xml bomb", "2000 pages"])
def test_command_line(name: str, tmp_path: Path) -> None:
    path = make(name, tmp_path)
    run = subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", "extract", str(path)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 1 and not run.stdout, (run.returncode, run.stdout[:200])
    lines = run.stderr.strip().splitlines()
    assert len(lines) == 1 and CASES[name][3] in lines[0], run.stderr
