"""The words that the finders see, and the spaCy pipeline over them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import nlp

ROOT = Path(__file__).resolve().parents[2]


def texts(text: str) -> list[str]:
    return [word.text for word in nlp.segment(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("组织党员志愿者对接村社", ["组织", "党员志愿者", "对接"]),
        ("社会组织要发挥作用", ["社会组织", "要"]),
        ("由局党总支牵头", ["由", "局", "党总支", "牵头"]),
    ],
)
def test_our_words_are_known(text, words):
    assert texts(text)[: len(words)] == words


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_words_join_to_the_text(text):
    words = nlp.segment(text)
    assert "".join(word.text for word in words) == text
    assert all(text[word.start : word.end] == word.text for word in words)


def test_pipeline_marks_names():
    doc = nlp.pipeline()("各乡镇要会同县水利局组织志愿者开展巡河。")
    assert doc.text == "各乡镇要会同县水利局组织志愿者开展巡河。"
    assert [span.text for span in doc.spans["names"]] == ["各乡镇", "县水利局", "志愿者"]


def test_import_loads_no_dictionary_and_leaves_no_cache():
    code = (
        "import sys, tempfile, pathlib; before = set(pathlib.Path(tempfile.gettempdir()).glob('jieba*'));"
        "import extractors.nlp, extractors.fields.owners; assert not {'jieba', 'spacy'} & set(sys.modules);"
        "extractors.nlp.segment('各单位'); assert 'spacy' not in sys.modules;"
        "assert set(pathlib.Path(tempfile.gettempdir()).glob('jieba*')) == before"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
