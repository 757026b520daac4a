"""Exports as a whole: every format, the filters, the cursor that misses nothing."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime

import jsonschema
import pytest

from pipeline.correct import Wish, correct
from pipeline.export.run import export_records
from pipeline.export.select import ExportError, Filter
from pipeline.export.tables import TABLES, rows
from schemas.generate import PATH as SCHEMA

AT = datetime(2024, 3, 2, tzinfo=UTC)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


@pytest.fixture
def validator():
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_json_is_a_file_a_notice_and_valid(store, tmp_path, validator):
    done = export_records(store, "json", tmp_path / "out")
    (path,) = (tmp_path / "out").iterdir()
    record = json.loads(path.read_text(encoding="utf-8"))
    validator.validate(record)
    assert done.notices == 1 and path.stem == record["notice"]["id"]
    assert all(task["key"].startswith("k-") for task in record["tasks"])


def test_numbers_of_persons_are_hidden_unless_asked_for(store, tmp_path):
    for format, name in (("json", "a"), ("jsonl", "b.jsonl"), ("csv", "c")):
        export_records(store, format, tmp_path / name)
    export_records(store, "jsonl", tmp_path / "open.jsonl", unmask=True)
    for path in (each for each in tmp_path.rglob("*") if each.suffix in (".json", ".csv", ".jsonl")):
        assert ("13812345678" in path.read_text(encoding="utf-8")) is (path.name == "open.jsonl"), path


def test_masked_spans_still_quote(store, tmp_path):
    export_records(store, "jsonl", tmp_path / "a.jsonl")
    (record,) = lines(tmp_path / "a.jsonl")
    for task in record["tasks"]:
        words = [record["blocks"][s["block"]]["text"][s["start"] : s["end"]] for s in task["spans"]]
        assert "".join(task["text"].split()) == "".join("".join(words).split())


def test_csv_opens_in_excel_and_holds_every_table(store, tmp_path):
    export_records(store, "csv", tmp_path / "out")
    for table in TABLES:
        data = (tmp_path / "out" / f"{table.name}.csv").read_bytes()
        assert data.startswith(b"\xef\xbb\xbf") and b"\r\n" in data
        read = list(csv.reader(data.decode("utf-8-sig").splitlines()))
        assert read[0] == [column.name for column in table.columns]
        assert len(read) > 1


def test_internal_papers_stay_out_by_default(store, put, tmp_path):
    other = put(store, number=9)
    store.mark(other, internal=True, by="张三", at=AT)
    assert export_records(store, "jsonl", tmp_path / "a.jsonl").notices == 1
    assert export_records(store, "jsonl", tmp_path / "b.jsonl", filters=Filter(internal=True)).notices == 2


def test_filters(store, tmp_path):
    def count(**filters):
        return export_records(store, "jsonl", tmp_path / "a.jsonl", filters=Filter(**filters)).notices

    assert count(agency="水利局") == 1 and count(agency="教育局") == 0
    assert count(year=2024) == 1 and count(year=2023) == 0


class TestCursor:
    def test_a_file_holds_the_cursor_and_only_changes_come(self, store, put, key, tmp_path):
        def take():
            export_records(store, "jsonl", tmp_path / "a.jsonl", since=str(tmp_path / "cursor"))
            return lines(tmp_path / "a.jsonl")

        assert len(take()) == 1
        assert take() == []
        correct(store, key("河道巡查"), Wish(owners=["办公室"]), by="张三", at=AT)
        (changed,) = take()
        assert changed["tasks"][0]["owners"][0]["name"] == "办公室"
        put(store, number=9)
        assert len(take()) == 1

    def test_what_went_comes_as_withdrawn(self, store, put, tmp_path):
        cursor, out = str(tmp_path / "cursor"), tmp_path / "out"
        (gone,) = (row.notice_id for row in store.notices())
        export_records(store, "json", out, since=cursor)
        store.forget(gone)
        done = export_records(store, "json", out, since=cursor)
        assert done.withdrawn == 1
        assert [path.name for path in out.iterdir()] == [f"{gone}.withdrawn.json"]
        put(store)
        export_records(store, "json", out, since=cursor)
        assert [path.name for path in out.iterdir()] == [f"{gone}.json"]

    def test_what_became_internal_is_withdrawn_and_what_never_went_out_is_not(self, store, put, tmp_path):
        cursor, path = str(tmp_path / "cursor"), tmp_path / "a.jsonl"
        export_records(store, "jsonl", path, since=cursor)
        (known,) = (row.notice_id for row in store.notices())
        new = put(store, number=9)
        for each in (known, new):
            store.mark(each, internal=True, by="张三", at=AT)
        export_records(store, "jsonl", path, since=cursor)
        assert [(line["withdrawn"], line["notice"]["id"]) for line in lines(path)] == [(True, known)]

    def test_tables_tell_withdrawals_too(self, store, tmp_path):
        at = store.cursor()
        (gone,) = (row.notice_id for row in store.notices())
        store.forget(gone)
        export_records(store, "csv", tmp_path / "out", since=at)
        read = list(csv.DictReader((tmp_path / "out" / "notices.csv").read_text("utf-8-sig").splitlines()))
        assert [(row["notice_id"], row["state"]) for row in read] == [(gone, "withdrawn")]

    def test_the_cursor_stays_where_writing_fails(self, store, tmp_path):
        (tmp_path / "cursor").write_text("0")
        (tmp_path / "file").write_text("")
        with pytest.raises(ExportError):
            export_records(store, "jsonl", tmp_path / "file" / "a.jsonl", since=str(tmp_path / "cursor"))
        assert (tmp_path / "cursor").read_text() == "0"

    @pytest.mark.parametrize("content", ["", "x", "-1", "１２", "999999"])
    def test_a_cursor_that_can_not_be_ours_is_an_error_with_a_remedy(self, store, tmp_path, content):
        (tmp_path / "cursor").write_text(content, encoding="utf-8")
        with pytest.raises(ExportError) as caught:
            export_records(store, "jsonl", tmp_path / "a.jsonl", since=str(tmp_path / "cursor"))
        assert caught.value.remedy and not (tmp_path / "a.jsonl").exists()

    def test_every_change_comes_however_often_one_asks(self, store, put, tmp_path):
        seen = {}
        cursor = str(tmp_path / "cursor")
        for number in range(9, 13):
            put(store, number=number)
            export_records(store, "jsonl", tmp_path / "a.jsonl", since=cursor)
            seen |= {line["notice"]["id"]: line for line in lines(tmp_path / "a.jsonl")}
        assert set(seen) == {row.notice_id for row in store.notices()}


def test_output_of_the_wrong_kind_is_told(store, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="文件夹"):
        export_records(store, "json", tmp_path / "file")
    with pytest.raises(ExportError, match="文件名"):
        export_records(store, "xlsx", tmp_path)


def test_every_column_is_filled_by_name(store):
    from pipeline.export.select import select

    found = rows(select(store, Filter()).items(store))
    for table in TABLES:
        for row in found[table.name]:
            assert row.keys() == {column.name for column in table.columns}
