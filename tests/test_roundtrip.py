"""Made-up notices, written in each format by the samples' builders, read back as the same tree, grid and ids."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.assemble import extract_document
from extractors.readers import read_source
from extractors.structure.outline_walk import walk
from extractors.structure.plans import outline_of
from extractors.structure.segments import segment
from schemas.document import SourceFile

pytest.importorskip("reportlab", reason="building notices needs the extra “samples”")
BUILD = Path(__file__).parents[1] / "samples" / "build"
sys.path.insert(0, str(BUILD))
import docx_file  # noqa: E402
import pdf  # noqa: E402
import source  # noqa: E402
import text  # noqa: E402

BUILDERS = {"docx": docx_file.build, "pdf": pdf.build, "txt": text.build}
QUICK = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
HEADS = (
    "加强组织领导",
    "规范市容秩序",
    "提升保洁水平",
    "完善基础设施",
    "强化宣传引导",
    "推进分类投放",
    "健全工作机制",
    "开展专项整治",
)
CLAUSES = (
    "各中队要明确专人负责", "每月开展不少于2次集中检查", "11月底前完成3座公厕改造", "由办公室牵头汇总", "积极运用“智慧城管”平台", "覆盖率达到95%以上",
    "对发现的问题建立台账并及时整改", "按照“一路一策”要求制定方案", "会同街道、社区做好服务工作", "形成齐抓共管的良好格局",
)  # fmt: skip
sentence = st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=14).map("，".join).map(lambda words: words + "。")
body = st.lists(sentence, min_size=1, max_size=3).map("".join)
item = st.tuples(st.integers(0, 3), st.sampled_from(HEADS), body, st.booleans())


def notice(items):
    """Lines of a notice with a cover and one plan; an item is a heading alone or runs into its text."""
    lines = ["= 关于印发《2023年城市管理工作方案》的通知", "* 各科室、各中队：", "现将方案印发给你们，请认真贯彻执行。"]
    lines += [
        "> 某市城市管理局",
        "> 2023年3月1日",
        "---",
        "= 2023年城市管理工作方案",
        "为做好工作，结合实际，制定本方案。",
    ]
    depth = -1
    for level, head, words, alone in items:
        depth = min(level, depth + 1)
        if alone and depth < 3:
            lines += [f"{'#' * (depth + 1)} {head}", words]
        else:
            lines.append(f"{'#' * (depth + 1)} {head}。{words}")
    return lines


def sample(lines, **how):
    elements = tuple(source._elements(lines))
    title = next(one.text for one in elements if isinstance(one, source.Paragraph) and one.kind == "title")
    if "letterhead" not in how:
        how["letterhead_as"] = "none"
    return source.Sample(name="made-up", why="", elements=elements, title=title, **how)


def document(one, ending):
    return read_source(SourceFile.of(BUILDERS[ending](one), f"made-up.{ending}", ending))


def squeeze(words):
    return "".join(words.split())


def tree(read):
    """Marks, headings and words of every node in reading order, white space aside."""
    plans = outline_of(segment(read)).plans
    return [
        (
            node.mark.text if node.mark else "",
            squeeze(node.title or ""),
            squeeze("".join(part.text for part in node.body)),
        )
        for plan in plans
        for node in walk(plan.nodes)
    ]


@QUICK
@given(st.lists(item, min_size=1, max_size=9))
def test_an_outline_reads_back_from_every_format(items):
    lines = notice(items)
    typed = sample(lines)
    trees = {ending: tree(document(typed, ending)) for ending in BUILDERS}
    trees["numbered by Word"] = tree(document(sample(lines, numbering="automatic"), "docx"))
    wanted = [
        squeeze(one.number + one.text).rstrip("。")
        for one in typed.elements
        if isinstance(one, source.Paragraph) and one.kind == "item"
    ]
    for name, found in trees.items():
        marked = [
            squeeze(mark + title + ("。" if title and words else "") + words).rstrip("。")
            for mark, title, words in found
            if mark
        ]
        assert [line[: len(one)] for line, one in zip(marked, wanted, strict=True)] == wanted, name
    assert trees["docx"] == trees["pdf"] == trees["txt"] == trees["numbered by Word"]


@QUICK
@given(st.lists(item, min_size=1, max_size=7))
def test_every_format_gives_the_same_ids(items):
    one = sample(notice(items), letterhead="某市城市管理局文件", number="某城管〔2023〕7号")
    records = [extract_document(document(one, ending))[0] for ending in BUILDERS]
    assert len({record.notice.id for record in records}) == 1
    assert [[task.id for task in record.tasks] for record in records[1:]] == [
        [task.id for task in records[0].tasks]
    ] * 2


cell = st.one_of(
    st.sampled_from(HEADS),
    st.sampled_from(CLAUSES),
    sentence.filter(lambda words: len(words) < 120),
    st.sampled_from(["办公室", "3月底前", "95%"]),
)


@st.composite
def grids(draw, merged=True, blanks=True):
    """Source lines of a table: a head row, then rows, some cells merged downwards or to the right, some blank."""
    columns, rows = draw(st.integers(2, 6)), draw(st.integers(1, 14))
    lines = [["序号", *draw(st.permutations(["工作任务", "责任单位", "完成时限", "目标要求", "备注"]))[: columns - 1]]]
    for number in range(1, rows + 1):
        row = [
            str(number),
            *(draw(st.just("") if blanks and draw(st.integers(0, 9)) == 0 else cell) for _ in range(columns - 1)),
        ]
        for column in range(1, columns):
            if merged and number > 1 and draw(st.integers(0, 5)) == 0:
                row[column] = "^"
        lines.append(row)
    return lines


def table_lines(grid):
    return ["|# " + " | ".join(grid[0]), *("| " + " | ".join(row) for row in grid[1:])]


def wanted_grid(grid):
    """The full grid: a merged cell's words in each place that it covers."""
    full = []
    for row in grid:
        full.append([full[-1][column] if words == "^" else squeeze(words) for column, words in enumerate(row)])
    return full


@QUICK
@given(grids())
def test_a_grid_reads_back_with_its_merges(grid):
    lines = ["= 某市2023年工作任务表", "为做好工作，制定本表。", *table_lines(grid)]
    one = sample(lines)
    for ending in ("docx", "pdf"):
        read = document(one, ending)
        assert len(read.tables) == 1, ending
        table = read.tables[0]
        assert [[squeeze(words) for words in row] for row in table.cells] == wanted_grid(grid), ending
        merges = {
            (merge.row, merge.column, merge.rows, merge.columns)
            for element in one.elements
            if isinstance(element, source.Table)
            for merge in element.merges
        }
        words = {place: table.cells[place[0]][place[1]] for place in merges}
        found = {tuple(merge) for merge in table.merges}
        assert {place for place in merges if words[place].strip()} <= found, ending


@QUICK
@given(grids(merged=False, blanks=False))
def test_a_grid_without_merges_reads_back_from_text(grid):
    lines = ["= 某市2023年工作任务表", "为做好工作，制定本表。", *table_lines(grid)]
    read = document(sample(lines), "txt")
    assert [[[squeeze(words) for words in row] for row in table.cells] for table in read.tables] == [wanted_grid(grid)]
