"""Makes the letters' templates that come with duban: ``python -m pipeline.tracker.letter_forms``.

Page and type are those of official documents (GB/T 9704-2012, 5.2 and 7.3): margins 37, 35, 28 and 26 mm, text in 仿宋
of size 3 (16 pt). Whoever lacks 仿宋_GB2312 sees what the system puts in its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.tracker.letters import ASSIGNMENT, CHASE, SUPERVISION, TEMPLATES

FOLDER = Path(__file__).parent / "templates"
SONG, HEI, FANG = "方正小标宋简体", "黑体", "仿宋_GB2312"
_NOTE = "本稿由台账内容自动代拟，未编文号、未签发、未用印，经审核后使用。"


def build() -> dict[str, Any]:
    """The templates as documents, by their kind."""
    return {ASSIGNMENT: _assignment(), CHASE: _chase(), SUPERVISION: _supervision()}


def page(*, landscape: bool = False) -> Any:
    """An empty A4 document with the margins and the type of official documents."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin = (Mm(28), Mm(26)) if landscape else (Mm(37), Mm(35))
    section.left_margin, section.right_margin = (Mm(20), Mm(20)) if landscape else (Mm(28), Mm(26))
    style = document.styles["Normal"]
    font(style, FANG, 16)
    style.paragraph_format.line_spacing = Pt(28)
    style.paragraph_format.space_after = Pt(0)
    return document


def font(target: Any, name: str, size: float, *, bold: bool = False) -> None:
    """Sets the type of a run or a style, Chinese letters included."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    target.font.name, target.font.size, target.font.bold = name, Pt(size), bold
    fonts = target.element.get_or_add_rPr().get_or_add_rFonts()
    for side in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(side), name)


def line(container: Any, text: str, *, name: str = FANG, size: float = 16, align: str = "", indent: bool = False,
         bold: bool = False, spacing: float = 28) -> Any:  # fmt: skip
    """Adds a paragraph; ``align`` is ``center``, ``right`` or empty, ``indent`` two letters in its first line."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = container.add_paragraph()
    font(paragraph.add_run(text), name, size, bold=bold)
    if align:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if align == "center" else WD_ALIGN_PARAGRAPH.RIGHT
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    paragraph.paragraph_format.line_spacing = Pt(spacing)
    return paragraph


def cell(target: Any, text: str, *, head: bool = False, size: float = 12, center: bool = False) -> None:
    """Writes a table's cell."""
    from docx.enum.table import WD_ALIGN_VERTICAL
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = target.paragraphs[0]
    font(paragraph.add_run(text), HEI if head else FANG, size)
    paragraph.paragraph_format.line_spacing = Pt(size * 1.45)
    if head or center:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    target.vertical_alignment = WD_ALIGN_VERTICAL.CENTER


def table(document: Any, widths: list[float], rows: int) -> Any:
    """A ruled table; ``widths`` in mm. Its first row comes again on every page."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    made = document.add_table(rows=rows, cols=len(widths))
    made.style, made.alignment, made.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for index, width in enumerate(widths):
        made.columns[index].width = Mm(width)
        for each in made.columns[index].cells:
            each.width = Mm(width)
    for row in made.rows:
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
    return made


def repeat_head(made: Any) -> None:
    """The first row stands on every page that a table runs over."""
    from docx.oxml import OxmlElement

    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def head(document: Any, title: str) -> None:
    """The mark of a draft, and the title."""
    line(document, "（{{稿件标记}}）", name=HEI, align="right")
    line(document, title, name=SONG, size=22, align="center", spacing=36)
    line(document, "", size=10, spacing=14)


def _foot(document: Any) -> None:
    line(document, "", size=10, spacing=14)
    line(document, "拟稿日期：{{拟稿日期}}", align="right")
    note = document.sections[0].footer.paragraphs[0]
    font(note.add_run(_NOTE), FANG, 10.5)


def _assignment() -> Any:
    from docx.shared import Mm

    document = page()
    head(document, "督办事项交办单")
    rows = [
        ("督办编号", "{{督办编号}}", "交办日期", "{{交办日期}}"), ("事项来源", "{{事项来源}}"),
        ("工作任务", "{{工作任务}}"), ("具体要求", "{{具体要求}}"), ("量化目标", "{{量化目标}}"),
        ("完成时限", "{{完成时限}}"),
        ("牵头单位", "{{牵头单位}}", "责任领导", "{{责任领导}}"), ("配合单位", "{{配合单位}}"),
        ("反馈要求", "请按完成时限办结，办理情况和佐证材料报{{反馈对象}}。"),
        ("批示意见", ""), ("承办签收", "", "签收日期", ""), ("办理结果", ""),
    ]  # fmt: skip
    made = table(document, [26, 54, 26, 50], len(rows))
    tall = {"工作任务", "具体要求", "批示意见", "办理结果"}
    for row, words in zip(made.rows, rows, strict=True):
        row.height = Mm(19 if words[0] in tall else 10.5)
        target = row.cells[1] if len(words) == 4 else row.cells[1].merge(row.cells[3])
        cell(row.cells[0], words[0], head=True)
        cell(target, words[1])
        if len(words) == 4:
            cell(row.cells[2], words[2], head=True)
            cell(row.cells[3], words[3])
    _foot(document)
    return document


def _listed(document: Any, columns: list[tuple[str, str, float]]) -> None:
    """A table whose second row is repeated for each item: heads, placeholders, widths."""
    made = table(document, [width for _, _, width in columns], 2)
    repeat_head(made)
    for index, (name, field, _) in enumerate(columns):
        cell(made.rows[0].cells[index], name, head=True, size=10.5)
        cell(made.rows[1].cells[index], f"{{{{{field}}}}}", size=10.5, center=len(name) <= 4 and name != "工作任务")


def _chase() -> Any:
    document = page()
    head(document, "督办事项催办单")
    line(document, "{{责任单位}}：")
    line(
        document,
        "截至{{截至日期}}，你单位承办的下列{{事项数}}项督办事项已过完成时限，尚未反馈办结。请抓紧办理，并将办理情况报"
        "{{反馈对象}}；确需延期的，请说明原因并按程序办理延期。", indent=True,
    )  # fmt: skip
    line(document, "", size=10, spacing=10)
    _listed(document, [("序号", "序号", 12), ("督办编号", "督办编号", 28), ("工作任务", "工作任务", 49),
                       ("到期日期", "到期日期", 30), ("欠报情况", "欠报期次", 26),
                       ("催办", "催办次数", 12)])  # fmt: skip
    _foot(document)
    return document


def _supervision() -> Any:
    document = page()
    head(document, "督办事项督办单")
    line(document, "{{责任单位}}：")
    line(
        document,
        "下列{{事项数}}项督办事项经多次催办，截至{{截至日期}}仍未反馈办结。请主要负责同志牵头研究，逐项说明未办结的原因、"
        "下一步措施和办结时间，并报{{反馈对象}}。", indent=True,
    )  # fmt: skip
    line(document, "", size=10, spacing=10)
    _listed(document, [("序号", "序号", 12), ("督办编号", "督办编号", 28), ("工作任务", "工作任务", 39),
                       ("到期日期", "到期日期", 30), ("逾期天数", "逾期天数", 13), ("催办", "催办次数", 12),
                       ("最近反馈", "上期进展", 23)])  # fmt: skip
    line(document, "", size=10, spacing=10)
    made = table(document, [30, 127], 3)
    for row, name in zip(made.rows, ("未办结原因", "下一步措施", "办结时间"), strict=True):
        cell(row.cells[0], name, head=True)
    _foot(document)
    return document


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for kind, made in build().items():
        made.save(str(FOLDER / TEMPLATES[kind]))
