"""The committed JSON Schema: it is what the models say, and what records and other readers can hold on to."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from schemas import generate
from schemas.document import Source, Span
from schemas.record import (
    Notice,
    NoticeRecord,
    Owner,
    Plan,
    Producer,
    Quota,
    RecordBlock,
    RecordTable,
    Task,
    Time,
)  # fmt: skip


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json.loads(generate.PATH.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture
def record() -> NoticeRecord:
    span = Span(block=0, start=0, end=3)
    common = {"confidence": 0.9, "rule": "test", "span": span}
    return NoticeRecord(
        producer=Producer(version="0.1.0", rules="0"),
        notice=Notice(
            id="n", content_hash="0", sources=[Source(name="a.txt", format="txt", sha256="0", bytes=9)],
            spans={"title": [span]},
        ),
        blocks=[
            RecordBlock(id=0, type="paragraph", text="办公室每月报送4篇", page=1, bbox=(1.5, 2, 3, 4)),
            RecordBlock(id=1, type="table", table="t1"),
        ],
        plans=[Plan(id="p1", span=span)],
        tables=[
            RecordTable(
                id="t1", block=1, kind="schedule", header_rows=1, cells=[["甲", "甲"]], merges=[(0, 0, 1, 2)]
            )
        ],
        tasks=[
            Task(
                id="t-0", plan="p1", kind="task", text="办公室", confidence=1, spans=[span], quotas=["q1"],
                owners=[Owner(name="办公室", type="department", role="responsible", **common)],
                times=[Time(text="每月", kind="recurring", rrule="FREQ=MONTHLY", **common)],
            )
        ],
        quotas=[Quota(id="q1", task="t-0", text="4篇", kind="count", comparator="=", value=4, **common)],
    )  # fmt: skip


def test_the_committed_schema_is_what_the_models_say() -> None:
    assert generate.PATH.read_text(encoding="utf-8") == generate.text(), "run: make schema"


def test_an_exported_record_validates(validator: Any, record: NoticeRecord) -> None:
    validator.validate(json.loads(record.to_json()))


def test_a_record_reads_back(record: NoticeRecord) -> None:
    assert NoticeRecord.model_validate_json(record.to_json()) == record


def test_spans_drop_their_empty_page_and_box_and_whole_numbers_their_point(record: NoticeRecord) -> None:
    exported = json.loads(record.to_json())
    assert exported["plans"][0]["span"] == {"block": 0, "row": None, "column": None, "start": 0, "end": 3}
    assert '"value": 4,' in record.to_json()


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.update(schema_version="1.7", later_field={"a": 1}),
        lambda record: record["tasks"][0].update(progress=0.5),
    ],
)
def test_a_record_of_a_later_minor_version_validates(validator: Any, record: NoticeRecord, change: Any) -> None:
    exported = json.loads(record.to_json())
    change(exported)
    validator.validate(exported)


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.update(schema_version="2.0"),
        lambda record: record.update(plans=[]),
        lambda record: record["tasks"][0].update(kind="chore"),
        lambda record: record["tasks"][0].pop("text"),
        lambda record: record["quotas"][0].update(value="4"),
        lambda record: record["tables"][0].update(merges=[[0, 0, 1]]),
    ],
)
def test_a_wrong_record_does_not(validator: Any, record: NoticeRecord, change: Any) -> None:
    exported = json.loads(record.to_json())
    change(exported)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(exported)
