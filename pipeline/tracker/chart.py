"""Bars of a bulletin: as a chart of Word's own, which Word and WPS can restyle and whose figures they edit, and as SVG.

Word's chart is written by openpyxl, which is there for the workbooks: no drawing library, no fonts and no picture of
one size are needed, and letters are set in what the reader's machine has.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from pipeline.tracker.bulletin_blocks import Chart

_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHART = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
_PACKAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/package"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_EMU = 36000
#: Shares of the longest bar that have no room for their figure.
_SMALL = 0.03
_BAR, _LEFT, _TOP, _WIDTH = 26, 150, 34, 560


def height_mm(chart: Chart) -> int:
    """How high the bars stand on a page."""
    return min(200, 32 + 8 * len(chart.categories))


def add_to_docx(document: Any, paragraph: Any, chart: Chart, width_mm: int, number: int, most_mm: int = 200) -> None:
    """Puts a chart into a paragraph of a python-docx document; ``number`` tells charts apart.

    It is no higher than ``most_mm``.
    """
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    package = document.part.package
    book = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), _BOOK_TYPE, _book(chart), package)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART_TYPE, b"", package)
    part._blob = _chart_xml(chart, part.relate_to(book, _PACKAGE))
    relation = document.part.relate_to(part, _CHART)
    size = f'cx="{width_mm * _EMU}" cy="{min(most_mm, height_mm(chart)) * _EMU}"'
    paragraph.add_run()._r.append(
        parse_xml(
            '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
            ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
            f' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><wp:inline><wp:extent {size}/>'
            f'<wp:docPr id="{1000 + number}" name="chart{number}"/><a:graphic><a:graphicData uri="{_C}">'
            f'<c:chart xmlns:c="{_C}" xmlns:r="{_R}" r:id="{relation}"/></a:graphicData></a:graphic></wp:inline>'
            "</w:drawing>"
        )
    )


def _book(chart: Chart) -> bytes:
    """The workbook behind a chart, for whoever edits its figures."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["单位", *(name for name, _, _ in chart.series)])
    for index, category in enumerate(chart.categories):
        sheet.append([category, *(values[index] for _, _, values in chart.series)])
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _chart_xml(chart: Chart, relation: str) -> bytes:
    from lxml import etree
    from openpyxl.chart import BarChart
    from openpyxl.xml.functions import tostring

    bars = BarChart()
    bars.type, bars.grouping, bars.overlap, bars.gapWidth = "bar", "stacked", 100, 60
    bars.title = None
    bars.legend.position = "b"
    bars.x_axis.scaling.orientation = "maxMin"
    bars.x_axis.tickLblSkip = 1
    bars.x_axis.delete = bars.y_axis.delete = False
    bars.y_axis.majorGridlines = None
    bars.y_axis.crosses = "max"
    bars.y_axis.number_format = "General"
    for index, (name, colour, values) in enumerate(chart.series):
        bars.series.append(_series(chart, index, name, colour, values))
    root = etree.fromstring(tostring(bars._write()))
    external = etree.SubElement(root, f"{{{_C}}}externalData", {f"{{{_R}}}id": relation})
    etree.SubElement(external, f"{{{_C}}}autoUpdate", val="0")
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def _series(chart: Chart, index: int, name: str, colour: str, values: tuple[float, ...]) -> Any:
    """A series with its figures in it, so that it shows without its workbook."""
    from openpyxl.chart.data_source import (
        AxDataSource,
        NumData,
        NumDataSource,
        NumRef,
        NumVal,
        StrData,
        StrRef,
        StrVal,
    )
    from openpyxl.chart.label import DataLabel, DataLabelList
    from openpyxl.chart.series import Series, SeriesLabel

    last, column = len(chart.categories) + 1, chr(ord("B") + index)
    names = StrData(ptCount=last - 1, pt=[StrVal(idx=n, v=text) for n, text in enumerate(chart.categories)])
    numbers = NumData(ptCount=last - 1, pt=[NumVal(idx=n, v=str(each)) for n, each in enumerate(values) if each])
    head = StrRef(f"Sheet!${column}$1", strCache=StrData(ptCount=1, pt=[StrVal(idx=0, v=name)]))
    series = Series(idx=index, order=index)
    series.tx = SeriesLabel(strRef=head)
    series.cat = AxDataSource(strRef=StrRef(f"Sheet!$A$2:$A${last}", strCache=names))
    series.val = NumDataSource(numRef=NumRef(f"Sheet!${column}$2:${column}${last}", numCache=numbers))
    series.graphicalProperties.solidFill = colour
    small = [n for n, each in enumerate(values) if 0 < each < _SMALL * _most(chart)]
    hidden = [DataLabel(idx=n, showVal=False, showSerName=False, showCatName=False, showLegendKey=False) for n in small]
    series.dLbls = DataLabelList(
        dLbl=hidden, showVal=True, showSerName=False, showCatName=False, showLegendKey=False
    )  # fmt: skip
    return series


def _most(chart: Chart) -> float:
    """The longest bar."""
    rows = range(len(chart.categories))
    return max((sum(values[n] for _, _, values in chart.series) for n in rows), default=0) or 1


def svg(chart: Chart) -> str:
    """A chart as SVG text to stand in a web page, with its figures as words for those who can't see it."""
    from xml.etree import ElementTree as tree

    rows = len(chart.categories)
    most = _most(chart)
    high, wide = _TOP + rows * _BAR + 8, _LEFT + _WIDTH + 60
    root = tree.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {wide} {high}", role="img")
    tree.SubElement(root, "title").text = chart.title
    at = _LEFT
    for name, colour, _ in chart.series:
        tree.SubElement(root, "rect", x=str(at), y="8", width="12", height="12", fill=f"#{colour}")
        tree.SubElement(root, "text", {"x": str(at + 17), "y": "19", "font-size": "13"}).text = name
        at += 35 + 14 * len(name)
    for row, category in enumerate(chart.categories):
        top, x = _TOP + row * _BAR, float(_LEFT)
        words = category if len(category) <= 10 else category[:9] + "…"
        place = {"x": str(_LEFT - 8), "y": str(top + 15), "text-anchor": "end", "font-size": "13"}
        tree.SubElement(root, "text", place).text = words
        for name, colour, values in chart.series:
            if value := values[row]:
                width = _WIDTH * value / most
                place = {"x": f"{x:.1f}", "y": str(top), "width": f"{width:.1f}", "height": str(_BAR - 7)}
                bar = tree.SubElement(root, "rect", {**place, "fill": f"#{colour}"})
                tree.SubElement(bar, "title").text = f"{category} {name} {value}"
                if width > 9 * len(str(value)) + 4:
                    middle = {"x": f"{x + width / 2:.1f}", "y": str(top + 14), "text-anchor": "middle"}
                    tree.SubElement(root, "text", {**middle, "font-size": "12"}).text = str(value)
                x += width
    return tree.tostring(root, encoding="unicode")
