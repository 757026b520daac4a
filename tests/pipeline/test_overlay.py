"""An office's tables, laid over whatever the store gives: reads, lists, exports, and the change that tells of it."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from click.testing import CliRunner

from pipeline.cli import cli
from pipeline.export.run import export_records
from pipeline.export.select import Filter
from pipeline.office import Office
from pipeline.settings import SettingError

NOTICE = """某市园林局关于印发《绿化养护行动方案》的通知
园林〔2022〕3号

各科室：
现将《绿化养护行动方案》印发给你们，请认真贯彻执行。

某市园林局
2022年3月1日

绿化养护行动方案
一、重点任务
（一）加强养护。每月修剪1次。（责任单位：绿化科、市城管局）
"""
TABLE = "name,canonical,agency\n绿化科,某市园林局绿化养护中心,\n"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "office"
    run = CliRunner()
    assert run.invoke(cli, ["init", "--workspace", str(place)]).exit_code == 0
    (place / "inbox" / "通知.txt").write_text(NOTICE, encoding="utf-8")
    result = run.invoke(cli, ["ingest", "--workspace", str(place), "--jobs", "1"])
    assert result.exit_code == 0, result.output
    return place


def owners(store):
    (row,) = store.notices()
    return {o.name: o.canonical for task in store.record(row.notice_id).tasks for o in task.owners}


def test_a_table_holds_for_what_was_stored_before(folder):
    with closing(Office.open(folder, "甲").store()) as store:
        before, cursor = owners(store)["绿化科"], store.cursor()
    (folder / "aliases.csv").write_text(TABLE, encoding="utf-8")
    with closing(Office.open(folder, "甲").store()) as store:
        (row,) = store.notices()
        assert before != owners(store)["绿化科"] == "某市园林局绿化养护中心"
        extracted = store.record(row.notice_id, corrected=False)
        assert "某市园林局绿化养护中心" not in extracted.to_json()
        key = store.keys(row.notice_id)[extracted.tasks[0].id]
        assert "某市园林局绿化养护中心" in {owner.canonical for owner in store.task(key).task.owners}
        assert [change.kind for change in store.changes(cursor)] == ["overlay"]
        after = store.cursor()
    with closing(Office.open(folder, "甲").store()) as store:
        assert store.cursor() == after


def test_an_export_by_cursor_brings_what_a_table_changed(folder, tmp_path):
    with closing(Office.open(folder, "甲").store()) as store:
        cursor = store.cursor()
    (folder / "aliases.csv").write_text(TABLE, encoding="utf-8")
    with closing(Office.open(folder, "甲").store()) as store:
        path = tmp_path / "new.jsonl"
        export_records(store, "jsonl", path, filters=Filter(), since=cursor)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert "某市园林局绿化养护中心" in json.dumps(lines, ensure_ascii=False)


def test_topics_of_ones_own_are_what_lists_filter_by(folder):
    def topics(store, **filters):
        return [task.topics for row in store.notices(**filters) for task in store.record(row.notice_id).tasks]

    with closing(Office.open(folder, "甲").store()) as store:
        packaged = topics(store)[0]
        assert packaged and topics(store, topic=packaged[0]) == [packaged]
        assert topics(store, topic="tree_care") == []
    (folder / "topics.csv").write_text("code,name,words\ntree_care,树木养护,修剪:9\n", encoding="utf-8-sig")
    with closing(Office.open(folder, "甲").store()) as store:
        assert "tree_care" in topics(store, topic="tree_care")[0]


def test_extract_prints_topics_and_takes_a_table(folder, tmp_path):
    (tmp_path / "topics.csv").write_text("code,name,words\ntree_care,树木养护,修剪:9\n", encoding="utf-8-sig")
    (source,) = (folder / "archive").rglob("*.txt")
    for given, wanted in ((["--topics", str(tmp_path / "topics.csv")], True), ([], False)):
        result = CliRunner().invoke(cli, ["extract", str(source), *given])
        assert result.exit_code == 0 and ("tree_care" in result.output) is wanted


def test_a_table_that_duban_toml_names_must_be_there(folder):
    (folder / "duban.toml").write_text('[tables]\naliases = "别名.csv"\n', encoding="utf-8")
    with pytest.raises(SettingError, match=r"别名\.csv"):
        Office.open(folder, "甲").store()


def test_a_table_that_is_wrong_is_one_line(folder, tmp_path):
    (folder / "aliases.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    result = CliRunner().invoke(cli, ["list", "--workspace", str(folder)])
    assert result.exit_code == 1 and "表头" in str(result.exception)
