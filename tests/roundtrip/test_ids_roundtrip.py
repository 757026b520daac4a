"""Made-up notices give the same notice id and task ids from every format."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
pytest.importorskip("reportlab", reason="writing PDFs needs the extra “samples”")
from formats import BUILDERS, REPEATABLE, notice, plans, read, sample

from extractors.assemble import extract_document


@REPEATABLE
@given(drawn=plans(most=6), numbered=st.booleans())
def test_ids_are_the_same_from_every_format(drawn, numbered):
    """With a letterhead and document number, which the id comes from, or without, where it comes from the title."""
    elements = notice(drawn)
    how = (
        {"letterhead": "某市城市管理局文件", "number": "某城管〔2023〕7号", "letterhead_as": "plain"}
        if numbered
        else {}
    )
    made = {ending: sample(elements, **how) for ending in BUILDERS}
    documents = {ending: read(one, ending) for ending, one in made.items()}
    documents["numbered by Word"] = read(sample(elements, numbering="automatic", **how), "docx")
    records = {name: extract_document(one)[0] for name, one in documents.items()}
    first = records["docx"]
    for name, record in records.items():
        assert record.notice.id == first.notice.id, name
        assert [task.id for task in record.tasks] == [task.id for task in first.tasks], name
