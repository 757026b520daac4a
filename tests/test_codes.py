"""Every code that can be given is in docs/codes.md, and no other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
FAMILIES = r"(?:coverage|conflict|source|ocr|table|limit|numbering|text|aliases|topics|workspace|store|notice|purge|correction|output)"
#: Families whose names settings or log lines share: of these only what errors are raised with.
RAISED = r"(?:backup|export|webhook|ledger)"


def given():
    """Codes in string literals of the code; conflict codes are named without their family."""
    codes = set()
    for folder in ("extractors", "pipeline", "schemas"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            codes |= set(re.findall(rf'"({FAMILIES}\.(?!csv")[a-z_]+)"', text))
            codes |= set(re.findall(rf'(?:Error|Problem)\(\s*"({RAISED}\.[a-z_]+)"', text))
            if path.name == "conflicts.py":
                codes |= {f"conflict.{code}" for code in re.findall(r'_warning\(\s*"([a-z_]+)"', text)}
    return codes


def test_codes_are_documented():
    documented = set(
        re.findall(rf"`((?:{FAMILIES}|{RAISED})\.[a-z_]+)`", (ROOT / "docs" / "codes.md").read_text(encoding="utf-8"))
    )
    assert given() - documented == set(), "add these to docs/codes.md"
    assert documented - given() == set(), "these are no longer given"
