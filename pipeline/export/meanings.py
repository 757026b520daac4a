"""What every field of the exported record means, and the Chinese for its closed vocabularies; for the dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.export import tables
from schemas import labels

_CONFIDENCE = "how sure extraction is, 0 to 1; 1 where a person put it right"
_RULE = "the rule that found it; `corrected` where a person put it right"
_INHERITED = "where the words stand, if not in the task's own; else null"
_SPAN = "where the words stand; empty (start = end) where a person's words stand nowhere in the notice"

#: By model and field.
MEANINGS: Mapping[str, Mapping[str, str]] = {
    "NoticeRecord": {
        "schema_version": "MAJOR.MINOR; a minor version only adds fields, and readers accept any",
        "producer": "who made the record",
        "notice": "the notice as a document",
        "blocks": "the text in reading order, which every span points into",
        "plans": "documents that carry tasks: each attached one, or the notice itself; at least one",
        "tables": "tables as full grids",
        "tasks": "units of work or assessment, in reading order",
        "quotas": "numbers to reach, deliver, stay within or be scored by",
        "warnings": "what a person should look at; codes are in codes.md",
    },
    "Producer": {
        "name": "duban", "version": "the program's version",
        "rules": "a hash over lexicons, rules and models: equal rules give equal records",
    },
    "Notice": {
        "id": "the same in every format and version of the notice",
        "content_hash": "sha256 over the text without white space; differs between versions",
        "sources": "the files that it came from; blocks and spans come from the first",
        "title": "in one line; null where the text has none",
        "kind": "文种: 通知, 意见, 方案 …",
        "document_number": "发文字号",
        "issuers": "发文机关 as signed; joint notices have several",
        "recipients": "主送机关", "copied_to": "抄送", "issue_date": "成文日期",
        "region": "of the issuers; null where it can't be told",
        "attachments": "附件 as the notice lists them",
        "contacts": "numbers and addresses to ask at", "secrecy": "密级 as written", "urgency": "紧急程度 as written",
        "copy_number": "份号", "signatories": "签发人", "notes": "附注",
        "printed_by": "印发机关", "printed_on": "印发日期",
        "spans": "where each field stands that stands in the text, by the field's name",
    },
    "Source": {
        "name": "the file's name", "format": "what the bytes turned out to be", "sha256": "of the bytes, hex",
        "bytes": "the file's size", "pages": "null where the format has none",
    },
    "DocumentNumber": {
        "text": "as written", "agency_code": "机关代字", "year": "年份", "serial": "发文顺序号",
    },
    "Issuer": {"name": "as signed", "region": "its region's code (GB/T 2260)"},
    "Region": {
        "code": "six digits (GB/T 2260)", "name": "its own name", "path": "names from the province down to itself",
    },
    "Contact": {"kind": "what kind of contact it is", "value": "as written; phone and fax numbers are masked"},
    "RecordBlock": {
        "id": "its place in the reading order, from 0", "type": "what kind of block it is",
        "text": "verbatim; null for a table", "label": "an automatic number (一、), rebuilt",
        "table": "the table's id, for a table's place", "page": "from 1, where the format has pages",
        "bbox": "in points from the page's top left corner", "source": "index into the notice's sources",
    },
    "Plan": {
        "id": "p1, p2 …", "title": "null where it has none", "kind": "文种 of the plan",
        "start": "first day of its work",
        "end": "last day of its work", "effective": "from when until when a rule holds", "span": "its words",
    },
    "Effective": {"from_": "施行日期", "until": "有效期至"},
    "RecordTable": {
        "id": "t1, t2 …", "plan": "the plan that it belongs to", "block": "the block that holds its place",
        "caption": "its title", "kind": "what the table is for", "header_rows": "rows of heads, title rows included",
        "cells": "full grid: a merged cell's text stands in every position that it covers", "merges": "merged cells",
    },
    "Task": {
        "id": "the same on every machine and from every format; changes with the words",
        "plan": "the plan that it stands in", "kind": "what kind of task it is", "section": "the headings above it",
        "title": "its own heading, or the cell that names the work; may be null",
        "text": "its own words without number and heading", "topics": "the user's topics that it falls under",
        "owners": "who must act", "times": "when the work is done, due or repeated",
        "quotas": "ids of its quotas", "submissions": "what has to be sent to whom",
        "confidence": "how sure it is that this is a task of this kind and extent",
        "spans": "its words, in reading order",
    },
    "Owner": {
        "name": "as written, without white space", "canonical": "its full name, where that is known",
        "type": "what kind of body or person it is", "role": "what it has to do with the task", "inherited": _INHERITED,
        "inferred_from": "the note that a role was taken from", "confidence": _CONFIDENCE, "rule": _RULE, "span": _SPAN,
    },
    "Time": {
        "text": "as written", "kind": "what kind of time it is", "due": "whether it says by when",
        "start": "first day; null where open", "end": "last day, which counts; null where open",
        "rrule": "how it repeats (RFC 5545)", "inherited": _INHERITED,
        "inferred_from": "the words that an unwritten year was taken from", "confidence": _CONFIDENCE, "rule": _RULE,
        "span": _SPAN,
    },
    "Submission": {
        "what": "what is sent", "to": "who receives it", "via": "by which way", "form": "in which form",
        "span": "where the words stand",
    },
    "Quota": {
        "id": "q1, q2 …", "task": "the task's id", "text": "as written", "subject": "what is counted",
        "kind": "what kind of number it is", "comparator": "how the value bounds what is reached",
        "value": "万, 亿, 千 multiplied in; negative where marks are taken off",
        "value_max": "the upper value of between",
        "unit": "as written; % for shares", "per": "the period that the value is for; null for a plain total",
        "annual": "value times a year, where that means something", "annual_max": "the same for value_max",
        "owners": "whom it binds: indices into the task's owners", "inherited": _INHERITED, "confidence": _CONFIDENCE,
        "rule": _RULE, "span": _SPAN, "unit_span": "where the unit stands, if apart",
        "subject_span": "where the subject stands", "per_span": "where the period stands, if apart",
    },
    "Warning": {
        "code": "stable, for machines; see codes.md", "message": "for people, with what to do",
        "span": "the place, where there is one",
    },
    "Span": {
        "block": "the block's id", "row": "of a table's cell, from 0; null in a paragraph", "column": "likewise",
        "start": "first code point of the words in the block's or cell's text, from 0", "end": "behind the last one",
        "page": "left out where null", "bbox": "left out where null",
        "ocr": "how sure the recogniser is of the words; left out where they were not recognised from a picture",
    },
}  # fmt: skip

#: By name: the type and the Chinese for its values.
VOCABULARIES: Mapping[str, tuple[Any, Mapping[str, str]]] = {
    "TaskKind": (labels.TaskKind, tables.KINDS),
    "OwnerRole": (labels.OwnerRole, tables.ROLES),
    "OwnerType": (labels.OwnerType, tables.OWNER_TYPES),
    "TimeKind": (labels.TimeKind, tables.TIME_KINDS),
    "QuotaKind": (labels.QuotaKind, tables.QUOTA_KINDS),
    "Comparator": (labels.Comparator, tables.COMPARATORS),
    "Period": (labels.Period, tables.PERIODS),
    "Inherited": (labels.Inherited, tables.INHERITED),
    "TableKind": (labels.TableKind, {
        "schedule": "日程安排", "assignment": "任务分工", "assessment": "考核评分", "matrix": "指标矩阵",
        "list": "名单清单", "form": "空白表单", "layout": "排版用表",
    }),
    "BlockType": (labels.BlockType, {
        "paragraph": "段落", "table": "表格", "text_box": "文本框", "footnote": "脚注", "header": "页眉",
        "footer": "页脚", "slip": "收文处理笺",
    }),
    "ContactKind": (labels.ContactKind, {
        "phone": "电话", "email": "电子邮箱", "fax": "传真", "address": "地址", "person": "联系人", "url": "网址",
    }),
}  # fmt: skip
