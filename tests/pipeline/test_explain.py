from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console

import duban
from pipeline.explain import explain


def test_a_notice_is_told_line_by_line(root: Path) -> None:
    (record,) = duban.extract(root / "samples" / "zhenjiang-culture-festival.docx")
    out = io.StringIO()
    Console(file=out, width=200, highlight=False).print(explain(record))
    text = out.getvalue()
    for part in ("镇文旅发〔2024〕41号", "江苏省镇江市", "（三）组织非遗展示展演", "✔ 活动", "（牵头）", "✘"):
        assert part in text


def test_extract_explains_as_the_command_of_that_name(root: Path) -> None:
    sample = "samples/zhenjiang-culture-festival.txt"
    outputs = [
        subprocess.run(
            [sys.executable, "-m", "duban", *arguments, sample],
            cwd=root, capture_output=True, encoding="utf-8", check=True, env={**os.environ, "COLUMNS": "100"},
        ).stdout
        for arguments in (("explain",), ("extract", "--explain"))
    ]  # fmt: skip
    assert "✔" in outputs[0]
    assert outputs[0] == outputs[1]
