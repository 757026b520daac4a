"""The steps from a picture to spans, each by itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.ocr.glyphs import narrow_marks, repair
from extractors.ocr.grounding import _Places, doubted, letters_of
from extractors.readers.pdf_page import Seen
from extractors.readers.pdf_scan import is_garbage, runs
from schemas.document import Block, Document, Source, Span
from tests.extractors.ocr.scan_build import SCALE, Sheet

SPECS = json.loads((Path(__file__).parents[2] / "specs" / "ocr_marks.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", SPECS["repair"], ids=lambda case: case["read"])
def test_marks_come_as_they_are_written(case: dict[str, str]) -> None:
    chars = spaced(case["read"], case["narrow"])
    assert "".join(letter for letter, _, _ in repair(chars, frozenset(case["narrow"]))) == case["written"]


def test_a_mark_with_much_room_is_wide_whatever_the_page_is_used_to() -> None:
    chars = spaced("各镇(街道)上报工作情况", "")
    assert "".join(letter for letter, _, _ in repair(chars, frozenset("()（）"))) == "各镇（街道）上报工作情况"


def spaced(text: str, narrow: str) -> list[tuple[str, float, float]]:
    """Characters ten wide, narrow marks and figures five."""
    made, x = [], 0.0
    for letter in text:
        wide = 5.0 if letter in narrow or letter.isdigit() else 10.0
        made.append((letter, 1.0, x + wide / 2))
        x += wide
    return made


@pytest.mark.parametrize("case", SPECS["garbage"], ids=lambda case: case["text"][:8])
def test_garbage_is_told_from_sound_text(case: dict[str, object]) -> None:
    assert is_garbage(str(case["text"])) is case["garbage"]


def test_the_room_between_neighbours_tells_how_wide_a_mark_is() -> None:
    assert narrow_marks([spaced("先做，后说，再看，不停", "")]) == frozenset()
    assert narrow_marks([spaced("先做，后说，再看，不停", "，")]) == frozenset(",，;；:：")


def test_pages_in_a_row_are_told_as_one() -> None:
    assert runs([3, 1, 2, 7]) == "1—3、7" and runs([]) == ""


@pytest.mark.usefixtures("recogniser")
@pytest.mark.parametrize("angle", [-3.0, -0.6, 0.0, 1.3, 5.0])
def test_a_page_is_set_straight(angle: float) -> None:
    import numpy as np

    from extractors.ocr.picture import skew, straighten, whiten

    sheet = Sheet((400, 560))
    for i in range(14):
        sheet.text(40, 60 + 28 * i, "各单位要认真组织落实到位并按时上报", 16)
    pixels = whiten(np.ascontiguousarray(np.asarray(sheet.soiled(angle))[:, :, ::-1]))
    straight, turned = straighten(pixels)
    assert abs(turned + angle) < 0.15 and abs(skew(straight)) < 0.15


@pytest.mark.usefixtures("recogniser")
def test_a_seal_is_lifted_and_a_red_head_stays() -> None:
    import numpy as np

    from extractors.ocr.picture import lift_seals, red_mask, whiten

    sheet = Sheet().centred(90, "皋城市人民政府文件", 34, "#d02020").line(80, 180, 515, 180, 4, "#d02020")
    sheet.text(330, 600, "皋城市人民政府").seal(400, 610)
    pixels = whiten(np.ascontiguousarray(np.asarray(sheet.soiled())[:, :, ::-1]))
    lifted, count = lift_seals(pixels, SCALE)
    red = red_mask(lifted) > 0
    assert count == 1
    assert red[: round(200 * SCALE)].sum() > 0.9 * (red_mask(pixels) > 0)[: round(200 * SCALE)].sum()
    assert red[round(500 * SCALE) :].sum() < 200
    name = lifted[round(603 * SCALE) : round(616 * SCALE), round(332 * SCALE) : round(440 * SCALE)]
    assert (name.max(axis=2) < 120).mean() > 0.05  # the words beneath are still there


@pytest.mark.usefixtures("recogniser")
def test_rulings_are_lines_and_letters_are_not() -> None:
    import numpy as np

    from extractors.ocr.rulings import find_rulings

    sheet = Sheet((420, 300)).table([40, 140, 380], [40, 80, 120, 160], [["一", "工作十分重要"]] * 3, 22)
    sheet.text(40, 200, "一二三十工口日目田", 30)
    pixels = np.ascontiguousarray(np.asarray(sheet.picture)[:, :, ::-1])
    strokes, clean = find_rulings(pixels, SCALE)
    across = sorted((s.y0 + s.y1) / 2 / SCALE for s in strokes if s.x1 - s.x0 > s.y1 - s.y0)
    down = sorted((s.x0 + s.x1) / 2 / SCALE for s in strokes if s.x1 - s.x0 <= s.y1 - s.y0)
    assert np.allclose(across, [40, 80, 120, 160], atol=1) and np.allclose(down, [40, 140, 380], atol=1)
    assert (clean[round(78 * SCALE) : round(82 * SCALE)].min(axis=2) < 100).sum() == 0


def page(text: str, scores: list[float]) -> Document:
    letters = [letter for letter in text if not letter.isspace()]
    seen = [Seen(letter, 1, (10.0 * i, 5, 10.0 * i + 10, 15), score) for i, (letter, score) in enumerate(zip(letters, scores, strict=True))]  # fmt: skip
    source = Source(name="扫描.png", format="png", sha256="", bytes=0, pages=1)
    return Document(source=source, blocks=[Block(id=0, text=text, page=1)], letters=[letters_of(0, text, seen)])


@given(st.text("甲乙丙 \n，1", min_size=1, max_size=20), st.data())
def test_every_span_of_recognised_words_has_a_place(text: str, data: st.DataObject) -> None:
    solid = sum(not letter.isspace() for letter in text)
    places = _Places(page(text, [0.5] * solid))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = places.find(Span(block=0, start=start, end=end))
    if text[start:end].strip():
        assert found.page == 1 and found.bbox and found.ocr == 0.5
        assert found.bbox[2] - found.bbox[0] == 10 * sum(not letter.isspace() for letter in text[start:end])
    else:
        assert found.bbox is None and found.ocr is None


def test_doubtful_characters_are_quoted_with_their_place() -> None:
    text = "请各单位于5月10日前报送工作方案"
    read = doubted(page(text, [0.99] * 5 + [0.41] + [0.99] * (len(text) - 6)))
    (warning,) = read.warnings
    assert warning.code == "ocr.doubtful" and "请各单位于【5】月10日前" in warning.message and "41%" in warning.message
    assert warning.span and read.text_at(warning.span) == "5" and warning.span.bbox == (50, 5, 60, 15)


def test_letters_keep_their_places_where_lines_were_joined_without_a_hyphen() -> None:
    seen = [Seen(letter, 1, (i, 0, i + 1, 1), 1.0) for i, letter in enumerate("net-work")]
    assert [box[0] for box in letters_of(0, "network", seen).boxes] == [0, 1, 2, 4, 5, 6, 7]
