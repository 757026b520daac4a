"""Letters from templates: what is filled, what is marked, what is refused."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from pipeline.tracker import letter_forms
from pipeline.tracker.docx_fill import fill, placeholders
from pipeline.tracker.entries import Entry
from pipeline.tracker.letters import ASSIGNMENT, CHASE, TEMPLATES, assignments, chases, copy_templates, template
from pipeline.tracker.remind import plan
from pipeline.tracker.settings import RemindSettings
from pipeline.tracker.types import Item, LedgerError, Note, Occurrence, Party, Reminder

TODAY = date(2021, 6, 2)


def entry(id: int, due: date, **fields: object) -> Entry:
    values: dict[str, object] = {
        "origin": "notice", "filing": "filed", "status": "working", "title": f"事项{id}", "text": f"办理\n事项{id}。",
        "number": f"2021-{id:04}", "parties": (Party("人事科", "lead"), Party("市容科", "support")),
        "assigned_on": date(2021, 3, 24), "time_text": "6月前", "due": due,
    }  # fmt: skip
    item = Item(id, **{**values, **fields})  # type: ignore[arg-type]
    return Entry(item, (Occurrence(id, id, due.isoformat(), due),))


def text(data: Path | bytes) -> str:
    document = Document(BytesIO(data) if isinstance(data, bytes) else str(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_an_assignment_says_what_the_ledger_says_and_nothing_else(tmp_path: Path) -> None:
    one = entry(1, date(2021, 5, 31))
    (path,) = assignments([one], tmp_path, TODAY, sender="局督查室")
    words = text(path)
    for each in (
        "（代拟稿）",
        "2021-0001",
        "办理\n事项1。",
        "6月前（2021年5月31日）",
        "人事科",
        "市容科",
        "报局督查室",
    ):
        assert each in words
    assert "{{" not in words and "号〕" not in words
    (again,) = assignments([one], tmp_path, TODAY)
    assert again != path and path.exists()


def test_what_was_chased_often_gets_the_sterner_letter(tmp_path: Path) -> None:
    ones = [entry(1, date(2021, 5, 31)), entry(2, date(2021, 3, 31))]
    sent = [Reminder(0, 2, "2021-03-31", "人事科", f"chase-{n}", date(2021, 4, n), "", "") for n in (1, 2)]
    digests = plan(ones, sent, TODAY, RemindSettings()).digests
    notes = {2: Note(1, 2, "", "正在剪辑", "", "", None, "张三", "")}
    mild, stern = chases(digests, tmp_path, 3, notes=notes)
    assert mild.name == "催办单-人事科-20210602.docx" and "事项1" in text(mild) and "事项2" not in text(mild)
    assert stern.name == "督办单-人事科-20210602.docx" and "正在剪辑" in text(stern) and "63" in text(stern)


def test_a_template_with_a_row_is_filled_once_a_unit(tmp_path: Path) -> None:
    own = Document()
    own.add_paragraph("{{责任单位}}共{{事项数}}项")
    table = own.add_table(rows=2, cols=2)
    table.rows[1].cells[0].text, table.rows[1].cells[1].text = "{{序号}}", "{{工作任务}}"
    own.save(str(tmp_path / "交办单.docx"))
    (path,) = assignments([entry(1, TODAY), entry(2, TODAY)], tmp_path / "out", TODAY, templates=tmp_path)
    words = text(path)
    assert "人事科共2项" in words and "事项1" in words and "事项2" in words
    assert words.startswith("（代拟稿）"), "the mark is put where the office's template has none"


def test_placeholders_spread_over_runs_keep_the_first_ones_look(tmp_path: Path) -> None:
    own = Document()
    paragraph = own.add_paragraph()
    for piece in ("甲{", "{责任", "单位", "}}乙{{ 责任单位 }}"):
        paragraph.add_run(piece)
    paragraph.runs[0].bold = True
    own.sections[0].header.paragraphs[0].text = "{{截至日期}}"
    own.save(str(tmp_path / "t.docx"))
    assert placeholders(tmp_path / "t.docx") == {"责任单位", "截至日期"}
    data = fill(tmp_path / "t.docx", {"责任单位": "市容\n科\x00", "截至日期": "今天"}, [], "代拟稿")
    made = Document(BytesIO(data))
    assert made.paragraphs[1].text == "甲市容\n科乙市容\n科"
    assert made.sections[0].header.paragraphs[0].text == "今天"


@pytest.mark.parametrize("words", ["{{没有这项}}", "{{工作任务}}"])
def test_what_a_template_may_not_ask_for(tmp_path: Path, words: str) -> None:
    own = Document()
    own.add_paragraph(words)
    own.save(str(tmp_path / "t.docx"))
    with pytest.raises(LedgerError, match="模板里的"):
        fill(tmp_path / "t.docx", {"责任单位": ""}, [{"工作任务": "甲"}, {"工作任务": "乙"}], "代拟稿")


def test_a_template_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "催办单.docx").write_text("不是 docx", encoding="utf-8")
    with pytest.raises(LedgerError, match=r"催办单\.docx"):
        placeholders(template(CHASE, tmp_path))


def test_the_office_gets_the_templates_to_change(tmp_path: Path) -> None:
    (tmp_path / f"{ASSIGNMENT}.docx").write_bytes(b"own")
    assert [path.stem for path in copy_templates(tmp_path)] == ["催办单", "督办单"]
    assert (tmp_path / f"{ASSIGNMENT}.docx").read_bytes() == b"own"


def test_the_templates_are_what_is_built() -> None:
    for kind, document in letter_forms.build().items():
        data = BytesIO()
        document.save(data)
        assert text(data.getvalue()) == text(letter_forms.FOLDER / TEMPLATES[kind])
