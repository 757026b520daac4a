from __future__ import annotations

import io
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
