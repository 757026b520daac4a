from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import shares
from pipeline.mounts import mount_type
from pipeline.office import Office
from pipeline.shares import refuse_share
from pipeline.store import StoreError
from pipeline.workspace import init

MOUNTS = """\
/dev/sda2 / ext4 rw 0 0
//files/office /mnt/office cifs rw 0 0
files:/export /mnt/with\\040space nfs4 rw 0 0
gvfsd-fuse /run/user/1000/gvfs fuse.gvfsd-fuse rw 0 0
someone@host:/data /home/a/remote fuse.sshfs rw 0 0
/dev/sdb1 /mnt/office/local ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/a/督办", "ext4"),
        ("/mnt/office", "cifs"),
        ("/mnt/office/督办/duban.db", "cifs"),
        ("/mnt/officer", "ext4"),
        ("/mnt/with space/督办", "nfs4"),
        ("/home/a/remote/x", "fuse.sshfs"),
        ("/mnt/office/local/督办", "ext4"),
        ("/tmp/x", "tmpfs"),
    ],
)
def test_which_file_system_a_path_is_on(path: str, kind: str) -> None:
    assert mount_type(path, MOUNTS) == kind


def test_a_local_disk_is_fine(tmp_path: Path) -> None:
    refuse_share(tmp_path / "duban.db")


def test_a_store_on_a_share_is_refused_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "on_network", lambda path: True)
    init(tmp_path)
    office = Office.open(tmp_path, "李科", {})
    with pytest.raises(StoreError) as error:
        office.store()
    assert error.value.code == "store.network_share"
    for words in ("网络共享", "本机磁盘", "PostgreSQL"):
        assert words in str(error.value)
    assert not office.workspace.database.exists()
    # A server's database is nobody's file.
    assert Office.open(tmp_path, "李科", {"DUBAN_STORE": "postgresql://db/x"}).database == "postgresql://db/x"
