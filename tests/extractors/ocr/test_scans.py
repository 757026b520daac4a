"""Scanned notices, from picture to record: head, seal, table, slip, text layers."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest

from extractors.assemble import extract_document
from extractors.readers import read_source
from extractors.readers.limits import Limits
from schemas.document import Document, SourceFile
from schemas.record import NoticeRecord
from tests.extractors.ocr.scan_build import A4, Sheet, encoded, pdf_of

pytestmark = pytest.mark.usefixtures("recogniser")

NUMBER, TITLE = "皋政办发〔2024〕15号", "关于做好2024年防汛防旱工作的通知"
BODY = [
    "为做好今年防汛防旱工作，现将有关事项通知如下。",
    "一、加强组织领导。各镇要成立防汛工作领导小组，于5月10日前完成隐患排查。",
    "二、落实值班制度。水务局每周至少开展1次巡查，发现问题及时上报。",
]


def notice() -> Sheet:
    """One page with a red head, signed and sealed over its date."""
    sheet = Sheet()
    sheet.centred(90, "皋城市人民政府办公室文件", 30, "#d02020")
    sheet.centred(150, NUMBER).line(80, 180, 515, 180, 4, "#d02020")
    sheet.centred(215, TITLE, 22).text(90, 270, "各镇人民政府，市各有关部门：")
    end = sheet.body(298, BODY)
    sheet.text(330, end + 40, "皋城市人民政府办公室").text(380, end + 70, "2024年3月6日")
    return sheet.seal(420, end + 60)


def slip() -> Sheet:
    """What the office that got it laid before it."""
    sheet = Sheet().centred(70, "皋城市水务局收文处理笺", 22, "#c00000")
    sheet.text(80, 120, "收文号：2024-0318", 12).text(340, 120, "收文日期：2024年3月8日", 12)
    cells = [
        ["来文单位", "皋城市人民政府办公室"], ["拟办意见", "建议由河道科牵头办理。"],
        ["领导批示", "同意。请河道科于3月20日前拿出方案。"], ["办理结果", ""],
    ]  # fmt: skip
    return sheet.table([80, 180, 515], [140, 190, 270, 380, 440], cells, 12)


def document(data: bytes, format: str = "pdf", limits: Limits | None = None) -> Document:
    return read_source(SourceFile.of(data, f"扫描.{format}", format), limits or Limits())


def record(data: bytes, format: str = "pdf") -> NoticeRecord:
    (found,) = extract_document(document(data, format))
    return found


def codes(read: Document) -> list[str]:
    return sorted({warning.code for warning in read.warnings} - {"ocr.doubtful"})


@pytest.fixture(scope="module")
def pages() -> tuple[Any, Any]:
    """The slip and the notice as a scanner gives them."""
    return slip().soiled(0.6), notice().soiled(-0.8)


def check(found: NoticeRecord) -> None:
    """The notice's head and tasks, whatever came before it."""
    assert found.notice.title == TITLE
    assert found.notice.document_number and found.notice.document_number.text == NUMBER
    assert [issuer.name for issuer in found.notice.issuers] == ["皋城市人民政府办公室"]
    assert found.notice.issue_date == "2024-03-06"
    assert [task.title for task in found.tasks] == ["加强组织领导", "落实值班制度"]
    assert found.tasks[0].times[0].end == "2024-05-10"
    assert [(quota.comparator, quota.value, quota.per) for quota in found.quotas] == [(">=", 1, "week")]


def test_a_notice_behind_its_slip(pages: tuple[Any, Any]) -> None:
    found = record(pdf_of(pages))
    check(found)
    assert {block.type for block in found.blocks if block.page == 1} == {"slip"}
    assert "领导批示" in str(found.tables[0].cells) and found.tables[0].plan is None
    assert "source.slip" in {warning.code for warning in found.warnings}


def test_values_tell_where_they_stand_and_how_sure_they_are(pages: tuple[Any, Any]) -> None:
    found = record(pdf_of(pages[1:]))
    time = found.tasks[0].times[0]
    assert time.span.page == 1 and time.span.bbox and time.span.ocr
    left, top, right, bottom = time.span.bbox
    assert 90 < left < right < 515 and 298 < top < bottom < 470
    assert time.confidence <= time.span.ocr
    assert all(span.ocr for span in found.notice.spans["title"])
    assert "ocr.page" in {warning.code for warning in found.warnings}
    exported = found.to_json()
    assert '"ocr"' in exported and NoticeRecord.model_validate_json(exported) == found


@pytest.mark.parametrize(("format", "codec", "options"), [("png", "png", {}), ("jpg", "jpeg", {"quality": 70})])
def test_pictures(pages: tuple[Any, Any], format: str, codec: str, options: dict[str, Any]) -> None:
    check(record(encoded(pages[1], codec, **options), format))


def test_a_tif_of_several_pages(pages: tuple[Any, Any]) -> None:
    data = encoded(pages[0].convert("L"), "tiff", save_all=True, append_images=[pages[1].copy()])
    found = record(data, "tif")
    check(found)
    assert found.notice.sources[0].pages == 2


@pytest.mark.parametrize("turn", [90, 180])
def test_a_page_that_lies_on_its_side_or_upside_down_is_turned(pages: tuple[Any, Any], turn: int) -> None:
    check(record(encoded(pages[1].rotate(turn, expand=True)), "png"))


def test_a_photograph_without_a_sound_resolution(pages: tuple[Any, Any]) -> None:
    wide, high = pages[1].size
    check(record(encoded(pages[1].resize((wide * 6 // 5, high * 6 // 5)), dpi=(72, 72)), "png"))


def test_a_photograph_of_a_page_on_a_desk_is_laid_flat(pages: tuple[Any, Any]) -> None:
    import cv2
    import numpy as np
    from PIL import Image

    page = np.asarray(pages[1])
    high, wide = page.shape[:2]
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    seen = np.array([[210, 150], [1690, 90], [1800, 2380], [70, 2330]], np.float32)
    turn = cv2.getPerspectiveTransform(corners, seen)
    photo = cv2.warpPerspective(page, turn, (1900, 2500), borderValue=(110, 90, 70)).astype(np.float32)
    shade = np.linspace(1.0, 0.6, 1900)[None, :, None]
    check(record(encoded(Image.fromarray((photo * shade).astype(np.uint8)), "jpeg", dpi=(72, 72)), "jpg"))


def test_a_ruled_table() -> None:
    cells = [
        ["序号", "工作任务", "责任单位", "次数"], ["1", "开展防汛隐患排查，\n建立问题清单", "水务局", "2"],
        ["2", "组织应急演练", "应急管理局", "1"], ["3", "检修泵站闸门", "河道管理所", "——"],
    ]  # fmt: skip
    sheet = Sheet().centred(70, "防汛任务分解表", 20)
    sheet.table([60, 110, 310, 430, 535], [120, 160, 210, 250, 290], cells, 13)
    (table,) = document(pdf_of([sheet.soiled(1.4)])).tables
    assert ["".join("".join(row).split()) for row in table.cells] == ["".join("".join(row).split()) for row in cells]


def test_labels_written_downwards() -> None:
    sheet = Sheet().centred(70, "考核评分表", 20)
    cells = [["", "考核内容", "分值"], ["", "按时报送材料", "20"], ["", "完成隐患整改", "30"]]
    sheet.table([80, 115, 330, 520], [120, 200, 280, 360], cells, 13)
    for top, label in ((130, "类别"), (203, "工作纪律"), (283, "安全生产")):
        for i, letter in enumerate(label):
            sheet.text(90, top + 18 * i, letter, 13)
    (table,) = document(pdf_of([sheet.soiled(0.5)])).tables
    assert [row[0] for row in table.cells] == ["类别", "工作纪律", "安全生产"]


def test_a_table_pasted_as_a_picture_into_a_page_with_text() -> None:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    cells = [["指标", "2020年", "2025年"], ["文物保护单位（处）", "5058", "5100"], ["博物馆数量（家）", "5788", "6500"]]
    sheet = Sheet((420, 140)).table([10, 200, 300, 400], [10, 45, 80, 115], cells, 14)
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    for i, line in enumerate(BODY):
        canvas.setFont("STSong-Light", 14)
        canvas.drawString(80, 760 - 24 * i, line[:30])
    canvas.drawImage(ImageReader(io.BytesIO(encoded(sheet.soiled()))), 80, 520, 420, 140)
    canvas.showPage()
    canvas.save()
    found = document(stream.getvalue())
    assert found.tables[0].cells == cells
    assert codes(found) == ["ocr.page"] and {each.block for each in found.letters} == {found.tables[0].block}


def test_a_stamp_of_a_scanning_app_is_no_text_layer(pages: tuple[Any, Any]) -> None:
    found = document(pdf_of(pages[1:], [[(430, 820, "扫描全能王 创建")]]))
    assert codes(found) == ["ocr.page"] and found.blocks[1].text == NUMBER


def test_a_garbage_layer_is_replaced_and_a_sound_one_kept(pages: tuple[Any, Any]) -> None:
    garbage = [(90, 300 + 20 * i, "锟斤拷烫屯蠎囼躧鑤魻" * 3) for i in range(4)]
    replaced = document(pdf_of(pages[1:], [garbage]))
    assert codes(replaced) == ["ocr.page"] and "锟" not in str([block.text for block in replaced.blocks])
    sound = [(90, 300 + 20 * i, text) for i, text in enumerate(BODY)]
    kept = document(pdf_of(pages[1:], [sound]))
    assert codes(kept) == [] and not kept.letters


def test_a_sound_layer_has_the_tables_of_its_picture() -> None:
    cells = [
        ["序号", "工作任务", "责任单位"],
        ["1", "各单位组织开展防汛隐患排查工作", "水务局"],
        ["2", "检查落实值班和报告制度情况", "办公室"],
    ]
    xs, ys = [60, 110, 380, 520], [120, 160, 200, 240]
    sheet = Sheet().centred(70, "防汛任务分解表", 20).table(xs, ys, cells, 13)
    layer = [(xs[c] + 4.0, ys[r] + 20.0, text) for r, row in enumerate(cells) for c, text in enumerate(row)]
    found = document(pdf_of([sheet.soiled()], [[*layer, (220, 88, "防汛任务分解表")]]))
    assert found.tables[0].cells == cells and not found.letters


def test_only_so_many_pages_are_recognised() -> None:
    page = Sheet().centred(100, "第一页的内容").soiled()
    found = document(pdf_of([page, page]), limits=replace(Limits(), max_ocr_pages=1))
    assert codes(found) == ["ocr.page", "source.scan_page"]
    assert any("上限1页" in warning.message for warning in found.warnings)


def test_a_page_whose_pixels_were_taken_for_points() -> None:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    picture = notice().soiled()
    canvas = Canvas(stream, pagesize=picture.size)
    canvas.drawImage(ImageReader(io.BytesIO(encoded(picture, "jpeg"))), 0, 0, *picture.size)
    canvas.save()
    found = record(stream.getvalue())
    check(found)
    box = found.notice.spans["title"][0].bbox
    assert box and box[3] > 600  # in the file's own points


def test_a_blank_page_gives_nothing() -> None:
    found = document(encoded(Sheet(A4).soiled()), "png")
    assert not found.blocks and codes(found) == ["source.scan_page"]
