"""Bytes of a saved web page to its element tree, without what no reader of the page sees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extractors.readers.limits import Limits
from extractors.readers.txt_decode import Decoded, decode
from schemas.document import SourceFile
from schemas.errors import LimitError, SourceError

if TYPE_CHECKING:
    from lxml.etree import _Element

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]{2,30})", re.IGNORECASE)
_PRESCAN = 8192
#: Encodings that a page's word is taken for: the bytes alone tell UTF-8 from GB18030, but hardly these.
_TRUSTED = {"big5": "big5hkscs", "big5-hkscs": "big5hkscs", "shift_jis": "cp932", "euc-kr": "cp949"}
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n.*?\n---[ \t]*\r?\n", re.DOTALL)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_NAMES = (
    "script style noscript template svg math iframe object embed select option button input textarea audio video "
    "canvas map del title link meta base dialog datalist"
)
_UNSEEN = frozenset(_NAMES.split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
#: Elements on top of each other beyond which a page is no page; libxml2 stops there too.
_DEEPEST = 250


def decode_page(data: bytes) -> Decoded:
    """The text of a page. The bytes decide, since what a page says of itself is often wrong or missing.

    A mark (BOM) first; then UTF-8 where all of it is; then what the page names, where that can only be known from it;
    else the likeliest, told from the lines that are not plain ASCII. Source: the WHATWG Encoding Standard's labels
    (gb2312 and gbk are read as GB18030).
    """
    found = decode(data)
    if not found.bad and found.encoding != "big5":
        return found
    named = _META.search(data[:_PRESCAN])
    coding = _TRUSTED.get(named[1].decode("ascii").lower(), "") if named else ""
    if coding:
        text = data.decode(coding, "replace")
        return Decoded(text, coding, text.count("�"))
    if b"\x00" in data:
        return found
    words = b"\n".join(line for line in data.split(b"\n") if not line.isascii())
    likeliest = decode(words).encoding
    text = data.decode(likeliest, "replace")
    return Decoded(text, likeliest, text.count("�"))


def parse(source: SourceFile, text: str, limits: Limits) -> _Element:
    """The page as a tree. What a browser leaves out of its head may stand in it, as libxml2 knows no newer elements.

    Raises:
        SourceError: source.damaged, where no element can be made of it.
        LimitError: limit.text_chars, limit.depth.
    """
    from lxml import etree, html

    if len(text) > limits.max_text_chars:
        message = f"网页有{len(text)}字，超过上限{limits.max_text_chars}字"
        raise LimitError("limit.text_chars", message, file=source.name, remedy="请拆分后再放入")
    text = _DECLARATION.sub("", _FRONT_MATTER.sub("", text, count=1), count=1).replace("\x00", "")
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False, no_network=True)
    try:
        root: _Element = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise SourceError(
            "source.damaged", "网页内容不完整，读不出正文", file=source.name, remedy="请用浏览器重新保存网页再放入"
        ) from error
    _check_depth(root, source.name)
    return root


def strip_unseen(root: _Element) -> None:
    """Takes out, in place, what no reader of the page sees; the words behind an element stay."""
    for element in list(root.iter()):
        if element is root or not isinstance(element.tag, str):
            continue
        hidden = "hidden" in element.attrib or _HIDDEN.search(element.get("style") or "")
        if (local(element) in _UNSEEN or hidden) and local(element) not in ("head", "body"):
            drop(element)


def local(element: _Element) -> str:
    """An element's name in lower case (``o:p`` of Word is no ``p``); empty for what is no element."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def drop(element: _Element) -> None:
    """An element out of its tree; what stands behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _check_depth(root: _Element, name: str) -> None:
    from lxml import etree

    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise LimitError(
                "limit.depth", f"网页的元素嵌套超过{_DEEPEST}层，不予读取", file=name,
                remedy="请用浏览器打开后打印为 pdf 再放入",
            )  # fmt: skip
