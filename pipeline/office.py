"""What every command of a workspace works with: its folders, settings, store, and whose name changes bear."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import clock
from pipeline.config import Config, Tables, operator
from pipeline.settings import SettingError, Settings
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.intake import Options
    from pipeline.overlay import Overlay
    from pipeline.store import Store

_SQLITE = "sqlite:///"


@dataclass(frozen=True)
class Office:
    """A workspace at work. ``given`` is the operator's name from the command line."""

    workspace: Workspace
    config: Config
    environment: Mapping[str, str]
    given: str | None = None

    @classmethod
    def open(cls, folder: Path, given: str | None = None, environment: Mapping[str, str] = os.environ) -> Office:
        """The workspace in a folder, with its settings.

        Raises:
            WorkspaceError: the folder is no workspace.
            SettingError: duban.toml can't be used.
        """
        workspace = Workspace.open(folder)
        return cls(workspace, Config.load(workspace.config), environment, given)

    @cached_property
    def operator(self) -> str:
        """Whose name changes bear.

        Raises:
            SettingError: nothing tells.
        """
        return operator(self.given, self.environment, self.config)

    @property
    def database(self) -> str | Path:
        """The store's place: a file in the workspace, or a URL from ``DUBAN_STORE`` or duban.toml."""
        url = self.environment.get("DUBAN_STORE", "").strip() or self.config.store
        if url.startswith(_SQLITE):
            return self.workspace.folder / url.removeprefix(_SQLITE)
        return url or self.workspace.database

    @property
    def backups(self) -> Path:
        """Where the daily copies are."""
        return self.workspace.folder / self.config.backup.folder

    def store(self) -> Store:
        """The store, opened; made where it is missing.

        Raises:
            pipeline.store.StoreError: on a network share, away, damaged, or of a newer version.
        """
        from pipeline.overlay import SYSTEM, lay_over
        from pipeline.shares import refuse_share
        from pipeline.store import open_store

        place = self.database
        if isinstance(place, Path):
            refuse_share(place)
        store = open_store(place, self.overlay)
        lay_over(store, self.overlay, by=SYSTEM, at=clock.now())
        return store

    @cached_property
    def overlay(self) -> Overlay:
        """What is laid over every record: the office's aliases and topics.

        Raises:
            SourceError: a table can't be read.
            SettingError: duban.toml names a table that isn't there.
        """
        from pipeline.overlay import read_overlay

        return read_overlay(self._table("aliases", "DUBAN_ALIASES"), self._table("topics", "DUBAN_TOPICS"))

    def _table(self, name: str, variable: str) -> Path | None:
        """A table of the office: from the environment, or in the workspace, where it need not be."""
        if given := self.environment.get(variable, "").strip():
            return Path(given)
        said = getattr(self.config.tables, name)
        path = self.workspace.folder / said if said else None
        if path is None or path.exists():
            return path
        if said == getattr(Tables(), name):
            return None
        raise SettingError(f"duban.toml 里 tables.{name} 写的 {said} 不存在；请改正，或删去这一项")

    def limits(self, *, jobs: int | None = None, timeout: float | None = None) -> Settings:
        """The limits of reading files."""
        return self.config.settings(self.environment, jobs=jobs, timeout=timeout)

    def options(self, *, internal: bool = False, jobs: int | None = None, timeout: float | None = None) -> Options:
        """How files are taken into the store."""
        from pipeline.intake import Options

        limits = self.limits(jobs=jobs, timeout=timeout)
        return Options(self.operator, limits, settle=self.config.watch.settle, internal=internal)
