"""Watches a workspace's inbox: one watcher a workspace, events on local disks, polling on network shares."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import clock
from pipeline.arrivals import scan, within
from pipeline.ingest import drain
from pipeline.intake import Intake, Options, Tally
from pipeline.locks import Lock
from pipeline.log import Log
from pipeline.mounts import on_network
from pipeline.workspace import Workspace, WorkspaceError

if TYPE_CHECKING:
    from pipeline.store import Store

#: Seconds between looks at the whole inbox: where events tell what happens, and where nothing does.
RESCAN, POLL = 300.0, 5.0


def watch(
    workspace: Workspace,
    *,
    open_store: Callable[[], Store],
    options: Options,
    log: Log,
    once: bool = False,
    poll: bool | None = None,
    interval: float = POLL,
    rescan: float = RESCAN,
    stop: threading.Event | None = None,
    daily: Callable[[Workspace, date], object] | None = None,
) -> Tally:
    """Takes what is dropped into the inbox until it is stopped; with ``once``, what lies there now.

    Args:
        poll: look at the inbox every ``interval`` seconds instead of being told of changes; None: on network shares.
        rescan: seconds between looks at the whole inbox, whatever events tell.
        stop: set to end after the file at work; SIGTERM and SIGINT do the same where this runs in the main thread.
        daily: called once a day, first at the start (the automatic backup).

    Raises:
        WorkspaceError: another watcher is at work here, or the workspace can't be used.
    """
    stop = stop or threading.Event()
    with _only_one(workspace), stops_on_signals(stop), Intake(workspace, open_store, options, log) as intake:
        if once:
            intake.arrivals.see(scan(workspace.inbox))
            drain(intake, stop.is_set)
            return intake.tally
        polling = on_network(workspace.inbox) if poll is None else poll
        watcher = _Watcher(workspace, intake, log, stop, interval if polling else rescan)
        how = f"每 {interval:g} 秒查看一次" if polling else "随到随收"
        log("watch.started", f"开始监视 {workspace.inbox}（{how}）；按 Ctrl-C 结束", inbox=str(workspace.inbox))
        with contextlib.nullcontext() if polling else watcher.events(interval):
            watcher.run(daily)
        intake.finish()
        log("watch.stopped", f"已停止；共{intake.tally}", **vars(intake.tally))
        return intake.tally


class _Watcher:
    def __init__(self, workspace: Workspace, intake: Intake, log: Log, stop: threading.Event, rescan: float) -> None:
        self.workspace = workspace
        self.intake = intake
        self.log = log
        self.stop = stop
        self.rescan = rescan
        self.wake = threading.Event()
        self._changed: set[Path] = set()
        self._lock = threading.Lock()
        self._day: date | None = None
        self._there = True

    def run(self, daily: Callable[[Workspace, date], object] | None) -> None:
        look = 0.0
        while not self.stop.is_set():
            self._daily(daily)
            if time.monotonic() >= look:
                self._look()
                look = time.monotonic() + self.rescan
            with self._lock:
                changed, self._changed = self._changed, set()
            for path in changed:
                self._see(path)
            self.intake.offer(self.intake.arrivals.ready())
            if self.intake.idle and self.intake.begun:
                settles = self.intake.arrivals.next_look
                self._sleep(min(look - time.monotonic(), 3600.0 if settles is None else max(0.05, settles)))
            else:
                self.intake.step(0.2)

    @contextlib.contextmanager
    def events(self, interval: float) -> Iterator[None]:
        """Is told of changes by the system while this lasts; where it can't be, looks every ``interval`` seconds."""
        thread = threading.Thread(target=self._listen, args=(interval,), daemon=True, name="duban-events")
        thread.start()
        try:
            yield
        finally:
            self.stop.set()
            thread.join(timeout=5)

    def _listen(self, interval: float) -> None:
        try:
            import watchfiles

            changes = watchfiles.watch(
                self.workspace.inbox, stop_event=self.stop, watch_filter=None, debounce=400, step=50,
                rust_timeout=1000, yield_on_timeout=True, recursive=True, raise_interrupt=False,
            )  # fmt: skip
            for batch in changes:
                if batch:
                    with self._lock:
                        self._changed.update(Path(path) for _, path in batch)
                    self.wake.set()
        except Exception as error:
            if not self.stop.is_set():
                self.rescan = interval
                self.wake.set()
                message = f"系统不能通知文件变动（{error}），改为每 {interval:g} 秒查看一次"
                self.log("watch.polling", message, level="warning", error=repr(error))

    def _see(self, path: Path) -> None:
        if path.is_dir() and not path.is_symlink():
            # A folder that was moved in brings files of which nothing else tells.
            self.intake.arrivals.see(each for each in scan(path) if within(each, self.workspace.inbox))
        elif within(path, self.workspace.inbox):
            self.intake.arrivals.see([path])

    def _look(self) -> None:
        there = self.workspace.inbox.is_dir()
        if there != self._there:
            self._there = there
            if there:
                self.log("watch.inbox_back", "收件箱又能用了")
            else:
                message = f"收件箱 {self.workspace.inbox} 不见了或连不上；恢复后自动继续"
                self.log("watch.inbox_gone", message, level="error")
        if there:
            self.intake.arrivals.see(scan(self.workspace.inbox))

    def _daily(self, daily: Callable[[Workspace, date], object] | None) -> None:
        today = clock.today()
        if daily is None or today == self._day:
            return
        self._day = today
        try:
            daily(self.workspace, today)
        except Exception as error:
            self.log("watch.daily", f"每日备份没有做成（{error}）", level="error", error=repr(error))

    def _sleep(self, seconds: float) -> None:
        """Sleeps until something happens. A signal sets no event that a waiting thread is sure to see at once."""
        end = time.monotonic() + seconds
        while not self.stop.is_set() and (left := end - time.monotonic()) > 0:
            if self.wake.wait(min(left, 0.5)):
                break
        self.wake.clear()


@contextlib.contextmanager
def _only_one(workspace: Workspace) -> Iterator[None]:
    """Holds the place of the workspace's watcher."""
    lock = Lock(workspace.private / "watch.lock")
    now = datetime.now().strftime("%Y-%m-%d %H:%M")
    try:
        taken = lock.take(f"主机 {socket.gethostname()}，进程 {os.getpid()}，{now} 开始")
    except OSError as error:
        raise WorkspaceError(
            "workspace.unwritable", f"工作区不能写入或不支持文件锁（{error.strerror or error}）",
            file=str(workspace.folder), remedy="请检查磁盘空间和写权限，或把工作区放在本机磁盘上",
        ) from error  # fmt: skip
    if not taken:
        raise WorkspaceError(
            "workspace.watched", f"已有一个 duban watch 在监视这个工作区（{lock.holder() or '详情读不到'}）",
            file=str(workspace.folder), remedy="不必再开；要换一个，先停掉原来的",
        )  # fmt: skip
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def stops_on_signals(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT (and Ctrl-Break on Windows) set an event while this lasts; a second one ends at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def on_signal(number: int, _: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    names = [name for name in ("SIGTERM", "SIGINT", "SIGBREAK") if hasattr(signal, name)]
    before = {getattr(signal, name): signal.signal(getattr(signal, name), on_signal) for name in names}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
