"""Made-up notices give the same notice id and task ids from every format."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given

sys.path.insert(0, str(Path(__file__).parent))
pytest.importorskip("reportlab", reason="writing PDFs needs the extra “samples”")
from formats import BUILDERS, REPEATABLE, notice, plans, read, sample

from extractors.assemble import extract_document


@REPEATABLE
@given(plans(most=6))
def test_ids_are_the_same_from_every_format(drawn):
    elements = notice(drawn)
    made = {ending: sample(elements) for ending in BUILDERS}
    documents = {ending: read(one, ending) for ending, one in made.items()}
    documents["numbered by Word"] = read(sample(elements, numbering="automatic"), "docx")
    records = {name: extract_document(one)[0] for name, one in documents.items()}
    first = records["docx"]
    for name, record in records.items():
        assert record.notice.id == first.notice.id, name
        assert [task.id for task in record.tasks] == [task.id for task in first.tasks], name
