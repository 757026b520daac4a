"""The taxonomy: its examples, a user's table over it, and how well it labels tasks of a sample labelled by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.topics import explain, label, packaged, read_topics, topics_of
from schemas.errors import SourceError

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = json.loads((ROOT / "tests" / "specs" / "topics.json").read_text(encoding="utf-8"))
EXAMPLES = [(topic.code, text) for topic in packaged().topics.values() for text in topic.examples]


def labelled(case):
    """A task as it is labelled: its words, title and headings."""
    places = [("text", case["text"], 1.0), ("title", case.get("title", ""), 1.5)]
    return topics_of([*places, ("section", case.get("section", ""), 0.6)], packaged())


def micro_f1(cases):
    hits = given = wanted = 0
    for case in cases:
        found, gold = set(labelled(case)), set(case["topics"])
        hits, given, wanted = hits + len(found & gold), given + len(found), wanted + len(gold)
    return 2 * hits / (given + wanted)


def test_sample_is_large_and_in_the_taxonomy():
    cases = SAMPLE["tune"] + SAMPLE["check"]
    assert len(cases) >= 150 and len(SAMPLE["check"]) >= 60
    assert {code for case in cases for code in case["topics"]} <= set(packaged().topics)
    assert len({case["text"] for case in cases}) == len(cases)


def test_accuracy(capsys):
    tune, check = micro_f1(SAMPLE["tune"]), micro_f1(SAMPLE["check"])
    with capsys.disabled():
        print(f"\ntopics: micro-F1 {check:.3f} on check, {tune:.3f} on tune")
    assert check >= 0.8


@pytest.mark.parametrize(("code", "text"), EXAMPLES)
def test_examples(code, text):
    assert code in topics_of([("text", text, 1.0)], packaged())


def test_two_levels_and_a_parent_each():
    topics = packaged().topics
    for topic in topics.values():
        assert topic.parent is None or topics[topic.parent].parent is None
        assert topic.parent is None or len(topic.examples) >= 1, topic.code


def test_labels_are_pure_and_explained():
    import duban

    record = duban.extract(ROOT / "samples" / "rugao-water-plans.txt")[0]
    before = record.model_copy(deep=True)
    once, twice = label(record, packaged()), label(record, packaged())
    assert record == before and once == twice
    for task in once.tasks:
        found = {one.topic for one in explain(task, packaged(), record.plans[0].title or "")}
        assert set(task.topics) <= found | {topic.parent for topic in packaged().topics.values()}


def test_a_table_of_ones_own(tmp_path):
    path = tmp_path / "topics.csv"
    path.write_text(
        "code,name,parent,words\nbridges,桥梁管养,city,桥梁检测:5 危桥\nwaste_sorting,垃圾分类,city,四分类：4\n"
        "dog_keeping,养犬管理,city,\n",
        encoding="gb18030",
    )
    taxonomy = read_topics(path)
    assert taxonomy.digest != packaged().digest and packaged().digest == read_topics().digest
    assert topics_of([("text", "完成桥梁检测12座", 1.0)], taxonomy)[0] == "bridges"
    assert topics_of([("text", "推行四分类", 1.0)], taxonomy) == ("waste_sorting",)
    assert "dog_keeping" not in taxonomy.topics and "dog_keeping" in packaged().topics


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("代码,名称\na,b\n", "topics.columns", "表头"),
        ("code,name,words\nA B,名,词\n", "topics.row", "第2行"),
        ("code,name,words\na,名,词:很重\n", "topics.row", "权重"),
        ("code,name,words\na,名,词\na,名,词\n", "topics.row", "第3行"),
        ("code,name,parent,words\na,名,nowhere,词\n", "topics.row", "nowhere"),
        ("code,name,parent,words\na,名,greening,词\n", "topics.row", "两级"),
    ],
)
def test_wrong_tables(tmp_path, text, code, words):
    path = tmp_path / "topics.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_topics(path)
    assert caught.value.code == code and words in str(caught.value)


def test_missing_table(tmp_path):
    with pytest.raises(SourceError, match="打不开"):
        read_topics(tmp_path / "nothing.csv")
