"""佐证材料: files that show what was done, kept by their hash."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from pipeline.tracker.types import LedgerError
from pipeline.workspace import hash_file


def keep(folder: Path, path: Path) -> tuple[str, int]:
    """Copies a file into ``folder/<two digits>/<sha256>``; one that is there already stays.

    Returns:
        Its sha256 and size.

    Raises:
        LedgerError: it can't be read, is empty, or can't be copied.
    """
    try:
        if not path.is_file():
            raise LedgerError("ledger.evidence", "没有这个文件", file=str(path), remedy="请核对路径")
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as made:
            # The copy is hashed, not the file, which may change meanwhile.
            copy = Path(made, "copy")
            shutil.copyfile(path, copy)
            sha256, size = hash_file(copy), copy.stat().st_size
            if not size:
                raise LedgerError("ledger.evidence", "文件是空的", file=str(path), remedy="请换一个文件")
            place = place_of(folder, sha256)
            if not place.exists():
                place.parent.mkdir(exist_ok=True)
                os.replace(copy, place)
    except OSError as error:
        raise LedgerError(
            "ledger.evidence", f"材料存不了（{error.strerror or error}）", file=str(path),
            remedy="请检查文件、磁盘空间和权限",
        ) from error  # fmt: skip
    return sha256, size


def place_of(folder: Path, sha256: str) -> Path:
    """Where a file is kept."""
    return folder / sha256[:2] / sha256
