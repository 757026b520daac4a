"""The watcher is killed at random moments; see ``tests/soak.py``, of which this is the short form."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is Unix's")
def test_every_file_arrives_exactly_once_however_often_the_watcher_is_killed() -> None:
    pytest.importorskip("docx")
    pytest.importorskip("reportlab")
    command = [sys.executable, ROOT / "tests" / "soak.py", "--rounds", "20"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 rounds with faults" in done.stdout
