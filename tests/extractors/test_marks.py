"""A notice set with Latin marks is read as one with Chinese marks, and quoted as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import extract
from extractors.assemble import extract_document
from extractors.marks import chinese
from schemas.document import Block, Document, Source
from schemas.record import NoticeRecord

LATIN = str.maketrans("，。；：《》", ",.;:«»")
ARTICLES = """关于印发某市引导资金管理办法的通知
各区人民政府：
现印发给你们。
某市人民政府
2018年3月23日
某市引导资金管理办法
第一章 总则
第一条 为规范资金管理，制定本办法。
第二条 职责分工
市发展改革委负责资金的审核。
第二章 申报与审核
第三条 初审和转报
各区有关部门负责项目初审，严格把关。
各区有关部门于每年3月31日前向评审小组提交申请，并提供以下材料：
（一）引导资金申请汇总表。
（二）项目初审结论。
各区有关部门对材料的真实性负责。
第四条 项目撤销
有下列情形之一的，由评审小组限期收回已拨付的资金：
（一）项目法人发生变更。
（二）建设期满六个月，未提出验收申请。
第五条 附则
其他资金的使用，按照相关办法管理。
本办法自2018年4月1日起执行，有效期至2022年12月31日。""".splitlines()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("支持项目,由区级负责.其中,对重点项目", "支持项目，由区级负责。其中，对重点项目"),
        ("总投资1,000万元,由市级支持;不足的,不予受理.", "总投资1,000万元，由市级支持；不足的，不予受理。"),
        ("印发«办法»的通知", "印发《办法》的通知"),
        ("达到20%,支持3.5万元.", "达到20%，支持3.5万元。"),
        ("联系人:王某", "联系人：王某"),
    ],
)
def test_marks_beside_chinese_words_are_chinese(written: str, read: str) -> None:
    assert chinese(written) == read


@pytest.mark.parametrize(
    "text", ["一.加强领导", "十一.其他事项", "1.名单", "9:00", "a.b.cn", "1,000", "A,B", "http://a.cn"]
)
def test_numbers_addresses_and_latin_words_keep_theirs(text: str) -> None:
    assert chinese(text) == text


@given(st.text("各单位，。,.;:«»1a（)\n", max_size=40))
def test_every_character_keeps_its_place(text: str) -> None:
    read = chinese(text)
    assert len(read) == len(text)
    assert all(new == old or old in ",.;:«»‹›" for new, old in zip(read, text, strict=True))


def record(lines: list[str]) -> NoticeRecord:
    blocks = [Block(id=i, text=line) for i, line in enumerate(lines)]
    return extract_document(
        Document(source=Source(name="x.txt", format="txt", sha256="0" * 64, bytes=1), blocks=blocks)
    )[0]


def test_articles_are_one_task_each_with_their_lists() -> None:
    tasks = record(ARTICLES).tasks
    assert [(task.title, task.kind) for task in tasks] == [
        ("初审和转报", "task"), ("初审和转报", "task"), ("项目撤销", "task"), ("附则", "requirement"),
    ]  # fmt: skip
    assert tasks[0].text.endswith("引导资金申请汇总表\n项目初审结论")
    assert [owner.name for owner in tasks[1].owners] == ["各区有关部门"]
    assert [time.text for time in tasks[3].times] == ["有效期至2022年12月31日"]


def test_latin_marks_give_the_same_tasks_quoted_as_they_stand() -> None:
    latin = record([line.translate(LATIN) for line in ARTICLES])
    known = record(ARTICLES)
    assert [task.id for task in latin.tasks] == [task.id for task in known.tasks]
    assert latin.tasks[0].text == known.tasks[0].text.translate(LATIN)
    for task in latin.tasks:
        assert "，" not in task.text and "。" not in task.text
        for value in (*task.owners, *task.times):
            words = (value.text if hasattr(value, "text") else value.name).replace(" ", "")
            line = latin.blocks[value.span.block].text or ""
            assert "".join(line[value.span.start : value.span.end].split()) == words


def test_a_sample_set_with_latin_marks(root: Path, tmp_path: Path) -> None:
    sample = root / "samples" / "haining-river-volunteers.txt"
    copy = tmp_path / "latin.txt"
    copy.write_text(sample.read_text(encoding="utf-8").translate(LATIN), encoding="utf-8")
    latin, known = extract(copy)[0], extract(sample)[0]
    assert [(task.kind, task.title) for task in latin.tasks] == [(task.kind, task.title) for task in known.tasks]
    names = [[owner.name for owner in task.owners] for task in latin.tasks]
    assert names == [[owner.name for owner in task.owners] for task in known.tasks]
