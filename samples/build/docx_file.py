"""A sample as docx, laid out after GB/T 9704-2012; every part of the package is written here."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from docx_parts import APP, CONTENT_TYPES, CORE, FOOTER, NUMBERING_LEVELS, PACKAGE_RELS, RELS, STYLES, document
from source import Element, PageBreak, Paragraph, Sample, Table, widths

TEXT_WIDTH = {False: 8844, True: 13891}  # twentieths of a point: 156 mm upright, 245 mm on its side
FANGSONG, HEITI, KAITI, TITLE_FONT = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
FONT_OF_LEVEL = (HEITI, KAITI, FANGSONG, FANGSONG)
RED = "FF0000"


def build(sample: Sample) -> bytes:
    """The docx's bytes: the same at every build. Parts are stored, so that zlib has no say."""
    writer = _Writer(sample)
    body = writer.body()
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": PACKAGE_RELS,
        "docProps/app.xml": APP,
        "docProps/core.xml": CORE.format(title=escape(sample.title), creator=escape(sample.letterhead)),
        "word/document.xml": document(body),
        "word/_rels/document.xml.rels": RELS,
        "word/styles.xml": STYLES,
        "word/numbering.xml": writer.numbering(),
        "word/footer1.xml": FOOTER,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            entry.create_system = 0
            package.writestr(entry, part.encode("utf-8"))
    return out.getvalue()


class _Writer:
    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        self.list = 1
        self.landscape = False

    def body(self) -> str:
        parts = [self._letterhead()]
        titles = 0
        for element in self.sample.elements:
            if isinstance(element, Paragraph) and element.kind == "title":
                titles += 1
                self.list = titles  # each title's list counts anew
            parts.append(self._element(element))
        parts.append(_section(self.landscape))
        return "".join(parts)

    def numbering(self) -> str:
        """One multi-level list; every title has an instance of its own that starts again."""
        instances = "".join(
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="0"/>'
            + "".join(
                f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="1"/></w:lvlOverride>' for level in range(4)
            )
            + "</w:num>"
            for number in range(1, self.list + 1)
        )
        return NUMBERING_LEVELS.format(instances=instances)

    def _element(self, element: Element) -> str:
        if isinstance(element, Table):
            return _table(element, TEXT_WIDTH[self.landscape])
        if isinstance(element, PageBreak):
            if element.landscape == self.landscape:
                return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
            ended, self.landscape = self.landscape, element.landscape
            return f"<w:p><w:pPr>{_section(ended)}</w:pPr></w:p>"
        return self._paragraph(element)

    def _paragraph(self, element: Paragraph) -> str:
        if element.kind == "item":
            return self._item(element)
        properties, font, size = {
            "title": ('<w:spacing w:before="400" w:after="400"/><w:jc w:val="center"/>', TITLE_FONT, 44),
            "flush": ("", FANGSONG, 32),
            "body": (_INDENT, FANGSONG, 32),
            "right": ('<w:ind w:right="640"/><w:jc w:val="right"/>', FANGSONG, 32),
            "caption": ('<w:jc w:val="center"/>', HEITI, 32),
            "imprint": ("", FANGSONG, 28),
        }[element.kind]
        return _p(properties, _run(element.text, font, size))

    def _item(self, element: Paragraph) -> str:
        heading, font = element.heading, FONT_OF_LEVEL[element.level]
        if self.sample.numbering == "automatic":
            number = f'<w:numPr><w:ilvl w:val="{element.level}"/><w:numId w:val="{self.list}"/></w:numPr>'
            typed = ""
        else:
            number, typed = "", element.number
        runs = _run(typed + element.text[:heading], font, 32) + _run(element.text[heading:], FANGSONG, 32)
        return _p(number + _INDENT, runs)

    def _letterhead(self) -> str:
        sample = self.sample
        if sample.letterhead_as == "none":
            return ""
        size = min(72, 880 // len(sample.letterhead) // 2 * 2)
        head = _p('<w:jc w:val="center"/>', _run(sample.letterhead, TITLE_FONT, size, RED))
        number = _p(_RED_LINE + '<w:jc w:val="center"/>', _run(sample.number, FANGSONG, 32))
        if sample.letterhead_as == "table":
            return _LAYOUT_TABLE.format(
                rows="".join(_ROW.format(width=8844, cell=each) for each in (head, number))
            ) + _p("", "")
        if sample.letterhead_as == "text_box":
            return _p("", _TEXT_BOX.format(content=head)) + number
        return head + number


_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_RED_LINE = f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="6" w:color="{RED}"/></w:pBdr>'
_ROW = '<w:tr><w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc></w:tr>'
_LAYOUT_TABLE = (
    '<w:tbl><w:tblPr><w:tblW w:w="8844" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr>'
    '<w:tblGrid><w:gridCol w:w="8844"/></w:tblGrid>{rows}</w:tbl>'
)
# Word writes a text box twice: as DrawingML, and as VML for older readers.
_TEXT_BOX = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
    '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="0" locked="0"'
    ' layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
    '<wp:positionH relativeFrom="margin"><wp:align>center</wp:align></wp:positionH>'
    '<wp:positionV relativeFrom="margin"><wp:posOffset>0</wp:posOffset></wp:positionV>'
    '<wp:extent cx="5616000" cy="900000"/><wp:wrapTopAndBottom/><wp:docPr id="1" name="letterhead"/>'
    '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
    '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="5616000" cy="900000"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></wps:spPr>'
    "<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic>"
    "</wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict>"
    '<v:shape style="position:absolute;width:442pt;height:71pt"><v:textbox><w:txbxContent>{content}</w:txbxContent>'
    "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def _p(properties: str, runs: str) -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>" if properties else f"<w:p>{runs}</w:p>"


def _run(text: str, font: str, size: int, colour: str = "") -> str:
    """Words in a font and a size in half points."""
    if not text:
        return ""
    tint = f'<w:color w:val="{colour}"/>' if colour else ""
    look = f'<w:rFonts w:eastAsia="{font}"/>{tint}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _section(landscape: bool) -> str:
    width, height = (16838, 11906) if landscape else (11906, 16838)
    turned = ' w:orient="landscape"' if landscape else ""
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1400"'
        ' w:gutter="0"/>'
        "</w:sectPr>"
    )


def _table(table: Table, total: int) -> str:
    columns = [round(share * total) for share in widths(table)]
    grid = "".join(f'<w:gridCol w:w="{column}"/>' for column in columns)
    rows = "".join(_table_row(table, row, columns) for row in range(len(table.rows)))
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def _table_row(table: Table, row: int, columns: list[int]) -> str:
    covering = {
        (r, c): merge
        for merge in table.merges
        for r in range(merge.row, merge.row + merge.rows)
        for c in range(merge.column, merge.column + merge.columns)
    }
    cells, column = [], 0
    while column < len(columns):
        merge = covering.get((row, column))
        span = merge.columns if merge else 1
        properties = f'<w:tcW w:w="{sum(columns[column : column + span])}" w:type="dxa"/>'
        if span > 1:
            properties += f'<w:gridSpan w:val="{span}"/>'
        if merge and merge.rows > 1:
            properties += '<w:vMerge w:val="restart"/>' if merge.row == row else "<w:vMerge/>"
        text = table.rows[row][column] or ""
        font = HEITI if row < table.head_rows else FANGSONG
        cells.append(
            f'<w:tc><w:tcPr>{properties}<w:vAlign w:val="center"/></w:tcPr>'
            + _p('<w:spacing w:line="320" w:lineRule="exact"/>', _run(text, font, 21))
            + "</w:tc>"
        )
        column += span
    head = "<w:trPr><w:tblHeader/></w:trPr>" if row < table.head_rows else ""
    return f"<w:tr>{head}{''.join(cells)}</w:tr>"
