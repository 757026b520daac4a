"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_atomically(path: Path, text: str) -> None:
    """Writes text as UTF-8 so that a reader of ``path`` finds the old content or the new, never a part.

    The folder is made where it is missing. The temporary file is hidden and ends in ``.part``, which the inbox passes
    over, and goes away with a failure.

    Raises:
        OSError: the folder can't be made or written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.parent / f".{os.getpid()}-{os.urandom(4).hex()}.part"
    try:
        with open(part, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
