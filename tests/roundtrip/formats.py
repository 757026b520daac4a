"""Made-up notices and tables for round trips: drawn once, written in each format, read back to plain lists."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from extractors.readers import read_source
from extractors.structure.outline_walk import walk
from extractors.structure.plans import outline_of
from extractors.structure.segments import segment
from schemas.document import Document, SourceFile

pytest.importorskip("reportlab", reason="writing PDFs needs the extra “samples”")
sys.path.insert(0, str(Path(__file__).parents[2] / "samples" / "build"))
import docx_file
import pdf
import source
import text

BUILDERS = {"docx": docx_file.build, "pdf": pdf.build, "txt": text.build}
REPEATABLE = settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

HEADS = (
    "加强组织领导",
    "规范停车秩序",
    "提升保洁质量",
    "完善公厕设施",
    "做好“门前三包”",
    "推进垃圾分类",
    "健全通报制度",
)
CLAUSES = (
    "各街道办事处要落实专人负责", "每月开展不少于2次集中检查", "11月底前完成3座公厕改造", "由办公室牵头汇总", "用好“12345”热线（含网上受理）",
    "覆盖率达到95%以上", "对发现的问题建立台账", "按照《管理办法》第十二条处理", "接入APP和Wi-Fi服务", "新增绿地1.5万平方米",
    "会同社区、物业做好服务；确有困难的，可延期", "形成“全域、全时、全员”的格局",
)  # fmt: skip
sentences = st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=12).map(lambda parts: "，".join(parts) + "。")
paragraphs = st.lists(sentences, min_size=1, max_size=4).map("".join)


def numbers(scheme: str, level: int, count: int) -> str:
    """An item's number in a scheme: as GB/T 9704 has it, with circles below, or a rule's chapters and articles."""
    chinese = source.chinese(count)
    if scheme == "articles":
        return (f"第{chinese}章　", f"第{chinese}条　", f"（{chinese}）")[level]
    return (f"{chinese}、", f"（{chinese}）", f"{count}.", f"（{count}）", chr(0x2460 + count - 1))[level]


@st.composite
def plans(draw: Any, scheme: str = "standard", most: int = 9) -> list[Any]:
    """The items of one plan: (level, number, heading, paragraphs, whether the text runs on behind the heading)."""
    deepest = 3 if scheme == "standard" else 1
    counts, depth, article, items = [0] * 5, -1, 0, []
    for _ in range(draw(st.integers(2, most))):
        depth = min(draw(st.integers(0, deepest)), depth + 1)
        counts[depth] += 1
        counts[depth + 1 :] = [0] * (4 - depth)
        if scheme == "articles" and depth == 1:
            article += 1
        count = article if scheme == "articles" and depth == 1 else counts[depth]
        chapter = scheme == "articles" and depth == 0
        words = [] if chapter else draw(st.lists(paragraphs, min_size=1, max_size=2))
        runs_on = not chapter and (scheme == "articles" or draw(st.booleans()))
        head = "" if scheme == "articles" and not chapter else draw(st.sampled_from(HEADS))
        items.append((depth, numbers(scheme, depth, count), head, words, runs_on))
    return items


def notice(*drawn: list[Any]) -> list[source.Element]:
    """A covering notice with one attached plan, or several, numbered anew."""
    titles = ["2023年城市管理工作方案", "2023年停车秩序整治工作方案"][: len(drawn)]
    named = "".join(f"《{title}》" for title in titles)
    elements: list[source.Element] = [
        source.Paragraph("title", f"关于印发{named}的通知"),
        source.Paragraph("flush", "各科室、各街道办事处："),
        source.Paragraph("body", "现将方案印发给你们，请认真贯彻执行。"),
        source.Paragraph("right", "某市城市管理局"),
        source.Paragraph("right", "2023年3月1日"),
    ]
    for title, items in zip(titles, drawn, strict=True):
        elements += [source.PageBreak(), source.Paragraph("title", title), source.Paragraph("body", "制定本方案。")]
        for level, number, head, words, runs_on in items:
            lead = (f"{head}。" if head else "") + words[0] if runs_on else head
            elements.append(source.Paragraph("item", lead, number, level))
            elements += [source.Paragraph("body", one) for one in words[1 if runs_on else 0 :]]
    return elements


def sample(elements: list[source.Element], **how: Any) -> source.Sample:
    how.setdefault("letterhead_as", "none")
    return source.Sample(name="made-up", why="", elements=tuple(elements), title="made up", **how)


def read(made: source.Sample, ending: str) -> Document:
    return read_source(SourceFile.of(BUILDERS[ending](made), f"made-up.{ending}", ending))


def squeeze(words: str) -> str:
    return "".join(words.split())


def tree(document: Document) -> list[tuple[int, str, str, list[str]]]:
    """Every node of every plan: the plan's place, the mark, the title, the texts; white space aside."""
    return [
        (place, node.mark.text if node.mark else "", squeeze(node.title or ""), [squeeze(s.text) for s in node.body])
        for place, plan in enumerate(outline_of(segment(document)).plans)
        for node in walk(plan.nodes)
    ]


def lines(found: list[tuple[int, str, str, list[str]]]) -> list[tuple[int, str, str]]:
    """What each item of a tree says: its mark, its words and those of the paragraphs under it, full stops aside."""
    said: list[tuple[int, str, str]] = []
    for place, mark, title, texts in found:
        words = (title + "".join(texts)).replace("。", "")
        if mark:
            said.append((place, squeeze(mark), words))
        elif said and said[-1][0] == place:
            said[-1] = (place, said[-1][1], said[-1][2] + words)
    return said


def wanted(*drawn: list[Any]) -> list[tuple[int, str, str]]:
    return [
        (place, squeeze(number), squeeze(head + "".join(words)).replace("。", ""))
        for place, items in enumerate(drawn)
        for _, number, head, words, _ in items
    ]
