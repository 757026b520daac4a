"""Headings and prose of the reports in both languages."""

from __future__ import annotations

from collections.abc import Mapping

ZH: Mapping[str, str] = {
    "title": "公文比较报告", "objects": "一、比较对象", "overview": "二、概况", "coverage": "三、主题覆盖",
    "quotas": "四、指标对照", "owners": "五、责任分工", "calendar": "六、全年时限", "only": "七、仅见于一地的任务",
    "taken": "八、文本沿用", "method": "九、方法与限度", "evidence": "附录：原文依据", "city": "地区",
    "province": "所属", "agency": "机关", "level": "层级", "kind": "文种", "number": "文号", "date": "成文日期",
    "years": "年度", "tasks": "任务", "quota_count": "指标", "unread": "未列内容提示", "supplied": "所收文件",
    "left": "甲", "right": "乙", "reasons": "原因", "not_comparable": "不宜直接比较", "topic": "主题",
    "groups": "各地都提出的任务", "pairs": "任务对照", "relation": "关系", "likeness": "相似度", "common": "共同词语",
    "counts": "同计指标", "matrix": "主题 × 文件：任务条数（力度）", "value": "数值", "binds": "约束对象",
    "denominator": "分母", "force": "力度", "quota_kind": "性质", "year": "年份", "rank": "位次", "why": "说明",
    "words": "原文", "single": "其余指标（可比的不足两处）", "measure": "指标名称", "role": "角色", "owner": "责任主体",
    "month": "月份", "undated": "未定月份", "recurring": "周期", "task": "任务", "share": "相同比例", "length": "字数",
    "months": "逐月条数", "dues": "时限明细", "day": "日期", "base": "口径", "setting": "参数", "amount": "取值",
    "left_out": "另有 {n} 行未列，见 report.xlsx 的“{sheet}”工作表。",
    "tables_out": "另有 {n} 张表未列，见 report.xlsx 的“{sheet}”工作表。", "none": "没有。", "basis": "据",
    "spread": "可排名者：最低 {low}，居中 {middle}，最高 {high}。", "unseen": "所收文件中未见此项：{names}。",
    "counts_line": "文件 {parties} 件，任务 {tasks} 条，指标 {quotas} 项；相近任务 {pairs} 对，"
    "成组 {groups} 组，文本沿用 {taken} 处。",
    "no_total": "本报告不给各地打总分。方括号内的数字是附录中原文依据的编号。",
    "method_text": "任务按主题词表归类；不同文件的任务按主题、分词后的词频—逆文档频率相似度和"
    "所计指标配对；文本沿用由局部比对得出。"
    "只有指标、单位、期间、分母、约束对象都一致，文件又可比时，才排位次；口径不同的并列，不换算。",
    "limit_text": "结论只及于所收文件。“所收文件中未见”不等于没有这项工作。"
    "程序读取可能有遗漏或错认，引用前请核对原文依据。",
    "others": "另有口径不同的同名指标，见相邻各表。", "page": "第{page}页",
    "item": "上级任务", "counterpart": "本级对应任务",
    "uptake": "承接情况", "detail": "差异",
    "hand_down": "承接对照表", "own": "本级自有任务", "year_on_year": "年度对照",
    "before": "上一年", "after": "下一年", "turn": "变化", "no_counterpart": "所收文件中未见对应任务",
}  # fmt: skip
EN: Mapping[str, str] = {
    "title": "Comparison of notices", "objects": "1 What is compared", "overview": "2 Overview",
    "coverage": "3 Coverage by topic", "quotas": "4 Quotas", "owners": "5 Owners by role",
    "calendar": "6 Deadlines of the year", "only": "7 Duties found in one city only", "taken": "8 Text taken over",
    "method": "9 Method and limits", "evidence": "Appendix: the notices' words", "city": "Region",
    "province": "Belongs to", "agency": "Agency", "level": "Level", "kind": "Kind", "number": "Document number",
    "date": "Issued", "years": "Period", "tasks": "Tasks", "quota_count": "Quotas", "unread": "Left out (warnings)",
    "supplied": "Files supplied", "left": "Left", "right": "Right", "reasons": "Reasons",
    "not_comparable": "Not to be compared directly (不宜直接比较)", "topic": "Topic", "groups": "Asked for by several",
    "pairs": "Pairs of tasks", "relation": "Relation", "likeness": "Likeness", "common": "Common words",
    "counts": "Both count", "matrix": "Topic × notice: tasks (force)", "value": "Value", "binds": "Binds",
    "denominator": "Denominator", "force": "Force", "quota_kind": "Kind", "year": "Year", "rank": "Rank", "why": "Note",
    "words": "Words", "single": "Other quotas (fewer than two comparable)", "measure": "Measure", "role": "Role",
    "owner": "Owner", "month": "Month", "undated": "no month", "recurring": "Recurring", "task": "Task",
    "share": "Share equal", "length": "Characters", "months": "By month", "dues": "Deadlines", "day": "Day",
    "base": "Base", "setting": "Setting", "amount": "Value",
    "left_out": "{n} more rows are left out; see sheet “{sheet}” of report.xlsx.",
    "tables_out": "{n} more tables are left out; see sheet “{sheet}” of report.xlsx.", "none": "None.", "basis": "see",
    "spread": "Of those ranked: lowest {low}, middle {middle}, highest {high}.",
    "unseen": "Not found in the notices supplied by: {names}.",
    "counts_line": "{parties} notices, {tasks} tasks, {quotas} quotas; {pairs} pairs of like tasks, {groups} groups, "
    "{taken} passages taken over.",
    "no_total": "No city is given a total score. Numbers in brackets are those of the words in the appendix.",
    "method_text": "Tasks are labelled by a vocabulary of topics and paired by topic, TF-IDF likeness of segmented "
    "words and what they count; text taken over is found by local alignment. Only quotas with the same unit, period, "
    "denominator and scope, of comparable notices, are ranked; other bases stand beside them unconverted.",
    "limit_text": "Findings hold for the notices supplied only. Not found there (所收文件中未见) doesn't mean not "
    "done. Reading may miss or mistake something: check the words before citing.",
    "others": "The same measure with another base stands in the tables beside this.", "page": "p. {page}",
    "item": "Superior's task", "counterpart": "Our counterpart", "uptake": "Uptake", "detail": "Differences",
    "hand_down": "Hand-down", "own": "Our own tasks", "year_on_year": "Year on year", "before": "Before",
    "after": "After", "turn": "Change", "no_counterpart": "no counterpart in the notices supplied",
}  # fmt: skip


def wording(lang: str) -> Mapping[str, str]:
    """The words of a language, ``zh`` or ``en``."""
    return EN if lang == "en" else ZH


def sheet_name(title: str) -> str:
    """A heading as a worksheet's name."""
    bare = title.split("、", 1)[-1].split("：", 1)[-1].lstrip("0123456789 ")
    return "".join("-" if char in "[]:*?/\\" else char for char in bare)[:31]
