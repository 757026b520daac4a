"""What is to be handed in, to whom, how and on which form. Whoever it goes to is no owner."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractors.lexicons import load_rules
from extractors.passage import Passage
from schemas.record import Submission

#: Words without which nothing is handed in: a look at them spares the rules.
_LIKELY = re.compile(
    r"报送|上报|呈报|报请|报经|报备|提交|反馈|填报|汇报|报告|申报|发送|提请|报[^纸刊道名废复]|送交|上交"
)
_VIA = re.compile(
    r"(?P<how>邮\s*箱|电子邮件|E-?mail|联系电话|电\s*话|传\s*真|钉钉|微信群|QQ群?|OA|系统|平台)[^，。；：:）)]{0,8}?[：:]\s*(?P<where>[^，。；）)\s]{3,40})"
)
_SYSTEM = re.compile(r"(?:通过|登录|在)(?P<how>[^，。；]{2,30}?(?:系统|平台|网站|邮箱|小程序|钉钉|OA))")
_FORM = re.compile(
    r"(?:见|详见|填写|按|填报)?(?P<form>附\s*件\s*[0-9０-９一二三四五六七八九十]{0,3}|《[^《》]{2,40}(?:表|书|单|函)》)"
)
_LEADING = re.compile(r"^(?:[^，。]*?(?:日|月|底|周|年)前|请|各(?:单位|部门|科室)|于|在|并|及时|统一)+")
#: How far in a sentence without an end the way and the form are looked for.
_FARTHEST = 500


def find_submissions(passage: Passage) -> list[Submission]:
    """The things that a passage asks to hand in, in reading order; each place once, the surest rule first.

    ``via`` and ``form`` are looked for in the same sentence.
    """
    if not _LIKELY.search(passage.text):
        return []
    found: dict[tuple[int, int], Submission] = {}
    for rule in load_rules("submissions").rules:
        for match in rule.pattern.finditer(passage.text):
            start, end = match.span("what")
            if any(start < b and a < end for a, b in found):
                continue
            what = match["what"]
            lead = _LEADING.match(what)
            if lead and lead.end() < len(what) - 1:
                start, what = start + lead.end(), what[lead.end() :]
            sentence = _sentence(passage.text, match.start(), match.end())
            found[start, end] = Submission(
                what=what,
                to=match.groupdict().get("to"),
                via=_via(sentence),
                form=_form(sentence),
                span=passage.at(start, end),
            )
    return [found[place] for place in sorted(found)]


def _sentence(text: str, start: int, end: int) -> str:
    floor, ceiling = max(0, start - _FARTHEST), min(len(text), end + _FARTHEST)
    begin = max(max(text.rfind(stop, floor, start) for stop in "。；;") + 1, floor)
    stops = [place for stop in "。；;" if (place := text.find(stop, end, ceiling)) >= 0]
    return text[begin : min(stops, default=ceiling)]


def _via(sentence: str) -> str | None:
    ways = [f"{''.join(match['how'].split())}：{match['where']}" for match in _VIA.finditer(sentence)]
    if ways:
        return "；".join(ways)
    system = _SYSTEM.search(sentence)
    return system["how"] if system else None


def _form(sentence: str) -> str | None:
    found = _FORM.search(sentence)
    return "".join(found["form"].split()) if found else None


def of_passages(passages: Iterable[Passage]) -> list[Submission]:
    """The submissions of a task's passages."""
    return [submission for passage in passages for submission in find_submissions(passage)]
