"""Chinese for the closed vocabularies of a comparison, and the fixed words of its reports."""

from __future__ import annotations

from pipeline.compare.sides import Turn, Uptake
from pipeline.compare.types import Force, Level, Nature, Relation

LEVELS: dict[Level, str] = {
    "national": "国家", "provincial": "省级", "prefectural": "市级", "county": "县级", "township": "乡级",
    "unknown": "层级不明",
}  # fmt: skip
FORCES: dict[Force, str] = {
    "binding": "约束性", "must": "必须", "should": "应", "shall": "要", "expected": "预期性", "encouraged": "鼓励",
    "plain": "直述",
}  # fmt: skip
NATURES: dict[Nature, str] = {
    "target": "目标", "limit": "办理时限", "grant": "补助标准", "penalty": "扣分罚则", "result": "已有结果",
}  # fmt: skip
RELATIONS: dict[Relation, str] = {
    "same": "要求相同", "wider": "左方更宽", "narrower": "左方更窄", "overlapping": "部分重合",
}  # fmt: skip
UPTAKES: dict[Uptake, str] = {
    "taken": "已承接", "raised": "加码", "lowered": "缩水", "later": "时限推后", "missing": "漏项",
    "ownerless": "无责任单位",
}  # fmt: skip
TURNS: dict[Turn, str] = {
    "added": "新增", "dropped": "取消", "raised": "提高", "lowered": "降低", "kept": "沿用",
}  # fmt: skip
#: What is written where a task has no counterpart: only what was supplied is known.
ONLY_HERE = "所收文件中未见于其他城市"
NOT_COMPARABLE = "不宜直接比较"
