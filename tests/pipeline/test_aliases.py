from __future__ import annotations

import pytest
from click.testing import CliRunner

from extractors.assemble import extract_document
from pipeline.aliases import apply, read_aliases
from pipeline.cli import cli, main
from schemas.document import Block, Document, Source
from schemas.errors import SourceError

LINES = [
    "某市园林局行动方案",
    "一、重点任务",
    "（一）加强养护。每月修剪1次。（责任单位：绿化科、市城管局）",
    "某市园林局",
    "2022年3月1日",
]


@pytest.fixture
def record():
    blocks = [Block(id=i, text=line) for i, line in enumerate(LINES)]
    source = Source(name="x.txt", format="txt", sha256="0" * 64, bytes=1)
    return extract_document(Document(source=source, blocks=blocks))[0]


def table(tmp_path, text, encoding="utf-8-sig"):
    path = tmp_path / "aliases.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_names_of_one_agency_and_of_all(tmp_path, record, encoding):
    path = table(
        tmp_path,
        "name,canonical,agency\n绿化科,某市园林局绿化养护中心,某市园林局\n市城管局,某市城市管理局,\n",
        encoding,
    )
    owners = apply(record, read_aliases(path)).tasks[0].owners
    assert [(owner.name, owner.canonical) for owner in owners] == [
        ("绿化科", "某市园林局绿化养护中心"),
        ("市城管局", "某市城市管理局"),
    ]
    assert [owner.span for owner in owners] == [owner.span for owner in record.tasks[0].owners]


def test_another_agencys_names_are_left_alone(tmp_path, record):
    path = table(tmp_path, "name,canonical,agency\n绿化科,别市园林局绿化科,别市园林局\n")
    assert apply(record, read_aliases(path)).tasks[0].owners == record.tasks[0].owners


@pytest.mark.parametrize(("text", "place"), [("甲,乙\n1,2\n", ""), ("name,canonical,agency\n绿化科,,\n", "第2行")])
def test_a_table_that_is_wrong_says_where(tmp_path, text, place):
    with pytest.raises(SourceError) as error:
        read_aliases(table(tmp_path, text))
    assert error.value.place == place and "请补" in str(error.value)


def test_a_table_that_is_not_there(tmp_path):
    with pytest.raises(SourceError):
        read_aliases(tmp_path / "none.csv")


def test_the_commands_lay_the_table_over_what_they_read(tmp_path):
    notice = tmp_path / "通知.txt"
    notice.write_text("\n".join(LINES), encoding="utf-8")
    names = table(tmp_path, "name,canonical,agency\n绿化科,某市园林局绿化养护中心,\n")
    found = CliRunner().invoke(cli, ["extract", "--aliases", str(names), str(notice)])
    assert '"canonical": "某市园林局绿化养护中心"' in found.output
    assert "绿化养护中心" not in CliRunner().invoke(cli, ["extract", str(notice)]).output


def test_a_table_that_is_wrong_stops_the_command_with_one_line(tmp_path, capfd):
    notice = tmp_path / "通知.txt"
    notice.write_text("\n".join(LINES), encoding="utf-8")
    with pytest.raises(SystemExit) as exit_:
        main(["extract", "--aliases", str(table(tmp_path, "甲,乙\n1,2\n")), str(notice)])
    out, err = capfd.readouterr()
    assert (exit_.value.code, out, err.count("\n")) == (2, "", 1)
    assert "别名表的表头" in err
