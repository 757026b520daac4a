"""Every rule of the lexicons holds on each of its examples and on none of its counter-examples."""

from __future__ import annotations

from importlib.resources import files

import pytest

from extractors.lexicons import load_rules
from extractors.structure.lines import match, squeeze

#: Rules whose examples are checked by the finder that owns them, in its own test.
OWN_TEST = {"times", "quotas", "owners", "columns", "submissions"}
NAMES = sorted(
    entry.name.removesuffix(".toml")
    for entry in files("extractors.lexicons").iterdir()
    if entry.name.endswith(".toml") and entry.name.removesuffix(".toml") not in OWN_TEST
)
RULES = [(name, rule) for name in NAMES for rule in load_rules(name).rules]


@pytest.mark.parametrize(("name", "rule"), RULES, ids=[rule.id for _, rule in RULES])
def test_rule(name, rule):
    for example in rule.examples:
        text = squeeze(example["text"]) if rule.data.get("squeeze") else example["text"]
        found = rule.pattern.search(text)
        assert found and found.group() == example["find"], example
    for text in rule.counter_examples:
        assert not rule.pattern.search(squeeze(text) if rule.data.get("squeeze") else text), text


@pytest.mark.parametrize(("name", "rule"), RULES, ids=[rule.id for _, rule in RULES])
def test_rule_has_enough_examples(name, rule):
    assert len(rule.examples) >= 6 and len(rule.counter_examples) >= 2


def test_a_rule_is_looked_up_by_its_id():
    assert match("part.copied_to", "抄送：市委办公室")["names"] == "市委办公室"
