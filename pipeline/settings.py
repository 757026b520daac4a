"""What a run may use and where it writes: read once from the environment, then frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024


class SettingError(ValueError):
    """A setting with a value that can't be used; the message names it, in Chinese."""


@dataclass(frozen=True)
class Settings:
    """Limits and places of a run.

    Attributes:
        jobs: worker processes at once (``DUBAN_JOBS``; default: the cores that this process may use).
        timeout: seconds that one file may take (``DUBAN_TIMEOUT``).
        memory: bytes that reading one file may add to a worker (``DUBAN_MEMORY``, in MB; 0 for no limit).
        output: the folder that records go under (``DUBAN_OUTPUT``).
        aliases: the table of owners' other names (``DUBAN_ALIASES``).
        topics: the table of topics of one's own (``DUBAN_TOPICS``).
    """

    jobs: int
    timeout: float = 120.0
    memory: int = 1024 * MEGABYTE
    output: Path = Path("outputs")
    aliases: Path | None = None
    topics: Path | None = None

    @property
    def allowance(self) -> int:
        """``memory``, and where pages can be recognised what that takes for itself; 0 for no limit."""
        from extractors import ocr

        return self.memory and self.memory + ocr.memory()

    @property
    def records(self) -> Path:
        """Where records are written."""
        return self.output / "records"

    @classmethod
    def read(
        cls,
        environment: Mapping[str, str],
        *,
        jobs: int | None = None,
        timeout: float | None = None,
        aliases: Path | None = None,
        topics: Path | None = None,
    ) -> Settings:
        """Settings from environment variables; what is given by name goes before them.

        Raises:
            SettingError: a variable that is no number, or out of range.
        """
        names, kinds = (environment.get(name, "").strip() for name in ("DUBAN_ALIASES", "DUBAN_TOPICS"))
        return cls(
            jobs=jobs or int(_number(environment, "DUBAN_JOBS", 0, least=0)) or cores(),
            timeout=timeout or _number(environment, "DUBAN_TIMEOUT", cls.timeout, least=1),
            memory=int(_number(environment, "DUBAN_MEMORY", cls.memory / MEGABYTE, least=0) * MEGABYTE),
            output=Path(environment.get("DUBAN_OUTPUT") or cls.output),
            aliases=aliases or (Path(names) if names else None),
            topics=topics or (Path(kinds) if kinds else None),
        )


def cores() -> int:
    """How many cores this process may use, at least one."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def _number(environment: Mapping[str, str], name: str, default: float, *, least: float) -> float:
    text = environment.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value < float("inf"):
        raise SettingError(f"环境变量 {name} 应是不小于 {least:g} 的数，现为“{text}”")
    return value
