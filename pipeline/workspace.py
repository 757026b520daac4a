"""The folder that a clerk works with: inbox, archive, failed, outputs, and what is duban's own."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from schemas.errors import DubanError

#: Longest name of a file in bytes; common file systems take 255, and ``.error.json`` is put behind it.
LONGEST_NAME = 230
_SETTINGS = """\
# duban 的设置。删去行首的 # 后生效；全部可设的项目见 docs/operation.md。

# [operator]
# name = "经办人姓名"
"""


class WorkspaceError(DubanError):
    """A folder that is no workspace, or can't be used as one."""


@dataclass(frozen=True)
class Workspace:
    """A workspace's folders and files; all of them stand in ``folder``, which is absolute."""

    folder: Path

    @property
    def inbox(self) -> Path:
        """Where notices are dropped."""
        return self.folder / "inbox"

    @property
    def archive(self) -> Path:
        """Originals that are in the store, by the year of their arrival."""
        return self.folder / "archive"

    @property
    def failed(self) -> Path:
        """Files that couldn't be read, each beside its reason."""
        return self.folder / "failed"

    @property
    def evidence(self) -> Path:
        """Files that show what was done on items of the ledger, by their sha256."""
        return self.folder / "evidence"

    @property
    def outputs(self) -> Path:
        return self.folder / "outputs"

    @property
    def config(self) -> Path:
        """The settings, which may be missing."""
        return self.folder / "duban.toml"

    @property
    def database(self) -> Path:
        """The store, where no other is set."""
        return self.folder / "duban.db"

    @property
    def private(self) -> Path:
        """Locks, and files at work: nobody's business but duban's."""
        return self.folder / ".duban"

    @classmethod
    def open(cls, folder: Path) -> Workspace:
        """The workspace in a folder; folders of it that have gone are made again.

        Raises:
            WorkspaceError: the folder was never made a workspace, or can't be written to.
        """
        workspace = cls(folder.absolute())
        if not workspace.inbox.is_dir() and not workspace.private.is_dir():
            raise WorkspaceError(
                "workspace.missing", "不是 duban 的工作区（没有 inbox 文件夹）", file=str(folder),
                remedy="请先运行 duban init，或用 --workspace 指定工作区",
            )  # fmt: skip
        workspace._make()
        return workspace

    def _make(self) -> None:
        try:
            for path in (self.inbox, self.archive, self.failed, self.outputs, self.private):
                path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WorkspaceError(
                "workspace.unwritable", f"工作区建不了文件夹（{error.strerror or error}）", file=str(self.folder),
                remedy="请检查磁盘空间和文件夹的写权限",
            ) from error  # fmt: skip

    def relative(self, path: Path) -> str:
        """A path inside the workspace as the store and messages name it: from the workspace, with slashes."""
        return PurePosixPath(*(readable(part) for part in path.relative_to(self.folder).parts)).as_posix()

    def copies(self, sha256: set[str]) -> Iterator[Path]:
        """Every file in the archive and in failed whose bytes have one of these hashes, whatever its name."""
        for folder in (self.archive, self.failed):
            for path in files_under(folder):
                with contextlib.suppress(OSError):
                    if hash_file(path) in sha256:
                        yield path


def init(folder: Path) -> Workspace:
    """Makes a folder a workspace: what is missing is made, what is there stays as it is.

    Raises:
        WorkspaceError: it can't be made or written to, or is a file.
    """
    workspace = Workspace(folder.absolute())
    workspace._make()
    with contextlib.suppress(FileExistsError), open(workspace.config, "x", encoding="utf-8", newline="\n") as file:
        file.write(_SETTINGS)
    return workspace


def hash_file(path: Path) -> str:
    """A file's sha256 in hex, read in pieces.

    Raises:
        OSError: it can't be read.
    """
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_under(folder: Path) -> Iterator[Path]:
    """Files in a folder and the folders in it, in order of their names; links are neither followed nor given."""
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(root, name)
            if not path.is_symlink() and path.is_file():
                yield path


def readable(name: str) -> str:
    """A file's name as text that can be stored and printed in one line.

    Names whose bytes are not UTF-8 mostly come from old Chinese systems and archives.
    """
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        data = os.fsencode(name)
        try:
            name = data.decode("gb18030")
        except UnicodeDecodeError:
            name = data.decode("utf-8", "replace")
    return "".join("_" if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char for char in name)


def safe_parts(relative: Path) -> tuple[str, ...]:
    """A path's parts as names that stand for themselves in any folder: none leads up, none is empty or hidden."""
    parts = (readable(part).replace("/", "_").replace("\\", "_") for part in relative.parts)
    return tuple(shorten(re.sub(r"^\.+", "_", part) or "_") for part in parts)


def shorten(name: str) -> str:
    """A name of at most ``LONGEST_NAME`` bytes: the middle gives way to a hash, the ending stays."""
    if len(name.encode("utf-8")) <= LONGEST_NAME:
        return name
    ending = Path(name).suffix if len(Path(name).suffix.encode("utf-8")) <= 20 else ""
    mark = "-" + hashlib.sha256(name.encode("utf-8")).hexdigest()[:8] + ending
    return name.encode("utf-8")[: LONGEST_NAME - len(mark.encode("utf-8"))].decode("utf-8", "ignore") + mark


def numbered(name: str, number: int) -> str:
    """``NAME``, ``NAME-2``, ``NAME-3`` …, the number before the ending."""
    if number == 1:
        return name
    path = PurePosixPath(name)
    return f"{path.stem}-{number}{path.suffix}"
