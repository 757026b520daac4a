"""Tables by kind, header rows, text and title columns, and rows."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.structure.tables import describe, drop_repeated_headers, task_kind

ROOT = Path(__file__).parents[3]
SPECS = json.loads((ROOT / "tests" / "specs" / "tables.json").read_text("utf-8"))
GOLD = sorted((ROOT.parent / "shared" / "eval" / "gold").glob("*.json"))


@pytest.mark.parametrize("case", SPECS, ids=lambda case: case["name"])
def test_tables(case: dict) -> None:
    table = describe(case["cells"], [tuple(merge) for merge in case.get("merges", [])], case["caption"])
    assert (table.kind, table.header_rows) == (case["kind"], case["header_rows"])
    if table.gives_tasks:
        assert (table.text_column, table.title_column) == (case["text"], case["title"])
        assert list(table.body_rows) == case["body"]
    if "task_kind" in case:
        assert task_kind(table) == case["task_kind"]
    if "roles" in case:
        assert [column.role for column in table.columns] == case["roles"]
    assert [list(cell) for cell in table.note_cells] == case.get("notes", [list(cell) for cell in table.note_cells])
    assert list(table.group_rows) == case.get("groups", [])
    assert list(table.total_rows) == case.get("totals", [])
    assert list(table.repeated_rows) == case.get("repeated", [])


@pytest.mark.parametrize("case", SPECS, ids=lambda case: case["name"])
def test_heads_point_at_their_cells(case: dict) -> None:
    for column in describe(case["cells"], [], case["caption"]).columns:
        for head in column.heads:
            assert case["cells"][head.row][head.column] == head.text
            assert head.column <= column.index


@pytest.mark.parametrize("path", GOLD or [None], ids=lambda path: path.stem if path else "none")
def test_rows_of_annotated_tables(path: Path | None) -> None:
    if path is None:
        pytest.skip("annotated notices are not here")
    gold = json.loads(path.read_text("utf-8"))
    if not gold["tables"]:
        pytest.skip("a notice without tables")
    tasks = {(_bare(task["text"]), _bare(task["title"] or "")): task["kind"] for task in gold["tasks"]}
    for entry in gold["tables"]:
        table = describe(entry["cells"], [], entry["caption"])
        assert table.header_rows == entry["header_rows"], entry["caption"]
        for row in table.body_rows if table.gives_tasks else ():
            cells = entry["cells"][row]
            title = _bare(cells[table.title_column]) if table.title_column is not None else ""
            text = _bare(cells[table.text_column])
            assert tasks.get((text or title, title)) == task_kind(table), (entry["caption"], row)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_dropping_repeated_heads_moves_merges() -> None:
    cells = [["序号", "内容"], ["1", "甲"], ["序号", "内容"], ["1", "乙"], ["2", "丙"], ["2", "丁"]]
    kept, merges = drop_repeated_headers(cells, [(1, 0, 3, 1), (4, 0, 2, 1), (2, 0, 1, 2)], 1)
    assert [row[1] for row in kept] == ["内容", "甲", "乙", "丙", "丁"]
    assert merges == [(1, 0, 2, 1), (3, 0, 2, 1)]
    assert drop_repeated_headers(cells, [], 0) == (cells, [])


def test_continued_title_is_a_repeated_head() -> None:
    cells = [["序号", "工作内容"], ["1", "制定计划"], ["任务清单（续）", "任务清单（续）"], ["2", "开展检查"]]
    assert describe(cells, [], "任务清单").repeated_rows == (2,)


GRID = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(
            st.sampled_from(
                ["", "序号", "时间", "责任单位", "工作内容", "1", "3月底前", "合计", "备注", "一、党建", "市教育局。"]
            ),
            min_size=width,
            max_size=width,
        ),
        max_size=7,
    )
)


@given(GRID, st.sampled_from(["", "任务清单", "考核细则", "活动安排表"]))
def test_any_grid(cells: list[list[str]], caption: str) -> None:
    table = describe(cells, [], caption)
    rows = [*table.body_rows, *table.note_rows, *table.group_rows, *table.total_rows, *table.repeated_rows]
    assert len(rows) == len(set(rows))
    assert all(table.header_rows <= row < len(cells) for row in rows if table.kind not in ("form", "layout"))
    if table.gives_tasks and table.body_rows:
        assert table.text_column is not None
    kept, merges = drop_repeated_headers(cells, [], table.header_rows)
    assert len(kept) >= len(cells) - len(table.repeated_rows) and not merges
