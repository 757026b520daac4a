"""Loading of rules and lists, each once and only when asked for.

A rules file is TOML::

    [parts]                                  # fragments that patterns name as <<number>>
    number = '[0-9]+'

    [[rule]]
    id = "time.month_end"
    pattern = '(?P<month><<number>>)月底前'
    examples = [{text = "11月底前完成", find = "11月底前"}]
    counter_examples = ["11月底"]

Keys of a rule beyond these are its data. Every rule has examples and counter-examples, and each is a test.
A list is CSV with a head row.
"""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Rule:
    """A pattern with a name, its own data, and what it must and must not find."""

    id: str
    pattern: re.Pattern[str]
    data: Mapping[str, Any]
    examples: tuple[Mapping[str, Any], ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """A rules file: its rules in order of precedence and the tables beside them."""

    rules: tuple[Rule, ...]
    tables: Mapping[str, Any]


def _read(name: str) -> bytes:
    return (files(__package__) / name).read_bytes()


@cache
def load_rules(name: str) -> Rules:
    """The rules of ``NAME.toml``, patterns compiled with their parts filled in.

    Raises:
        ValueError: a pattern names a part that is not there, or can't be compiled.
    """
    data = tomllib.loads(_read(f"{name}.toml").decode("utf-8"))
    parts: dict[str, str] = {}
    for key, value in data.get("parts", {}).items():
        parts[key] = _fill(value, parts, f"{name}.parts.{key}")
    rules = []
    for entry in data.get("rule", []):
        extra = {k: v for k, v in entry.items() if k not in ("id", "pattern", "examples", "counter_examples")}
        pattern = re.compile(_fill(entry["pattern"], parts, entry["id"]))
        rules.append(
            Rule(
                entry["id"], pattern, extra, tuple(entry.get("examples", ())), tuple(entry.get("counter_examples", ()))
            )
        )
    tables = {k: v for k, v in data.items() if k not in ("parts", "rule")}
    return Rules(tuple(rules), tables)


def _fill(pattern: str, parts: Mapping[str, str], where: str) -> str:
    def part(match: re.Match[str]) -> str:
        if match[1] not in parts:
            raise ValueError(f"{where}: no part named {match[1]}")
        return f"(?:{parts[match[1]]})"

    return re.sub(r"<<(\w+)>>", part, pattern)


@cache
def load_list(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of ``NAME.csv`` by their head."""
    return tuple(csv.DictReader(_read(f"{name}.csv").decode("utf-8").splitlines()))


@cache
def fingerprint() -> str:
    """Twelve hex digits of a sha256 over every rules file and list: equal rules give equal records."""
    digest = hashlib.sha256()
    for entry in sorted(files(__package__).iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith((".toml", ".csv")):
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]
