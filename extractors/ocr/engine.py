"""The recogniser: rapidocr with the models of its own package, started once a process.

rapidocr fetches a model that it doesn't find; so the models' files are named to it, and one that is missing is said.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from extractors.ocr import INSTALL
from schemas.errors import SourceError

#: Detection sees a page at this many pixels to the point; letters are recognised at the full size.
DETECTION = 1.6
#: A folder with models to use instead of the package's: one file each with ``_det`` and ``_rec`` in its name.
MODELS = "DUBAN_OCR_MODELS"
_MOST_SIDE = 8000
#: Lines recognised at a time, and threads at most: more of either cost memory and save little time.
_BATCH, _THREADS = 2, 4


@dataclass(frozen=True)
class Reading:
    """A line as it was recognised, in pixels.

    Attributes:
        text: its words, blanks between Latin words included.
        score: how sure the recogniser is, 0 to 1.
        box: left, top, right, bottom.
        chars: each character that is not white space, with its score and the middle of where it stands.
    """

    text: str
    score: float
    box: tuple[float, float, float, float]
    chars: tuple[tuple[str, float, float], ...]

    @property
    def tall(self) -> bool:
        """Higher than wide: written downwards, or on its side."""
        return self.box[3] - self.box[1] > 1.5 * (self.box[2] - self.box[0])


def read_lines(pixels: Any, scale: float) -> list[Reading]:
    """The lines of text in a picture, from top to bottom as the detector sorts them.

    Args:
        pixels: rows of blue, green, red bytes.
        scale: pixels to the point.

    Raises:
        SourceError: source.no_ocr, where the models are not there.
    """
    engine = _engine(os.getpid())
    side = max(pixels.shape[:2])
    _limit_detection(engine, round(min(side, side / scale * DETECTION)))
    found = _run(engine, pixels, return_word_box=True, return_single_char_box=True)
    if found.txts is None or found.boxes is None:
        return []
    rows = zip(found.boxes, found.txts, found.scores, found.word_results, strict=True)
    return [_reading(box.tolist(), text, float(score), words) for box, text, score, words in rows]


def read_line(pixels: Any) -> tuple[str, float]:
    """The words of a picture that holds one line and nothing else, and how sure they are."""
    found = _run(_engine(os.getpid()), pixels, use_det=False, return_word_box=False)
    # What is asked for in one call stays asked for in the next.
    _engine(os.getpid()).update_params(use_det=True)
    if found.txts is None or not len(found.txts):
        return "", 0.0
    return str(found.txts[0]), float(found.scores[0])


def _run(engine: Any, pixels: Any, **options: bool) -> Any:
    try:
        return engine(pixels, **options)
    except Exception as error:
        # Both runtimes have errors of their own for memory that they didn't get.
        if re.search(r"alloc|out of memory", f"{error} {error.__cause__}", re.IGNORECASE):
            raise MemoryError from error
        raise


@lru_cache(maxsize=1)
def _engine(process: int) -> Any:
    """The engine of this process: its threads don't outlive a fork, hence the process in the key."""
    from rapidocr import EngineType, RapidOCR
    from rapidocr.utils.download_file import DownloadFile

    DownloadFile.run = _refuse
    kind = EngineType.OPENVINO if find_spec("openvino") else EngineType.ONNXRUNTIME
    folder, threads = _models(), min(_THREADS, os.cpu_count() or 1)
    # The classifier of upside-down lines is off: it turns lines of digits and dashes that were upright.
    engine = RapidOCR(
        params={
            "Global.use_cls": False, "Global.log_level": "critical", "Global.text_score": 0.0,
            "Global.max_side_len": _MOST_SIDE, "Rec.rec_batch_num": _BATCH,
            "Det.engine_type": kind, "Rec.engine_type": kind, "Det.limit_type": "max",
            "Det.model_path": _model(folder, "det"), "Rec.model_path": _model(folder, "rec"),
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.openvino.inference_num_threads": threads,
        }
    )  # fmt: skip
    _prefer_simplified(engine)
    return engine


class _Simplified:
    """A decoder that takes a rare character only where it is much likelier than a common one.

    The recogniser's alphabet holds traditional and Japanese forms too, and takes 門 for 门 here and there. What GB 2312
    doesn't hold, rare characters of names with it, must be so much likelier than what it holds.
    """

    RARE = 0.15

    def __init__(self, decode: Any) -> None:
        import numpy as np

        self.decode = decode
        self.weights = np.array([self.RARE if _is_rare(letter) else 1.0 for letter in decode.character], np.float32)

    def __call__(self, likely: Any, *rest: Any, **named: Any) -> Any:
        weighed = likely
        weighed *= self.weights  # in place: these are the largest numbers of a page
        # A rare character that is taken all the same is as sure as it was.
        weighed[self.weights[weighed.argmax(axis=2)] < 1] /= self.RARE
        lines, words = self.decode(weighed, *rest, **named)
        for (text, _), each in zip(lines, words, strict=False):
            # Blanks have scores but no places; left in, each would shift the scores of the letters behind it by one.
            if len(getattr(each, "confs", None) or ()) == len(text):
                each.confs = [score for score, letter in zip(each.confs, text, strict=True) if not letter.isspace()]
        return lines, words


def _is_rare(letter: str) -> bool:
    """Whether a character is an ideograph outside GB 2312."""
    if len(letter) != 1 or not "\u3400" <= letter <= "\u9fff":
        return False
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


def _prefer_simplified(engine: Any) -> None:
    """Puts the decoder in its place; a version of rapidocr that keeps it elsewhere decodes as it likes."""
    load = getattr(engine, "_load_rec_model", None)
    recogniser = load() if load else None
    decode = getattr(recogniser, "postprocess_op", None)
    if recogniser is not None and hasattr(decode, "character"):
        recogniser.postprocess_op = _Simplified(decode)


def _models() -> Path:
    stated = os.environ.get(MODELS)
    if stated:
        return Path(stated)
    found = find_spec("rapidocr")
    if found is None or found.origin is None:
        raise SourceError("source.no_ocr", "没有安装文字识别组件", remedy=INSTALL)
    return Path(found.origin).parent / "models"


def _model(folder: Path, task: str) -> str:
    found = sorted(folder.glob(f"*_{task}[_.]*onnx"))
    if not found:
        raise SourceError(
            "source.no_ocr", f"文字识别组件里没有模型文件（{folder} 中缺 *_{task}*.onnx）",
            remedy=f'请重新安装：pip install --force-reinstall "duban[ocr]"，或用 {MODELS} 指明模型所在文件夹',
        )  # fmt: skip
    return str(found[-1])


def _limit_detection(engine: Any, side: int) -> None:
    engine.cfg.Det.limit_side_len = side
    if engine.text_det is not None:
        engine.text_det.limit_side_len = side


def _reading(quad: list[list[float]], text: str, score: float, words: Any) -> Reading:
    xs, ys = [x for x, _ in quad], [y for _, y in quad]
    box = (min(xs), min(ys), max(xs), max(ys))
    letters = [letter for letter in text if not letter.isspace()]
    placed = [(str(word[0]), float(word[1]), sum(point[0] for point in word[2]) / len(word[2])) for word in words]
    if [letter for letter, _, _ in placed] != letters:  # a word was placed as a whole: spread its letters evenly
        step = (box[2] - box[0]) / max(1, len(letters))
        placed = [(letter, score, box[0] + step * (i + 0.5)) for i, letter in enumerate(letters)]
    return Reading(text, score, box, tuple(placed))


def _refuse(*_: object) -> None:
    """In place of rapidocr's fetching of what it misses: nothing is ever fetched."""
    raise SourceError(
        "source.no_ocr", "文字识别组件缺少模型或字表文件",
        remedy='请重新安装：pip install --force-reinstall "duban[ocr]"',
    )  # fmt: skip
