"""Word documents saved as one XML file: of Word 2003, and packages written flat by later versions.

Source: the WordprocessingML schema of Office 2003; ECMA-376 part 2 for the parts of a flat package. Both are laid out
as the parts of a docx and read by its reader.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from extractors.readers.doc_lists import number_format
from extractors.readers.docx import assemble
from extractors.readers.docx_package import W
from extractors.readers.limits import Limits
from extractors.readers.word_tree import Parts, make, margin
from schemas.document import Document, SourceFile
from schemas.errors import LimitError, SourceError

if TYPE_CHECKING:
    from lxml.etree import _Element

_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_AML = "{http://schemas.microsoft.com/aml/2001/core}"
_OLD = b"http://schemas.microsoft.com/office/word/2003/wordml"
_NEW = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_VAL = f"{W}val"
_RENAMED = {f"{W}vmerge": f"{W}vMerge", f"{W}hmerge": f"{W}hMerge", f"{W}listPr": f"{W}numPr", f"{W}ilfo": f"{W}numId"}
_WRAPPERS = re.compile(r"\}(?:sect|sub-section|pBdrGroup|content|estimate)$")
_PAGES = {"odd": "default", "even": "even", "first": "first"}
_REMEDY = "请用 Word 或 WPS 打开另存为 docx 再放入"


def read(source: SourceFile, limits: Limits) -> Document:
    """A Word document in one XML file as blocks and tables, as ``docx.read`` gives them.

    Args:
        source: its bytes.
        limits: upper bounds.

    Raises:
        SourceError: source.damaged, source.unsafe_xml, source.unsupported.
        LimitError: limit.expansion, where the XML is larger than a part may be, and what ``docx.read`` adds.
    """
    if len(source.data) > limits.max_part_bytes:
        raise LimitError("limit.expansion", "XML 部分过大，超过上限", file=source.name, remedy=_REMEDY)
    root = _parsed(source)
    parts = _flat(root, source) if root.tag == f"{_PKG}package" else _old(root)
    return assemble(parts, source, limits)


def _parsed(source: SourceFile) -> _Element:
    from lxml import etree

    data = source.data.replace(_OLD, _NEW)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError("source.damaged", "文件损坏，内容读不出来", file=source.name, remedy=_REMEDY) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceError(
            "source.unsafe_xml", "文件内部含有 DTD 或实体定义，可能是攻击文件，不予读取", file=source.name,
            remedy="请向来文单位重新索取，或用 Word 或 WPS 打开另存后再试",
        )  # fmt: skip
    return root


def _flat(root: _Element, source: SourceFile) -> Parts:
    """The parts of a package that was written into one file."""
    trees: dict[str, _Element] = {}
    for part in root.iterchildren(f"{_PKG}part"):
        data = part.find(f"{_PKG}xmlData")
        if data is not None and len(data):
            trees[(part.get(f"{_PKG}name") or "").lstrip("/")] = data[0]
    main = next((name for name, tree in trees.items() if tree.tag == f"{W}document"), None)
    if main is None:
        raise SourceError("source.unsupported", "文件里不是 Word 正文", file=source.name, remedy=_REMEDY)
    parts = Parts(trees[main], main=main, paged=next(trees[main].iter(f"{W}lastRenderedPageBreak"), None) is not None)
    folder, base = posixpath.split(main)
    for relation in trees.get(posixpath.join(folder, "_rels", f"{base}.rels"), ()):
        target = posixpath.normpath(posixpath.join(folder, relation.get("Target") or "")).lstrip("/")
        if relation.get("TargetMode") != "External" and target in trees:
            kind = (relation.get("Type") or "").rsplit("/", 1)[-1]
            parts.parts[relation.get("Id") or ""] = (kind, trees[target])
    return parts


def _old(root: _Element) -> Parts:
    """A document of Word 2003 as the parts of a later one."""
    _revise(root)
    document = make("document")
    parts = Parts(document)
    styles, lists, body = (root.find(f"{W}{name}") for name in ("styles", "lists", "body"))
    if styles is not None:
        parts.add("styles", styles)
    if lists is not None:
        parts.add("numbering", _numbering(lists))
    settings = make("settings")
    if root.find(f"{W}docPr/{W}evenAndOddHeaders") is not None:
        make("evenAndOddHeaders", settings)
    parts.add("settings", settings)
    if body is not None:
        for section in body.iter(f"{W}sectPr"):
            _margins(section, parts)
        _notes(body, parts)
        document.append(body)
    return parts


def _revise(root: _Element) -> None:
    """Names as they are today; deletions taken out, insertions and mere groups opened."""
    for element in list(root.iter(f"{_AML}annotation")):
        kind = element.get(f"{W}type") or ""
        parent = element.getparent()
        if parent is not None and kind in ("Word.Deletion", "Word.Comment", "Word.Formatting"):
            if parent.tag == f"{W}rPr" and kind == "Word.Deletion":
                make("del", parent)
            _open(element, keep=False)
        elif parent is not None:
            _open(element, keep=True)
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        if element.tag in _RENAMED:
            element.tag = _RENAMED[element.tag]
        elif _WRAPPERS.search(element.tag) and not element.tag.startswith(W) and element.getparent() is not None:
            _open(element, keep=True)


def _open(element: _Element, *, keep: bool) -> None:
    """Takes an element out, leaving what it holds in its place or not."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    parent.remove(element)
    if keep:
        for offset, child in enumerate(list(element)):
            parent.insert(at + offset, child)


def _numbering(lists: _Element) -> _Element:
    root = make("numbering")
    for definition in lists.iterchildren(f"{W}listDef"):
        definition.tag = f"{W}abstractNum"
        definition.set(f"{W}abstractNumId", definition.get(f"{W}listDefId") or "")
        for form in definition.iter(f"{W}nfc"):
            form.tag = f"{W}numFmt"
            code = form.get(_VAL) or "0"
            form.set(_VAL, number_format(int(code)) if code.isdigit() else "decimal")
        root.append(definition)
    for use in lists.iterchildren(f"{W}list"):
        target = use.find(f"{W}ilst")
        number = make("num", root, numId=use.get(f"{W}numId") or use.get(f"{W}ilfo"))
        make("abstractNumId", number, val=target.get(_VAL) if target is not None else None)
        for override in use.iterchildren(f"{W}lvlOverride"):
            number.append(override)
    return root


def _margins(section: _Element, parts: Parts) -> None:
    for kind in ("hdr", "ftr"):
        for story in list(section.iterchildren(f"{W}{kind}")):
            section.remove(story)
            which = _PAGES.get(story.get(f"{W}type") or "odd", "default")
            name = "header" if kind == "hdr" else "footer"
            margin(section, name, which, parts.add(name, story))


def _notes(body: _Element, parts: Parts) -> None:
    for kind in ("footnote", "endnote"):
        root = make(f"{kind}s")
        for number, note in enumerate(list(body.iter(f"{W}{kind}")), 1):
            parent = note.getparent()
            if parent is None or parent.tag != f"{W}r":
                continue
            parent.replace(note, make(f"{kind}Reference", id=number))
            note.set(f"{W}id", str(number))
            root.append(note)
        parts.add(f"{kind}s", root)
