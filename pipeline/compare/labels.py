"""Words for the closed vocabularies of a comparison, in both languages, and the fixed words of its reports."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.compare.sides import Turn, Uptake
from pipeline.compare.told import Told
from pipeline.compare.types import Force, Level, Nature, Relation
from schemas.labels import Comparator, OwnerRole

LEVELS: Mapping[Level, Told] = {
    "national": Told("国家", "national"), "provincial": Told("省级", "provincial"),
    "prefectural": Told("市级", "prefectural"), "county": Told("县级", "county"), "township": Told("乡级", "township"),
    "unknown": Told("层级不明", "unknown level"),
}  # fmt: skip
FORCES: Mapping[Force, Told] = {
    "binding": Told("约束性", "binding"), "must": Told("必须", "must"), "should": Told("应", "should"),
    "shall": Told("要", "shall"), "expected": Told("预期性", "expected"), "encouraged": Told("鼓励", "encouraged"),
    "plain": Told("直述", "plain"),
}  # fmt: skip
NATURES: Mapping[Nature, Told] = {
    "target": Told("目标", "target"), "limit": Told("办理时限", "service limit"), "grant": Told("补助标准", "grant"),
    "penalty": Told("扣分罚则", "penalty"), "result": Told("已有结果", "past result"),
}  # fmt: skip
RELATIONS: Mapping[Relation, Told] = {
    "same": Told("要求相同", "the same"), "wider": Told("左方更宽", "left is wider"),
    "narrower": Told("左方更窄", "left is narrower"), "overlapping": Told("部分重合", "overlapping"),
}  # fmt: skip
UPTAKES: Mapping[Uptake, Told] = {
    "taken": Told("已承接", "taken up"), "raised": Told("加码", "raised"), "lowered": Told("缩水", "lowered"),
    "later": Told("时限推后", "due later"), "missing": Told("漏项", "missing"),
    "ownerless": Told("无责任单位", "no owner"),
}  # fmt: skip
TURNS: Mapping[Turn, Told] = {
    "added": Told("新增", "added"), "dropped": Told("取消", "dropped"), "raised": Told("提高", "raised"),
    "lowered": Told("降低", "lowered"), "kept": Told("沿用", "kept"),
}  # fmt: skip
ROLES: Mapping[OwnerRole, Told] = {
    "lead": Told("牵头", "leads"), "support": Told("配合", "supports"), "responsible": Told("责任", "responsible"),
    "presenter": Told("主讲", "presents"), "participant": Told("参加", "takes part"),
    "supervisor": Told("督导", "supervises"),
}  # fmt: skip
#: What is said beside a rank where exact values, bounds and rough ones stand in one order.
BOUNDS: Mapping[Comparator, Told] = {
    "=": Told("定值", "exact"), ">=": Told("下限", "lower bound"), ">": Told("下限", "lower bound"),
    "<=": Told("上限", "upper bound"), "<": Told("上限", "upper bound"), "~": Told("约数", "rough"),
    "between": Told("区间", "range"),
}  # fmt: skip
SETTINGS: Mapping[str, Told] = {
    "likeness": Told("配对的相似度下限", "least likeness of a pair"),
    "likeness_counted": Told("计同一指标时的相似度下限", "least likeness where both count the same"),
    "likeness_long": Told("共同词语多时的相似度下限", "least likeness where many words are common"),
    "likeness_same": Told("判为要求相同时双方重合的下限", "least part of each that the other has, to be the same"),
    "reuse_shortest": Told("文本沿用最短字数", "shortest text taken over, in characters"),
    "reuse_share": Told("文本沿用最低相同比例", "least share equal of text taken over"),
    "taxonomy": Told("主题词表摘要", "digest of the topics"),
}
#: What is written where a task has no counterpart: only what was supplied is known.
ONLY_HERE = Told("所收文件中未见于其他城市", "not found in the other notices supplied (所收文件中未见于其他城市)")
NOT_COMPARABLE = Told("不宜直接比较", "not to be compared directly (不宜直接比较)")
