"""Pictures of pages (png, jpg, tif, bmp, gif, webp), recognised and laid out as pages of a pdf are."""

from __future__ import annotations

import io
import warnings as python_warnings
from collections.abc import Iterator
from typing import Any

from extractors.readers.limits import Limits
from extractors.readers.pdf import assemble, check_installed
from extractors.readers.pdf_grid import layout_page
from extractors.readers.pdf_page import PageContent
from extractors.readers.pdf_scan import A4_LONG, Scans
from schemas.document import Document, SourceFile
from schemas.errors import LimitError, SourceError

#: A picture that tells its resolution is believed where its longer side comes out between these, in points.
_SOUND = (400.0, 1250.0)
#: Pictures higher than so many widths are long screenshots: their width is that of a page.
_LONG = 2.0
_A4_WIDE = 595.0
#: Pixels to the point: fewer are enlarged, more are reduced.
_LEAST, _MOST = 2.0, 3.1
_AGAIN = "请重新扫描、拍照或向来文单位索取"


def read(source: SourceFile, limits: Limits) -> Document:
    """The text and tables of a picture, of a tif of each of its pages.

    Args:
        source: a picture's bytes.
        limits: upper bounds.

    Returns:
        Blocks in reading order with page and box, in points: by the resolution that the picture tells where that is
        sound, else as if it were a page of A4.

    Raises:
        SourceError: source.no_ocr, source.damaged.
        LimitError: limit.pixels, limit.ocr_pages, limit.blocks, limit.cells.
    """
    check_installed(source)
    scans = Scans(limits)
    pages = list(_pages(source, limits, scans))
    return assemble(pages, source, limits, scans.warnings())


def _pages(source: SourceFile, limits: Limits, scans: Scans) -> Iterator[PageContent]:
    from extractors.ocr.page import read_picture

    for number, (pixels, scale) in enumerate(_pictures(source, limits), 1):
        raw = read_picture(pixels, scale, number)
        scans.note(raw, "picture")
        yield layout_page(raw)


def _pictures(source: SourceFile, limits: Limits) -> Iterator[tuple[Any, float]]:
    """Each page's pixels (blue, green, red) with how many go to the point."""
    from PIL import Image, ImageOps, ImageSequence

    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")  # what Pillow warns of is refused or read here
        try:
            with Image.open(io.BytesIO(source.data)) as picture:
                _check(picture, source, limits)
                if source.format == "tif":
                    _check_pages(picture, source, limits)
                frames = ImageSequence.Iterator(picture) if source.format == "tif" else [picture]
                for number, frame in enumerate(frames, 1):
                    _check(frame, source, limits, number)
                    scale = _scale(frame.width, frame.height, frame.info.get("dpi"))
                    yield _prepared(ImageOps.exif_transpose(frame), scale)
        except (SourceError, LimitError):
            raise
        except Image.DecompressionBombError as error:
            raise _too_large(source, limits) from error
        except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, IndexError, OverflowError) as error:
            raise SourceError("source.damaged", "图片损坏或不完整，打不开", file=source.name, remedy=_AGAIN) from error


def _check(picture: Any, source: SourceFile, limits: Limits, number: int = 1) -> None:
    """Refuse a picture by its head, before it is unpacked."""
    if not picture.width or not picture.height:
        raise SourceError("source.damaged", "图片的宽或高是零", file=source.name, remedy=_AGAIN)
    if picture.width * picture.height > limits.max_pixels:
        raise _too_large(source, limits, number)


def _check_pages(picture: Any, source: SourceFile, limits: Limits) -> None:
    """Refuse a tif of too many pages by its directory, before one is unpacked."""
    try:
        picture.seek(limits.max_ocr_pages)
    except EOFError:
        picture.seek(0)
        return
    raise LimitError(
        "limit.ocr_pages",
        f"超过{limits.max_ocr_pages}页，而识别一页要几秒",
        file=source.name,
        remedy="请拆成几个文件再放入",
    )


def _too_large(source: SourceFile, limits: Limits, number: int = 1) -> LimitError:
    return LimitError(
        "limit.pixels", f"图片超过上限{limits.max_pixels // 10_000}万像素", file=source.name,
        place=f"第{number}页" if number > 1 else "", remedy="请以 200 至 300 dpi 重新扫描，或缩小后再放入",
    )  # fmt: skip


def _scale(wide: int, high: int, resolution: Any) -> float:
    """Pixels to the point: by the resolution that the picture tells, else as a page of A4."""
    long = max(wide, high)
    if isinstance(resolution, tuple) and resolution:
        told = float(resolution[0]) / 72
        if told > 0 and _SOUND[0] <= long / told <= _SOUND[1]:
            return told
    if high > _LONG * wide:
        return wide / _A4_WIDE
    return long / A4_LONG


def _prepared(picture: Any, scale: float) -> tuple[Any, float]:
    """A picture as blue, green and red bytes on white, at a size that letters are recognised well at."""
    import cv2
    import numpy as np

    from extractors.ocr.photo import flatten

    if picture.mode.startswith("I") or picture.mode == "F":
        deep = np.asarray(picture).astype(np.float32)
        grey = (deep * (255 / max(1.0, float(deep.max())))).astype(np.uint8)
        pixels = np.repeat(grey[:, :, None], 3, axis=2)
    else:
        if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
            from PIL import Image

            seen = picture.convert("RGBA")
            picture = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
        pixels = np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])
    flat = flatten(pixels)
    if flat is not pixels:  # the page is smaller than its photograph, whatever resolution that tells
        pixels, scale = flat, _scale(flat.shape[1], flat.shape[0], None)
    wanted = min(max(scale, _LEAST), _MOST)
    if wanted != scale:
        ratio = wanted / scale
        how = cv2.INTER_AREA if ratio < 1 else cv2.INTER_CUBIC
        pixels = cv2.resize(pixels, None, fx=ratio, fy=ratio, interpolation=how)
    return pixels, wanted
