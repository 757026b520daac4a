from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from pipeline.ingest import ingest, retry
from pipeline.intake import Options, Tally
from pipeline.log import Log
from pipeline.settings import Settings
from pipeline.store import Store, StoreError, open_store
from pipeline.workspace import WorkspaceError, files_under, hash_file, init

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks its workers, to start them at once")


def notice(subject: str, above: str = "") -> str:
    return f"{above}某市城市管理局关于做好{subject}工作的通知\n\n各科室：\n\n一、每月5日前报送信息不少于2篇。\n\n2021年3月2日\n"


class Bench:
    """A workspace, with files dropped into it and taken from it."""

    def __init__(self, folder: Path) -> None:
        self.workspace = init(folder)
        self.lines = io.StringIO()
        self.open: Callable[[], Store] = lambda: open_store(self.workspace.database)

    def options(self, **changes: Any) -> Options:
        limits = Settings(jobs=2, timeout=changes.pop("timeout", 60.0))
        return Options(**{"by": "张三", "limits": limits, "settle": 0.02, "method": "fork", **changes})

    def drop(self, name: str, text: str | bytes) -> Path:
        path = self.workspace.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return path

    def take(self, *paths: Path, **changes: Any) -> Tally:
        options = self.options(**changes)
        return ingest(self.workspace, paths, open_store=self.open, options=options, log=Log(self.lines, machine=True))

    def files(self) -> list[str]:
        """Every file that is not duban's own."""
        own = (".duban", "duban.")
        names = map(self.workspace.relative, files_under(self.workspace.folder))
        return sorted(name for name in names if not name.startswith(own))

    def events(self, kind: str) -> list[dict[str, Any]]:
        entries = map(json.loads, self.lines.getvalue().splitlines())
        return [entry for entry in entries if entry["event"] == kind]

    def notices(self) -> int:
        with self.open() as store:
            return len(store.notices())


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    yield Bench(tmp_path / "收文")


def test_what_seems_to_be_no_notice_is_kept_and_said(bench: Bench) -> None:
    page = "<html><body><div class='list'><ul><li><a href='a.html'>关于做好某工作的通知</a> 2024-01-03</li></ul></div></body></html>"
    bench.drop("栏目页.html", page)
    bench.drop("别名.csv", "name,canonical,agency\n局办,某局办公室,某局\n")
    bench.drop("通知.txt", notice("环卫"))
    assert bench.take().saved == 3
    told = {entry["file"]: "请核对是不是公文" in entry["message"] for entry in bench.events("file.saved")}
    assert told == {"栏目页.html": True, "别名.csv": True, "通知.txt": False}


def test_notices_end_in_store_and_archive(bench: Bench) -> None:
    first, second = bench.drop("甲.txt", notice("甲")), bench.drop("下级/甲.txt", notice("乙"))
    hashes = [hash_file(first), hash_file(second)]
    for left in ("~$甲.docx", "乙.docx.part", ".隐藏.txt", "Thumbs.db", "a.crdownload", ".夹/丙.txt"):
        bench.drop(left, notice(left))
    year = time.strftime("%Y")
    assert bench.take() == Tally(saved=2)
    left_alone = ["inbox/.夹/丙.txt", "inbox/.隐藏.txt", "inbox/Thumbs.db", "inbox/a.crdownload", "inbox/~$甲.docx"]
    assert bench.files() == sorted(
        [f"archive/{year}/下级/甲.txt", f"archive/{year}/甲.txt", "inbox/乙.docx.part", *left_alone]
    )
    with bench.open() as store:
        assert all(map(store.has, hashes)) and len(store.notices()) == 2
    assert not list((bench.workspace.private / "claims").iterdir())


def test_the_same_content_is_known_whatever_its_name(bench: Bench) -> None:
    bench.drop("甲.txt", notice("甲"))
    assert bench.take() == Tally(saved=1)
    bench.drop("甲.txt", notice("甲"))
    bench.drop("乙.txt", notice("甲"))
    assert bench.take() == Tally(duplicates=2)
    year = time.strftime("%Y")
    assert bench.files() == [f"archive/{year}/{name}.txt" for name in ("乙", "甲-2", "甲")] and bench.notices() == 1


def test_files_from_elsewhere_are_copied_and_left_alone(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "别处"
    folder.mkdir()
    (folder / "甲.txt").write_text(notice("甲"), "utf-8")
    (folder / "坏.docx").write_bytes(b"PK\x03\x04")
    (folder / "照片.exe").write_bytes(b"MZ")
    assert bench.take(folder) == Tally(saved=1, failed=1)
    assert bench.take(folder) == Tally(duplicates=1, failed=1)
    assert sorted(path.name for path in folder.iterdir()) == ["坏.docx", "照片.exe", "甲.txt"]
    failed = [f"failed/坏.docx{ending}" for ending in ("", ".error.json", ".error.txt")]
    assert bench.files() == [f"archive/{time.strftime('%Y')}/甲.txt", *failed]


def test_a_file_that_cannot_be_read_fails_alone_and_can_be_tried_again(bench: Bench) -> None:
    bench.drop("坏.docx", b"PK\x03\x04 nothing")
    bench.drop("空.txt", "")
    bench.drop("好.txt", notice("好"))
    tally = bench.take()
    assert tally == Tally(saved=1, failed=2) and tally.status == 1
    assert json.loads((bench.workspace.failed / "空.txt.error.json").read_text("utf-8"))["code"] == "source.empty"
    assert "文件是空的" in (bench.workspace.failed / "空.txt.error.txt").read_text("utf-8")
    (bench.workspace.failed / "空.txt").write_text(notice("补"), "utf-8")
    log = Log(bench.lines, machine=True)
    again = retry(bench.workspace, open_store=bench.open, options=bench.options(), log=log)
    assert again == Tally(saved=1, failed=1) and bench.notices() == 2
    assert [name for name in bench.files() if name.startswith("failed")] == [
        f"failed/坏.docx{ending}" for ending in ("", ".error.json", ".error.txt")
    ]


@pytest.mark.parametrize("above", ["机密★1年\n\n", "绝密\n特急\n"])
def test_a_state_secret_stays_where_it_lies_and_leaves_no_trace(bench: Bench, above: str) -> None:
    path = bench.drop("下级/某件.txt", notice("海防工程", above))
    before = os.stat(path)
    tally = bench.take(internal=True)
    assert tally == Tally(secret=1) and tally.status == 1
    after = os.stat(path)
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert bench.files() == ["inbox/下级/某件.txt"] and bench.notices() == 0
    for file in files_under(bench.workspace.folder):
        assert file == path or "海防工程".encode() not in file.read_bytes()
    assert "海防工程" not in bench.lines.getvalue() and len(bench.events("file.secret")) == 1


def test_a_secret_from_elsewhere_and_by_its_name(bench: Bench, tmp_path: Path) -> None:
    outside = tmp_path / "某件.txt"
    outside.write_text(notice("甲", "秘密★3年\n"), "utf-8")
    bench.drop("【机密】乙.txt", notice("乙"))
    assert bench.take(outside, bench.workspace.inbox) == Tally(secret=2)
    assert bench.files() == ["inbox/【机密】乙.txt"] and outside.exists()


def test_internal_papers_want_to_be_confirmed(bench: Bench) -> None:
    bench.drop("甲.txt", notice("甲", "内部资料\n"))
    assert bench.take() == Tally(internal=1) and bench.files() == ["inbox/甲.txt"]
    assert bench.take(internal=True) == Tally(saved=1)
    with bench.open() as store:
        assert [row.internal for row in store.notices()] == [True]


def test_a_reader_that_crashes_or_hangs_fails_its_file_alone(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    import extractors.readers as readers

    read = readers.read_source

    def misbehave(source: Any, limits: Any = None) -> Any:
        if "崩" in source.name:
            os._exit(1)
        if "停" in source.name:
            time.sleep(60)
        if "大" in source.name:
            raise MemoryError
        return read(source, limits)

    monkeypatch.setattr(readers, "read_source", misbehave)
    for name in ("崩", "停", "大", "好"):
        bench.drop(f"{name}.txt", notice(name))
    assert bench.take(timeout=1.0) == Tally(saved=1, failed=3)
    assert {entry["file"]: entry["code"] for entry in bench.events("file.failed")} == {
        "崩.txt": "internal.crash", "停.txt": "limit.time", "大.txt": "limit.memory",
    }  # fmt: skip


def test_a_file_that_grows_while_it_is_read_is_read_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    import extractors.readers as readers

    read, path = readers.read_source, bench.drop("甲.txt", "某市")

    def grow(source: Any, limits: Any = None) -> Any:
        if len(source.data) < 20:
            path.write_text(notice("甲"), "utf-8")
        return read(source, limits)

    monkeypatch.setattr(readers, "read_source", grow)
    assert bench.take() == Tally(saved=1)
    assert bench.notices() == 1 and bench.files() == [f"archive/{time.strftime('%Y')}/甲.txt"]


class Faulty:
    """A store that raises for a while."""

    def __init__(self, store: Store, faults: list[Exception]) -> None:
        self.store = store
        self.faults = faults

    def save(self, *arguments: Any, **options: Any) -> Any:
        if self.faults:
            raise self.faults.pop()
        return self.store.save(*arguments, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def gone() -> Exception:
    from sqlalchemy.exc import OperationalError

    return OperationalError("SELECT 1", {}, Exception("server closed the connection"))


def test_a_store_that_goes_away_and_comes_back(bench: Bench) -> None:
    faults = [gone() for _ in range(3)]
    reach = bench.open

    def come_and_go() -> Any:
        if len(faults) == 2:
            faults.pop()
            raise gone()
        return Faulty(reach(), faults)

    bench.open = come_and_go
    for name in "甲乙丙":
        bench.drop(f"{name}.txt", notice(name))
    assert bench.take() == Tally(saved=3)
    assert bench.events("trouble") and bench.events("trouble.over")
    bench.open = reach
    assert bench.notices() == 3 and not [name for name in bench.files() if name.startswith(("inbox", "failed"))]


def test_a_store_that_stays_away_leaves_every_file_in_the_inbox(bench: Bench) -> None:
    reach = bench.open
    bench.open = lambda: Faulty(reach(), [gone()] * 100)  # type: ignore[assignment,return-value]
    for name in "甲乙丙":
        bench.drop(f"下级/{name}.txt", notice(name))
    tally = bench.take(patience=0.3)
    assert tally.status == 1 and tally.waiting == 3
    assert bench.files() == [f"inbox/下级/{name}.txt" for name in sorted("甲乙丙")]
    bench.open = reach
    assert bench.take() == Tally(saved=3)


def test_a_record_that_the_store_refuses_fails_alone(bench: Bench) -> None:
    reach = bench.open

    class Refusing(Faulty):
        def save(self, records: Any, arrival: Any, **options: Any) -> Any:
            if arrival.name == "甲.txt":
                raise ValueError("too odd")
            return self.store.save(records, arrival, **options)

    bench.open = lambda: Refusing(reach(), [])  # type: ignore[assignment,return-value]
    bench.drop("甲.txt", notice("甲"))
    bench.drop("乙.txt", notice("乙"))
    assert bench.take() == Tally(saved=1, failed=1)
    assert "failed/甲.txt" in bench.files()


def test_a_record_that_the_store_cannot_take_does_not_hold_up_the_rest(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pipeline.trouble

    monkeypatch.setattr(pipeline.trouble, "_FIRST_DELAY", 0.001)
    reach = bench.open

    class Choking(Faulty):
        def save(self, records: Any, arrival: Any, **options: Any) -> Any:
            if arrival.name == "甲.txt":
                raise gone()
            return self.store.save(records, arrival, **options)

    bench.open = lambda: Choking(reach(), [])  # type: ignore[assignment,return-value]
    bench.drop("甲.txt", notice("甲"))
    bench.drop("乙.txt", notice("乙"))
    assert bench.take() == Tally(saved=1, failed=1)
    assert "failed/甲.txt" in bench.files()


def test_a_damaged_store_ends_the_run_and_keeps_the_files(bench: Bench) -> None:
    bench.drop("甲.txt", notice("甲"))
    bench.workspace.database.write_bytes(b"no database at all" * 1000)
    with pytest.raises(StoreError, match="duban restore"):
        bench.take()
    assert bench.files() == ["inbox/甲.txt"] and not bench.events("file.failed")


def test_names_and_links_lead_nowhere(bench: Bench, tmp_path: Path) -> None:
    outside = tmp_path / "外.txt"
    outside.write_text(notice("外"), "utf-8")
    (bench.workspace.inbox / "链.txt").symlink_to(outside)
    (bench.workspace.inbox / "夹").symlink_to(tmp_path)
    bench.drop("a\\..\\甲.txt", notice("甲"))
    bench.drop("乙\n\x1b[2J.txt", notice("乙"))
    bench.drop(os.fsdecode("丙".encode("gb18030") + b".txt"), notice("丙"))
    bench.drop("丁" * 80 + ".txt", notice("丁"))
    assert bench.take() == Tally(saved=4)
    year = time.strftime("%Y")
    kept = [name.removeprefix(f"archive/{year}/") for name in bench.files() if name.startswith("archive")]
    assert len(kept) == 4 and "丙.txt" in kept and "乙__[2J.txt" in kept and not any("\\" in name for name in kept)
    assert outside.read_text("utf-8") == notice("外") and (bench.workspace.inbox / "链.txt").is_symlink()


@pytest.mark.parametrize("name", ["archive", "failed", ".duban"])
def test_own_files_are_not_taken(bench: Bench, name: str) -> None:
    with pytest.raises(WorkspaceError, match="duban retry"):
        bench.take(bench.workspace.folder / name)


def test_a_file_in_use_is_left_for_the_next_time(bench: Bench) -> None:
    bench.drop("通知一.docx", b"x")
    bench.drop("~$知一.docx", b"x")
    tally = bench.take(settle=0.0)
    assert tally == Tally(waiting=1) and bench.events("file.waiting")


def test_two_processes_at_one_inbox(bench: Bench) -> None:
    for number in range(24):
        bench.drop(f"{number}.txt", notice(f"第{number}项"))
    bench.open().close()
    children = []
    for _ in range(2):
        child = os.fork()
        if not child:
            try:
                os._exit(bench.take().status)
            finally:
                os._exit(9)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    assert bench.notices() == 24
    assert len(bench.files()) == 24 and all(name.startswith("archive/") for name in bench.files())


def test_a_full_disk_is_waited_for(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"needs to mount a small tmpfs: {made.stderr.strip()}")
    try:
        bench = Bench(disk / "w")
        for number in range(8):
            bench.drop(f"{number}.txt", notice(f"第{number}项"))
        bench.drop("坏.docx", b"PK\x03\x04")
        bench.open().close()
        with open(disk / "filler", "wb", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(b"0" * 4096)
        # Enough for locks, and for nothing else.
        os.truncate(disk / "filler", os.path.getsize(disk / "filler") - 3 * 4096)
        tally = bench.take(patience=0.5)
        assert tally.waiting and bench.events("trouble")
        kept = [name for name in bench.files() if not name.endswith((".error.json", ".error.txt"))]
        assert len(kept) == 9
        (disk / "filler").unlink()
        assert bench.take().failed == 1 and bench.notices() == 8
        assert len([name for name in bench.files() if name.startswith("archive/")]) == 8
    finally:
        subprocess.run(["umount", "-l", disk], check=False)
