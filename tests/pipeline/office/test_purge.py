from __future__ import annotations

import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors import extract
from pipeline.backup import back_up
from pipeline.export.run import export_records
from pipeline.naming import NamingError, find_notice
from pipeline.office import Office
from pipeline.purge import PurgeError, purge, trace
from pipeline.store import Arrival

Put = Callable[..., str]
Text = Callable[..., str]

WORDS = "节水宣传"


def every_byte(folder: Path, words: str) -> list[str]:
    """The files that hold words, in UTF-8 or inside a zip, backups aside."""
    found = []
    for path in folder.rglob("*"):
        if not path.is_file() or path.parent.name == "backups":
            continue
        data = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as package:
                data += [package.read(name) for name in package.namelist()]
        if any(words.encode() in each for each in data):
            found.append(path.relative_to(folder).as_posix())
    return found


def export(office: Office) -> None:
    outputs = office.workspace.outputs
    with closing(office.store()) as store:
        for form, output in (("json", "json"), ("jsonl", "all.jsonl"), ("csv", "csv"), ("xlsx", "台账.xlsx")):
            export_records(store, form, outputs / output)  # type: ignore[arg-type]


def test_nothing_of_a_notice_is_left(office: Office, put: Put, text: Text, tmp_path: Path) -> None:
    kept = put(office, text(5, "防汛"), "乙.txt")
    notice_id = put(office, text(4, WORDS), "甲.txt")
    put(office, text(4, WORDS, 3), "甲 重印.txt")
    folder = office.workspace.folder
    original = office.workspace.archive / "2024" / "甲.txt"
    for copy in (office.workspace.inbox / "又一份.txt", office.workspace.failed / "读坏.txt",
                 office.workspace.private / "claims" / "x" / "inbox" / "甲.txt"):  # fmt: skip
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(original, copy)
    (office.workspace.failed / "读坏.txt.error.json").write_text(f'{{"file": "{WORDS}"}}')
    with closing(office.store()) as store:
        key = next(iter(store.keys(notice_id).values()))
        store.correct(key, "title", "set", f"{WORDS}的标题", "王", datetime.now(UTC))
    export(office)
    leftover = office.workspace.private / "backup-killed"
    leftover.mkdir()
    shutil.copy(office.workspace.database, leftover / "duban.db")
    backups = [back_up(office).path, back_up(office, tmp_path / "外.zip").path]
    assert len(every_byte(folder, WORDS)) > 10
    with closing(office.store()) as store:
        found = trace(office, store, notice_id)
        assert set(found.backups) == set(backups)
        purge(office, store, found)
        assert [row.notice_id for row in store.notices()] == [kept]
    assert every_byte(folder, WORDS) == []
    assert (office.workspace.archive / "2024" / "乙.txt").exists()
    # A file of lines keeps the others' lines; what can't be told apart is made anew by another export.
    assert "防汛" in (office.workspace.outputs / "all.jsonl").read_text(encoding="utf-8")
    assert (office.workspace.outputs / "json" / f"{kept}.json").exists()
    with sqlite3.connect(office.workspace.database) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_file_with_several_notices_goes_only_as_a_whole(office: Office, put: Put, text: Text, tmp_path: Path) -> None:
    first = put(office, text(4), "甲.txt")
    records = []
    for number, what in ((4, WORDS), (6, "绿化")):
        path = tmp_path / "x.txt"
        path.write_text(text(number, what), encoding="utf-8")
        records += extract(path)
    both = office.workspace.archive / "2024" / "两份.txt"
    both.write_text(text(4) + text(6, "绿化"), encoding="utf-8")
    from pipeline.workspace import hash_file

    arrival = Arrival("两份.txt", "txt", hash_file(both), both.stat().st_size, archived_path="archive/2024/两份.txt")
    with closing(office.store()) as store:
        other = store.save(records, arrival, by="李科", at=datetime.now(UTC))[1].notice_id
        with pytest.raises(PurgeError, match="--together"):
            trace(office, store, first)
        found = trace(office, store, first, together=True)
        assert set(found.ids) == {first, other}
        purge(office, store, found)
        assert store.notices() == []
    assert not list(office.workspace.archive.rglob("*.txt"))


def test_a_file_that_cannot_be_removed_stops_before_the_store(
    office: Office, put: Put, text: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice_id = put(office, text())

    def held(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    with closing(office.store()) as store:
        found = trace(office, store, notice_id)
        with monkeypatch.context() as patch, pytest.raises(PurgeError, match="再做一次"):
            patch.setattr(Path, "unlink", held)
            purge(office, store, found)
        assert len(store.notices()) == 1
        purge(office, store, trace(office, store, notice_id))
        assert store.notices() == []


@pytest.mark.parametrize(
    "name",
    ["n-", "临水发〔2024〕4号", "临水发[2024] 4号", "临水发（２０２４）4号", "关于做好节水宣传工作的通知", "节水"],
)
def test_how_a_notice_may_be_named(office: Office, put: Put, text: Text, name: str) -> None:
    notice_id = put(office, text(4, WORDS), "甲.txt")
    put(office, text(5, "防汛"), "乙.txt")
    with closing(office.store()) as store:
        assert find_notice(store, notice_id[:7] if name == "n-" else name).notice_id == notice_id


@pytest.mark.parametrize(
    ("name", "words"), [("关于做好", "不止一件"), ("没有", "duban list"), ("n-", "没有"), ("", "没有")]
)
def test_a_name_that_is_none_or_several(office: Office, put: Put, text: Text, name: str, words: str) -> None:
    put(office, text(4, WORDS), "甲.txt")
    put(office, text(5, "防汛"), "乙.txt")
    with closing(office.store()) as store, pytest.raises(NamingError, match=words):
        find_notice(store, name)
