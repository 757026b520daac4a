"""Pictures of pages to what the pdf reader makes of a page: glyphs with boxes, rulings, and how sure each glyph is.

Needs the extra ``ocr`` (rapidocr with the models in its package). Nothing is fetched from the network.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

#: How to get the extra, for messages to people.
INSTALL = '请先安装文字识别组件：pip install "duban[ocr]"'
#: Bytes of address space that the recogniser's libraries and models take, whatever they read; OpenVINO keeps what it
#: worked out for each length of line.
_MEMORY, _MEMORY_OPENVINO = 1536 * 1024 * 1024, 4096 * 1024 * 1024
_NEEDED = ("rapidocr", "cv2", "PIL")


@cache
def _found() -> bool:
    return all(find_spec(name) for name in _NEEDED) and any(find_spec(name) for name in ("onnxruntime", "openvino"))


def installed() -> bool:
    """Whether pages can be recognised on this machine; asks without loading anything."""
    return _found()


def memory() -> int:
    """Bytes that recognition takes for itself on this machine; 0 where it is not installed."""
    if not installed():
        return 0
    return _MEMORY_OPENVINO if find_spec("openvino") else _MEMORY
