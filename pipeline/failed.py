"""Files that couldn't be read, each beside its reason, and how they are put back."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from pipeline.claim import move_new
from pipeline.files import write_atomically
from pipeline.process import Failure
from pipeline.workspace import Workspace, WorkspaceError, files_under, numbered

#: What stands behind a failed file's name in the names of its reasons.
REASONS = (".error.json", ".error.txt")


def explain(target: Path, failure: Failure) -> None:
    """Writes a failure beside the file's name: ``NAME.error.json`` for machines, ``NAME.error.txt`` for people.

    Raises:
        OSError: the disk is full or gone.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    entry = {
        "file": target.name, "code": failure.code, "reason": failure.reason, "remedy": failure.remedy,
        "detail": failure.detail, "at": now,
    }  # fmt: skip
    machine, people = (target.with_name(target.name + ending) for ending in REASONS)
    write_atomically(machine, json.dumps(entry, ensure_ascii=False, indent=2) + "\n")
    again = "处理好后用 duban retry 重新读取。"
    write_atomically(people, f"{failure.line(target.name)}。\n{again}\n")


def failed_files(workspace: Workspace) -> Iterator[Path]:
    """The failed files, without their reasons."""
    for path in files_under(workspace.failed):
        if not path.name.endswith((*REASONS, ".part")):
            yield path


def put_back(workspace: Workspace, names: Iterable[str] = ()) -> list[Path]:
    """Moves failed files to where they were in the inbox, without their reasons; without names, all of them.

    Args:
        names: paths in ``failed`` (``NAME``, ``SUBFOLDER/NAME``), or of a file in it.

    Returns:
        where they are now.

    Raises:
        WorkspaceError: a name that isn't there.
        OSError: the disk is gone; files are in one place or the other.
    """
    names = list(names)
    chosen = [_named(workspace, name) for name in names] if names else list(failed_files(workspace))
    placed = []
    for path in dict.fromkeys(chosen):
        target = _to(workspace.inbox / path.relative_to(workspace.failed), path)
        placed.append(target)
        for ending in REASONS:
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + ending).unlink()
    return placed


def _to(target: Path, path: Path) -> Path:
    number = 1
    while True:
        place = target.with_name(numbered(target.name, number))
        try:
            move_new(path, place)
            return place
        except FileExistsError:
            number += 1


def _named(workspace: Workspace, name: str) -> Path:
    for ending in REASONS:
        name = name.removesuffix(ending)
    for base in (workspace.failed, Path.cwd(), workspace.folder):
        path = Path(os.path.normpath(base / name))
        if path.is_relative_to(workspace.failed) and path in set(failed_files(workspace)):
            return path
    raise WorkspaceError(
        "workspace.not_failed", "不在 failed 文件夹里", file=name, remedy="请核对名字；不带名字则重试全部"
    )
