from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path

import pytest

from pipeline.claim import Claims, move_new
from pipeline.locks import Lock, locked_by_others
from pipeline.workspace import Workspace, files_under, hash_file, init

unix = pytest.mark.skipif(sys.platform == "win32", reason="needs fork")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return init(tmp_path)


def drop(workspace: Workspace, name: str, text: str) -> Path:
    path = workspace.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def claim(claims: Claims, path: Path) -> Path:
    claimed = claims.claimed_as(path)
    os.rename(path, claimed)
    return claimed


def tree(workspace: Workspace) -> dict[str, str]:
    """Every file but locks, by its path, with its text."""
    paths = (path for path in files_under(workspace.folder) if path.suffix != ".lock" and path != workspace.config)
    return {workspace.relative(path): path.read_text("utf-8") for path in paths}


def dies(workspace: Workspace, work: object) -> None:
    """Runs ``work(claims)`` in a process that ends without closing anything."""

    def run() -> None:
        work(Claims(workspace))  # type: ignore[operator]
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join()


def recovered(workspace: Workspace, *known: str) -> list[bool]:
    with Claims(workspace) as claims:
        return [each.archived for each in claims.recover(lambda sha256: sha256 in known)]


def test_originals_never_overwrite_each_other(workspace: Workspace) -> None:
    with Claims(workspace) as claims:
        for text in ("1", "2", "3"):
            claims.archive(claims.place(claim(claims, drop(workspace, "下级/a.txt", text)), 2026))
    assert tree(workspace) == {f"archive/2026/下级/a{n}.txt": t for n, t in (("", "1"), ("-2", "2"), ("-3", "3"))}


def test_a_name_is_spoken_for_before_the_file_stands_there(workspace: Workspace) -> None:
    with Claims(workspace) as first, Claims(workspace) as second:
        one = first.place(claim(first, drop(workspace, "a.txt", "1")), 2026)
        two = second.place(claim(second, drop(workspace, "a.txt", "2")), 2026)
        assert [one.target.name, two.target.name] == ["a.txt", "a-2.txt"]
        assert second.archive(two) == two.target and first.archive(one) == one.target


def test_what_was_claimed_and_not_saved_goes_back(workspace: Workspace) -> None:
    with Claims(workspace) as claims:
        claim(claims, drop(workspace, "下级/a.txt", "old"))
        drop(workspace, "下级/a.txt", "new")
    assert tree(workspace) == {"inbox/下级/a.txt": "new", "inbox/下级/a-2.txt": "old"}
    assert not list((workspace.private / "claims").iterdir())


@unix
def test_a_dead_process_leaves_saved_files_for_the_archive_and_the_rest_for_the_inbox(workspace: Workspace) -> None:
    saved, not_saved, claimed = (drop(workspace, name, name) for name in ("saved", "not saved", "sub/claimed"))
    outside = workspace.folder / "outside"
    outside.write_text("outside", "utf-8")
    known = hash_file(saved)

    def work(claims: Claims) -> None:
        claims.place(claim(claims, saved), 2026)
        claims.place(claim(claims, not_saved), 2026)
        claim(claims, claimed)
        claims.copy(outside, 2026)
        (claims.folder / "inbox" / "half.part").write_text("hal", "utf-8")

    dies(workspace, work)
    assert sorted(recovered(workspace, known)) == [False, False, True]
    assert tree(workspace) == {
        "archive/2026/saved": "saved", "inbox/not saved": "not saved", "inbox/sub/claimed": "sub/claimed",
        "outside": "outside",
    }  # fmt: skip
    assert not list((workspace.private / "claims").iterdir())
    assert recovered(workspace) == []


@unix
def test_a_crash_between_link_and_unlink_leaves_the_file_once(workspace: Workspace) -> None:
    saved = drop(workspace, "a.txt", "1")
    known = hash_file(saved)

    def work(claims: Claims) -> None:
        place = claims.place(claim(claims, saved), 2026)
        place.target.parent.mkdir(parents=True)
        os.link(place.path, place.target)

    dies(workspace, work)
    assert recovered(workspace, known) == [True]
    assert tree(workspace) == {"archive/2026/a.txt": "1"}


def test_files_of_a_living_process_are_left_alone(workspace: Workspace) -> None:
    with Claims(workspace) as claims:
        path = claim(claims, drop(workspace, "a.txt", "1"))
        assert recovered(workspace) == [] and path.exists()


def test_moving_never_replaces(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a", "utf-8")
    (tmp_path / "b").write_text("b", "utf-8")
    with pytest.raises(FileExistsError):
        move_new(tmp_path / "a", tmp_path / "b")
    move_new(tmp_path / "a", tmp_path / "new" / "c")
    assert not (tmp_path / "a").exists() and (tmp_path / "new" / "c").read_text("utf-8") == "a"


@pytest.mark.parametrize("fault", ["EPERM", "EXDEV"])
def test_moving_where_links_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    import errno

    link = os.link

    def refuse(source: Path, target: Path) -> None:
        if fault == "EPERM" or Path(source).parent == tmp_path:
            raise OSError(getattr(errno, fault), fault)
        link(source, target)

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "a").write_text("a", "utf-8")
    move_new(tmp_path / "a", tmp_path / "new" / "c")
    assert [path.relative_to(tmp_path).as_posix() for path in files_under(tmp_path)] == ["new/c"]
    (tmp_path / "a").write_text("b", "utf-8")
    with pytest.raises(FileExistsError):
        move_new(tmp_path / "a", tmp_path / "new" / "c")


def test_a_lock_is_held_once_and_says_by_whom(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "l"), Lock(tmp_path / "l")
    assert first.take("甲") and not second.take("乙") and second.holder() == "甲"
    first.release()
    assert second.take("乙") and not first.take("甲")
    second.release(remove=True)
    assert not (tmp_path / "l").exists()


@unix
def test_a_lock_holds_against_other_processes_and_ends_with_its_own(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    held, go = context.Event(), context.Event()

    def hold() -> None:
        lock = Lock(tmp_path / "l")
        lock.take()
        held.set()
        go.wait(20)
        os._exit(0)

    process = context.Process(target=hold)
    process.start()
    held.wait(20)
    lock = Lock(tmp_path / "l")
    assert not lock.take() and locked_by_others(tmp_path / "l")
    go.set()
    process.join()
    assert lock.take() and not locked_by_others(tmp_path / "nothing")
    lock.release()
