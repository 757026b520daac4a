"""What the READMEs show is what happens."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import duban
from pipeline.cli import cli

FILES = ("README.md", "README.zh-CN.md")


def shown(root: Path, file: str) -> Any:
    block = re.search(r"```json\n(.*?)```", (root / file).read_text(encoding="utf-8"), re.S)
    assert block
    return json.loads(block[1])


def holds(whole: Any, part: Any) -> bool:
    """Whether every field of the part stands in the whole with that value."""
    if isinstance(part, dict):
        return all(key in whole and holds(whole[key], value) for key, value in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(holds, whole, part))
    return bool(whole == part)


@pytest.mark.parametrize("file", FILES)
def test_the_record_is_a_real_one(root: Path, file: str) -> None:
    (record,) = duban.extract(root / "samples" / "rugao-water-plans.docx")
    exported, part = json.loads(record.to_json()), shown(root, file)
    (task,) = [task for task in exported["tasks"] if task["id"] == part["id"]]
    task["quotas"] = [quota for quota in exported["quotas"] if quota["id"] in task["quotas"]]
    assert holds(task, part), task


@pytest.mark.parametrize("file", FILES)
def test_every_command_and_option_is_told(root: Path, file: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    for name, command in cli.commands.items():
        assert f"`duban {name}" in text
        options = [option for param in command.params for option in param.opts if option.startswith("--")]
        assert not [option for option in options if option not in text]


@pytest.mark.parametrize("file", [*FILES, "CONTRIBUTING.md", "samples/README.md", "outputs/README.md"])
def test_links_lead_somewhere(root: Path, file: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert not [link for link in links if not ((root / file).parent / link).exists()]
