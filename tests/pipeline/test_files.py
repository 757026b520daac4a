from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.files import write_atomically


def test_text_is_written_as_utf8_with_the_folders_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "通知.json"
    write_atomically(path, "督办\n")
    assert path.read_bytes() == "督办\n".encode()
    assert os.listdir(path.parent) == ["通知.json"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, "old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.json"]
