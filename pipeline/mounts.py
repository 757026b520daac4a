"""Whether a folder is on another machine: there events don't tell of changes, and locks may not hold."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

#: File systems that other machines serve, by their names in Linux's table of mounts.
_NETWORK = re.compile(
    r"^(?:nfs\d?|cifs|smb\w*|ncpfs?|afs|coda|9p|virtiofs|ceph|glusterfs|lustre|gpfs|beegfs|ocfs2|gfs2|davfs|webdav|"
    r"fuse\.(?!(?:ext|ntfs|exfat|fuse-overlayfs|gvfsd|portal|lxcfs|snapfuse|squashfuse|appimage)).+|vboxsf|vmhgfs|prl_fs)$"
)


def on_network(path: Path) -> bool:
    """Whether a folder lies on a network share, as far as the system tells; False where it doesn't."""
    try:
        real = path.resolve()
    except OSError:
        return False
    if sys.platform == "win32":
        return _windows(real)
    try:
        table = Path("/proc/self/mounts").read_text("utf-8", "surrogateescape")
    except OSError:
        return False
    return bool(_NETWORK.match(mount_type(os.fspath(real), table)))


def mount_type(path: str, table: str) -> str:
    """The type of the file system that an absolute path is on, from the text of ``/proc/mounts``; empty if unknown."""
    best, kind = "", ""
    for line in table.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), fields[1])
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        # The last of equals lies on top.
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


def _windows(path: Path) -> bool:
    """A UNC path, or a letter that a share is connected to."""
    if path.drive.startswith("\\\\"):
        return True
    import ctypes

    remote = 4
    drives = getattr(ctypes, "windll").kernel32  # noqa: B009  (there is none elsewhere)
    return bool(drives.GetDriveTypeW(f"{path.drive}\\") == remote)
