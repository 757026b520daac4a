"""Charts of a report: as SVG for a page, drawn by matplotlib, and Excel's and Word's own, written by openpyxl."""

from __future__ import annotations

import re
from typing import Any

from pipeline.columns import width
from pipeline.compare.reports.model import Chart, Content

COLOUR = "B5564D"
_DOT = 6.5
_WIDE, _BAR = 760, 23
_SVG = "{http://www.w3.org/2000/svg}"


def all_charts(content: Content) -> list[Chart]:
    """The charts of the tables that are shown, in reading order."""
    return [t.chart for section in content.sections for t in section.tables[: section.cap] if t.chart is not None]


def svg(chart: Chart) -> str | None:
    """A chart as an SVG element to stand in a page, its letters in the reader's own fonts.

    Returns:
        None where matplotlib isn't installed.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
    except ImportError:
        return None
    from io import BytesIO

    labels = [label for label, _, _ in chart.bars]
    values = [value for _, value, _ in chart.bars]
    high = _BAR * len(labels) + 12
    left = min(360.0, 16 + _DOT * max(map(width, labels)))
    right = 16 + _DOT * max(width(text) for _, _, text in chart.bars)
    data = BytesIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "duban", "font.size": 12}), _quiet():
        figure = Figure(figsize=(_WIDE / 72, high / 72), dpi=72)
        FigureCanvasSVG(figure)
        axes = figure.add_axes((left / _WIDE, 0.0, max(0.2, 1 - (left + right) / _WIDE), 1.0))
        bars = axes.barh(range(len(labels)), values, height=0.7, color=f"#{COLOUR}", clip_on=False)
        axes.bar_label(bars, labels=[text for _, _, text in chart.bars], padding=4)
        axes.set_yticks(range(len(labels)), labels)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.set_xlim(min(0.0, *values), max(0.0, *values) or 1.0)
        axes.tick_params(left=False, bottom=False, labelbottom=False)
        axes.set_frame_on(False)
        figure.savefig(data, format="svg", transparent=True, metadata={"Date": None})
    return _inline(data.getvalue(), chart.title)


def _quiet() -> Any:
    """Without a word on fonts that lack Chinese: the reader's fonts draw the letters."""
    import logging
    import warnings
    from contextlib import ExitStack

    stack = ExitStack()
    logger = logging.getLogger("matplotlib.font_manager")
    stack.callback(logger.setLevel, logger.level)
    logger.setLevel(logging.ERROR)
    stack.enter_context(warnings.catch_warnings())
    warnings.simplefilter("ignore", UserWarning)
    return stack


def _inline(data: bytes, title: str) -> str:
    """The drawing without what belongs to a file of its own: names of spaces, ids, metadata, styles, fonts."""
    from lxml import etree

    root = etree.fromstring(data)
    for element in list(root.iter(f"{_SVG}metadata", f"{_SVG}defs", f"{_SVG}style", etree.Comment)):
        element.getparent().remove(element)
    for element in root.iter():
        element.attrib.pop("id", None)
        if "style" in element.attrib:
            element.set("style", re.sub(r"font: ([\d.]+px)[^;]*", r"font-size: \1", element.get("style")))
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    head = etree.Element(f"{_SVG}title")
    head.text = title
    root.insert(0, head)
    etree.cleanup_namespaces(root)
    text = etree.tostring(root, encoding="unicode")
    return re.sub(r'\s+xmlns(?::\w+)?="[^"]*"', "", text)


def add_sheet(book: Any, content: Content, name: str) -> None:
    """A worksheet of Excel's own charts, each beside its figures; none where there is no chart."""
    from openpyxl.chart import BarChart, Reference
    from openpyxl.styles import Alignment, Font

    charts = all_charts(content)
    if not charts:
        return
    sheet = book.create_sheet(name)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 14
    row = 1
    for chart in charts:
        sheet.cell(row=row, column=1, value=chart.title).font = Font(bold=True)
        for place, (label, value, text) in enumerate(chart.bars, row + 1):
            sheet.cell(row=place, column=1, value=_labelled(label, value, text)).data_type = "s"
            sheet.cell(row=place, column=2, value=value)
            sheet.cell(row=place, column=3, value=text).data_type = "s"
            sheet.cell(row=place, column=3).alignment = Alignment(horizontal="left")
        last = row + len(chart.bars)
        drawn = BarChart()
        drawn.type, drawn.gapWidth, drawn.legend, drawn.title = "bar", 50, None, None
        drawn.add_data(Reference(sheet, min_col=2, min_row=row + 1, max_row=last))
        drawn.set_categories(Reference(sheet, min_col=1, min_row=row + 1, max_row=last))
        drawn.x_axis.scaling.orientation = "maxMin"
        drawn.x_axis.tickLblSkip = 1
        drawn.x_axis.delete = drawn.y_axis.delete = False
        drawn.y_axis.majorGridlines, drawn.y_axis.crosses = None, "max"
        drawn.series[0].graphicalProperties.solidFill = COLOUR
        drawn.width, drawn.height = 20, max(4.0, 1.2 + 0.6 * len(chart.bars))
        sheet.add_chart(drawn, f"E{row}")
        # A row is about half a centimetre high.
        row = max(last, row + int(drawn.height / 0.5)) + 3
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _labelled(label: str, value: float, text: str) -> str:
    """A bar's label with what is written of it (≥5%, 约6%), where the bare value doesn't say it."""
    return label if text == f"{value:g}" else f"{label} {text}"


def add_to_document(document: Any, chart: Chart, number: int) -> None:
    """Word's own chart in a paragraph of its own; ``number`` tells charts apart."""
    from pipeline.tracker.bulletin_blocks import Chart as Bars
    from pipeline.tracker.chart import add_to_docx

    labels = tuple(_labelled(*bar) for bar in chart.bars)
    values = tuple(value for _, value, _ in chart.bars)
    add_to_docx(
        document,
        document.add_paragraph(),
        Bars(chart.title, labels, ((chart.title, COLOUR, values),)),
        200,
        number,
        150,
    )
