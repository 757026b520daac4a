"""Pictures of pages to what the pdf reader makes of a page: glyphs with boxes, rulings, and how sure each glyph is.

Needs the extra ``ocr`` (rapidocr with the models in its package). Nothing is fetched from the network.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

#: How to get the extra, for messages to people.
INSTALL = '请先安装文字识别组件：pip install "duban[ocr]"'
_NEEDED = ("rapidocr", "cv2", "PIL")


@cache
def _found() -> bool:
    return all(find_spec(name) for name in _NEEDED) and any(find_spec(name) for name in ("onnxruntime", "openvino"))


def installed() -> bool:
    """Whether pages can be recognised on this machine; asks without loading anything."""
    return _found()
