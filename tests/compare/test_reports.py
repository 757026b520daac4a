"""Reports of a comparison: the same content in three formats, every figure with its words."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from docx import Document
from lxml import html as lxml_html
from openpyxl import load_workbook

from pipeline.cli import cli
from pipeline.compare.analysis import compare
from pipeline.compare.reports.content import content_of
from pipeline.compare.reports.docx import write_docx
from pipeline.compare.reports.frames import frames_of
from pipeline.compare.reports.html import html
from pipeline.compare.reports.model import Cell, Chart, Section, Table, bare, sheets_of
from pipeline.compare.reports.sides_content import hand_down_content, years_content
from pipeline.compare.reports.xlsx import write_xlsx
from pipeline.compare.upper import hand_down
from pipeline.compare.years import year_on_year


@pytest.fixture(scope="module")
def found(notices):
    return compare([notices["rugao"], notices["haining"]])


@pytest.fixture(scope="module")
def page(found):
    return html(content_of(found))


def test_links_lead_to_words_on_the_page(page):
    tree = lxml_html.fromstring(page)
    places = {element.get("id") for element in tree.iter() if element.get("id")}
    links = [element.get("href") for element in tree.iter("a")]
    assert len(links) > 20
    assert not [link for link in links if link[0] != "#" or link[1:] not in places]


def test_nothing_is_loaded_from_elsewhere(page):
    assert not re.search(r"https?://|<script|<link|@import|url\(|src=", page)


def test_every_figure_has_its_words(found):
    content = content_of(found)
    around = {id(words): words for words in content.evidence}
    for words in around.values():
        assert words.around[words.start : words.end] == words.text
    (quotas,) = [section for section in content.sections if section.key == "quotas"]
    rows = [row for table in quotas.tables for row in table.rows]
    assert rows and all(any(cell.words for cell in row) for row in rows)


def test_what_notices_say_is_no_markup(found):
    content = content_of(found)
    table = Table("<b>", ("<i>",), ((Cell("<script>alert(1)</script>"),), (Cell("=1+1"),)))
    content = replace(content, sections=(*content.sections, Section("x", "坏字", (), (table,))))
    assert "<script>" not in html(content) and "&lt;script&gt;" in html(content)


def test_long_words_are_cut_with_a_word_of_it(found, tmp_path):
    table = Table("", ("a",), ((Cell("长" * 40_000),), (Cell("长" * 40_000, marks=((0, 1),)),)))
    content = replace(content_of(found), sections=(Section("x", "一、长字", (), (table,)),))
    write_xlsx(content, tmp_path / "a.xlsx")
    values = [row[0].value for row in load_workbook(tmp_path / "a.xlsx")["长字"].iter_rows(min_row=2)]
    assert len(values) == 2 and all(len(value) < 32_767 and "以下 8000 字未列" in value for value in values)


def test_a_long_cell_in_brief_keeps_what_is_marked():
    text = "没有关系的话。" * 60 + "要紧的在这里。" + "又是没有关系的话。" * 60
    at = text.index("要紧")
    brief = Cell(text, marks=((at, at + 2),)).brief(100)
    assert len(brief.text) <= 104 and brief.text.startswith("没有关系") and brief.text.endswith("…")
    assert [brief.text[start:end] for start, end in brief.marks] == ["要紧"]
    assert Cell("短").brief() == Cell("短")


def test_heads_of_a_word_table_come_again_on_each_page(found, tmp_path):
    write_docx(content_of(found), tmp_path / "a.docx")
    for table in Document(str(tmp_path / "a.docx")).tables:
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
        widths = [cell.width for cell in table.rows[-1].cells]
        assert all(widths) and sum(widths) < 9_600_000


def test_notices_stand_under_their_places(page):
    assert page.index("江苏省　南通市") < page.index("如皋市（江苏南通）") < page.index("浙江省　嘉兴市")


CHINESE = re.compile(r"[一-龥]")
KEPT = ("不宜直接比较", "所收文件中未见于其他城市", "所收文件中未见")


def test_english_reports_speak_english(notices, tmp_path):
    people = {"320682": 1_240_000.0}
    contents = (
        content_of(compare([notices["upper"], notices["rugao"], notices["haining"]], population=people), "en"),
        hand_down_content(hand_down([notices["upper"]], [notices["rugao"]]), "en"),
    )
    for content in contents:
        for section in content.sections:
            said = [section.title, *section.prose, *(name for table in section.tables for name in table.columns)]
            names = "|".join((*content.places.values(), *KEPT))
            assert [words for words in said if CHINESE.search(re.sub(names, "", words))] == []
    handed = [row[2].text for row in contents[1].sections[1].tables[0].rows]
    assert handed[0] == "taken up, raised, lowered" and "missing" in handed


@pytest.fixture
def charted(found):
    bars = (("如皋市（江苏南通）", 5.5, "≥5.5%"), ("<海宁>", 6.0, "6%"), ("宿州市（安徽）", 7.0, "约7%"))
    table = Table("图表", ("a",), ((Cell("1"),),), chart=Chart("增速", bars))
    return replace(content_of(found), sections=(Section("x", "一、图表", (), (table,)),))


def test_charts_in_all_three_formats(charted, tmp_path):
    made = html(charted)
    assert made.count("<svg") == 1 and "约7%" in made and "&lt;海宁&gt;" in made and "<海宁>" not in made
    assert not re.search(r"https?://|url\(|<style[^>]*>\*", made)
    write_xlsx(charted, tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx")["图"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2, max_row=4)] == [5.5, 6, 7] and len(sheet._charts) == 1
    write_docx(charted, tmp_path / "a.docx")
    with ZipFile(tmp_path / "a.docx") as archive:
        (name,) = [name for name in archive.namelist() if re.fullmatch(r"word/charts/chart\d+\.xml", name)]
        assert "<v>5.5</v>" in archive.read(name).decode()


def test_without_the_library_a_page_says_so(charted, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    made = html(charted)
    assert "<svg" not in made and "图未画" in made


def test_no_formula_in_the_workbook(found, tmp_path):
    content = replace(content_of(found), sections=(Section("x", "坏字", (), (Table("", ("a",), ((Cell("=1+1"),),)),)),))
    write_xlsx(content, tmp_path / "a.xlsx")
    cells = [cell for sheet in load_workbook(tmp_path / "a.xlsx") for row in sheet for cell in row]
    assert "=1+1" in [cell.value for cell in cells] and not [cell for cell in cells if cell.data_type == "f"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_workbook_and_document_open(found, tmp_path, lang):
    content = content_of(found, lang)
    write_xlsx(content, tmp_path / "report.xlsx")
    write_docx(content, tmp_path / "report.docx")
    book = load_workbook(tmp_path / "report.xlsx")
    told = [sheet.name for sheet in sheets_of(content)]
    assert book.sheetnames == [bare(content.words["contents"]), *told, bare(content.words["evidence"])]
    assert all(sheet.freeze_panes and sheet.auto_filter.ref for sheet in book.worksheets[1:])
    document = Document(str(tmp_path / "report.docx"))
    heads = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert heads == [*(section.title for section in content.sections), content.words["evidence"]]


def test_tables_as_data_frames(found):
    frames = frames_of(content_of(found))
    quotas = frames["指标对照"]
    assert list(quotas.columns[:3]) == ["表", "地区", "数值"] and "1500个" in set(quotas["数值"])
    assert list(frames["任务对照"].columns[:4]) == ["地区", "甲", "地区2", "乙"]
    assert set(frames["比较对象"]["地区"]) == {"如皋市（江苏南通）", "海宁市（浙江嘉兴）"}


def test_what_is_left_out_is_told(found):
    content = content_of(found)
    table = Table("", ("a",), tuple((Cell(str(n)),) for n in range(9)), cap=4)
    assert "另有 5 行未列" in html(replace(content, sections=(Section("x", "一、长表", (), (table,)),)))


def test_a_duty_of_one_city_is_never_said_to_be_absent_elsewhere(page):
    assert "所收文件中未见于其他城市" in page


def test_upper_and_years_have_workbooks(notices, tmp_path):
    handed = hand_down_content(hand_down([notices["upper"]], [notices["rugao"]]))
    write_xlsx(handed, tmp_path / "upper.xlsx")
    (sheet,) = [sheet for sheet in load_workbook(tmp_path / "upper.xlsx") if sheet.title == "承接对照表"]
    words = [cell.value for row in sheet for cell in row]
    assert "漏项" in words and "所收文件中未见对应任务" in words and any("加码" in str(word) for word in words)
    years = years_content(year_on_year([notices["before"], notices["rugao"]]))
    write_xlsx(years, tmp_path / "years.xlsx")
    words = [cell.value for row in load_workbook(tmp_path / "years.xlsx")["年度对照"] for cell in row]
    assert {"新增", "取消", "沿用"} <= set(words)


def test_the_command_writes_all_three(notices, tmp_path):
    files = []
    for name in ("rugao", "haining"):
        files.append(tmp_path / f"{name}.txt")
        texts = [block.text or "" for block in notices[name].blocks]
        files[-1].write_text("\n".join(texts), encoding="utf-8")
    done = CliRunner().invoke(cli, ["compare", "--output", str(tmp_path / "out"), *map(str, files), "--jobs", "1"])
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"report.html", "report.xlsx", "report.docx"}


def test_what_goes_on_all_the_year_fills_no_months(found):
    (calendar,) = [section for section in content_of(found).sections if section.key == "calendar"]
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in calendar.tables[0].rows}
    assert rows["每月"] == ["1", "1"] and rows["6月"] == ["1", ""] and rows["12月"] == ["", "1"]
    assert rows["1月"] == ["", ""]


def test_no_more_links_than_excel_takes(found, tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.compare.reports.xlsx._MOST_LINKS", 3)
    write_xlsx(content_of(found), tmp_path / "a.xlsx")
    sheets = load_workbook(tmp_path / "a.xlsx").worksheets[1:]
    assert max(sum(cell.hyperlink is not None for row in sheet for cell in row) for sheet in sheets) == 3
