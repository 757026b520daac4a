"""What changed, handed on to other systems as duban.toml says: into an outbox folder, to a webhook. Off until set."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass

from pipeline.locks import Lock
from pipeline.log import Log
from pipeline.office import Office

#: Seconds between looks for changes while the inbox is watched.
EVERY = 10.0


@dataclass(frozen=True)
class Published:
    """How many events were written and sent, how many were refused, and why sending stopped, if it did."""

    written: int = 0
    sent: int = 0
    dead: int = 0
    stopped: str = ""

    def __str__(self) -> str:
        parts = [f"写入发件箱 {self.written} 件" if self.written else "", f"已发送 {self.sent} 件" if self.sent else ""]
        parts += [f"对方拒收 {self.dead} 件" if self.dead else "", self.stopped]
        return "，".join(part for part in parts if part) or "没有新的变动"


def configured(office: Office) -> bool:
    """Whether changes go anywhere."""
    return bool(office.config.outbox.folder or office.config.webhook.url)


def publish(office: Office, *, again: bool = False) -> Published:
    """Hands on what changed since the last time.

    Args:
        again: what was refused before is sent again, as it is now.

    Raises:
        pipeline.export.select.ExportError: the outbox can't be written.
        pipeline.export.webhook.WebhookError: the webhook can't be used as it is set.
        pipeline.store.StoreError: the store is away.
    """
    lock = Lock(office.workspace.private / "publish.lock")
    if not lock.take():
        return Published(stopped="另一个进程正在发送")
    try:
        return _publish(office, again)
    finally:
        lock.release()


def _publish(office: Office, again: bool) -> Published:
    from pipeline.export import outbox, webhook
    from pipeline.export.select import Filter

    ours, theirs = office.config.outbox, office.config.webhook
    written = 0
    with contextlib.closing(office.store()) as store:
        if ours.folder:
            folder = office.workspace.folder / ours.folder
            written = outbox.publish(store, folder, Filter(internal=ours.internal), unmask=ours.unmask)
        if not theirs.url:
            return Published(written)
        hook = webhook.Webhook(
            theirs.url, theirs.secret, attempts=theirs.attempts, timeout=theirs.timeout, unmask=theirs.unmask
        )
        send = webhook.redeliver if again else webhook.deliver
        run = send(store, hook, office.workspace.outputs, Filter(internal=theirs.internal))
        return Published(written, run.sent, run.dead, run.stopped)


class Publisher:
    """Publishes by itself every few seconds while it is open, where anything is set. A context manager."""

    def __init__(self, office: Office, log: Log, every: float | None = None) -> None:
        self.office = office
        self.log = log
        self.every = EVERY if every is None else every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="duban-publish")

    def __enter__(self) -> Publisher:
        if configured(self.office):
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=self.office.config.webhook.timeout + 1)

    def _run(self) -> None:
        said = ""
        while not self._stop.wait(self.every):
            try:
                done = publish(self.office)
                told = done.stopped
                if done.written or done.sent or done.dead:
                    self.log("publish", str(done), **vars(done))
            except Exception as error:
                # Whatever is wrong with the other side must not stop the inbox.
                told = str(error)
            if told and told != said:
                self.log("publish.failed", f"变动没有发出去：{told}；稍后再试", level="error")
            said = told
