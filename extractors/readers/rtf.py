"""Rich text (rtf), laid out anew as WordprocessingML and read by the docx reader.

Source: Rich Text Format specification 1.9.1. Automatic numbers stand in the text, as the writer left them there.
"""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING

from extractors.readers import word_tree
from extractors.readers.docx import assemble
from extractors.readers.limits import Limits
from extractors.readers.rtf_story import State, Story
from extractors.readers.rtf_tables import RowRule
from extractors.readers.rtf_tokens import CHARSETS, Token, page_name, tokens
from extractors.readers.word_tree import Parts, make
from schemas.document import Document, SourceFile
from schemas.errors import LimitError

if TYPE_CHECKING:
    from lxml.etree import _Element

_DEEPEST, _TABLES_DEEPEST = 2000, 12
#: Destinations whose text is not the document's.
_SKIPPED = frozenset({
    "info", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "themedata", "xmlnstbl",
    "colorschememapping", "datastore", "latentstyles", "fldinst", "bkmkstart", "bkmkend", "objdata", "objclass", "xe",
    "tc", "pn", "pntext", "pnseclvl", "annotation", "atnid", "atnauthor", "atnref", "atndate", "filetbl", "falt",
    "panose", "blipuid", "picprop", "sp", "nonesttables", "userprops", "shprslt", "ftnsep", "ftnsepc", "aftnsep",
    "aftnsepc", "wgrffmtfilter", "mmathPr", "nonshppict", "defchp", "defpap", "background", "template", "pgptbl",
    "shppict", "pict",
})  # fmt: skip
_MARGINS = {
    "header": ("header", "default"), "headerr": ("header", "default"), "headerl": ("header", "even"),
    "headerf": ("header", "first"), "footer": ("footer", "default"), "footerr": ("footer", "default"),
    "footerl": ("footer", "even"), "footerf": ("footer", "first"),
}  # fmt: skip
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])\s*;?$", re.IGNORECASE)
_ALIGN = {"ql": "left", "qc": "center", "qr": "right", "qj": "both", "qd": "distribute"}
_WORDS = {
    "tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_SCRIPTS = frozenset({"rtlch", "ltrch", "loch", "hich", "dbch"})
_SYMBOLS = {"~": "\u00a0", "_": "-", "-": ""}


def read(source: SourceFile, limits: Limits) -> Document:
    """A rich text file as blocks and tables, as ``docx.read`` gives them.

    Deleted revisions, hidden text, field codes and comments are left out.

    Args:
        source: its bytes.
        limits: upper bounds.

    Raises:
        LimitError: it goes beyond a limit.
    """
    maker = _Maker(source, limits)
    for token in tokens(source.data):
        maker.take(token)
    return assemble(maker.parts(), source, limits)


class _Maker:
    """Follows a file's tokens."""

    def __init__(self, source: SourceFile, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._document = make("document")
        self._parts = Parts(self._document)
        self._body = Story(make("body", self._document))
        self._stories = [self._body]
        self._state = State()
        self._stack: list[State] = []
        self._codecs: dict[int, str] = {}
        self._codec = "cp1252"
        self._colours: list[str] = []
        self._red_green_blue = [0, 0, 0]
        self._bytes = bytearray()
        self._skip = 0
        self._chars = 0
        self._section = make("sectPr")
        self._starred = False
        self._name = ""
        self._outlines: dict[int, int] = {}
        self._gap = False
        self._high = 0
        self._notes: _Element | None = None

    def parts(self) -> Parts:
        """The document, once all tokens were taken."""
        self._flush()
        while len(self._stories) > 1:
            self._leave_story()
        self._end_paragraph(empty=False)
        self._body.close(0)
        self._body.container.append(self._section)
        if self._notes is not None:
            self._parts.add("footnotes", self._notes)
        return self._parts

    def take(self, token: Token) -> None:
        """The next token."""
        if token.kind == "bytes":
            self._plain(token)
            return
        self._flush()
        if token.kind == "{":
            if len(self._stack) >= _DEEPEST:
                raise LimitError(
                    "limit.depth",
                    "文件内部层层嵌套，超出正常范围",
                    file=self._source.name,
                    remedy="请另存为 docx 再放入",
                )
            self._stack.append(self._state)
            self._state = copy(self._state)
            self._state.leave = None
        elif token.kind == "}":
            if self._state.leave is not None:
                self._state.leave()
            self._state = self._stack.pop() if self._stack else State()
        elif token.kind == "symbol":
            if token.name == "*":
                self._starred = True
                return
            self._symbol(token.name)
        else:
            self._word(token.name, token.number)
        self._starred = False

    def _plain(self, token: Token) -> None:
        data = token.data
        if self._skip:
            taken = min(self._skip, len(data))
            self._skip -= taken
            data = data[taken:]
        self._starred = False
        if not self._state.skip:
            self._bytes += data

    def _flush(self) -> None:
        """Bytes gathered become text: characters of two bytes may be written half as codes, half as letters."""
        if not self._bytes:
            return
        raw = bytes(self._bytes)
        self._bytes.clear()
        if self._state.destination == "colours":
            self._colour(raw)
        elif self._state.destination != "fonts":
            self._put(raw.decode(self._codecs.get(self._state.font, self._codec), "replace"))

    def _symbol(self, name: str) -> None:
        if self._skip and name in _SYMBOLS:
            self._skip -= 1
        elif name in ("\n", "\r"):
            self._end_paragraph()
        elif name == "\t":
            self._add("\t")
        elif name in "\\{}":
            self._add(name)
        elif name in _SYMBOLS:
            self._add(_SYMBOLS[name])

    def _put(self, text: str) -> None:
        """Text where it belongs: in the document, or in a style's name."""
        if self._state.destination == "styles":
            self._name += text
            heading = _HEADING.search(self._name)
            if heading:
                self._outlines[self._state.style] = int(heading[1]) - 1
        else:
            self._add(text)

    def _add(self, text: str) -> None:
        state = self._state
        if state.destination == "number":
            # What parts a number from its text is a matter of layout.
            text = " " if text == "\t" and self._gap else text.strip("\t")
            self._gap = bool(re.search(r"[A-Za-z0-9.)•]$", text))
        if state.skip or state.deleted or state.hidden or not text or state.destination == "styles":
            return
        self._chars += len(text)
        if self._chars > self._limits.max_text_chars:
            most = self._limits.max_text_chars
            raise LimitError(
                "limit.text_chars", f"文字超过上限{most}字", file=self._source.name, remedy="请拆分文件后再放入"
            )
        run = make("r", self._paragraph())
        looks = make("rPr", run)
        if state.bold:
            make("b", looks)
        make("sz", looks, val=state.size)
        if 0 < state.colour < len(self._colours) and self._colours[state.colour]:
            make("color", looks, val=self._colours[state.colour])
        word_tree.text(run, text)

    def _paragraph(self) -> _Element:
        story = self._stories[-1]
        if story.paragraph is None:
            story.paragraph = make("p")
        return story.paragraph

    def _end_paragraph(self, *, empty: bool = True) -> None:
        story, state = self._stories[-1], self._state
        if story.paragraph is None and not empty:
            return
        element = self._paragraph()
        properties = make("pPr")
        make("jc", properties, val=state.align)
        if state.indent is not None:
            make("ind", properties, firstLine=state.indent)
        if state.outline is not None:
            make("outlineLvl", properties, val=state.outline)
        element.insert(0, properties)
        story.put(element, min(state.depth, _TABLES_DEEPEST))
        story.paragraph = None

    def _word(self, name: str, number: int | None) -> None:
        state = self._state
        if name == "u" and number is not None:
            if not state.skip:
                self._unicode(number & 0xFFFF)
            self._skip = state.unicode
        elif name == "uc":
            state.unicode = max(0, number or 0)
        elif state.destination == "fonts":
            self._font(name, number)
        elif state.destination == "styles":
            if name in ("s", "cs", "ds", "ts"):
                self._name, state.style = "", (number or 0) if name == "s" else -1
        elif state.destination == "colours":
            if name in ("red", "green", "blue"):
                self._red_green_blue[("red", "green", "blue").index(name)] = min(255, max(0, number or 0))
        elif not state.skip:
            self._open(name, number)

    def _unicode(self, code: int) -> None:
        """Halves of a pair of surrogates come one after the other."""
        if 0xD800 <= code < 0xDC00:
            self._high = code
        elif 0xDC00 <= code < 0xE000:
            high = self._high
            self._put(chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00) if high else "\ufffd")
            self._high = 0
        else:
            self._put(chr(code))

    def _open(self, name: str, number: int | None) -> None:
        """Control words that open a destination; all others are left to ``_control``."""
        state = self._state
        if name in _SKIPPED:
            state.skip = True
        elif name == "fonttbl":
            state.destination = "fonts"
        elif name == "colortbl":
            state.destination = "colours"
        elif name == "stylesheet":
            state.destination = "styles"
        elif name == "listtext":
            state.destination = "number"
        elif name in _MARGINS:
            kind, which = _MARGINS[name]
            root = make("hdr" if kind == "header" else "ftr")
            self._enter(root)
            word_tree.margin(self._section, kind, which, self._parts.add(kind, root))
        elif name == "footnote":
            self._note()
        elif name == "shptxt":
            self._enter(word_tree.box(make("r", self._paragraph())))
        elif not self._control(name, number) and self._starred:
            state.skip = name not in ("shpinst", "shpgrp", "listtext", "nesttableprops", "cs", "ud", "upr")

    def _note(self) -> None:
        if self._notes is None:
            self._notes = make("footnotes")
        identity = len(self._notes) + 1
        make("footnoteReference", make("r", self._paragraph()), id=identity)
        self._enter(make("footnote", self._notes, id=identity))

    def _enter(self, container: _Element) -> None:
        """Goes into a story of its own until the group ends."""
        self._stories.append(Story(container))
        self._state.paragraph()
        self._state.leave = self._leave_story

    def _leave_story(self) -> None:
        if len(self._stories) > 1:
            self._end_paragraph(empty=False)
            self._stories.pop().close(0)

    def _control(self, name: str, number: int | None) -> bool:
        """Words about characters, paragraphs and tables; whether it was one."""
        state, story = self._state, self._stories[-1]
        on = number != 0
        if name in _WORDS:
            self._add(_WORDS[name])
        elif name in ("par", "sect"):
            self._end_paragraph()
        elif name in ("cell", "nestcell"):
            depth = 1 if name == "cell" else max(2, min(state.depth, _TABLES_DEEPEST))
            state.depth = depth
            self._end_paragraph()
            story.end_cell(depth)
        elif name in ("row", "nestrow"):
            story.end_row(1 if name == "row" else max(2, len(story.open)))
        elif name == "trowd":
            story.rule = RowRule()
        elif name == "pard":
            state.paragraph()
        elif name == "s" and number in self._outlines:
            state.outline = self._outlines[number]
        elif name == "plain":
            state.plain()
        elif name in _ALIGN:
            state.align = _ALIGN[name]
        elif name == "intbl":
            state.depth = max(state.depth, 1)
        elif name == "itap":
            state.depth = max(0, number if number is not None else 1)
        elif name == "fi":
            state.indent = number
        elif name == "outlinelevel":
            state.outline = number
        elif name == "b":
            state.bold = on
        elif name in ("v", "deleted"):
            state.hidden, state.deleted = (on, state.deleted) if name == "v" else (state.hidden, on)
        elif name == "f":
            state.font = number or 0
        elif name == "fs" or (name == "afs" and state.wide):
            state.size = number or 24
        elif name == "ab" and state.wide:
            state.bold = on
        elif name in _SCRIPTS:
            # What is said of associated characters counts where those are the East Asian ones.
            state.wide = name == "dbch"
        elif name == "cf":
            state.colour = number or 0
        elif name == "ansicpg":
            self._codec = page_name(number)
        elif name == "titlepg":
            make("titlePg", self._section)
        else:
            return story.rule.take(name, number)
        return True

    def _font(self, name: str, number: int | None) -> None:
        if name == "f":
            self._state.font = number or 0
        elif name == "fcharset" and number in CHARSETS:
            self._codecs[self._state.font] = self._codec if number == 0 else CHARSETS[number]

    def _colour(self, raw: bytes) -> None:
        for _ in range(min(raw.count(b";"), 256)):
            shade = "".join(f"{part:02X}" for part in self._red_green_blue)
            self._colours.append("" if shade == "000000" else shade)
            self._red_green_blue = [0, 0, 0]
