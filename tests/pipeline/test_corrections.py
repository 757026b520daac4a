"""The overlay: what people put right lies over the record, and the record itself stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correct import Frame, Wish, due, gold, owner, quota, values
from pipeline.corrections import Correction, CorrectionError, apply, check, extracted
from schemas.document import Source, Span
from schemas.record import Notice, NoticeRecord, Owner, Plan, Producer, Quota, RecordBlock, Task, Time

TEXT = "办公室每月报送信息不少于4篇，财务科11月底前完成。"
COMMON: dict[str, Any] = {"confidence": 0.9, "rule": "test"}


def span(words: str) -> Span:
    return Span(block=0, start=TEXT.index(words), end=TEXT.index(words) + len(words))


def make() -> NoticeRecord:
    task = Task(
        id="t-1", plan="p1", kind="task", title="报送信息", text=TEXT, confidence=0.9, quotas=["q1"],
        spans=[Span(block=0, start=0, end=len(TEXT))],
        owners=[
            Owner(name="办公室", type="department", role="responsible", span=span("办公室"), **COMMON),
            Owner(name="财务科", type="department", role="responsible", span=span("财务科"), **COMMON),
        ],
        times=[
            Time(text="每月", kind="recurring", rrule="FREQ=MONTHLY", span=span("每月"), **COMMON),
            Time(text="11月底前", kind="deadline", due=True, end="2024-11-30", span=span("11月底前"), **COMMON),
        ],
    )  # fmt: skip
    other = task.model_copy(update={"id": "t-2", "title": "别的", "quotas": [], "owners": [], "times": []})
    return NoticeRecord(
        producer=Producer(version="0", rules="0"),
        notice=Notice(id="n", content_hash="0", sources=[Source(name="a.txt", format="txt", sha256="0", bytes=1)]),
        blocks=[RecordBlock(id=0, type="paragraph", text=TEXT)],
        plans=[Plan(id="p1", start="2024-01-01", end="2024-12-31", span=span("办公室"))],
        tasks=[task, other],
        quotas=[
            Quota(
                id="q1", task="t-1", text="不少于4篇", subject="信息", kind="count", comparator=">=", value=4, unit="篇",
                per="month", annual=48, owners=[0], span=span("不少于4篇"), **COMMON,
            )
        ],
    )  # fmt: skip


def over(*corrections: Correction) -> NoticeRecord:
    record = make()
    before = record.model_dump()
    result = apply(record, corrections)
    assert record.model_dump() == before
    return NoticeRecord.model_validate_json(result.to_json())


def one(field: str, value: Any, operation: str = "set", basis: Any = None) -> Correction:
    return Correction("t-1", field, operation, value, basis)


def test_no_correction_no_change():
    record = make()
    assert apply(record, []) is record
    assert over(Correction("t-9", "title", value="甲")) == record


@pytest.mark.parametrize("field", ["owners", "times", "due", "quotas", "title", "text", "kind"])
def test_what_was_extracted_said_again_changes_nothing(field):
    record = make()
    assert over(one(field, extracted(record.tasks[0], record.quotas, field))) == record


def test_owners_keep_their_place_and_words_and_the_new_one_has_its_own():
    task = over(one("owners", [{"name": "财务科", "role": "lead"}, {"name": "办公室"}, {"name": "人事科"}])).tasks[0]
    finance, office, staff = task.owners
    assert (finance.role, finance.rule, finance.confidence, finance.span) == ("lead", "corrected", 1, span("财务科"))
    assert office.rule == "test"
    assert staff.type == "department" and staff.span.start == staff.span.end


def test_words_that_stand_in_the_task_are_pointed_at():
    record = over(one("owners", [{"name": "信息"}]))
    assert record.tasks[0].owners[0].span == span("信息")


def test_quotas_bind_the_same_owners_in_their_new_places():
    record = over(one("owners", [{"name": "财务科"}, {"name": "办公室"}]))
    assert record.quotas[0].owners == [1]
    assert over(one("owners", [{"name": "财务科"}])).quotas[0].owners == []


def test_due_takes_the_place_of_deadlines_alone():
    value = [{"text": "10月底前", "kind": "deadline", "due": True, "end": "2024-10-31"}]
    assert [time.text for time in over(one("due", value)).tasks[0].times] == ["每月", "10月底前"]
    assert [time.text for time in over(one("due", [])).tasks[0].times] == ["每月"]
    assert over(one("due", value), one("times", [])).tasks[0].times == []
    assert [time.text for time in over(one("times", []), one("due", value)).tasks[0].times] == ["10月底前"]


def test_quotas_are_reckoned_anew_and_keep_their_ids():
    old = extracted(make().tasks[0], make().quotas, "quotas")[0]
    record = over(one("quotas", [old | {"value": 6.0}, old | {"text": "2期", "value": 2.0, "unit": "期", "per": None}]))
    first, second = record.quotas
    assert (first.id, first.annual, first.rule, first.owners) == ("q1", 72, "corrected", [0])
    assert second.annual is None and second.id not in ("", "q1")
    assert record.tasks[0].quotas == [first.id, second.id]


def test_a_dropped_task_leaves_with_its_quotas_and_comes_back():
    record = over(one("task", None, "drop"))
    assert [task.id for task in record.tasks] == ["t-2"] and record.quotas == []
    assert [warning.code for warning in record.warnings] == ["correction.dropped"]
    assert over(one("task", None, "drop"), one("task", None, "restore")) == make()


def test_a_basis_that_changed_is_told():
    record = over(one("title", "新名称", basis="旧名称"))
    assert record.tasks[0].title == "新名称"
    assert [warning.code for warning in record.warnings] == ["correction.stale"]
    assert not over(one("title", "新名称", basis="报送信息")).warnings


def test_the_later_correction_wins():
    assert over(one("title", "甲"), one("title", "乙")).tasks[0].title == "乙"


@given(st.permutations(["办公室", "财务科", "人事科", "各镇"]), st.integers(0, 4))
def test_owners_are_as_they_were_set(names, count):
    record = over(one("owners", [{"name": name} for name in names[:count]]))
    assert [owner.name for owner in record.tasks[0].owners] == names[:count]
    assert apply(record, [one("owners", [{"name": name} for name in names[:count]])]).tasks == record.tasks


@pytest.mark.parametrize(("field", "operation", "value"), [
    ("color", "set", "红"), ("title", "drop", None), ("task", "set", None), ("kind", "set", "chore"),
    ("owners", "set", [{"role": "lead"}]), ("owners", "set", [{"name": "甲", "role": "boss"}]), ("text", "set", ""),
    ("due", "set", [{"text": "甲", "kind": "deadline", "end": "明天"}]), ("quotas", "set", [{"text": "甲"}]),
    ("owners", "set", "办公室"),
])  # fmt: skip
def test_what_no_record_can_hold_is_refused(field, operation, value):
    with pytest.raises(CorrectionError) as caught:
        check(field, operation, value)
    assert caught.value.remedy


class TestWords:
    FRAME = Frame(2024)

    @pytest.mark.parametrize(("words", "end", "rrule"), [
        ("2024-11-30", "2024-11-30", None), ("2024/1/5", "2024-01-05", None), ("11月底前", "2024-11-30", None),
        ("2025年3月1日", "2025-03-01", None), ("上半年", "2024-06-30", None),
        ("每月5日前", None, "FREQ=MONTHLY;BYMONTHDAY=5"),
    ])  # fmt: skip
    def test_deadlines(self, words, end, rrule):
        (found,) = due(words, self.FRAME)
        assert (found["end"], found["rrule"], found["due"]) == (end, rrule, True)
        check("due", "set", [found])

    @pytest.mark.parametrize("words", ["", "很快", "2024-02-30", "办公室"])
    def test_no_deadlines(self, words):
        with pytest.raises(CorrectionError):
            due(words, self.FRAME)

    @pytest.mark.parametrize(("words", "name", "role"), [
        ("人事科", "人事科", "responsible"), ("人事科:牵头", "人事科", "lead"), ("人事科：配合", "人事科", "support"),
        ("沙  进:presenter", "沙进", "presenter"),
    ])  # fmt: skip
    def test_owners(self, words, name, role):
        assert owner(words, make().tasks[0]) == {"name": name, "role": role}

    @pytest.mark.parametrize("words", ["", ":牵头", "人事科:老板"])
    def test_no_owners(self, words):
        with pytest.raises(CorrectionError):
            owner(words, make().tasks[0])

    def test_quotas(self):
        found = quota("信息：不少于4篇/月")
        assert (found["subject"], found["comparator"], found["value"], found["per"]) == ("信息", ">=", 4, "month")
        with pytest.raises(CorrectionError):
            quota("许多")

    def test_a_wish_is_all_or_nothing_and_an_empty_list_means_none(self):
        task = make().tasks[0]
        assert values(Wish(owners=[], due=["无"]), task, self.FRAME) == [("owners", "set", []), ("due", "set", [])]
        with pytest.raises(CorrectionError):
            values(Wish(title="甲", kind="杂事"), task, self.FRAME)


def test_gold_has_the_form_that_the_scorer_reads(shared, tmp_path):
    import importlib.util

    from extractors import extract

    spec = importlib.util.spec_from_file_location("check_gold", shared / "eval" / "check_gold.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    path = tmp_path / "a.txt"
    path.write_text(f"2024年工作计划\n一、重点工作\n（一）报送信息。{TEXT}\n", encoding="utf-8")
    (record,) = extract(path)
    task = record.tasks[0]
    value = [{"name": "财务科", "role": "lead"}]
    corrected = gold(apply(record, [Correction(task.id, "owners", value=value)]), "a")
    assert module.check(corrected, path.read_text(encoding="utf-8")) == []
    assert corrected["tasks"][0]["owners"] == [["财务科", "lead"]]
