"""Pictures that can't be read, and machines that can't read pictures: each ends with one line that says what to do."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from dataclasses import replace

import pytest

from extractors.readers import read_source
from extractors.readers.limits import Limits
from schemas.document import SourceFile
from schemas.errors import DubanError, LimitError, SourceError
from tests.extractors.ocr.scan_build import encoded


def read(data: bytes, format: str, limits: Limits | None = None) -> None:
    read_source(SourceFile.of(data, f"坏.{format}", format), limits or Limits())


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(wide: int, high: int, packed: bytes = b"") -> bytes:
    """A png that says how large it is, whatever it holds."""
    head = struct.pack(">IIBBBBB", wide, high, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def plain(wide: int = 400, high: int = 300) -> bytes:
    image = pytest.importorskip("PIL.Image")
    return encoded(image.new("L", (wide, high), 255), "jpeg")


@pytest.mark.usefixtures("recogniser")
@pytest.mark.parametrize("format", ["png", "jpg", "tif", "bmp", "gif", "webp"])
def test_a_picture_cut_short_is_damaged(format: str) -> None:
    from PIL import Image

    codec = {"jpg": "jpeg", "tif": "tiff"}.get(format, format)
    data = encoded(Image.effect_noise((600, 800), 90), codec)
    for share in (0.02, 0.5):
        with pytest.raises(SourceError) as caught:
            read(data[: int(len(data) * share)], format)
        assert caught.value.code == "source.damaged" and f"坏.{format}" in str(caught.value)


@pytest.mark.usefixtures("recogniser")
def test_a_picture_larger_than_what_is_recognised_is_refused_from_its_head() -> None:
    with pytest.raises(LimitError) as caught:
        read(png(60_000, 60_000, zlib.compress(bytes(1000))), "png")
    assert caught.value.code == "limit.pixels" and "8000万像素" in str(caught.value)


@pytest.mark.usefixtures("recogniser")
def test_a_picture_without_width() -> None:
    with pytest.raises(SourceError) as caught:
        read(png(0, 40), "png")
    assert caught.value.code == "source.damaged"


@pytest.mark.usefixtures("recogniser")
def test_a_tif_of_thousands_of_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    from extractors.readers.pdf_page import RawPage

    pages = [Image.new("1", (8, 8), 1) for _ in range(300)]
    data = encoded(pages[0], "tiff", save_all=True, append_images=pages[1:])
    looked: list[int] = []

    def fake(pixels: object, scale: float, number: int) -> RawPage:
        looked.append(number)
        return RawPage(number, 8, 8, [], [], lambda at: None, scores=[])  # type: ignore[arg-type,return-value]

    monkeypatch.setattr("extractors.ocr.page.read_picture", fake)
    with pytest.raises(LimitError) as caught:
        read(data, "tif", replace(Limits(), max_ocr_pages=20))
    assert caught.value.code == "limit.ocr_pages" and not looked


@pytest.mark.usefixtures("recogniser")
def test_a_tif_whose_pages_go_round_in_a_circle() -> None:
    from PIL import Image

    data = bytearray(encoded(Image.new("L", (8, 8), 255), "tiff"))
    (first,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, first)
    struct.pack_into("<I", data, first + 2 + 12 * count, first)  # the next page is this one
    with contextlib.suppress(DubanError):  # read once or refused, but never for ever
        read(bytes(data), "tif", replace(Limits(), max_ocr_pages=3))


@pytest.mark.usefixtures("recogniser")
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "F"])
def test_all_kinds_of_pixels(mode: str) -> None:
    from PIL import Image

    codec = "png" if mode in ("1", "L", "LA", "P", "RGBA", "I;16") else "tiff"
    picture = Image.new("L", (200, 120), 255)
    picture = picture.convert("I").convert("I;16") if mode == "I;16" else picture.convert(mode)
    read(encoded(picture, codec), "png" if codec == "png" else "tif")


@pytest.mark.parametrize("format", ["png", "jpg", "tif"])
def test_without_the_extra_one_line_says_what_to_install(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractors.ocr._found", lambda: False)
    with pytest.raises(SourceError) as caught:
        read(b"whatever it holds", format)
    assert caught.value.code == "source.no_ocr"
    assert str(caught.value).count("\n") == 0 and f"坏.{format}" in str(caught.value)
    assert 'pip install "duban[ocr]"' in str(caught.value)


@pytest.mark.usefixtures("recogniser")
def test_models_that_are_missing_are_said_and_never_fetched(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from extractors.ocr import engine

    monkeypatch.setenv(engine.MODELS, str(tmp_path_factory.mktemp("models")))
    engine._engine.cache_clear()
    try:
        with pytest.raises(SourceError) as caught:
            read(plain(), "jpg")
        assert caught.value.code == "source.no_ocr" and "模型" in str(caught.value)
    finally:
        engine._engine.cache_clear()


@pytest.mark.usefixtures("recogniser")
def test_no_network_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    from extractors.ocr import engine

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    engine._engine.cache_clear()
    read(plain(), "jpg")


def test_random_bytes_behind_a_head() -> None:
    pytest.importorskip("PIL")
    for head, format in (
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"II*\x00\x08\x00\x00\x00", "tif"),
    ):
        with pytest.raises(SourceError):
            read(head + io.BytesIO(bytes(range(256)) * 8).read(), format)
