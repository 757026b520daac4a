"""Small Word packages for tests, from the words of the format itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from extractors.readers.docx import read
from extractors.readers.limits import Limits
from schemas.document import Document, SourceFile

SCHEMAS = "http://schemas.openxmlformats.org"
NAMESPACES = (
    f'xmlns:w="{SCHEMAS}/wordprocessingml/2006/main" xmlns:r="{SCHEMAS}/officeDocument/2006/relationships" '
    f'xmlns:mc="{SCHEMAS}/markup-compatibility/2006" xmlns:m="{SCHEMAS}/officeDocument/2006/math" '
    f'xmlns:wp="{SCHEMAS}/drawingml/2006/wordprocessingDrawing" xmlns:a="{SCHEMAS}/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
BORDERS = "".join(f'<w:{side} w:val="single"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV"))


def r(text: str, props: str = "") -> str:
    """A run of text."""
    return f'<w:r>{f"<w:rPr>{props}</w:rPr>" if props else ""}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(content: str = "", props: str = "") -> str:
    """A paragraph: of a text, or of elements as they are."""
    inner = content if content.startswith("<") or not content else r(content)
    return f"<w:p>{f'<w:pPr>{props}</w:pPr>' if props else ''}{inner}</w:p>"


def num(identity: int, level: int | None = 0) -> str:
    """A paragraph's place in a list."""
    ilvl = "" if level is None else f'<w:ilvl w:val="{level}"/>'
    return f'<w:numPr>{ilvl}<w:numId w:val="{identity}"/></w:numPr>'


def tc(content: str = "", props: str = "") -> str:
    """A cell: of a text, or of paragraphs as they are."""
    inner = content if content.startswith("<") else p(content)
    return f"<w:tc>{f'<w:tcPr>{props}</w:tcPr>' if props else ''}{inner}</w:tc>"


def span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


def tbl(*rows: str, borders: bool = True, widths: tuple[int, ...] = (), props: str = "") -> str:
    """A table of rows, each the join of its cells or a whole ``w:tr``."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = f"<w:tblBorders>{BORDERS}</w:tblBorders>" if borders else ""
    body = "".join(
        row if row.startswith("<w:tr>") or row.startswith("<w:sdt>") else f"<w:tr>{row}</w:tr>" for row in rows
    )
    return f"<w:tbl><w:tblPr>{props}{lines}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"


def field(code: str, result: str) -> str:
    """A field over runs."""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def box(*paragraphs: str) -> str:
    """A text box as Word writes it: the newer shape, and the older one for older readers."""
    inner = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData>'
        f"<wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:rect><v:textbox>{inner}</v:textbox></v:rect></w:pict></mc:Fallback>"
        f"</mc:AlternateContent></w:r>"
    )


def lvl(level: int, fmt: str, text: str, *, start: int = 1, more: str = "") -> str:
    """A level of a list."""
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="{start}"/><w:numFmt w:val="{fmt}"/>{more}'
        f"<w:lvlText w:val={quoteattr(text)}/></w:lvl>"
    )


def lists(*levels: str, nums: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>') -> str:
    """A numbering part of one abstract definition and its instances."""
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{nums}'


def package(body: str, parts: Mapping[str, str] | None = None, files: Mapping[str, str | bytes] | None = None) -> bytes:
    """A package.

    Args:
        body: what stands in ``w:body``.
        parts: inner XML of the parts beside it: numbering, styles, settings, footnotes, endnotes, or header1 and so on.
        files: entries to write as they are, in place of those made here.
    """
    parts, entries = dict(parts or {}), {}
    relations = ""
    for name, inner in parts.items():
        kind = name.rstrip("0123456789")
        root = {"header": "hdr", "footer": "ftr"}.get(kind, name)
        entries[f"word/{name}.xml"] = f"{HEAD}<w:{root} {NAMESPACES}>{inner}</w:{root}>"
        relations += _relation(name, f"{SCHEMAS}/officeDocument/2006/relationships/{kind}", f"{name}.xml")
    entries["word/document.xml"] = f"{HEAD}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
    entries["word/_rels/document.xml.rels"] = _relations(relations)
    kind = f"{SCHEMAS}/officeDocument/2006/relationships/officeDocument"
    entries["_rels/.rels"] = _relations(_relation("rId1", kind, "word/document.xml"))
    entries["[Content_Types].xml"] = f'{HEAD}<Types xmlns="{SCHEMAS}/package/2006/content-types"/>'
    entries.update(files or {})  # type: ignore[arg-type]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()


def _relation(identity: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{identity}" Type="{kind}" Target="{target}"/>'


def _relations(inner: str) -> str:
    return f'{HEAD}<Relationships xmlns="{SCHEMAS}/package/2006/relationships">{inner}</Relationships>'


def load(data: bytes, **limits: int) -> Document:
    """A package's bytes as a document."""
    return read(SourceFile.of(data, "通知.docx", "docx"), Limits(**limits))


def document(body: str, parts: Mapping[str, str] | None = None, **limits: int) -> Document:
    """A document of a body and the parts beside it."""
    return load(package(body, parts), **limits)


def texts(doc: Document) -> list[str | None]:
    return [block.text for block in doc.blocks]


def labels(doc: Document) -> list[str | None]:
    return [block.label for block in doc.blocks]
