"""Text taken over nearly word for word."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import duban
from pipeline.compare.reuse import SHORTEST, taken_over

PASSAGE = (
    "建立日巡查、周调度、月通报工作机制，对巡查发现的占道经营、乱堆乱放等问题逐一登记造册，明确责任人和整改时限，"
    "实行销号管理，做到件件有着落、事事有回音。"
)
OURS = PASSAGE.replace("周调度", "旬调度").replace("逐一", "分类")


def record(folder, name, text):
    path = folder / f"{name}.txt"
    path.write_text(text, encoding="utf-8")
    return duban.extract(path)[0]


def pair(folder, left, right):
    return taken_over([("n1", record(folder, "甲", left)), ("n2", record(folder, "乙", right))])


def test_passage_is_found_with_its_differences(tmp_path):
    (found,) = pair(tmp_path, f"第一段无关。\n\n{PASSAGE}", f"另起一段，内容不同。\n\n我市将{OURS}并抓好落实。")
    assert found.share > 0.9 and found.length > 50
    assert found.left.text in PASSAGE and found.right.text in OURS
    for left, right, length in found.matches:
        assert found.left.text[left : left + length] == found.right.text[right : right + length]
    assert "周" not in "".join(found.left.text[a : a + n] for a, _, n in found.matches)


def test_set_phrases_and_other_texts_are_none(tmp_path):
    short = "深入学习贯彻会议精神，扎实推进各项工作。"
    assert pair(tmp_path, f"甲市。{short}抓好环境卫生。", f"乙县。{short}抓好园林绿化。") == []


def test_offsets_point_into_the_block(tmp_path):
    one, other = record(tmp_path, "甲", f"引言。\n\n{PASSAGE}"), record(tmp_path, "乙", f"{OURS}\n\n结语。")
    (found,) = taken_over([("n1", one), ("n2", other)])
    for passage, whole in ((found.left, one), (found.right, other)):
        text = whole.blocks[passage.block].text or ""
        assert text[passage.start : passage.end] == passage.text


@settings(max_examples=25, deadline=None)
@given(
    st.text(
        alphabet="甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒", min_size=SHORTEST + 16, max_size=90
    )
)
def test_a_copy_is_always_found(text):
    from schemas.document import Span
    from schemas.record import Notice, NoticeRecord, Plan, Producer, RecordBlock

    def made(words):
        plan = Plan(id="p1", span=Span(block=0, start=0, end=1))
        return NoticeRecord(
            producer=Producer(version="0", rules=""), notice=Notice(id="x", content_hash="", sources=[]),
            blocks=[RecordBlock(id=0, type="paragraph", text=words)], plans=[plan],
        )  # fmt: skip

    found = taken_over([("n1", made(f"前缀一二三四{text}")), ("n2", made(f"{text}后缀五六七八"))])
    assert found and max(one.length for one in found) >= len(text)
