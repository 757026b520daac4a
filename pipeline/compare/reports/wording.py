"""Headings and prose of the reports, from ``wording.csv``: a key, its Chinese and its English a line."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache


@lru_cache(maxsize=2)
def wording(lang: str) -> Mapping[str, str]:
    """The words of a language, ``zh`` or ``en``, by their keys."""
    from importlib.resources import files

    text = files("pipeline.compare").joinpath("wording.csv").read_text(encoding="utf-8")
    return {row["key"]: row["en" if lang == "en" else "zh"] for row in csv.DictReader(text.splitlines())}
