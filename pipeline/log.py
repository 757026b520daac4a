"""What happened, line by line on standard error: for people, or as JSON for machines."""

from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

Level = Literal["info", "warning", "error"]


class Log:
    """Writes lines. ``machine`` gives one JSON object a line, with ``time`` in UTC and ``event`` for programs.

    Standard error is looked up at each line, so that one that was replaced is written to.
    """

    def __init__(self, stream: TextIO | None = None, *, machine: bool = False) -> None:
        self._stream = stream
        self._machine = machine
        self._lock = threading.Lock()

    def __call__(self, event: str, message: str, *, level: Level = "info", **fields: Any) -> None:
        """One line.

        Args:
            event: dotted and stable, for machines (``file.saved``).
            message: the same for people, in Chinese, one line.
            fields: more for machines; those that are None are left out.
        """
        now = datetime.now(UTC)
        if self._machine:
            known = {key: value for key, value in fields.items() if value is not None}
            entry = {"time": now.isoformat(timespec="milliseconds"), "level": level, "event": event, **known}
            line = json.dumps({**entry, "message": message}, ensure_ascii=False, default=str)
        else:
            sign = {"info": "", "warning": "注意：", "error": "错误："}[level]
            line = f"{now.astimezone():%m-%d %H:%M:%S} {sign}{' '.join(message.splitlines())}"
        stream = self._stream or sys.stderr
        with self._lock:
            try:
                print(line, file=stream, flush=True)
            except (OSError, ValueError):
                # Whoever read the lines has gone, or the disk that they go to is full; the work goes on.
                return
            except UnicodeEncodeError:
                print(line.encode("ascii", "backslashreplace").decode("ascii"), file=stream, flush=True)
