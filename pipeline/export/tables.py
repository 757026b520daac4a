"""Records as five flat tables: notices, tasks, owners, times, quotas. The one definition that CSV, Excel, the data
dictionary and whoever loads them into a data frame go by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pipeline.export.mask import mask, mask_number

if TYPE_CHECKING:
    from schemas.record import NoticeRecord, Task

Kind = Literal["text", "id", "date", "number", "whole", "flag"]
Cell = str | float | int | bool | None
#: Texts of a list in one cell.
SEPARATOR = "；"


@dataclass(frozen=True)
class Column:
    """A column: its name for machines, its head for people, and what stands in it.

    Attributes:
        kind: ``date`` columns hold ISO dates; ``id`` is text that looks like nothing else.
        wide: how wide Excel shows it, in characters.
        edit: the field of a correction that a changed cell becomes, empty where a change means nothing.
        private: numbers of persons may stand in it, which are masked.
        words: Chinese for the values of a closed vocabulary.
    """

    name: str
    head: str
    kind: Kind
    about: str
    wide: int = 12
    edit: str = ""
    private: bool = False
    words: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Table:
    """A table and its key column, which tells a row wherever it is moved."""

    name: str
    head: str
    about: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> Column:
        return self.columns[0]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Item:
    """A record as it is exported: ``keys`` are its tasks' permanent keys by their ids, where a store gave them.

    ``record`` is None for a notice that was withdrawn: purged, or no longer among what this export is to hold.
    """

    notice_id: str
    record: NoticeRecord | None
    keys: Mapping[str, str] = field(default_factory=dict)
    version: int = 1
    internal: bool = False

    def key(self, task: Task) -> str:
        return self.keys.get(task.id, task.id)


KINDS = {"task": "任务", "event": "活动", "criterion": "评分标准", "requirement": "要求", "goal": "目标"}
ROLES = {
    "lead": "牵头", "support": "配合", "responsible": "责任", "presenter": "主讲", "participant": "参加",
    "supervisor": "监督",
}  # fmt: skip
OWNER_TYPES = {
    "agency": "机关单位", "department": "内设机构", "group": "工作组", "collective": "统称", "position": "职务",
    "person": "个人",
}  # fmt: skip
TIME_KINDS = {"date": "日期", "period": "时段", "deadline": "期限", "recurring": "周期", "standing": "常态"}
QUOTA_KINDS = {
    "count": "数量", "ratio": "比例", "score": "分值", "amount": "数额", "length": "长度", "duration": "时长",
    "rank": "位次",
}  # fmt: skip
COMPARATORS = {"=": "等于", ">=": "不少于", "<=": "不超过", ">": "大于", "<": "小于", "between": "区间", "~": "约"}
PERIODS = {
    "day": "每日", "week": "每周", "month": "每月", "two_months": "每两月", "quarter": "每季度",
    "half_year": "每半年", "year": "每年", "event": "每次",
}  # fmt: skip
INHERITED = {"bracket": "段末括号", "merged_cell": "合并单元格", "heading": "标题", "inferred": "推定"}
STATES = {"current": "有效", "withdrawn": "已撤回"}
FLAGS = {"True": "是", "False": "否"}

_NOTICE_ID = Column("notice_id", "公文编号", "id", "the notice's id; the same in every format and version", 16)
_TASK_KEY = Column("task_key", "任务编号", "id", "the task's permanent key, which stays over formats and versions", 16)
_RULE = Column("rule", "依据规则", "id", "the rule that found it; `corrected` where a person put it right", 16)
_SURE = Column("confidence", "可信度", "number", "how sure extraction is, 0 to 1; 1 where a person put it right", 8)
_DROP = Column("drop", "删除", "text", "always empty; 是 written here drops the row on import", 6, "drop")


def _inherited() -> Column:
    return Column("inherited", "来源", "text", "where the words stand, if not in the task's own", 10, words=INHERITED)


NOTICES = Table("notices", "公文", "One row a notice.", (
    _NOTICE_ID,
    Column("state", "状态", "text", "withdrawn: take this notice out; nothing else stands in its row", 8, words=STATES),
    Column("title", "标题", "text", "in one line", 50, private=True),
    Column("kind", "文种", "text", "通知, 方案, 办法 …", 8),
    Column("document_number", "发文字号", "text", "as written", 20),
    Column("issuers", "发文机关", "text", "as signed, several divided by ；", 28),
    Column("region_code", "行政区划代码", "id", "six digits (GB/T 2260)", 10),
    Column("region", "行政区划", "text", "names from the province down, divided by /", 20),
    Column("issue_date", "成文日期", "date", "成文日期", 12),
    Column("recipients", "主送机关", "text", "several divided by ；", 28),
    Column("copied_to", "抄送", "text", "several divided by ；", 20),
    Column("attachments", "附件", "text", "as the notice lists them, divided by ；", 28),
    Column("contacts", "联系方式", "text", "phones are masked unless asked for", 20, private=True),
    Column("version", "版本", "whole", "1, and one more for each reissue", 6),
    Column("tasks", "任务数", "whole", "how many tasks the notice has", 8),
    Column("warnings", "提示数", "whole", "how many warnings the record bears", 8),
    Column("sources", "来源文件", "text", "names of the files, the one that spans come from first", 28),
    Column("content_hash", "内容校验", "id", "sha256 over the text without white space", 16),
    Column("producer", "程序版本", "text", "version that made the record, and its rules", 16),
))  # fmt: skip
TASKS = Table("tasks", "任务", "One row a task.", (
    _TASK_KEY, _NOTICE_ID,
    Column("ordinal", "序号", "whole", "the task's place in its notice, from 1", 6),
    Column("notice_title", "公文标题", "text", "the notice's title", 30, private=True),
    Column("plan", "所属方案", "text", "title of the attached plan, or of the notice", 30, private=True),
    Column("section", "章节", "text", "the headings above it, divided by /", 30, private=True),
    Column("kind", "类别", "text", "task, event, criterion, requirement or goal", 8, "kind", words=KINDS),
    Column("title", "任务名称", "text", "its heading; may be empty", 28, "title", True),
    Column("text", "任务内容", "text", "its own words without number and heading", 60, "text", True),
    Column("topics", "主题", "text", "divided by ；", 12),
    Column("owners", "责任主体", "text", "name (role) of every owner, divided by ；", 30),
    Column("due", "完成时限", "date", "the last deadline among its times; empty where none has a date", 12),
    Column("times", "时间", "text", "the words of every time, divided by ；", 20),
    Column("quotas", "指标", "text", "the words of every quota, divided by ；", 24),
    Column("submissions", "报送要求", "text", "what goes to whom, divided by ；", 24, private=True),
    Column("page", "页码", "whole", "the page that it starts on, where the format has pages", 6),
    _SURE, _DROP,
))  # fmt: skip
OWNERS = Table("owners", "责任", "One row an owner of a task.", (
    Column("owner_key", "责任编号", "id", "the task's key and the owner's place in it", 20), _TASK_KEY, _NOTICE_ID,
    Column("task_title", "任务名称", "text", "the task's heading, else its first words", 28, private=True),
    Column("name", "名称", "text", "as written, without white space", 24, "name"),
    Column("role", "角色", "text", "what it has to do with the task", 8, "role", words=ROLES),
    Column("type", "类型", "text", "what kind of body or person it is", 10, "type", words=OWNER_TYPES),
    Column("canonical", "规范名称", "text", "its full name, where the notice or the table of other names tells", 28,
           "canonical"),
    _inherited(), _SURE, _RULE, _DROP,
))  # fmt: skip
TIMES = Table("times", "时间", "One row a time of a task.", (
    Column("time_key", "时间编号", "id", "the task's key and the time's place in it", 20), _TASK_KEY, _NOTICE_ID,
    Column("task_title", "任务名称", "text", "the task's heading, else its first words", 28, private=True),
    Column("text", "原文", "text", "as written", 20, "text"),
    Column("kind", "类别", "text", "a day, a period, a deadline, a recurrence, or standing", 8, "kind",
           words=TIME_KINDS),
    Column("due", "是否期限", "flag", "whether it says by when", 8, "due", words=FLAGS),
    Column("start", "开始", "date", "first day; empty where open", 12, "start"),
    Column("end", "结束", "date", "last day, which counts; empty where open", 12, "end"),
    Column("rrule", "重复规则", "id", "RFC 5545", 28, "rrule"),
    _inherited(), _SURE, _RULE, _DROP,
))  # fmt: skip
QUOTAS = Table("quotas", "指标", "One row a quota of a task.", (
    Column("quota_key", "指标编号", "id", "the task's key and the quota's place in it", 20), _TASK_KEY, _NOTICE_ID,
    Column("task_title", "任务名称", "text", "the task's heading, else its first words", 28, private=True),
    Column("text", "原文", "text", "as written", 20, "text"),
    Column("subject", "对象", "text", "what is counted", 20, "subject", True),
    Column("kind", "类别", "text", "what kind of number it is", 8, "kind", words=QUOTA_KINDS),
    Column("comparator", "比较", "text", "how the value bounds what is reached", 8, "comparator", words=COMPARATORS),
    Column("value", "数值", "number", "万, 亿, 千 multiplied in", 12, "value"),
    Column("value_max", "上限", "number", "the upper value of between", 12, "value_max"),
    Column("unit", "单位", "text", "as written; % for shares", 8, "unit"),
    Column("per", "周期", "text", "the period that the value is for; empty for a plain total", 8, "per", words=PERIODS),
    Column("annual", "年化值", "number", "value times a year, where that means something", 12),
    Column("annual_max", "年化上限", "number", "the same for value_max", 12),
    Column("owners", "约束对象", "text", "names of the owners that it binds, divided by ；", 24),
    _inherited(), _SURE, _RULE, _DROP,
))  # fmt: skip
TABLES = (NOTICES, TASKS, OWNERS, TIMES, QUOTAS)

Rows = dict[str, list[dict[str, Cell]]]


def rows(items: Iterable[Item], *, unmask: bool = False) -> Rows:
    """Rows of every table by the table's name; each row by the columns' names."""
    result: Rows = {table.name: [] for table in TABLES}
    for item in items:
        for name, found in _of_item(item, unmask):
            result[name].append(found if unmask else _masked(name, found))
    return result


def _masked(table: str, row: dict[str, Cell]) -> dict[str, Cell]:
    kinds = {column.name: column.kind for column in next(each for each in TABLES if each.name == table).columns}
    return {
        name: mask(value) if isinstance(value, str) and kinds[name] == "text" else value for name, value in row.items()
    }


def _of_item(item: Item, unmask: bool) -> Iterator[tuple[str, dict[str, Cell]]]:
    record = item.record
    if record is None:
        empty: dict[str, Cell] = {column.name: None for column in NOTICES.columns}
        yield "notices", empty | {"notice_id": item.notice_id, "state": "withdrawn"}
        return
    yield "notices", _notice(item, record, (lambda text: text) if unmask else mask_number)
    plans = {plan.id: plan.title for plan in record.plans}
    quotas: dict[str, list[Any]] = {}
    for quota in record.quotas:
        quotas.setdefault(quota.task, []).append(quota)
    for ordinal, task in enumerate(record.tasks, 1):
        own = quotas.get(task.id, [])
        key = item.key(task)
        yield "tasks", _task(item, record, task, plans.get(task.plan), own) | {"ordinal": ordinal}
        shared: dict[str, Cell] = {
            "task_key": key, "notice_id": item.notice_id, "task_title": task.title or task.text[:30], "drop": None,
        }  # fmt: skip
        parts = (
            (OWNERS, "owner_key", task.owners), (TIMES, "time_key", task.times), (QUOTAS, "quota_key", own),
        )  # fmt: skip
        for table, name, values in parts:
            for number, value in enumerate(values, 1):
                row = {column.name: getattr(value, column.name, None) for column in table.columns}
                row |= shared | {name: f"{key}-{table.name[0]}{number}"}
                if table is QUOTAS:
                    names = [task.owners[index].name for index in value.owners if index < len(task.owners)]
                    row["owners"] = SEPARATOR.join(names)
                yield table.name, row


def _notice(item: Item, record: NoticeRecord, hide: Callable[[str], str]) -> dict[str, Cell]:
    notice = record.notice
    contacts = [hide(each.value) if each.kind in ("phone", "fax") else each.value for each in notice.contacts]
    return {
        "notice_id": item.notice_id, "state": "current", "title": notice.title, "kind": notice.kind,
        "document_number": notice.document_number.text if notice.document_number else None,
        "issuers": SEPARATOR.join(issuer.name for issuer in notice.issuers),
        "region_code": notice.region.code if notice.region else None,
        "region": "/".join(notice.region.path) if notice.region else None,
        "issue_date": notice.issue_date, "recipients": SEPARATOR.join(notice.recipients),
        "copied_to": SEPARATOR.join(notice.copied_to), "attachments": SEPARATOR.join(notice.attachments),
        "contacts": SEPARATOR.join(contacts), "version": item.version, "tasks": len(record.tasks),
        "warnings": len(record.warnings), "sources": SEPARATOR.join(source.name for source in notice.sources),
        "content_hash": notice.content_hash, "producer": f"{record.producer.version} {record.producer.rules}",
    }  # fmt: skip


def _task(item: Item, record: NoticeRecord, task: Task, plan: str | None, quotas: list[Any]) -> dict[str, Cell]:
    ends = [time.end for time in task.times if time.end and (time.due or time.kind == "deadline")]
    first = task.spans[0]
    page = first.page or (record.blocks[first.block].page if first.block < len(record.blocks) else None)
    return {
        "task_key": item.key(task), "notice_id": item.notice_id, "notice_title": record.notice.title, "plan": plan,
        "section": " / ".join(task.section), "kind": task.kind, "title": task.title, "text": task.text,
        "topics": SEPARATOR.join(task.topics),
        "owners": SEPARATOR.join(f"{owner.name}（{ROLES[owner.role]}）" for owner in task.owners),
        "due": max(ends, default=None), "times": SEPARATOR.join(time.text for time in task.times),
        "quotas": SEPARATOR.join(quota.text for quota in quotas),
        "submissions": SEPARATOR.join(
            f"{each.what}→{each.to}" if each.to else each.what for each in task.submissions
        ),
        "page": page, "confidence": task.confidence, "drop": None,
    }  # fmt: skip
