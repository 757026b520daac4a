"""From the inbox into the store: each file read in a worker, saved in one transaction, and only then archived.

What goes wrong with a file fails that file alone; what goes wrong with the disk or the store is waited for, and every
file stays where it can be found meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import batch, clock, parallel, preload, reading
from pipeline.arrivals import Arrivals, Identity
from pipeline.claim import Claims, Place
from pipeline.failed import explain
from pipeline.intake_types import Options, Tally, Work
from pipeline.log import Log
from pipeline.process import Failure, internal
from pipeline.reading import Errand, Reading
from pipeline.secrecy import mark_in_name
from pipeline.trouble import Delay, is_final, is_trouble, reason_of, unwritable
from pipeline.workspace import Workspace, hash_file, readable

if TYPE_CHECKING:
    from pipeline.store import Store

__all__ = ["Intake", "Options", "Tally"]

#: Files above this size are left to the readers' own limit before anything reads them.
_HASHED = 64 * 1024 * 1024
#: Failures that may pass by themselves, and how often such a file is tried.
_PASSING, _TRIES, _STORE_TRIES = frozenset({"source.unreadable", "internal.start"}), 3, 6


class Intake:
    """Takes files into a workspace's store. Use as a context manager; one at a time in a thread.

    Args:
        open_store: called for the store, and again when it was away.
    """

    def __init__(self, workspace: Workspace, open_store: Callable[[], Store], options: Options, log: Log) -> None:
        self.workspace = workspace
        self.options = options
        self.log = log
        self.tally = Tally()
        self.arrivals = Arrivals(options.settle)
        self._open_store = open_store
        self._store: Store | None = None
        self._offered: deque[tuple[Path, Identity]] = deque()
        self._errands: dict[Path, Errand] = {}
        self._works: deque[Work] = deque()
        self._tries: dict[Path, int] = {}
        self._trouble = Delay()
        self._recovered = False
        self._claims = Claims(workspace)
        limits = options.limits
        self._pool: parallel.Pool[Errand, Reading] = parallel.Pool(
            reading.read, jobs=limits.jobs, timeout=limits.timeout, memory=limits.allowance,
            warm=preload.load if options.method != "fork" else None, preload=("pipeline.preload",),
            method=options.method,
        )  # fmt: skip

    def __enter__(self) -> Intake:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def idle(self) -> bool:
        """Whether nothing is offered, read or to be saved."""
        return not (self._offered or self._errands or self._works)

    @property
    def given_up(self) -> bool:
        """Whether the disk or the store has been away for longer than a run with an end waits."""
        trouble = self._trouble
        return bool(trouble.since) and time.monotonic() - trouble.since > self.options.patience

    def offer(self, files: Iterable[tuple[Path, Identity]]) -> None:
        """Files to take, in this order. Those outside the inbox are copied, those in it are moved."""
        self._offered.extend(files)

    def step(self, timeout: float) -> None:
        """Does what can be done now, and waits no longer than so many seconds for readings."""
        if self._trouble.left:
            time.sleep(min(timeout, self._trouble.left))
        with self._troubles():
            if not self._recovered:
                self._recover()
            self._feed()
            for path, outcome in self._pool.wait(0.0 if self._works else timeout):
                self._arrived(path, outcome)
            while self._works:
                self._work_on(self._works[0])
            self._calm()

    @property
    def begun(self) -> bool:
        """Whether what dead processes left has been put right."""
        return self._recovered

    def leave(self) -> None:
        """Tells which files a run with an end leaves, and why."""
        written = self.arrivals.waiting
        for path in written:
            name = readable(path.name)
            self.log("file.waiting", f"{name}：还在写入或被打开着，这次没有取", level="warning", file=name)
        away = len(self._offered) + len(self._errands) + len(self._works)
        if away:
            self.log("trouble.left", f"{self._trouble.said}；{away} 个文件这次没有收", level="error", files=away)
        self.tally.waiting += len(written) + away

    def finish(self) -> None:
        """Brings what is being read to its end, and lets go of what is not."""
        self._offered.clear()
        for path in self._pool.drop():
            self._errands.pop(path, None)
        end = time.monotonic() + self.options.limits.timeout + 5
        while not self.idle and not self._trouble.since and time.monotonic() < end:
            self.step(0.5)

    def close(self) -> None:
        """Ends workers, gives back to the inbox what was taken and not saved, and closes the store."""
        self._pool.__exit__()
        for work in self._works:
            if work.saved is None and work.place is not None:
                with contextlib.suppress(OSError):
                    if work.claim is None:
                        work.place.path.unlink()
                    else:
                        self._claims.give_back(work.place.path)
        self._works.clear()
        self._claims.close()
        self._drop_store()

    # What is offered, up to the workers.

    def _recover(self) -> None:
        for each in self._claims.recover(lambda sha256: self._the_store().has(sha256)):
            name = self.workspace.relative(each.path)
            what = "已入库，归档为" if each.archived else "上次未处理完，放回"
            self.log("file.recovered", f"{what} {name}", file=name, archived=each.archived)
            if not each.archived:
                self.arrivals.see([each.path])
        self._recovered = True

    def _feed(self) -> None:
        while self._offered and len(self._pool) < 2 * self.options.limits.jobs:
            path, known = self._offered[0]
            if path not in self._errands:
                self._take(path, known)
            self._offered.popleft()

    def _take(self, path: Path, known: Identity) -> None:
        name = readable(path.name)
        inside = path.is_relative_to(self.workspace.inbox)
        mark = mark_in_name(name)
        if mark is None and known[0] <= _HASHED and self._twice(path, known, name, inside):
            return
        claim = self._claims.claimed_as(path) if inside else None
        errand = Errand(path, name, claim, known, self.options.internal)
        self._errands[path] = errand
        self._pool.put(path, errand)

    def _twice(self, path: Path, known: Identity, name: str, inside: bool) -> bool:
        """Whether a file's content is in the store already; then it goes to the archive without being read."""
        try:
            sha256 = hash_file(path)
        except OSError:
            return False
        if not self._the_store().has(sha256):
            return False
        if not inside:
            self.tally.duplicates += 1
            self.log("file.duplicate", f"{name}：内容已在库中", file=name)
            return True
        claim = self._claims.claimed_as(path)
        with contextlib.suppress(FileNotFoundError):
            os.rename(path, claim)
            self.arrivals.forget(path)
            if hash_file(claim) == sha256:
                self._works.append(Work(path, claim, Reading("read", sha256=sha256), saved=[]))
            else:
                self.arrivals.see([self._claims.give_back(claim)])
        return True

    # What comes back from them.

    def _arrived(self, path: Path, outcome: parallel.Returned[Reading] | parallel.Lost) -> None:
        errand = self._errands.pop(path)
        if isinstance(outcome, parallel.Lost):
            result = Reading("failed", failure=batch.failed(outcome, self.options.limits).failure)
        else:
            result = outcome.value
        if result.status in ("secret", "internal"):
            self._stopped(errand, result)
        elif result.status == "changed":
            self.arrivals.again(path)
        elif result.status == "gone":
            self.arrivals.forget(path)
        elif result.failure and result.failure.code in _PASSING and self._once_more(errand):
            self.arrivals.again(path)
        else:
            self._tries.pop(path, None)
            self.arrivals.forget(path)
            self._works.append(Work(path, errand.claim, result, failure=result.failure))

    def _once_more(self, errand: Errand) -> bool:
        if errand.claim is not None and errand.claim.exists():
            with contextlib.suppress(OSError):
                self._claims.give_back(errand.claim)
        self._tries[errand.path] = self._tries.get(errand.path, 0) + 1
        return self._tries[errand.path] < _TRIES and errand.path.exists()

    def _stopped(self, errand: Errand, result: Reading) -> None:
        """A file with a mark: it stays where it lies, and nothing of it is kept."""
        path = str(errand.path)
        if result.status == "secret":
            self.tally.secret += 1
            message = f"{readable(path)}：{result.where}有国家秘密标志，未收未存，文件仍在原处；请按保密规定处理"
        else:
            self.tally.internal += 1
            message = (
                f"{readable(path)}：{result.where}标明是内部资料、工作秘密或不予公开，未收；"
                "确需收入请用 duban ingest --confirm-internal"
            )
        self.log(f"file.{result.status}", message, level="warning", file=readable(path))

    def _work_on(self, work: Work) -> None:
        """Brings the first of the works to its end.

        Raises:
            Exception: the disk or the store is at fault; the work stays the first, or is put off where it alone fails.
        """
        try:
            self._advance(work)
        except Exception as error:
            if not is_trouble(error) or not self._sound(error):
                raise
            work.tries += 1
            by_disk = isinstance(error, OSError)
            if not by_disk and work.tries >= _STORE_TRIES:
                # The store answers, and takes everything but this.
                work.failure = internal(f"{type(error).__name__}: {error}", repr(error))
            self._works.popleft()
            if not (by_disk and work.tries >= _TRIES):
                self._works.append(work)
                raise
            self._stuck(work, error)
        else:
            self._works.popleft()

    def _stuck(self, work: Work, error: BaseException) -> None:
        """A file that can't be moved; it stays where it is, or goes back there at the end."""
        self.tally.failed += 1
        name = readable(work.file.name)
        message = f"{name}：移动不了（{reason_of(error)}），文件没有动；请检查它的权限、是否被打开着"
        self.log("file.stuck", message, level="error", file=name, error=repr(error)[:500])

    def _advance(self, work: Work) -> None:
        """Takes a file through what is left of its way."""
        if work.failure is not None:
            self._fail(work, work.failure)
            return
        if work.place is None:
            work.place = self._place(work)
            if work.place is None:
                return
        if work.saved is None:
            try:
                work.saved = self._save(work, work.place)
            except Exception as error:
                if is_trouble(error) or is_final(error):
                    raise
                work.failure = internal(f"{type(error).__name__}: {error}", repr(error))
                self._fail(work, work.failure)
                return
        self._tell(work, self.workspace.relative(self._claims.archive(work.place)))

    def _place(self, work: Work) -> Place | None:
        year = clock.today().year
        if work.claim is not None:
            return self._claims.place(work.claim, year)
        place = self._claims.copy(work.file, year)
        if hash_file(place.path) == work.reading.sha256:
            return place
        place.path.unlink()
        self.arrivals.again(work.file)
        return None

    def _save(self, work: Work, place: Place) -> list[Any]:
        from pipeline.store import Arrival
        from schemas.record import NoticeRecord

        result = work.reading
        records = [NoticeRecord.model_validate_json(text) for text in result.records]
        arrival = Arrival(
            name=readable(work.file.name), format=result.format, sha256=result.sha256, bytes=result.bytes,
            pages=result.pages, archived_path=self.workspace.relative(place.target), internal=result.internal,
        )  # fmt: skip
        for last in (False, True):
            try:
                at = clock.now()
                return list(self._the_store().save(records, arrival, by=self.options.by, at=at))
            except Exception as error:
                # Another process may have saved the same notice in the same moment: then it is known now.
                if last or is_trouble(error) or is_final(error):
                    raise
        raise AssertionError("not reached")

    def _tell(self, work: Work, archived: str) -> None:
        name = readable(work.file.name)
        outcomes = [saved.outcome for saved in work.saved or []]
        if all(outcome == "duplicate" for outcome in outcomes):
            self.tally.duplicates += 1
            self.log("file.duplicate", f"{name}：内容已在库中，原件存为 {archived}", file=name, archived=archived)
            return
        self.tally.saved += 1
        asked = sum(saved.questions for saved in work.saved or [])
        more = f"，有 {asked} 处要人判断（duban questions）" if asked else ""
        if work.no_notice:
            more += "；没有读出标题、文号、日期和任务，请核对是不是公文"
        notices = [saved.notice_id for saved in work.saved or []]
        self.log(
            "file.saved", f"{name}：已入库（{work.what}），原件存为 {archived}{more}",
            file=name, archived=archived, notices=notices, outcomes=outcomes, questions=asked,
        )  # fmt: skip

    def _fail(self, work: Work, failure: Failure) -> None:
        path = work.place.path if work.place else work.claim
        if path is not None and not path.exists() and work.file.exists():
            # Its worker was lost before it could claim it.
            with contextlib.suppress(FileNotFoundError):
                os.rename(work.file, path)
        if path is None:
            path = self._failed_copy(work)
        if path is None or not path.exists():
            return
        target = self._claims.fail(path, lambda target: explain(target, failure))
        work.place = work.claim = None
        self._count_failed(work, failure, self.workspace.relative(target))

    def _failed_copy(self, work: Work) -> Path | None:
        """A copy of a file from elsewhere, for ``failed``; None where that has it already."""
        standing = self.workspace.failed / readable(work.file.name)
        sha256 = hash_file(work.file)
        if standing.is_file() and hash_file(standing) == sha256 and work.failure:
            explain(standing, work.failure)
            self._count_failed(work, work.failure, self.workspace.relative(standing))
            return None
        work.place = self._claims.copy(work.file, clock.today().year)
        return work.place.path

    def _count_failed(self, work: Work, failure: Failure, where: str) -> None:
        self.tally.failed += 1
        name = readable(work.file.name)
        self.log(
            "file.failed", f"{failure.line(name)}；文件和原因在 {where}", level="error",
            file=name, code=failure.code, failed=where,
        )  # fmt: skip

    # The store and the disk, which may be away.

    def _the_store(self) -> Store:
        if self._store is None:
            self._store = self._open_store()
        return self._store

    def _drop_store(self) -> None:
        store, self._store = self._store, None
        if store is not None:
            with contextlib.suppress(Exception):
                store.close()

    @contextlib.contextmanager
    def _troubles(self) -> Iterator[None]:
        """Waits longer and longer where the disk or the store is at fault; the work at hand stays at hand."""
        try:
            yield
        except Exception as error:
            if not is_trouble(error):
                raise
            self._drop_store()
            self._trouble.grow()
            reason = reason_of(error)
            if reason != self._trouble.said:
                self._trouble.said = reason
                self.log("trouble", f"{reason}；文件都在，恢复后自动继续", level="error", error=repr(error)[:500])

    def _sound(self, error: BaseException) -> bool:
        """Whether disk and store answer, so that the file alone is at fault."""
        if unwritable(error):
            return False
        probe = self.workspace.private / f"probe-{os.getpid()}"
        try:
            probe.write_bytes(b"0" * 4096)
            probe.unlink()
            self._the_store().has("")
        except Exception:
            return False
        return True

    def _calm(self) -> None:
        if self._trouble.since:
            self.log("trouble.over", "已恢复，继续收文")
            self._trouble = Delay()
