"""Word documents: text, boxes, revisions, notes, margins, layout, real notices."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from extractors.readers.docx_inline import formula
from schemas.document import SourceFile
from tests.extractors.readers.docx_build import (
    SCHEMAS,
    box,
    document,
    field,
    labels,
    lists,
    load,
    lvl,
    num,
    p,
    package,
    r,
    tbl,
    tc,
    texts,
)

SHARED = Path(__file__).resolve().parents[4] / "shared"
NOTICES = SHARED / "notices"
VANISH = "<w:vanish/>"

INLINE = {
    "tab and breaks": (
        f"{r('甲')}<w:r><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:cr/><w:t>丁</w:t></w:r>",
        "甲\t乙\n丙\n丁",
    ),
    "no-break hyphen": (f"{r('A')}<w:r><w:noBreakHyphen/></w:r>{r('1')}", "A-1"),
    "soft hyphen": (f"{r('管')}<w:r><w:softHyphen/></w:r>{r('理')}", "管理"),
    "zero width": (r("城\u200b市\ufeff管\u00ad理"), "城市管理"),
    "radicals": (r("⼀、⼯作"), "一、工作"),
    "full-width punctuation stays": (r("（１）甲：乙；"), "（１）甲：乙；"),
    "hyperlink": (f'<w:hyperlink r:id="x">{r("网址")}</w:hyperlink>', "网址"),
    "smart tag": (f"<w:smartTag>{r('三月')}</w:smartTag>{r('底')}", "三月底"),
    "content control": (f"<w:sdt><w:sdtPr/><w:sdtContent>{r('内容')}</w:sdtContent></w:sdt>", "内容"),
    "insertion": (f'{r("甲")}<w:ins w:id="1" w:author="x">{r("乙")}</w:ins>', "甲乙"),
    "deletion": (f'{r("甲")}<w:del w:id="1" w:author="x"><w:r><w:delText>乙</w:delText></w:r></w:del>', "甲"),
    "deleted insertion": (f"<w:ins><w:del><w:r><w:delText>乙</w:delText></w:r></w:del></w:ins>{r('甲')}", "甲"),
    "moves": (f"<w:moveFrom>{r('旧')}</w:moveFrom><w:moveTo>{r('新')}</w:moveTo>", "新"),
    "simple field": (f'<w:fldSimple w:instr="DATE">{r("3月1日")}</w:fldSimple>', "3月1日"),
    "field": (r("共") + field(" REF x ", "三项"), "共三项"),
    "ringed character": (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>eq \\o\\ac(○,</w:instrText></w:r>'
        '<w:r><w:instrText>12)</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>' + r("条"),
        "⑫条",
    ),
    "check box of a form": (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>'
        "</w:ffData></w:fldChar></w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>' + r("是"),
        "☑是",
    ),
    "hidden": (r("甲") + r("密", VANISH) + r("乙"), "甲乙"),
    "not hidden": (r("甲", '<w:vanish w:val="0"/>'), "甲"),
    "symbol": (f'<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>{r("90%")}', "≥90%"),
    "tick": (f'<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>{r("是")}', "☑是"),
    "symbol typed": (r("\uf0a3", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>') + r("2天"), "≤2天"),
    "ruby": (f"<w:r><w:ruby><w:rt>{r('hàn')}</w:rt><w:rubyBase>{r('汉')}</w:rubyBase></w:ruby></w:r>{r('字')}", "汉字"),
    "page break": ('<w:r><w:br w:type="page"/></w:r>' + r("甲"), "甲"),
    "page break inside": (r("甲") + '<w:r><w:br w:type="page"/></w:r>' + r("乙"), "甲\n乙"),
    "source laid out over lines": ("<w:r><w:t>\n   城市\n   管理\n</w:t></w:r>", "城市管理"),
    "inner spaces stay, outer go": (r("　　沙  进 "), "沙  进"),
    "comment": (f'<w:commentRangeStart w:id="1"/>{r("甲")}<w:r><w:commentReference w:id="1"/></w:r>', "甲"),
    "former look": (r("甲", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>"), "甲"),
    "formula": (
        "<m:oMath><m:r><m:t>S=</m:t></m:r><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num>"
        "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>",
        "S=(a+b)/2",
    ),
}


@pytest.mark.parametrize(("content", "shown"), INLINE.values(), ids=INLINE.keys())
def test_inline(content: str, shown: str) -> None:
    assert texts(document(p(content))) == [shown]


def test_paragraphs_of_white_space_make_no_block() -> None:
    assert texts(document(p() + p("  　") + p("甲") + p("<w:r><w:br/></w:r>"))) == ["甲"]


def test_prompts_of_forms_are_no_text() -> None:
    styles = '<w:style w:type="character" w:styleId="PH"><w:name w:val="Placeholder Text"/></w:style>'
    prompt = r("单击此处输入文字。", '<w:rStyle w:val="PH"/>')
    control = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{prompt}</w:sdtContent></w:sdt>"
    assert texts(document(p(r("姓名：") + control), {"styles": styles})) == ["姓名："]


def test_block_content_controls() -> None:
    inner = f"<w:sdt><w:sdtContent>{p('乙')}</w:sdtContent></w:sdt>"
    body = p("甲") + f"<w:sdt><w:sdtContent>{inner}{tbl(tc('丙') + tc('丁'))}</w:sdtContent></w:sdt>" + p("戊")
    doc = document(body)
    assert texts(doc) == ["甲", "乙", None, "戊"]


def test_deleted_paragraph_marks_join() -> None:
    gone = '<w:rPr><w:del w:id="1" w:author="x"/></w:rPr>'
    numbering = {"numbering": lists(lvl(0, "decimal", "%1."))}
    doc = document(p("前半", gone + num(1)) + p("后半", num(1)) + p("下段", num(1)), numbering)
    assert [(b.label, b.text) for b in doc.blocks] == [("1.", "前半后半"), ("2.", "下段")]


def test_a_deleted_paragraph_leaves_nothing() -> None:
    gone = '<w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:del w:id="2"><w:r><w:delText>旧</w:delText></w:r></w:del>'
    assert texts(document(p("甲") + f"<w:p>{gone}</w:p>" + p("乙"))) == ["甲", "乙"]


def test_hidden_paragraphs_take_no_number() -> None:
    numbering = {"numbering": lists(lvl(0, "decimal", "%1."))}
    doc = document(p("甲", num(1)) + p(r("密", VANISH), num(1)) + p("乙", num(1)), numbering)
    assert labels(doc) == ["1.", "2."]


def test_a_field_that_never_ends_loses_nothing() -> None:
    body = (
        p('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>') + p("甲") + p("乙")
    )
    assert texts(document(body)) == ["甲", "乙"]


def test_fields_over_several_paragraphs() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    body = p(begin + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + r("第一章")) + p("第二章")
    assert texts(document(body + p('<w:r><w:fldChar w:fldCharType="end"/></w:r>' + r("正文")))) == [
        "第一章",
        "第二章",
        "正文",
    ]


def test_text_boxes_once_and_at_their_anchor() -> None:
    letterhead = box(p("某某市水务局文件"), p("某水〔2024〕5号"))
    doc = document(p("前文") + p(letterhead + r("锚段")) + p(r("后段") + box(p("框内说明"))) + p(letterhead))
    assert [(b.type, b.text) for b in doc.blocks] == [
        ("paragraph", "前文"), ("text_box", "某某市水务局文件"), ("text_box", "某水〔2024〕5号"), ("paragraph", "锚段"),
        ("paragraph", "后段"), ("text_box", "框内说明"),
    ]  # fmt: skip


def test_only_the_old_shape() -> None:
    inner = f"<w:txbxContent>{p('旧式框')}</w:txbxContent>"
    shape = f"<w:r><w:pict><v:rect><v:textbox>{inner}</v:textbox></v:rect></w:pict></w:r>"
    assert [(b.type, b.text) for b in document(p(shape)).blocks] == [("text_box", "旧式框")]


def test_lettering_drawn_as_a_shape() -> None:
    shape = '<w:r><w:pict><v:shape><v:textpath string="某某县人民政府文件"/></v:shape></w:pict></w:r>'
    assert [(b.type, b.text) for b in document(p(shape)).blocks] == [("text_box", "某某县人民政府文件")]


def test_drop_caps_join_their_paragraph() -> None:
    assert texts(document(p("为", '<w:framePr w:dropCap="drop"/>') + p("进一步加强管理"))) == ["为进一步加强管理"]


def test_nested_alternatives_take_no_time() -> None:
    inner = box(p("深处"))
    for _ in range(40):
        inner = f"<mc:AlternateContent><mc:Choice>{inner}</mc:Choice><mc:Fallback/></mc:AlternateContent>"
    assert texts(document(p(inner) + p("甲")))[-1] == "甲"


def test_watermarks_are_no_text() -> None:
    shape = (
        '<w:r><w:pict><v:shape id="PowerPlusWaterMarkObject1"><v:textpath string="内部资料"/></v:shape></w:pict></w:r>'
    )
    assert texts(document(p(shape) + p("甲"))) == ["甲"]


def test_tables_in_text_boxes() -> None:
    doc = document(p(box(tbl(tc("甲") + tc("乙"), tc("丙") + tc("丁")), p())))
    assert [b.type for b in doc.blocks] == ["table"]


def test_text_boxes_in_cells_stay_there() -> None:
    assert document(tbl(tc(p(r("甲") + box(p("框内文字")))) + tc("乙"))).tables[0].cells == [["甲\n框内文字", "乙"]]


def test_notes() -> None:
    notes = '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>' + "".join(
        f'<w:footnote w:id="{i}">{p(f"注{i}")}</w:footnote>' for i in (1, 2, 3)
    )
    mark = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    settings = '<w:footnotePr><w:numFmt w:val="decimalEnclosedCircleChinese"/></w:footnotePr>'
    parts = {"footnotes": notes, "endnotes": f'<w:endnote w:id="1">{p("尾注")}</w:endnote>', "settings": settings}
    ends = '<w:r><w:endnoteReference w:id="1"/></w:r>'
    doc = document(p(r("甲") + mark.format(2) + r("乙") + mark.format(1) + ends) + p("丙"), parts)
    assert [(b.type, b.label, b.text) for b in doc.blocks] == [
        ("paragraph", None, "甲乙"), ("paragraph", None, "丙"), ("footnote", "①", "注2"), ("footnote", "②", "注1"),
        ("footnote", "1", "尾注"),
    ]  # fmt: skip


def test_headers_and_footers() -> None:
    first = (
        '<w:sectPr><w:headerReference w:type="default" r:id="header1"/><w:footerReference r:id="footer1"/></w:sectPr>'
    )
    last = (
        '<w:sectPr><w:headerReference w:type="default" r:id="header2"/><w:footerReference r:id="footer2"/></w:sectPr>'
    )
    parts = {
        "header1": p("某某市水务局文件"), "header2": p("某某市水务局文件"),
        "footer1": p(r("— ") + field("PAGE", "12") + r(" —")), "footer2": p(f"第{''}页 共页") + p("内部资料 注意保存"),
    }  # fmt: skip
    doc = document(p("甲", first) + p("乙") + last, parts)
    assert [(b.type, b.text) for b in doc.blocks] == [
        ("header", "某某市水务局文件"), ("paragraph", "甲"), ("paragraph", "乙"), ("footer", "内部资料 注意保存"),
    ]  # fmt: skip


def test_unused_first_and_even_headers_are_not_read() -> None:
    refs = '<w:headerReference w:type="first" r:id="header1"/><w:headerReference w:type="even" r:id="header2"/>'
    parts = {"header1": p("首页眉"), "header2": p("偶数页眉")}
    assert texts(document(p("甲") + f"<w:sectPr>{refs}</w:sectPr>", parts)) == ["甲"]
    parts["settings"] = "<w:evenAndOddHeaders/>"
    doc = document(p("甲") + f"<w:sectPr>{refs}<w:titlePg/></w:sectPr>", parts)
    assert texts(doc) == ["首页眉", "偶数页眉", "甲"]


def test_layout() -> None:
    styles = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="21"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>'
        '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:sz w:val="44"/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="公文标题"/><w:basedOn w:val="1"/></w:style>'
    )
    body = p("标题", '<w:pStyle w:val="2"/>') + p("正文", '<w:jc w:val="both"/><w:ind w:firstLineChars="200"/>')
    body += p(r("红头", '<w:color w:val="FF0000"/><w:b/>') + r("文", '<w:color w:val="auto"/><w:b w:val="0"/>'))
    body += p("三级", '<w:outlineLvl w:val="2"/><w:ind w:hanging="420"/>')
    title, text, red, third = (block.layout for block in document(body, {"styles": styles}).blocks)
    assert (title.align, title.size, title.bold, title.outline) == ("center", 22.0, True, 1)
    assert (text.align, text.size, text.bold, text.indent) == ("justify", 10.5, False, 21.0)
    assert (red.colour, red.bold) == ("#ff0000", False)
    assert (third.outline, third.indent) == (3, -21.0)


def test_pages_where_the_layout_tells() -> None:
    rendered = "<w:r><w:lastRenderedPageBreak/></w:r>"
    broken = p("甲") + p('<w:r><w:br w:type="page"/></w:r>') + p(rendered + r("乙")) + p(r("丙") + rendered + r("丙"))
    doc = document(broken + tbl(tc(p(rendered + r("丁"))) + tc(p(rendered + r("戊"))), tc("己") + tc("庚")))
    assert [b.page for b in doc.blocks] == [1, 2, 2, 3]
    assert doc.tables[0].row_pages == [3, 4]
    assert [b.page for b in document(p("甲") + p('<w:r><w:br w:type="page"/></w:r>') + p("乙")).blocks] == [None, None]


def test_pictures_and_objects_are_told() -> None:
    picture = (
        '<w:r><w:drawing><wp:inline><wp:extent cx="5000000" cy="4000000"/><a:graphic>'
        f'<a:graphicData uri="{SCHEMAS}/drawingml/2006/picture"/></a:graphic></wp:inline></w:drawing></w:r>'
    )
    doc = document(p(picture) + p("<w:r><w:object/></w:r>"))
    assert [w.code for w in doc.warnings] == ["source.picture", "source.embedded", "source.no_text"]


def test_the_source_is_named() -> None:
    data = package(p("甲"))
    source = load(data).source
    assert (source.name, source.format, source.bytes, source.pages) == ("通知.docx", "docx", len(data), None)
    assert source.sha256 == SourceFile.of(data, "x", "docx").sha256


def test_formula_of_powers() -> None:
    from lxml import etree

    m = f'xmlns:m="{SCHEMAS}/officeDocument/2006/math"'
    part = "<m:{0}><m:r><m:t>{1}</m:t></m:r></m:{0}>"
    xml = f"<m:oMath {m}><m:sSup>{part.format('e', 'x')}{part.format('sup', '2')}</m:sSup></m:oMath>"
    assert formula(etree.fromstring(xml)) == "x^2"


PAIRS = sorted(path.stem for path in NOTICES.glob("*.docx") if path.with_suffix(".txt").exists())


@pytest.mark.skipif(not PAIRS, reason="the real notices are not here")
@pytest.mark.parametrize("stem", PAIRS or ["-"])
def test_real_notices_read_as_their_text(stem: str) -> None:
    """Nothing lost: each line of the text form stands in the Word form; nothing invented: no more than that."""
    doc = load((NOTICES / f"{stem}.docx").read_bytes())
    words = "".join(f"{b.label or ''}{b.text or ''}" for b in doc.blocks)
    words += "".join(cell for table in doc.tables for row in table.cells for cell in row)
    found = "".join(words.split())
    lines = ["".join(line.split()) for line in (NOTICES / f"{stem}.txt").read_text("utf-8-sig").splitlines()]
    assert [line for line in lines if line and line not in found] == []
    assert [b.text for b in doc.blocks if b.text and "".join(b.text.split()) not in "".join(lines)] == []


def _squeezed(cells: list[list[str]]) -> list[list[str]]:
    return [["".join(cell.split()) for cell in row] for row in cells]


@pytest.mark.skipif(not PAIRS, reason="the real notices are not here")
@pytest.mark.parametrize("stem", PAIRS or ["-"])
def test_tables_of_real_notices_are_as_annotated(stem: str) -> None:
    gold = json.loads((SHARED / "eval" / "gold" / f"{stem}.json").read_text("utf-8"))["tables"]
    doc = load((NOTICES / f"{stem}.docx").read_bytes())
    assert [_squeezed(table.cells) for table in doc.tables] == [_squeezed(table["cells"]) for table in gold]


def test_what_python_docx_writes() -> None:
    import docx

    made = docx.Document()
    made.add_heading("工作要点", 1)
    made.add_paragraph("加强管理", style="List Number")
    made.add_paragraph("优化服务", style="List Number")
    table = made.add_table(3, 3, style="Table Grid")
    for row in range(3):
        for column in range(3):
            table.cell(row, column).text = f"{row}{column}"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "合"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "并"
    out = io.BytesIO()
    made.save(out)
    doc = load(out.getvalue())
    assert [(b.label, b.text, b.layout.outline) for b in doc.blocks] == [
        (None, "工作要点", 1), ("1.", "加强管理", None), ("2.", "优化服务", None), (None, None, None),
    ]  # fmt: skip
    assert doc.tables[0].cells == [["00", "合", "合"], ["并", "11", "12"], ["并", "21", "22"]]
    assert doc.tables[0].merges == [(0, 1, 1, 2), (1, 0, 2, 1)]
