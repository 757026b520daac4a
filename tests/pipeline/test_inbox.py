from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import inbox


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def test_folders_are_read_to_the_bottom_without_what_is_hidden_or_unfinished(tmp_path: Path) -> None:
    touch(
        tmp_path, "b.pdf", "a/c.DOCX", "a/~$c.docx", "a/d.txt.part", ".hidden.txt", ".folder/e.txt", "README.md", "x.py"
    )
    found = inbox.find([tmp_path])
    assert [file.relative_to(tmp_path).as_posix() for file in found.files] == ["b.pdf", "a/c.DOCX"]
    assert found.passed_over == 2


def test_a_file_named_by_itself_is_read_whatever_its_ending(tmp_path: Path) -> None:
    touch(tmp_path, "notice.bin", "~$lock.docx")
    found = inbox.find([tmp_path / "notice.bin", tmp_path / "~$lock.docx"])
    assert [file.name for file in found.files] == ["notice.bin"]


def test_a_file_reached_twice_is_read_once(tmp_path: Path) -> None:
    touch(tmp_path, "a.txt")
    assert len(inbox.find([tmp_path, tmp_path / "a.txt", tmp_path / "." / "a.txt"]).files) == 1


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(inbox.MissingPathError, match="没有这个"):
        inbox.find([tmp_path / "没有这个"])


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["a.docx", "b.pdf"], ["a", "b"]),
        (["a.docx", "a.pdf", "b.txt"], ["a.docx", "a.pdf", "b"]),
        (["A.docx", "a.PDF"], ["A.docx", "a.pdf"]),
        (["通知.docx", "通知.txt"], ["通知.docx", "通知.txt"]),
        (["v1.2.docx"], ["v1.2"]),
    ],
)
def test_names_of_records(files: list[str], names: list[str]) -> None:
    assert inbox.record_names([Path(file) for file in files]) == names


def test_equal_files_in_two_folders_get_a_hash_each() -> None:
    names = inbox.record_names([Path("x/a.docx"), Path("y/a.docx"), Path("y/a.pdf")])
    assert names[2] == "a.pdf"
    assert len(set(names)) == 3
    assert all(name.startswith("a.docx-") for name in names[:2])


def test_a_name_that_looks_like_a_stem_with_format_is_told_apart() -> None:
    names = inbox.record_names([Path("a.docx"), Path("a.pdf"), Path("a.docx.txt")])
    assert len(set(names)) == 3


def test_long_names_stay_within_what_file_systems_take() -> None:
    stem = "关于印发某某方案的通知" * 8
    first, second = inbox.record_names([Path(f"{stem}一.docx"), Path(f"{stem}二.docx")])
    assert first != second
    assert len(f"{first}.docx.json".encode()) <= 255


def test_names_of_a_file_with_several_notices() -> None:
    assert inbox.several("a", 1, ["a"]) == ["a"]
    assert inbox.several("a", 2, ["a", "b"]) == ["a.1", "a.2"]
    assert len({*inbox.several("a", 2, ["a", "A.1"]), "a.1"}) == 3


names = st.text(st.sampled_from("aAbß.通é\u0301"), min_size=1, max_size=4).filter(lambda name: name.strip("."))


@given(st.lists(st.tuples(st.sampled_from("xy"), names, st.sampled_from(["docx", "pdf", "PDF"])), max_size=8))
def test_no_record_is_written_over_another(parts: list[tuple[str, str, str]]) -> None:
    files = sorted({Path(folder, f"{stem}.{ending}") for folder, stem, ending in parts})
    found = inbox.record_names(files)
    assert len({inbox._fold(name) for name in found}) == len(files)
