"""Records as data frames."""

from __future__ import annotations

from pathlib import Path

import duban

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def test_files_become_tables(tmp_path):
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04 damaged")
    frames = duban.records([SAMPLES / "rugao-water-plans.docx", tmp_path])
    assert len(frames.notices) == len(frames.records) == 1
    assert set(frames.quotas.task_key) <= set(frames.tasks.task_key)
    assert "drop" not in frames.tasks.columns
    assert str(frames.times.dtypes["end"]).startswith("datetime64")
    assert frames.tasks.topics.str.len().gt(0).mean() > 0.9
    assert list(frames.problems.name) == ["坏.docx"]


def test_nothing_read_gives_empty_tables(tmp_path):
    frames = duban.records(tmp_path)
    assert frames.tasks.empty and frames.records == ()
    assert "task_key" in frames.tasks.columns


def test_a_workspace_gives_its_store(tmp_path):
    from datetime import UTC, datetime

    from pipeline.office import Office
    from pipeline.store import Arrival
    from pipeline.workspace import init

    init(tmp_path)
    records = duban.extract(SAMPLES / "rugao-water-plans.txt")
    source = records[0].notice.sources[0]
    with Office.open(tmp_path, "测试").store() as store:
        arrival = Arrival(
            name=source.name, sha256=source.sha256, format=source.format, bytes=source.bytes, archived_path="x.txt"
        )
        store.save(records, arrival, by="测试", at=datetime.now(UTC))
    frames = duban.records(tmp_path)
    assert len(frames.tasks) == len(records[0].tasks)
