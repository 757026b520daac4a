"""The work of the commands that bring files into a workspace."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.log import Log
from pipeline.office import Office

OK, FAILED = 0, 1


def init(folder: Path) -> int:
    """Makes a folder a workspace."""
    from pipeline.workspace import init as make

    workspace = make(folder)
    Office.open(folder).store().close()
    print(f"工作区在 {workspace.folder}。把公文放进 inbox，再运行 duban ingest 或 duban watch")
    return OK


def ingest(
    folder: Path, paths: Iterable[Path], *, operator: str | None, internal: bool, jobs: int | None,
    timeout: float | None, machine: bool,
) -> int:  # fmt: skip
    """Takes files into the store; gives 1 where one wants a person."""
    from pipeline.ingest import ingest as take

    office, log = Office.open(folder, operator), Log(machine=machine)
    options = office.options(internal=internal, jobs=jobs, timeout=timeout)
    with _stopping() as stop:
        tally = take(office.workspace, paths, open_store=office.store, options=options, log=log, stop=stop)
    log("ingest.done", f"本次：{tally}", **vars(tally))
    return tally.status


def retry(
    folder: Path, names: Iterable[str], *, operator: str | None, internal: bool, jobs: int | None,
    timeout: float | None, machine: bool,
) -> int:  # fmt: skip
    """Takes failed files again; gives 1 where one wants a person."""
    from pipeline.ingest import retry as take

    office, log = Office.open(folder, operator), Log(machine=machine)
    options = office.options(internal=internal, jobs=jobs, timeout=timeout)
    with _stopping() as stop:
        tally = take(office.workspace, names, open_store=office.store, options=options, log=log, stop=stop)
    log("retry.done", f"本次：{tally}", **vars(tally))
    return tally.status


def watch(
    folder: Path, *, once: bool, poll: float | None, operator: str | None, jobs: int | None, timeout: float | None,
    machine: bool,
) -> int:  # fmt: skip
    """Takes what is dropped into the inbox until it is stopped; with ``once``, what lies there now."""
    from pipeline.backup import daily_backup
    from pipeline.publish import Publisher
    from pipeline.watch import watch as look

    office, log = Office.open(folder, operator), Log(machine=machine)
    settings = office.config.watch

    def daily(_: object, today: date) -> None:
        if made := daily_backup(office, today):
            log("backup.made", f"已备份到 {made.path}", path=str(made.path), missing=list(made.missing))

    with Publisher(office, log) if not once else contextlib.nullcontext():
        tally = look(
            office.workspace, open_store=office.store, options=office.options(jobs=jobs, timeout=timeout), log=log,
            once=once, poll=settings.poll if poll is None else True, interval=poll or settings.interval,
            rescan=settings.rescan, daily=daily,
        )  # fmt: skip
    if not once:
        return OK
    log("watch.done", f"本次：{tally}", **vars(tally))
    return tally.status


def status(folder: Path, *, as_json: bool) -> int:
    """Prints how a workspace stands."""
    found = _status(Office.open(folder))
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return OK
    print(f"工作区：{found['workspace']}")
    print(f"数据库：{found['store']}")
    print(f"监视：{found['watcher'] or '没有在运行（duban watch）'}")
    print(f"收文箱：{found['inbox']} 个文件待收")
    print(f"失败：{len(found['failed'])} 个文件" + ("（处理后 duban retry）" if found["failed"] else ""))
    for name, reason in found["failed"].items():
        print(f"  {name}：{reason}")
    print(f"公文：{found['notices']} 件，任务 {found['tasks']} 条")
    print(f"待回答的问题：{found['questions']} 个" + ("（duban questions）" if found["questions"] else ""))
    print(f"最近一次备份：{found['backup'] or '还没有（duban backup）'}")
    return OK


def _status(office: Office) -> dict[str, Any]:
    from pipeline.arrivals import scan
    from pipeline.failed import failed_files
    from pipeline.locks import Lock

    workspace = office.workspace
    lock = Lock(workspace.private / "watch.lock")
    free = lock.take()
    watcher = "" if free else lock.holder()
    lock.release()
    backups = sorted(office.backups.glob("*.zip"), key=lambda path: path.stat().st_mtime)
    with contextlib.closing(office.store()) as store:
        rows = store.notices()
        return {
            "workspace": str(workspace.folder),
            "store": _without_password(office.database),
            "watcher": watcher,
            "inbox": sum(1 for _ in scan(workspace.inbox)),
            "failed": {workspace.relative(path): _reason(path) for path in failed_files(workspace)},
            "notices": len(rows),
            "tasks": sum(row.tasks for row in rows),
            "questions": len(store.questions(open_only=True)),
            "cursor": store.cursor(),
            "backup": str(backups[-1]) if backups else "",
        }


def _without_password(place: str | Path) -> str:
    if isinstance(place, Path):
        return str(place)
    from sqlalchemy import make_url

    return make_url(place).render_as_string(hide_password=True)


def _reason(path: Path) -> str:
    try:
        entry = json.loads(path.with_name(f"{path.name}.error.json").read_text(encoding="utf-8"))
        return "；".join(part for part in (entry.get("reason"), entry.get("remedy")) if part)
    except (OSError, ValueError):
        return "原因没有记下"


@contextlib.contextmanager
def _stopping() -> Any:
    """Signals end a run after the file at work."""
    import threading

    from pipeline.watch import stops_on_signals

    stop = threading.Event()
    with stops_on_signals(stop):
        yield stop.is_set
