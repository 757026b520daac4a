from __future__ import annotations

import json
import os
import shutil
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import backup
from pipeline.backup import BackupError, back_up, daily_backup, daily_copies, holding
from pipeline.locks import Lock
from pipeline.office import Office
from pipeline.restore import open_for_restore, restore
from pipeline.workspace import hash_file

Put = Callable[..., str]
Text = Callable[..., str]


def titles(office: Office) -> list[str | None]:
    with closing(office.store()) as store:
        return sorted(row.title or "" for row in store.notices())


def files(office: Office) -> dict[str, str]:
    folders = (office.workspace.archive, office.workspace.failed)
    return {
        office.workspace.relative(path): hash_file(path)
        for folder in folders for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip


def correct(office: Office, notice_id: str) -> str:
    """Writes a correction on a notice's first task, and gives the task's key."""
    with closing(office.store()) as store:
        key = next(iter(store.keys(notice_id).values()))
        store.correct(key, "title", "set", "改过的标题", "王主任", datetime.now(UTC))
    return key


def test_a_backup_is_put_into_an_empty_folder(office: Office, put: Put, text: Text, tmp_path: Path) -> None:
    first = put(office, text(4), "甲 通知.txt")
    put(office, text(5, "防汛"), "乙.txt", internal=True)
    key = correct(office, first)
    (office.workspace.failed / "坏.pdf").write_bytes(b"%PDF-")
    (office.workspace.failed / "坏.pdf.error.json").write_text("{}")
    office.workspace.config.write_text('[operator]\nname = "李科"\n', encoding="utf-8")
    made = back_up(office, tmp_path / "备份.zip")
    assert (made.notices, made.files, made.missing) == (2, 6, ())
    other = open_for_restore(tmp_path / "别处")
    done = restore(made.path, other)
    assert (done.notices, done.files, done.again, done.config, done.saved) == (2, 4, 0, True, None)
    other = Office.open(tmp_path / "别处", environment={})
    assert other.operator == "李科"
    assert titles(other) == titles(office)
    assert files(other) == files(office)
    with closing(other.store()) as store:
        assert store.task(key).task.title == "改过的标题"
        assert [row.internal for row in store.notices()] == [False, True]
    assert not list(other.workspace.private.glob("restore-*"))


def test_a_backup_while_others_write(office: Office, put: Put, text: Text, tmp_path: Path) -> None:
    put(office, text(4), "甲.txt")
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            put(office, text(4, f"第{number}项"), f"{number}.txt")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        made = [back_up(office, tmp_path / f"{number}.zip") for number in range(3)]
    finally:
        stop.set()
        thread.join()
    for each in made:
        assert each.missing == ()
        done = restore(each.path, open_for_restore(tmp_path / each.path.stem))
        assert done.notices >= each.notices > 0


def test_an_original_that_is_not_in_the_archive_is_told(office: Office, put: Put, text: Text, tmp_path: Path) -> None:
    put(office, text())
    (office.workspace.archive / "2024" / "通知.txt").unlink()
    made = back_up(office, tmp_path / "a.zip")
    assert made.missing == ("archive/2024/通知.txt",)
    assert restore(made.path, open_for_restore(tmp_path / "b")).missing == made.missing


def test_a_backup_takes_no_place_that_is_taken(office: Office, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("x")
    with pytest.raises(BackupError, match="已经有了"):
        back_up(office, tmp_path / "a.zip")
    with pytest.raises(BackupError, match="收文"):
        back_up(office, office.workspace.archive / "a.zip")
    assert back_up(office, tmp_path).path.parent == tmp_path


def test_a_disk_without_room_is_left_alone(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100, 100, 0))  # type: ignore[attr-defined]
    with pytest.raises(BackupError, match="磁盘空间不够") as error:
        back_up(office, tmp_path / "a.zip")
    assert error.value.code == "backup.no_room"
    assert not list(tmp_path.glob("*.zip*"))


def test_a_backup_that_is_cut_off_leaves_nothing(
    office: Office, put: Put, text: Text, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(office, text())

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_add", full)
    with pytest.raises(BackupError, match="备份写不成"):
        back_up(office, tmp_path / "new" / "a.zip")
    assert list((tmp_path / "new").iterdir()) == []
    assert not list(office.workspace.private.glob("backup-*"))


def damage(path: Path, how: str) -> None:
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    entry = json.loads(members["manifest.json"])
    if how == "content":
        members["archive/2024/通知.txt"] += b"x"
    elif how == "missing":
        del members["archive/2024/通知.txt"]
    elif how == "more":
        members["archive/2024/x.txt"] = b"x"
    elif how == "newer":
        entry["form"] = 99
    elif how == "manifest":
        entry = {"form": 1}
    elif how in ("../x.txt", "/x.txt", "archive/../../x.txt", "inbox/x.txt", "archive\\..\\x.txt", "C:/x.txt"):
        members[how] = b"x"
        entry["files"][how] = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    with zipfile.ZipFile(path, "w") as package:
        for name, data in {**members, "manifest.json": json.dumps(entry).encode()}.items():
            package.writestr(name, data)


@pytest.mark.parametrize(
    "how",
    ["content", "missing", "more", "newer", "manifest", "text", "cut", "../x.txt", "/x.txt", "archive/../../x.txt",
     "inbox/x.txt", "archive\\..\\x.txt", "C:/x.txt"],
)  # fmt: skip
def test_what_is_no_sound_backup_changes_nothing(
    office: Office, put: Put, text: Text, tmp_path: Path, how: str
) -> None:
    put(office, text())
    path = back_up(office, tmp_path / "a.zip").path
    if how == "text":
        path.write_text("not a zip")
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:-200])
    else:
        damage(path, how)
    before = files(office), titles(office)
    with pytest.raises(BackupError) as error:
        restore(path, office, force=True)
    assert error.value.code in ("backup.damaged", "backup.newer")
    assert error.value.remedy
    assert (files(office), titles(office)) == before
    assert not list(tmp_path.rglob("x.txt"))
    assert not list(office.workspace.private.glob("restore-*"))


def test_a_newer_store_is_only_replaced_by_force(office: Office, put: Put, text: Text, tmp_path: Path) -> None:
    put(office, text(4), "甲.txt")
    old = back_up(office, tmp_path / "old.zip").path
    put(office, text(5, "防汛"), "乙.txt")
    with pytest.raises(BackupError, match="--force") as error:
        restore(old, office)
    assert error.value.code == "backup.older"
    assert len(titles(office)) == 2
    done = restore(old, office, force=True)
    assert len(titles(office)) == 1
    # What came after the backup is to be taken again, and what was there can be had back.
    assert done.again == 1
    assert [path.name for path in office.workspace.inbox.iterdir()] == ["乙.txt"]
    assert done.saved is not None
    restore(done.saved, office)
    assert len(titles(office)) == 2
    assert sorted(files(office)) == ["archive/2024/乙.txt", "archive/2024/甲.txt"]


def test_another_store_is_not_replaced(office: Office, put: Put, text: Text, tmp_path: Path) -> None:
    put(office, text(4))
    put(office, text(6, "绿化"), "丙.txt")
    path = back_up(office, tmp_path / "a.zip").path
    other = open_for_restore(tmp_path / "别处")
    put(other, text(5, "防汛"))
    with pytest.raises(BackupError, match="不是同一个"):
        restore(path, other)


def test_a_damaged_database_is_put_aside(office: Office, put: Put, text: Text, tmp_path: Path) -> None:
    put(office, text(4))
    path = back_up(office, tmp_path / "a.zip").path
    office.workspace.database.write_bytes(b"rubbish " * 1000)
    for ending in ("-wal", "-shm"):
        office.workspace.database.with_name(f"duban.db{ending}").unlink(missing_ok=True)
    restore(path, office)
    assert len(titles(office)) == 1
    assert list(office.workspace.folder.glob("duban.db.damaged-*"))


def test_settings_that_somebody_wrote_stay(office: Office, tmp_path: Path) -> None:
    path = back_up(office, tmp_path / "a.zip").path
    office.workspace.config.write_text('[operator]\nname = "王"\n', encoding="utf-8")
    assert not restore(path, office).config
    assert Office.open(office.workspace.folder).config.operator == "王"
    assert restore(path, office, force=True).config


def test_a_workspace_that_is_watched_is_not_restored(office: Office, tmp_path: Path) -> None:
    path = back_up(office, tmp_path / "a.zip").path
    lock = Lock(office.workspace.private / "watch.lock")
    assert lock.take()
    try:
        with pytest.raises(BackupError, match="duban watch"):
            restore(path, office)
    finally:
        lock.release()


def test_a_copy_a_day_kept_for_some_days(office: Office, put: Put, text: Text) -> None:
    office.workspace.config.write_text("[backup]\nkeep_days = 3\n", encoding="utf-8")
    office = Office.open(office.workspace.folder, "李科", {})
    today = date(2024, 3, 1)
    for number in range(6):
        put(office, text(4, f"第{number}项"), f"{number}.txt")
        assert daily_backup(office, today + timedelta(days=number))
        assert daily_backup(office, today + timedelta(days=number)) is None
    names = [path.name for path in daily_copies(office.backups)]
    assert names == ["duban-20240304.zip", "duban-20240305.zip", "duban-20240306.zip"]
    # Nothing new: no copy, and the newest stays however old it grows.
    assert daily_backup(office, today + timedelta(days=60)) is None
    assert [path.name for path in daily_copies(office.backups)] == names[-1:]
    # Something new by a person, or only a failed file.
    failed = office.workspace.failed / "坏.pdf"
    failed.write_bytes(b"%PDF-")
    assert daily_backup(office, today + timedelta(days=61))
    with closing(office.store()) as store:
        correct(office, store.notices()[0].notice_id)
    assert daily_backup(office, today + timedelta(days=62))


def test_no_copies_where_none_are_wanted(office: Office) -> None:
    office.workspace.config.write_text("[backup]\nkeep_days = 0\n", encoding="utf-8")
    assert daily_backup(Office.open(office.workspace.folder, "李科", {}), date(2024, 3, 1)) is None
    assert not office.backups.exists()


def test_files_of_other_names_are_no_daily_copies(office: Office) -> None:
    office.backups.mkdir()
    for name in ("duban-x.zip", "backup-20240101-120000.zip", "duban-20249901.zip"):
        (office.backups / name).write_bytes(b"")
    assert daily_copies(office.backups) == []


def test_which_backups_hold_a_notice(office: Office, put: Put, text: Text, tmp_path: Path) -> None:
    before = back_up(office, tmp_path / "before.zip").path
    notice_id = put(office, text(4))
    elsewhere = back_up(office, tmp_path / "elsewhere.zip").path
    here = back_up(office).path
    gone = back_up(office, tmp_path / "gone.zip").path
    os.replace(gone, tmp_path / "moved.zip")
    assert holding(office, [notice_id], []) == sorted([elsewhere, here, gone])
    # One that is gone may still be somewhere.
    assert holding(office, ["n-000000000000"], []) == [gone]
    assert before not in holding(office, [notice_id], [])
