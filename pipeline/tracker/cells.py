"""What people write into a ledger's cells, as values: 2021.3.5, 3月5日, 12篇, 慢于序时, √."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from pipeline.tracker.heads import lexicon
from pipeline.tracker.sheets import plain

_WHOLE = re.compile(r"(\d{4}|\d{2})[年./\-—\s](\d{1,2})[月./\-—\s](\d{1,2})[日号]?(?:前|止)?")
_MONTH = re.compile(r"(?:(\d{4})[年./\-])?(\d{1,2})月?(底|末|中旬|上旬|下旬|份)?(?:前)?")
_SHORT = re.compile(r"(\d{1,2})[月./\-](\d{1,2})[日号]?(?:前)?")
_PACKED = re.compile(r"(20\d\d)(\d\d)(\d\d)")
_FIGURE = re.compile(r"([+-]?\d+(?:[,，]\d{3})*(?:\.\d+)?)\s*([^\d\s,，、;；+/]{0,8})")
_SPOKEN = re.compile(r"([〇零一二两三四五六七八九十百千万]+)\s*([^\d\s]{0,8})")
#: Excel's day 0; serial numbers of these years alone are taken for dates.
_EPOCH, _SERIALS = date(1899, 12, 30), range(36526, 73051)


class CellError(ValueError):
    """A cell that can't be read for certain; the text says why, in Chinese."""


def says_nothing(value: Any) -> bool:
    """Whether a cell is blank, or holds no more than a dash or 无."""
    text = plain(value)
    return not text or text in lexicon()["nothing"]["words"]


def is_tick(value: Any) -> bool:
    """Whether a cell holds nothing but a mark that something is done."""
    return plain(value) in lexicon()["ticks"]["marks"]


def read_date(value: Any, around: date) -> date | None:
    """The day that a cell names.

    Args:
        value: the cell.
        around: where no year is written, that of the day nearest to this one counts.

    Returns:
        None where the cell says nothing.

    Raises:
        CellError: no day, or none that there is.
    """
    if isinstance(value, date):
        return value
    text = unicodedata.normalize("NFKC", plain(value)).strip()
    if says_nothing(text):
        return None
    if is_tick(text):
        raise CellError("只打了勾，没有日期")
    number = _serial(text)
    if number:
        return number
    try:
        if match := _PACKED.fullmatch(text) or _WHOLE.fullmatch(text):
            year = int(match[1])
            return date(year if year > 99 else 2000 + year, int(match[2]), int(match[3]))
        if match := _SHORT.fullmatch(text):
            return _nearest(int(match[1]), int(match[2]), around)
        if (match := _MONTH.fullmatch(text)) and match[3] in ("底", "末"):
            year = int(match[1] or around.year)
            return date(year, int(match[2]), monthrange(year, int(match[2]))[1])
    except ValueError:
        raise CellError(f"没有“{text}”这一天") from None
    raise CellError(f"“{text}”看不出是哪一天，请写成 2021-03-05 这样")


def _serial(text: str) -> date | None:
    return _EPOCH + timedelta(days=int(text)) if text.isdecimal() and int(text) in _SERIALS else None


def _nearest(month: int, day: int, around: date) -> date:
    found = []
    for year in (around.year - 1, around.year, around.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    if not found:
        raise ValueError
    return min(found, key=lambda one: abs((one - around).days))


def read_figure(value: Any, unit: str | None = None) -> float | None:
    """The figure that a cell gives.

    Args:
        value: the cell.
        unit: in what the figure is asked for; ``12次`` is no figure in 篇.

    Returns:
        None where the cell says nothing.

    Raises:
        CellError: no figure, several, or one in another unit.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    text = unicodedata.normalize("NFKC", plain(value)).strip()
    if says_nothing(text):
        return None
    if is_tick(text):
        raise CellError("只打了勾，没有数")
    if isinstance(value, date):
        raise CellError(f"“{text}”是日期，不是数（单元格可能设成了日期格式）")
    match = _FIGURE.fullmatch(re.sub(r"^(?:已|共|累计|合计|已完成|完成|累计完成)+", "", text))
    if match:
        number, written = float(match[1].replace(",", "").replace("，", "")), match[2]
    elif spoken := _SPOKEN.fullmatch(text):
        from extractors.values.numbers import parse_number

        read = parse_number(spoken[1])
        if read is None:
            raise CellError(f"“{text}”不是数")
        number, written = read, spoken[2]
    else:
        raise CellError(f"“{text}”不是一个数")
    if written.startswith("万") and not (unit or "").startswith("万"):
        number, written = number * 10_000, written[1:]
    if written and unit and written not in (unit, f"{unit}数") and not (written == "%" and unit == "％"):
        raise CellError(f"“{text}”的单位不是“{unit}”")
    return number


def read_progress(value: Any, labels: dict[str, str]) -> str | None:
    """The code of 进度评价 that a cell names, by the office's labels and other usual words.

    Raises:
        CellError: none that is known.
    """
    text = plain(value)
    if not text or text in ("/", "-", "—", "——"):
        return None
    for code, label in labels.items():
        if text in (label, code):
            return code
    for code, words in lexicon()["progress"].items():
        if text in words:
            return str(code)
    raise CellError(f"“{text}”不在选项里；请选 {'、'.join(labels.values())}")


def read_names(value: Any) -> list[str]:
    """Names in a cell, one each, in their order."""
    text = re.sub(r"^(?:牵头|责任|配合|协办)(?:单位|部门)?[:：]", "", plain(value))
    names = (part.strip(" 　。.等") for part in re.split(r"[、，,;；\n/]+|\s{1,}", text))
    return [name for name in dict.fromkeys(names) if name and not says_nothing(name)]
