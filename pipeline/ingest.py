"""The commands that take files into the store once: ingest and retry."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.arrivals import scan
from pipeline.failed import put_back
from pipeline.inbox import find
from pipeline.intake import Intake, Options, Tally
from pipeline.log import Log
from pipeline.workspace import Workspace, WorkspaceError

if TYPE_CHECKING:
    from pipeline.store import Store


def ingest(
    workspace: Workspace,
    paths: Iterable[Path] = (),
    *,
    open_store: Callable[[], Store],
    options: Options,
    log: Log,
    stop: Callable[[], bool] = lambda: False,
) -> Tally:
    """Takes files, and folders' files, into the store; without paths, what lies in the inbox.

    Files in the inbox are moved to the archive; others are copied there and left alone.

    Args:
        stop: asked between files; where it says yes, the file at work is finished and the rest left.

    Raises:
        pipeline.inbox.MissingPathError: a path that isn't there.
        WorkspaceError: a path in the archive, in failed or among duban's own files; or an unusable workspace.
    """
    with Intake(workspace, open_store, options, log) as intake:
        intake.arrivals.see(chosen(workspace, paths))
        drain(intake, stop)
        return intake.tally


def chosen(workspace: Workspace, paths: Iterable[Path]) -> list[Path]:
    """The files that paths name; see ``ingest``."""
    files: list[Path] = []
    own = (workspace.archive, workspace.failed, workspace.private)
    for path in list(paths) or [workspace.inbox]:
        path = Path(os.path.abspath(path))
        if any(path.is_relative_to(folder) for folder in own):
            raise WorkspaceError(
                "workspace.own_file", "是工作区自己保管的文件，不能再收", file=str(path),
                remedy="读取失败的文件请用 duban retry",
            )  # fmt: skip
        if path.is_dir() and path.is_relative_to(workspace.inbox):
            files.extend(scan(path))
        else:
            found = find([path]).files
            files.extend(file for file in found if not any(file.is_relative_to(folder) for folder in own))
    return list(dict.fromkeys(files))


def drain(intake: Intake, stop: Callable[[], bool]) -> None:
    """Takes all files that were seen, waiting for those that are still being written, but not for ever."""
    patience = max(2.0, 3 * intake.options.settle)
    end = time.monotonic() + patience
    while not stop() and not intake.given_up:
        ready = intake.arrivals.ready()
        intake.offer(ready)
        if not intake.begun or not intake.idle:
            intake.step(0.5)
            end = time.monotonic() + patience
            continue
        look = intake.arrivals.next_look
        if look is None or time.monotonic() > end:
            break
        time.sleep(min(look, 0.2))
    if not stop():
        intake.leave()
    intake.finish()


def retry(
    workspace: Workspace,
    names: Iterable[str] = (),
    *,
    open_store: Callable[[], Store],
    options: Options,
    log: Log,
    stop: Callable[[], bool] = lambda: False,
) -> Tally:
    """Puts failed files back into the inbox and takes them again; without names, all of them.

    Raises:
        WorkspaceError: a name that isn't there.
    """
    files = put_back(workspace, names)
    return ingest(workspace, files, open_store=open_store, options=options, log=log, stop=stop) if files else Tally()
