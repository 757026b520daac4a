"""A sample as a saved page of an agency's site, with the menus, the table of 索引号 and the footer around it.

Three kinds of site: a content system's page in GB2312 that calls its element TRS_Editor, an old page laid out
in tables that names no encoding (UTF-8), and a newer one whose elements have names of its own and whose encoding is
named wrongly.
"""

from __future__ import annotations

import re
from html import escape

from source import Element, PageBreak, Paragraph, Sample, Table

_INDENT = "　　"
_MENU = ("首页", "走进我市", "政务公开", "政务服务", "互动交流", "专题专栏")
_COLUMNS = ("通知公告", "政策文件", "规划计划", "财政信息", "人事信息", "重点领域信息公开", "政府信息公开年报")
_OTHERS = (
    "关于开展安全生产专项检查的通知", "关于公布2023年度先进集体名单的通知", "关于做好节假日值班工作的通知",
    "市政府常务会议研究部署下一阶段重点工作", "关于征求规范性文件意见的公告",
)  # fmt: skip


def system(sample: Sample) -> bytes:
    """A content system's page, in GB2312."""
    return _system(sample).encode("gb18030")


def old(sample: Sample) -> bytes:
    """An old page laid out in tables."""
    return _old(sample).encode("utf-8")


def own(sample: Sample) -> bytes:
    """A page whose elements no list knows."""
    return _own(sample).encode("utf-8")


def _system(sample: Sample) -> str:
    """A content system's page: a notice in TRS_Editor, its title and number beside it."""
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">\n<html><head>\n'
        '<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />\n'
        f'<meta name="ArticleTitle" content="{escape(sample.title)}" />\n'
        '<meta name="PubDate" content="2024-12-30 09:12" />\n'
        f"<title>{escape(sample.title)}_政务公开_{_site(sample)}</title>\n"
        "<style>.TRS_Editor P{line-height:2;font-size:12pt;}</style>\n"
        f'<script>var pubdate = "2024-12-30"; document.title;</script></head>\n<body>\n{_menu()}'
        f'<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 正文</div>\n'
        f'<div class="xxgk_head">{_index(sample)}</div>\n<div class="main"><div class="article">\n'
        f'<h1 class="title">{escape(sample.title)}</h1>\n'
        f'<div class="info"><span>发布时间：2024-12-30 09:12</span><span>来源：{_site(sample)}</span>'
        '<span>浏览次数：<b id="hits">1024</b></span><span>字号：[ <a href="#">大</a> <a href="#">中</a>'
        ' <a href="#">小</a> ]</span></div>\n'
        f'<div class="TRS_Editor">{_body(sample, number=False)}</div>\n'
        '<div class="share">分享到：<a href="#">微信</a><a href="#">微博</a></div>\n'
        '<p class="tools"><a href="javascript:window.print()">【打印本页】</a><a href="#">【关闭窗口】</a></p>\n'
        f"</div></div>\n{_side()}{_foot(sample)}</body></html>\n"
    )


def _old(sample: Sample) -> str:
    """An old page: laid out in tables, lines ended by br and set in by spaces, nothing said of the encoding."""
    return (
        f"<HTML><HEAD><TITLE>{escape(sample.title)}</TITLE></HEAD>\n<BODY bgcolor=#ffffff>\n"
        f"<TABLE width=1000 align=center border=0><TR><TD colspan=2>{_site(sample)}</TD></TR>\n<TR><TD colspan=2>"
        + " | ".join(f"<A href=/{i}.asp>{name}</A>" for i, name in enumerate(_MENU))
        + "</TD></TR>\n<TR><TD width=200 valign=top>"
        + "".join(f"<A href=/c{i}.asp>{name}</A><BR>" for i, name in enumerate(_COLUMNS))
        + f"</TD>\n<TD width=800 valign=top>\n<TABLE width=100% border=0><TR><TD align=center><FONT size=5><B>"
        f"{escape(sample.title)}</B></FONT></TD></TR>\n"
        "<TR><TD align=center>发布日期：2024年12月30日　点击数：88　[<A href=#>打印</A>]</TD></TR>\n<TR><TD>\n"
        f"{_lines(sample)}\n</TD></TR>\n<TR><TD>上一篇：<A href=/1.asp>{_OTHERS[0]}</A><BR>"
        f"下一篇：<A href=/2.asp>{_OTHERS[1]}</A></TD></TR></TABLE>\n</TD></TR>\n"
        f"<TR><TD colspan=2 align=center>版权所有：{_site(sample)}<BR>备案号：ICP备00000000号</TD></TR></TABLE>\n"
        "</BODY></HTML>\n"
    )


def _own(sample: Sample) -> str:
    """A newer page, whose elements no list knows; it calls itself GBK and is UTF-8. Words are split over spans."""
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="gbk">\n'
        f"<title>{_site(sample)} - {escape(sample.title)}</title></head>\n<body>\n{_menu()}"
        '<section class="page-wrap-x"><div class="left-part-x">\n'
        f'<h2 class="doc-title-x">{escape(sample.title)}</h2>\n'
        '<p class="meta-x"><span>发布时间：</span><span>2024-12-30</span> <span>信息来源：本站</span></p>\n'
        f'<div class="txt-box-x">{_spans(_body(sample, number=True))}</div>\n'
        "<p>责任编辑：某某</p></div>\n"
        f"{_side()}</section>\n{_foot(sample)}</body></html>\n"
    )


def _site(sample: Sample) -> str:
    return re.sub(r"文件$", "", sample.letterhead) + "网站"


def _menu() -> str:
    items = "".join(f'<li><a href="/{i}/">{name}</a></li>' for i, name in enumerate(_MENU))
    return (
        '<div class="header"><a href="/login">登录</a><a href="/wza">无障碍</a>'
        '<form><input name="q" value="请输入关键字">'
        f'<button>搜索</button></form></div>\n<div class="nav"><ul>{items}</ul></div>\n'
    )


def _side() -> str:
    items = "".join(
        f'<li><a href="/t{i}.html">{name}</a><span>12-{i + 10}</span></li>' for i, name in enumerate(_OTHERS)
    )
    return f'<div class="right-list"><h3>相关文章</h3><ul>{items}</ul></div>\n'


def _foot(sample: Sample) -> str:
    return (
        f'<div class="footer"><p>主办单位：{_site(sample)}　承办单位：信息中心</p><p>地址：人民路1号　邮编：000000</p>'
        '<p>网站标识码：0000000000　ICP备00000000号　<a href="/map">网站地图</a></p></div>\n'
    )


def _index(sample: Sample) -> str:
    number = sample.number if sample.letterhead_as != "none" else ""
    return (
        '<table class="index"><tr><td>索 引 号：</td><td>K00000000/2024-00001</td><td>主题分类：</td>'
        f"<td>综合政务</td></tr><tr><td>发文机关：</td><td>{re.sub('文件$', '', sample.letterhead)}</td>"
        f"<td>发布日期：</td><td>2024-12-30</td></tr><tr><td>文　　号：</td><td>{number}</td>"
        "<td>有 效 性：</td><td>有效</td></tr></table>"
    )


def _body(sample: Sample, *, number: bool) -> str:
    """The notice as paragraphs and tables; its title stands beside it."""
    parts = [f'<p align="center">{sample.number}</p>'] if number and sample.letterhead_as != "none" else []
    skipped = False
    for element in sample.elements:
        if isinstance(element, Paragraph) and element.kind == "title" and not skipped:
            skipped = True
            continue
        parts.append(_element(element))
    return "\n".join(part for part in parts if part)


def _element(element: Element) -> str:
    if isinstance(element, PageBreak):
        return ""
    if isinstance(element, Table):
        return _table(element)
    words = escape(element.number + element.text)
    if element.kind in ("title", "caption"):
        return f'<p style="text-align: center;"><strong>{words}</strong></p>'
    if element.kind == "right":
        return f'<p style="text-align: right;">{words}</p>'
    if element.kind == "item" and element.heading:
        cut = len(element.number) + element.heading
        whole = element.number + element.text
        return f"<p>{_INDENT}<strong>{escape(whole[:cut])}</strong>{escape(whole[cut:])}</p>"
    return f"<p>{words}</p>" if element.kind in ("flush", "imprint") else f"<p>&nbsp;&nbsp;&nbsp;&nbsp;{words}</p>"


def _lines(sample: Sample) -> str:
    """The notice as an old editor saved it: everything in one cell, lines ended by br."""
    parts = [f"{sample.number}<BR>"] if sample.letterhead_as != "none" else []
    skipped = False
    for element in sample.elements:
        if isinstance(element, Paragraph) and element.kind == "title" and not skipped:
            skipped = True
        elif isinstance(element, Table):
            parts.append(_table(element))
        elif isinstance(element, Paragraph):
            words = escape(element.number + element.text)
            lead = "" if element.kind in ("flush", "title", "caption", "imprint") else _INDENT
            parts.append(f"<CENTER>{words}</CENTER>" if element.kind in ("title", "caption") else f"{lead}{words}<BR>")
    return "\n".join(part for part in parts if part)


def _table(table: Table) -> str:
    merges = {(merge.row, merge.column): merge for merge in table.merges}
    rows = []
    for row, cells in enumerate(table.rows):
        shown = []
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            merge = merges.get((row, column))
            spans = f' rowspan="{merge.rows}"' if merge and merge.rows > 1 else ""
            spans += f' colspan="{merge.columns}"' if merge and merge.columns > 1 else ""
            shown.append(f"<td{spans}><p>{escape(cell)}</p></td>")
        rows.append(f"<tr>{''.join(shown)}</tr>")
    return f'<table border="1" cellspacing="0"><tbody>{"".join(rows)}</tbody></table>'


def _spans(body: str) -> str:
    """Words cut into spans after digits and brackets, as editors leave them; the source's lines are wrapped."""

    def cut(match: re.Match[str]) -> str:
        pieces = re.split(r"(?<=[0-9])(?=[^0-9])|(?<=[，；])", match[1])
        return ">" + "".join(f'<span style="font-size: 12pt">{piece}</span>' for piece in pieces if piece) + "<"

    return re.sub(r">([^<>&\n]{6,})<", cut, body)
