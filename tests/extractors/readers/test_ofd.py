"""OFD files, made part by part."""

from __future__ import annotations

import io
import zipfile

import pytest

from extractors.readers.limits import Limits
from extractors.readers.ofd import read
from extractors.readers.ofd_page import steps
from extractors.readers.sniff import sniff
from schemas.document import Document, SourceFile
from schemas.errors import DubanError

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def line(text: str, x: float, y: float, size: float = 5.0, more: str = "") -> str:
    return (
        f'<ofd:TextObject ID="9" Boundary="{x} {y} 150 {size}" Font="2" Size="{size}" {more}>'
        f'<ofd:TextCode X="0" Y="{size * 0.88}" DeltaX="g {len(text) - 1} {size}">{text}</ofd:TextCode></ofd:TextObject>'
    )


def page(*objects: str, template: str = "") -> str:
    use = f'<ofd:Template TemplateID="{template}"/>' if template else ""
    return (
        f'<ofd:Page {SPACE}>{use}<ofd:Content><ofd:Layer ID="1">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def package(*documents: list[str], common: str = "", more: dict[str, str] | None = None) -> bytes:
    parts = {}
    bodies = ""
    for number, pages in enumerate(documents):
        bodies += f"<ofd:DocBody><ofd:DocRoot>/Doc_{number}/Document.xml</ofd:DocRoot></ofd:DocBody>"
        listed = "".join(f'<ofd:Page ID="{i}" BaseLoc="Pages/P{i}.xml"/>' for i in range(len(pages)))
        parts[f"Doc_{number}/Document.xml"] = (
            f"<ofd:Document {SPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
            f"</ofd:PageArea>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
        )
        parts |= {f"Doc_{number}/Pages/P{i}.xml": content for i, content in enumerate(pages)}
    parts["OFD.xml"] = f"<ofd:OFD {SPACE}>{bodies}</ofd:OFD>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in {**parts, **(more or {})}.items():
            out.writestr(name, text)
    return buffer.getvalue()


def ofd(data: bytes, **limits: int) -> Document:
    return read(SourceFile.of(data, "通知.ofd", "ofd"), Limits(**limits))


@pytest.mark.parametrize(
    ("value", "expected"),
    [("2 3", [2, 3]), ("g 3 2.5 4", [2.5, 2.5, 2.5, 4]), ("g 999999999 1", [1] * 10), ("g 2", [2]), ("x 1", [1]), ("", [])],
)  # fmt: skip
def test_steps(value: str, expected: list[float]) -> None:
    assert steps(value, 10)[:10] == expected


def test_lines_in_reading_order_with_boxes() -> None:
    data = package([page(line("第二行在下面", 20, 60), line("通知", 95, 40, 8))])
    assert sniff(data, "通知.ofd") == "ofd"
    first, second = ofd(data).blocks
    assert (first.text, second.text) == ("通知", "第二行在下面")
    assert first.page == 1 and first.bbox == pytest.approx((269.3, 113.4, 314.6, 136.1), abs=0.2)


def test_a_matrix_a_block_and_a_composite_unit_place_text() -> None:
    moved = line("正文在这里", 0, 0, more='CTM="1 0 0 1 20 50"')
    block = f"<ofd:PageBlock>{line('题目', 95, 30)}</ofd:PageBlock>"
    unit = '<ofd:CompositeObject ID="5" Boundary="20 70 100 20" ResourceID="7"/>'
    resource = (
        f'<ofd:Res {SPACE}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="7"><ofd:Content>'
        f"{line('最后一行', 0, 0)}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    )
    data = package(
        [page(moved, unit, block)], common="<ofd:PublicRes>Res.xml</ofd:PublicRes>", more={"Doc_0/Res.xml": resource}
    )
    assert [block.text for block in ofd(data).blocks] == ["题目", "正文在这里", "最后一行"]


def test_a_template_lies_under_pages_and_documents_follow_one_another() -> None:
    common = '<ofd:TemplatePage ID="3" BaseLoc="T.xml"/>'
    template = page(line("某某市水务局文件", 60, 20, 8))
    data = package(
        [page(line("第一件", 95, 50), template="3")], [page(line("第二件", 95, 50))],
        common=common, more={"Doc_0/T.xml": template},
    )  # fmt: skip
    document = ofd(data)
    texts = [block.text for block in document.blocks]
    assert texts == ["某某市水务局文件", "第一件", "第二件"]
    assert document.source.pages == 2 and document.blocks[-1].page == 2
    # The second document's template is missing, but no page of it asks for one.
    assert document.warnings == []


def test_aslant_and_hidden_text_is_left_out() -> None:
    aslant = line("仅供参考", 50, 100, more='CTM="0.7 0.7 -0.7 0.7 0 0"')
    assert [
        b.text
        for b in ofd(package([page(line("正文", 20, 50), aslant, line("隐", 20, 60, more='Visible="false"'))])).blocks
    ] == ["正文"]


def test_lines_rule_a_table() -> None:
    rules = [f"M 20 {y} L 140 {y}" for y in (50, 60, 70)] + [f"M {x} 50 L {x} 70" for x in (20, 80, 140)]
    path = f'<ofd:PathObject ID="2" Boundary="0 0 210 297"><ofd:AbbreviatedData>{" ".join(rules)}</ofd:AbbreviatedData></ofd:PathObject>'
    words = [
        line(text, x, y) for text, x, y in (("任务", 22, 52), ("时限", 82, 52), ("植树", 22, 62), ("三月", 82, 62))
    ]
    (table,) = ofd(package([page(path, *words)])).tables
    assert table.cells == [["任务", "时限"], ["植树", "三月"]]


def test_a_missing_page_costs_a_warning_an_empty_one_too() -> None:
    data = package([page(line("正文", 20, 50)), "<broken", page()])
    document = ofd(data)
    assert [block.text for block in document.blocks] == ["正文"]
    assert [warning.code for warning in document.warnings] == [
        "source.part_damaged",
        "source.scan_page",
        "source.scan_page",
    ]


def test_a_unit_that_holds_itself_ends() -> None:
    unit = '<ofd:CompositeObject ID="5" Boundary="0 0 100 20" ResourceID="7"/>'
    resource = (
        f'<ofd:Res {SPACE}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="7"><ofd:Content>{unit * 9}'
        "</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    )
    data = package([page(unit)], common="<ofd:PublicRes>R.xml</ofd:PublicRes>", more={"Doc_0/R.xml": resource})
    assert ofd(data).blocks == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (package(), "source.damaged"),
        (package([page()]).replace(b"OFD.xml", b"OFE.xml"), "source.damaged"),
        (package([page()], more={"OFD.xml": f"<ofd:OFD {SPACE}><ofd:Encryptions/></ofd:OFD>"}), "source.encrypted"),
        (package([page()], more={"../x.xml": "<x/>"}), "source.bad_entry"),
        (package([page()], more={"x.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x/>'}), "limit.xml_entities"),
        (package([page()] * 4), "limit.pages"),
    ],
)  # fmt: skip
def test_bad_files(data: bytes, code: str) -> None:
    with pytest.raises(DubanError) as caught:
        ofd(data, max_pages=3)
    assert caught.value.code == code
