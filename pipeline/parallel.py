"""A pool of worker processes in which a call that crashes, hangs or eats memory fails alone.

``concurrent.futures`` gives up the whole pool when one worker dies, and can't end a call that hangs. Here each worker
has a pipe of its own; a worker that is lost is replaced, and only its call is.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

Item = TypeVar("Item")
Value = TypeVar("Value")

#: A worker may take this long to start; loading the libraries on a busy machine takes seconds.
START_TIMEOUT = 120.0
#: After so many workers in a row that die before their first call, the machine is at fault and not the call.
START_ATTEMPTS = 3

_READY = "ready"


@dataclass(frozen=True)
class Returned(Generic[Value]):
    """A call that came back."""

    value: Value


@dataclass(frozen=True)
class Lost:
    """A call that didn't: its worker crashed, ran out of time or memory, didn't start, or the function raised."""

    reason: Literal["crashed", "timeout", "memory", "start", "raised"]
    detail: str = ""


def each(
    function: Callable[[Item], Value],
    items: Sequence[Item],
    *,
    jobs: int,
    timeout: float,
    memory: int = 0,
    warm: Callable[[], object] | None = None,
) -> Generator[tuple[int, Returned[Value] | Lost], None, None]:
    """Calls ``function`` on every item in at most ``jobs`` processes and yields (index, outcome) as they end.

    Args:
        function: importable by name in a fresh process; what it takes and gives must pickle.
        timeout: seconds that one call may take; then its worker is killed.
        memory: bytes that calls may add to a worker's address space, where the system can limit that; 0 for no limit.
        warm: called in each worker before its first call, outside the limits.

    Closing the iterator (or an exception in its user, as Ctrl-C) ends all workers.
    """
    pool = _Pool(function, deque(enumerate(items)), min(jobs, len(items)), timeout, memory, warm)
    try:
        yield from pool.run()
    finally:
        pool.close()


class Pool(Generic[Item, Value]):
    """The same for calls that come one by one: put in under a key, and waited for together.

    Args:
        preload: modules that the process which workers are forked from imports once, where the system has such a one;
            a new worker then finds them loaded.
        method: how workers start (a name of ``multiprocessing``), where the default doesn't suit.
    """

    def __init__(
        self,
        function: Callable[[Item], Value],
        *,
        jobs: int,
        timeout: float,
        memory: int = 0,
        warm: Callable[[], object] | None = None,
        preload: Sequence[str] = (),
        method: str | None = None,
    ) -> None:
        self._pool = _Pool(function, deque(), jobs, timeout, memory, warm, method)
        if preload and self._pool.context.get_start_method() == "forkserver":
            self._pool.context.set_forkserver_preload(list(preload))

    def __enter__(self) -> Pool[Item, Value]:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def __len__(self) -> int:
        """How many calls haven't come back."""
        return len(self._pool.pending) + sum(worker.job is not None for worker in self._pool.workers)

    def put(self, key: Any, item: Item) -> None:
        """Puts a call in; it starts when a worker is free and somebody waits."""
        self._pool.pending.append((key, item))

    def drop(self) -> list[Any]:
        """Takes out the calls that haven't started and gives their keys."""
        keys = [key for key, _ in self._pool.pending]
        self._pool.pending.clear()
        return keys

    def wait(self, timeout: float) -> list[tuple[Any, Returned[Value] | Lost]]:
        """The calls that came back within so many seconds, as soon as there are any."""
        end = time.monotonic() + timeout
        while len(self):
            outcomes = list(self._pool.step(max(0.0, end - time.monotonic())))
            if outcomes or time.monotonic() >= end:
                return outcomes
        return []


@dataclass(eq=False)
class _Worker:
    process: Any
    connection: Any
    deadline: float
    job: Any = None
    ready: bool = False


class _Pool:
    def __init__(
        self,
        function: Any,
        pending: deque[tuple[Any, Any]],
        jobs: int,
        timeout: float,
        memory: int,
        warm: Any,
        method: str | None = None,
    ) -> None:
        if method is None:
            method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        self.context: Any = multiprocessing.get_context(method)
        self.setup = (function, memory, warm)
        self.pending = pending
        self.timeout = timeout
        self.failed_starts = 0
        self.workers: list[_Worker] = []
        self.starting: Any = None
        self.size = jobs

    def run(self) -> Iterator[tuple[Any, Any]]:
        while self.pending or any(worker.job is not None for worker in self.workers):
            yield from self.step(START_TIMEOUT)

    def step(self, patience: float) -> Iterator[tuple[Any, Any]]:
        """Hands out what is pending and gives what comes back, waiting no longer than so many seconds."""
        if self.failed_starts >= START_ATTEMPTS:
            yield from self._give_up()
            return
        busy = sum(worker.job is not None for worker in self.workers)
        while len(self.workers) < min(self.size, busy + len(self.pending)):
            self.workers.append(self._start())
            self.starting = None
        self._hand_out()
        yield from self._collect(patience)

    def close(self) -> None:
        """Ends all workers, at work or not."""
        for worker in self.workers:
            self._end(worker)
        self.workers.clear()
        # Ctrl-C may fall between a worker's start and its place in the list, and the exit would wait for it for ever.
        with contextlib.suppress(ValueError):
            if self.starting is not None and self.starting.pid is not None:
                self.starting.kill()
                self.starting.join()

    def _start(self) -> _Worker:
        ours, theirs = self.context.Pipe()
        # A forked worker has our ends of all pipes too, and would never see that we are gone.
        forked = self.context.get_start_method() == "fork"
        inherited = [ours, *(worker.connection for worker in self.workers)] if forked else []
        process = self.context.Process(target=_serve, args=(theirs, *self.setup, inherited), daemon=True)
        self.starting = process
        process.start()
        theirs.close()
        return _Worker(process, ours, time.monotonic() + START_TIMEOUT)

    def _hand_out(self) -> None:
        for worker in self.workers:
            if worker.ready and worker.job is None and self.pending:
                index, item = self.pending.popleft()
                worker.job, worker.deadline = index, time.monotonic() + self.timeout
                # A worker that died while idle breaks the pipe; its end is found, and its call counted, on collecting.
                with contextlib.suppress(OSError):
                    worker.connection.send(item)

    def _collect(self, patience: float) -> Iterator[tuple[Any, Any]]:
        awaited = [worker for worker in self.workers if worker.job is not None or not worker.ready]
        nearest = min((worker.deadline for worker in awaited), default=0.0)
        ready = multiprocessing.connection.wait(
            [worker.connection for worker in awaited] + [worker.process.sentinel for worker in awaited],
            timeout=max(0.0, min(patience, nearest - time.monotonic())),
        )
        for worker in awaited:
            if worker.connection in ready:
                yield from self._receive(worker)
            elif worker.process.sentinel in ready:
                yield from self._lose(worker, Lost("crashed", _exit(worker)))
            elif worker.deadline <= time.monotonic():
                yield from self._lose(worker, Lost("timeout"))

    def _receive(self, worker: _Worker) -> Iterator[tuple[Any, Any]]:
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            worker.process.join(timeout=5)
            yield from self._lose(worker, Lost("crashed", _exit(worker)))
            return
        if message == _READY:
            worker.ready, self.failed_starts = True, 0
        elif isinstance(message, Lost) and message.reason == "memory":
            # What is left of its memory may be unusable.
            yield from self._lose(worker, message)
        elif worker.job is not None:
            index, worker.job = worker.job, None
            yield index, message

    def _lose(self, worker: _Worker, lost: Lost) -> Iterator[tuple[Any, Lost]]:
        self._end(worker)
        self.workers.remove(worker)
        if not worker.ready:
            self.failed_starts += 1
        if worker.job is not None:
            yield worker.job, lost

    def _give_up(self) -> Iterator[tuple[Any, Lost]]:
        while self.pending:
            yield self.pending.popleft()[0], Lost("start")
        self.failed_starts = 0

    def _end(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.process.join()
        worker.connection.close()
        worker.process.close()


def _exit(worker: _Worker) -> str:
    code = worker.process.exitcode
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return str(code)


def _serve(connection: Any, function: Any, memory: int, warm: Any, inherited: Sequence[Any] = ()) -> None:
    """A worker's life: items in, outcomes out, until the other end is gone."""
    for each_end in inherited:
        each_end.close()
    # Both may go to the whole group, whose head lets workers finish.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _silence()
    if warm is not None:
        warm()
    if memory:
        _limit_memory(memory)
    connection.send(_READY)
    while True:
        try:
            item = connection.recv()
        except (EOFError, OSError):
            return
        outcome: Returned[Any] | Lost
        try:
            outcome = Returned(function(item))
        except MemoryError:
            outcome = Lost("memory")
        except BaseException as error:
            import traceback

            outcome = Lost("raised", "".join(traceback.format_exception(error)))
        try:
            connection.send(outcome)
        except OSError:
            return
        except Exception as error:
            connection.send(Lost("raised", f"{type(error).__name__}: {error}"))


def _silence() -> None:
    """Libraries print; standard output belongs to the parent's record and standard error to its messages."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)


def _limit_memory(allowance: int) -> None:
    """Lets the address space grow by so much, where the system tells its size and can limit it (Linux)."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            size = int(file.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = size + allowance
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    except (ImportError, OSError, ValueError):
        return
