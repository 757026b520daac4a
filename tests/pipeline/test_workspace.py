from __future__ import annotations

import os
import sys
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.failed import explain, failed_files, put_back
from pipeline.mounts import mount_type, on_network
from pipeline.process import Failure
from pipeline.workspace import (
    LONGEST_NAME,
    Workspace,
    WorkspaceError,
    files_under,
    hash_file,
    init,
    numbered,
    readable,
    safe_parts,
    shorten,
)  # fmt: skip

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
//server/gw /mnt/gong\\040wen cifs rw 0 0
server:/data /mnt/nfs nfs4 rw 0 0
sshfs /mnt/ssh fuse.sshfs rw 0 0
/dev/sdb1 /mnt/usb fuse.ntfs-3g rw 0 0
"""


def test_init_makes_folders_and_keeps_what_is_there(tmp_path: Path) -> None:
    workspace = init(tmp_path / "收文")
    workspace.config.write_text("# mine\n", "utf-8")
    (workspace.inbox / "a.txt").write_text("a", "utf-8")
    assert init(tmp_path / "收文") == workspace
    assert all(path.is_dir() for path in (workspace.inbox, workspace.archive, workspace.failed, workspace.outputs))
    assert workspace.config.read_text("utf-8") == "# mine\n" and (workspace.inbox / "a.txt").exists()
    assert Workspace.open(workspace.folder) == workspace


def test_a_folder_that_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="duban init"):
        Workspace.open(tmp_path)
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(WorkspaceError):
        init(tmp_path / "file")


@given(st.lists(st.text(min_size=1).filter(lambda part: "/" not in part and "\0" not in part), min_size=1, max_size=4))
def test_no_name_leads_out_of_a_folder(parts: list[str]) -> None:
    try:
        relative = PurePosixPath(*parts)
    except (ValueError, UnicodeError):
        return
    for part in safe_parts(Path(relative)):
        assert part not in ("", ".", "..") and "/" not in part and "\\" not in part and "\n" not in part
        assert len(part.encode("utf-8")) <= LONGEST_NAME


def test_names_from_old_systems_are_readable() -> None:
    assert readable(os.fsdecode("关于通知.txt".encode("gb18030"))) == "关于通知.txt" or sys.platform == "win32"
    assert readable("a\nb\x1b[31m.txt") == "a_b_[31m.txt"


def test_long_names_keep_their_ending_and_stay_apart() -> None:
    long, other = shorten("通" * 200 + ".docx"), shorten("通" * 201 + ".docx")
    assert long != other and long.endswith(".docx") and len(long.encode("utf-8")) <= LONGEST_NAME
    assert shorten("短.docx") == "短.docx"
    assert [numbered("a.tar.gz", 1), numbered("a.docx", 2), numbered("无", 3)] == ["a.tar.gz", "a-2.docx", "无-3"]


def test_files_are_found_by_their_bytes_and_links_are_not_followed(tmp_path: Path) -> None:
    workspace = init(tmp_path / "w")
    (workspace.archive / "2021").mkdir()
    kept = workspace.archive / "2021" / "b.txt"
    kept.write_text("same", "utf-8")
    (workspace.failed / "a.txt").write_text("same", "utf-8")
    (workspace.failed / "c.txt").write_text("other", "utf-8")
    outside = tmp_path / "outside.txt"
    outside.write_text("same", "utf-8")
    if sys.platform != "win32":
        (workspace.archive / "link").symlink_to(outside)
    assert list(workspace.copies({hash_file(outside)})) == [kept, workspace.failed / "a.txt"]


def test_failed_files_go_back_without_their_reasons(tmp_path: Path) -> None:
    workspace = init(tmp_path)
    for name in ("a.docx", "下级/a.docx", "b.pdf"):
        path = workspace.failed / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name, "utf-8")
        explain(path, Failure("source.damaged", "文件损坏", "请重新下载"))
    assert "文件损坏；请重新下载" in (workspace.failed / "a.docx.error.txt").read_text("utf-8")
    assert len(list(failed_files(workspace))) == 3
    (workspace.inbox / "a.docx").write_text("new", "utf-8")
    assert put_back(workspace, ["a.docx"]) == [workspace.inbox / "a-2.docx"]
    assert put_back(workspace, ["下级/a.docx.error.json"]) == [workspace.inbox / "下级" / "a.docx"]
    assert put_back(workspace) == [workspace.inbox / "b.pdf"]
    assert not list(files_under(workspace.failed))


@pytest.mark.parametrize("name", ["../duban.toml", "/etc/passwd", "nothing.docx", "", "."])
def test_only_failed_files_are_put_back(tmp_path: Path, name: str) -> None:
    workspace = init(tmp_path)
    with pytest.raises(WorkspaceError):
        put_back(workspace, [name])
    assert workspace.config.exists()


def test_shares_are_told_from_disks(tmp_path: Path) -> None:
    kinds = {
        "/mnt/gong wen/a": "cifs", "/mnt/nfs": "nfs4", "/mnt/nfsx": "ext4", "/home": "ext4",
        "/mnt/ssh/b": "fuse.sshfs", "/mnt/usb/c": "fuse.ntfs-3g",
    }  # fmt: skip
    assert {path: mount_type(path, MOUNTS) for path in kinds} == kinds
    assert not on_network(tmp_path)
