"""What the pages of publishers' sites offer: saved pages as counted by eye, and pages made in their manner."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.sites import SITES, Found, Link, Page, read_page
from extract.sites.wanted import fiscal_year_in, is_wanted
from extract.sites.words import pattern, words
from extract.sources import Source
from extract.vocabularies import vocabulary


def source(url: str, system: str = "plain", **more: Any) -> Source:
    return Source.model_validate(
        {
            "source_id": "a-source",
            "system": system,
            "description": "for a test",
            "enabled": False,
            "disabled_because": "of a test",
            "start": [{"url": url}],
            **more,
        }
    )


def read(html: str, url: str = "http://www.a.gov.cn/x/index.html", system: str = "plain", **more: Any) -> Found:
    more = {"start": [{"url": url}]} | more
    return read_page(source(url, system, **more), Page(url, html.encode(), "text/html"))


def urls(links: tuple[Link, ...]) -> list[str]:
    return [link.url.removeprefix("http://www.a.gov.cn") for link in links]


# --- saved pages: what stands on each was counted by eye ----------------------------------------------------------

CHANGSHA = "http://www.changsha.gov.cn/szf/ztzl/ysgk/bmyjshsgjf/sswj/"
FOSHAN = "https://www.foshan.gov.cn/zwgk/zdly/czxx/czxxgk/czjjbm/1081335/"
SUZHOU = "http://gxj.suzhou.gov.cn/szeic/"
FUZHOU = "https://www.fuzhou.gov.cn/zgfzzt/skjj/"


def saved(published: Path, name: str, url: str, system: str, **more: Any) -> Found:
    content = (published / "pages" / f"{name}.html").read_bytes()
    return read_page(source(url, system, **more), Page(url, content, "text/html"))


def test_a_trs_list_leads_to_its_ten_budgets_its_two_units_and_its_other_pages(published: Path) -> None:
    found = saved(published, "changsha-listing", CHANGSHA, "trs")
    assert (found.documents, found.trouble, found.elsewhere) == ((), None, ())
    assert urls(found.follow[:2]) == [CHANGSHA + "zssswjjg/", CHANGSHA + "zsstzcjswzx/"]
    articles = found.follow[2:12]
    assert articles[0] == Link(
        CHANGSHA + "202602/t20260213_12314885.html",
        "长沙市投资促进事务中心2026年部门预算公开",
        date(2026, 2, 13),
        "长沙市投资促进事务中心",
        2026,
    )
    assert articles[-1] == Link(
        CHANGSHA + "202302/t20230206_10983826.html",
        "长沙市商务局2023年部门预算公开（本级）",
        date(2023, 2, 6),
        "长沙市商务局",
        2023,
    )
    assert [link.fiscal_year for link in articles] == [2026, 2026, 2025, 2025, 2025, 2024, 2024, 2023, 2023, 2023]
    assert [(link.url, link.goes_on) for link in found.follow[12:]] == [
        (CHANGSHA + "index_1.html", True),
        (CHANGSHA + "index_2.html", True),
    ]


def test_years_that_are_not_asked_for_are_left_out(published: Path) -> None:
    found = saved(published, "changsha-listing", CHANGSHA, "trs", fiscal_years=[2024, 2026])
    assert [link.fiscal_year for link in found.follow] == [None, None, 2026, 2026, 2024, 2024, None, None]


def test_a_gd_list_leads_to_its_ten_budgets_and_its_second_page(published: Path) -> None:
    found = saved(published, "foshan-list-with-items", FOSHAN + "index.html", "gd")
    assert (found.documents, found.trouble) == ((), None)
    assert len(found.follow) == 11
    assert found.follow[0] == Link(
        FOSHAN + "content/post_7115835.html",
        "2026年中国共产党佛山市委员会宣传部部门预算",
        date(2026, 3, 13),
        "中国共产党佛山市委员会宣传部",
        2026,
    )
    assert found.follow[9] == Link(
        FOSHAN + "content/post_3588501.html",
        "2018年度中国共产党佛山市委员会宣传部（部门）预算",
        date(2018, 2, 2),
        "中国共产党佛山市委员会宣传部",
        2018,
    )
    assert (found.follow[10].url, found.follow[10].goes_on) == (FOSHAN + "index_2.html", True)


def test_a_bureaus_home_page_leads_to_its_twelve_budgets_and_nothing_else(published: Path) -> None:
    found = saved(published, "suzhou-bureau-budget-links", SUZHOU + "index.shtml", "plain")
    assert (found.documents, found.trouble) == ((), None)
    assert len(found.follow) == 12
    assert found.follow[0] == Link(
        SUZHOU + "ggl/202602/119facdf5acd4a5ca8caa663af8ed0a5.shtml",
        "苏州市工业和信息化局（本级）2026年度项目支出绩效目标",
        date(2026, 2, 27),
        "苏州市工业和信息化局",
        2026,
    )
    assert found.follow[-1].url == SUZHOU + "ggl/202602/88fc54cc56b144399b398be4f315ff8a.shtml"
    assert found.follow[-1].title == "苏州市软件和信息服务业办公室2026年度部门整体支出绩效目标"


def test_a_column_that_the_source_names_is_followed(published: Path) -> None:
    found = saved(published, "fuzhou-bureau-site", FUZHOU, "trs", follow=["/skjj/kjzl/ghjh/$"])
    assert (found.documents, found.trouble) == ((), None)
    assert [link.url.removeprefix(FUZHOU + "kjzl/ghjh/") for link in found.follow] == [
        "",
        "202603/t20260313_5295835.htm",
        "202603/t20260313_5295832.htm",
        "202603/t20260313_5295833.htm",
        "202602/t20260228_5289872.htm",
    ]
    assert found.follow[-1] == Link(
        FUZHOU + "kjzl/ghjh/202602/t20260228_5289872.htm",
        "2026年度福州市科学技术局部门预算",
        date(2026, 2, 28),
        "福州市科学技术局",
        2026,
    )


def test_reports_of_auditors_are_no_budgets(published: Path) -> None:
    found = saved(published, "guangzhou-bureau-home", "http://sjj.gz.gov.cn/", "gd")
    assert (found.documents, found.follow) == ((), ())
    assert found.trouble is not None
    assert found.trouble.code == "empty_list"


ARTICLES = [
    (
        "wenzhou-article-meta",  # its file stands in a script
        "hanweb",
        "http://www.wenzhou.gov.cn/zwgk/zdlyxxgk/czxx/bmys/2026n/sjbmys/art/2026/art_8633d3999ce0f61c17a238152e795eb0.html",
        Link(
            "http://www.wenzhou.gov.cn/cms_files/filemanager/1542147/attach/20262/59186C3195DADD83F1257CDAE4769159.pdf",
            "温州市教育局2026年部门预算",
            date(2026, 3, 2),
            "温州市教育局",
            2026,
        ),
    ),
    (
        "nantong-download-do",  # its file's address has no name, its source in the meta element is a person
        "plain",
        "http://www.nantong.gov.cn/ntsrmzf/ys_26/content/364aafc6-8fb9-45fb-9c35-a05d1420ca4d.html",
        Link(
            "http://www.nantong.gov.cn/truecms/attachmentController/download.do?id=650d48cd-5de7-4ee1-ade8-a5af5b87ee52",
            "南通市政府办公室2026年度部门预算公开.pdf",
            date(2026, 2, 9),
            "南通市政府办公室",
            2026,
        ),
    ),
    (
        "xian-uppercase-attachment",
        "plain",
        "http://www.xa.gov.cn/gk/czzj/bmczyjs/bmczysb/5d492cbef99d6572b76a44a5.html",
        Link(
            "http://www.xa.gov.cn/web_files/xian/attachment/201802/28/2018_10_12_320_VPQGHJ_42702.XLS",
            "2018年部门预算公开报表",
            date(2018, 2, 28),
            "市城市管理局",
            2018,
        ),
    ),
    (
        "tianjin-zip-attachment",  # only its column says that it is a budget, and of which year
        "trs",
        "https://cz.tj.gov.cn/zwgk_53713/yjsgktypt/ysgk/2019nbmysgkml/202008/t20200803_3332025.html",
        Link(
            "https://cz.tj.gov.cn/zwgk_53713/yjsgktypt/ysgk/2019nbmysgkml/202008/W020210622597717403120.zip",
            "天津市商务局.zip",
            date(2019, 2, 22),
            "天津市商务局",
            2019,
        ),
    ),
]


@pytest.mark.parametrize(("name", "system", "url", "document"), ARTICLES, ids=[article[0] for article in ARTICLES])
def test_an_article_has_one_file(published: Path, name: str, system: str, url: str, document: Link) -> None:
    assert saved(published, name, url, system) == Found(documents=(document,))


def test_an_article_may_have_files_of_two_kinds(published: Path) -> None:
    url = "http://www.wuxi.gov.cn/doc/2026/02/11/4733890.shtml"
    found = saved(published, "wuxi-article-attachments", url, "plain")
    assert (found.follow, found.trouble) == ((), None)
    assert [(link.url.rpartition("/")[2], link.title) for link in found.documents] == [
        ("2026021210335359750114.docx", "无锡市自然资源和规划局2026年度部门预算公开 .docx"),
        ("2026021114103237485114.xls", "无锡市自然资源和规划局2026年政府专项资金明细项目表.xls"),
    ]
    assert {(link.publisher, link.fiscal_year, link.published_date) for link in found.documents} == {
        ("无锡市自然资源和规划局", 2026, date(2026, 2, 11))
    }


def test_an_article_may_have_the_files_of_seventeen_bodies(published: Path) -> None:
    url = "https://public.zhengzhou.gov.cn/D1901X/9968003.jhtml"
    found = saved(published, "zhengzhou-article-many-attachments", url, "plain")
    assert (len(found.documents), found.follow, found.trouble) == (17, (), None)
    assert [link.title for link in (found.documents[0], found.documents[-1])] == [
        "2026年度郑州市生态环境局二七分局单位预算公开.pdf",
        "2026年度郑州市生态环境综合行政执法支队单位预算公开.pdf",
    ]
    assert len({link.publisher for link in found.documents}) == 17
    assert {(link.fiscal_year, link.published_date) for link in found.documents} == {(2026, date(2026, 3, 26))}
    assert all(".pdf?" in link.url for link in found.documents)


TROUBLES = [
    ("foshan-script-filled-list", "gd", "http://fscom.foshan.gov.cn/gkmlpt/index", "script_filled"),
    ("jinan-catalogue-attachments", "hanweb", "http://jnhrss.jinan.gov.cn/col/col44837/index.html", "script_filled"),
    ("wuhan-cookie-challenge", "plain", "http://www.wuhan.gov.cn/ztzl/yjs/2026/", "challenge"),
    ("dongguan-redirecting", "gd", "http://www.dg.gov.cn/tz/index.html", "unclear_redirect"),
]


@pytest.mark.parametrize(("name", "system", "url", "code"), TROUBLES, ids=[trouble[0] for trouble in TROUBLES])
def test_a_page_that_holds_no_list_is_told(published: Path, name: str, system: str, url: str, code: str) -> None:
    found = saved(published, name, url, system)
    assert (found.documents, found.follow) == ((), ())
    assert found.trouble is not None
    assert found.trouble.code == code


def test_the_redirecting_page_leads_where_its_address_says(published: Path) -> None:
    url = "http://www.dg.gov.cn/tz/index.html?from=%E6%B8%85%E8%BF%9C%E5%B8%82%E4%BD%8F%E6%88%BF%E5%85%AC%E7%A7%AF%E9%87%91%E7%AE%A1%E7%90%86%E4%B8%AD%E5%BF%83"
    found = saved(published, "dongguan-redirecting", url, "gd", hosts=["gjjzx.gdqy.gov.cn"])
    assert found == Found(follow=(Link("http://gjjzx.gdqy.gov.cn/", goes_on=True),))


# --- pages made in the manner of sites ----------------------------------------------------------------------------

ITEM = '<li><a href="{}">{}</a><span>{}</span></li>'


def items(*rows: tuple[str, str, str]) -> str:
    return f"<ul>{''.join(ITEM.format(*row) for row in rows)}</ul>"


LIST = items(
    ("./202602/t20260213_1.html", "云泽市商务局2026年部门预算", "2026-02-13"),
    ("./202509/t20250929_2.html", "云泽市商务局2024年度部门决算", "2025-09-29"),
    ("./202602/t20260210_3.html", "云泽市商务局2026年项目支出绩效目标", "2026年2月10日"),
    ("./202602/t20260209_4.html", "云泽市商务局2024年度部门预算执行情况", "2026-02-09"),
    ("./202602/t20260208_5.html", "2025年部门绩效自评报告", "2026-02-08"),
    ("./202602/t20260207_6.html", "云泽市市级部门预算管理办法", "2026-02-07"),
    ("./202602/t20260206_7.html", "云泽市2026年政府预算公开", "2026-02-06"),
)
GD_SCRIPT = """<script>var page_count; if (Math.ceil(29/20) > 20) { page_count=20 }
createPageHTML(page_count, parseInt(now), "index", "html");</script>"""
PROXY = "/module/web/jpage/dataproxy.jsp?page=2&webid=9&columnid=7&unitid=8"
HANWEB_LIST = f"""<html><body><div id="1"><script type="text/xml"><datastore>
<nextgroup><![CDATA[<a href="{PROXY}"></a>]]></nextgroup>
<recordset><record><![CDATA[<li><a href="/art/2026/2/13/art_7_1.html" title="云泽市商务局2026年部门预算">云泽市商…</a>
<b>2026-02-13</b></li>]]></record>
<record><![CDATA[<li><a href="/art/2025/9/1/art_7_2.html">云泽市商务局2024年部门决算</a></li>]]></record></recordset>
</datastore></script></div></body></html>"""
ARTICLE = """<html><head><meta name="ArticleTitle" content="云泽市商务局2026年部门预算"/>
<meta name="PubDate" content="2026-02-13 10:00"/><meta name="ContentSource" content="云泽市商务局"/></head>
<body><p>见附件</p>{}</body></html>"""
TABLE = (
    "<table><tr><td>一级指标</td><td>三级 指标</td><td>指标值</td></tr><tr><td>产出指标</td><td>≥95%</td></tr></table>"
)


def test_budgets_and_targets_are_wanted_and_other_papers_are_not() -> None:
    found = read(LIST, system="trs")
    assert urls(found.follow) == ["/x/202602/t20260213_1.html", "/x/202602/t20260210_3.html"]
    assert [link.published_date for link in found.follow] == [date(2026, 2, 13), date(2026, 2, 10)]


def test_a_source_may_say_itself_what_is_wanted() -> None:
    found = read(LIST, system="trs", titles=["决算", "办法"], unwanted=["管理"])
    assert urls(found.follow) == ["/x/202509/t20250929_2.html"]


@pytest.mark.parametrize(
    ("system", "script", "pages"),
    [
        ("trs", "<script>createPageHTML(3, 0, 'index', 'html');</script>", ["/x/index_1.html", "/x/index_2.html"]),
        ("trs", "<script>var countPage = 2; createPageHTML(countPage,0,'list','htm')</script>", ["/x/list_1.htm"]),
        ("trs", "<script>createPageHTML(1, 0, 'index', 'html');</script>", []),
        ("gd", GD_SCRIPT, ["/x/index_2.html"]),
        ("gd", "<script>createPageHTML(3, 1, 'index', 'html')</script>", ["/x/index_2.html", "/x/index_3.html"]),
        ("plain", '<a href="?page=2">下一页</a>', ["/x/index.html?page=2"]),
        ("plain", '<a href="index_2.html">下一页 &gt;</a>', ["/x/index_2.html"]),
        ("plain", '<a href="index_2.html">2</a><a href="index_3.html">3</a>', ["/x/index_2.html", "/x/index_3.html"]),
        ("plain", '<a href="/z/9.html">2</a><a href="javascript:go(2)">下页</a>', []),
        ("plain", '<a href="?page=3" rel="next"></a>', ["/x/index.html?page=3"]),
        ("plain", '<a href="/x/more.shtml">&gt;</a><a href="index_1.html">&gt;</a>', ["/x/index_1.html"]),
    ],
)
def test_the_other_pages_of_a_list_are_found(system: str, script: str, pages: list[str]) -> None:
    found = read(LIST + script, system=system)
    assert urls(tuple(link for link in found.follow if link.goes_on)) == pages


def test_hanwebs_records_stand_in_a_datastore_and_its_proxy_gives_more() -> None:
    found = read(HANWEB_LIST, "http://www.a.gov.cn/col/col7/index.html", "hanweb")
    assert urls(found.follow) == ["/art/2026/2/13/art_7_1.html", PROXY]
    assert found.follow[0].title == "云泽市商务局2026年部门预算"
    assert found.follow[0].published_date == date(2026, 2, 13)
    given = HANWEB_LIST[HANWEB_LIST.index("<datastore>") : HANWEB_LIST.index("</script>")]
    given = given.replace("page=2", "page=3").replace("2/13", "2/14")
    answer = read(f'<?xml version="1.0" encoding="utf-8"?>{given}', f"http://www.a.gov.cn{PROXY}", "hanweb")
    assert urls(answer.follow) == ["/art/2026/2/14/art_7_1.html", PROXY.replace("page=2", "page=3")]


def test_names_of_bodies_lead_on_in_a_list_of_budgets_only() -> None:
    rows = items(("./t20260213_1.html", "云泽市商务局", "2026-02-13"), ("./t20260213_2.html", "联系我们", ""))
    assert urls(read(f"<title>2026年部门预算</title>{rows}", system="trs").follow) == ["/x/t20260213_1.html"]
    assert read(f"<title>部门动态</title>{rows}", system="trs").follow == ()
    by_year = read(rows, system="trs", start=[{"url": "http://www.a.gov.cn/x/", "fiscal_year": 2026}])
    assert [(link.title, link.publisher, link.fiscal_year) for link in by_year.follow] == [
        ("云泽市商务局", "云泽市商务局", 2026)
    ]


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("云泽市第20中学", True),
        ("云泽市第１１３中学", True),
        ("云泽市83中学", True),
        ("云泽市第4人民医院", True),
        ("云泽市120急救中心", True),
        ("云泽市12345政务服务便民热线中心", True),
        ("附件1云泽市商务局", False),
        ("01云泽市商务局", False),
        ("2月22日市审计局", False),
        ("云泽市2026年商务局", False),
        ("云泽市2026商务局", False),
        ("第3次全国经济普查领导小组办公室", False),
        ("关于印发第20号文件的商务局2", False),
    ],
)
def test_a_number_in_a_name_is_told_from_dates_and_places_in_a_list(name: str, is_one: bool) -> None:
    rows = items(("./t20260213_1.html", name, ""))
    followed = read(f"<title>2026年部门预算</title>{rows}", system="trs").follow
    assert [(link.title, link.publisher) for link in followed] == ([(name, name)] if is_one else [])
    article = f'<meta name="ArticleTitle" content="2026年单位预算"><p>发布机构：{name}</p><a href="a.pdf">附件</a>'
    [document] = read(article).documents
    assert document.publisher == (name if is_one else None)


def test_deeper_lists_are_those_below_a_list_of_budgets_and_never_the_way_back() -> None:
    links = '<div class="crumbs"><a href="/x/y/budgets/">部门预算</a></div>'
    links += '<a href="/">首页</a><a href="/x/">部门预算公开</a>'
    links += '<a href="./swj/">市商务局</a><a href="/z/">通知公告</a><a href="./js/">部门决算</a>'
    url = "http://www.a.gov.cn/x/y/index.html"
    assert urls(read(f"<title>部门预决算公开</title>{links}", url).follow) == ["/x/y/swj/"]
    assert read(f"<title>云泽市</title>{links}", url).follow == ()
    assert urls(read(f"<title>云泽市</title>{links}", url, follow=["/z/", "商务"]).follow) == ["/x/y/swj/", "/z/"]


@pytest.mark.parametrize(
    ("link", "file"),
    [
        ('<a href="a.PDF">附件1</a>', "/x/a.PDF"),
        ("<a href='../b.xls?token=1#top'>附件</a>", "/b.xls?token=1"),
        ('<a href="/attachment/7/7850/9551234">点击下载</a>', "/attachment/7/7850/9551234"),
        ('<a href="/down/getfile?fileid=77">附件.docx</a>', "/down/getfile?fileid=77"),
        ('<a href="/cms/download.do;jsessionid=A1?id=5">下载</a>', "/cms/download.do?id=5"),
        ('<a href="/api/get?fileName=%E9%A2%84%E7%AE%97.xlsx">附件</a>', "/api/get?fileName=%E9%A2%84%E7%AE%97.xlsx"),
        ('<a href="/f/8888">云泽市商务局2026年部门预算.pdf</a>', "/f/8888"),
        ('<a href="/附 件/预算.pdf">附件</a>', "/%E9%99%84%E4%BB%B6/%E9%A2%84%E7%AE%97.pdf"),
        ('<iframe src="/viewer/web.html?file=/files/c.pdf"></iframe>', "/files/c.pdf"),
        ('<embed src="d.pdf">', "/x/d.pdf"),
        ("<script>var sPdfUrl = '/files/e.pdf';</script>", "/files/e.pdf"),
        ("""<a href="javascript:void(0)" onclick="window.open('/files/f.doc')">附件</a>""", "/files/f.doc"),
        ('<base href="/deep/er/"><a href="g.wps">附件</a>', "/deep/er/g.wps"),
        ('<a href="h.rar">附件</a><a href="h.rar">附件</a>', "/x/h.rar"),
    ],
)
def test_the_file_of_an_article_is_found_in_whatever_form(link: str, file: str) -> None:
    found = read(ARTICLE.format(link))
    assert found.trouble is None
    [document] = found.documents
    assert document.url == f"http://www.a.gov.cn{file}"
    assert (document.published_date, document.publisher, document.fiscal_year) == (
        date(2026, 2, 13),
        "云泽市商务局",
        2026,
    )
    assert "云泽市商务局2026年部门预算" in (document.title or "")


def test_pictures_and_papers_of_other_kinds_are_no_documents() -> None:
    links = '<a href="/attachment/1.jpg">附件</a><a href="a.pdf">2024年度部门决算.pdf</a><a href="mailto:a@b.c">信</a>'
    links += '<a href="/attachment/index.html">附件</a>'
    found = read(ARTICLE.format(links))
    assert found.documents == ()
    assert found.trouble is not None
    assert found.trouble.code == "no_document"
    assert read(ARTICLE.format('<a href="a.pdf">附件</a>').replace("部门预算", "部门决算")) == Found()


def test_an_article_that_carries_the_tables_is_a_document_itself() -> None:
    url = "http://www.a.gov.cn/x/t20260213_1.html"
    [document] = read(ARTICLE.format(TABLE), url, "trs").documents
    assert (document.url, document.title) == (url, "云泽市商务局2026年部门预算")
    [file] = read(ARTICLE.format(TABLE + '<a href="a.pdf">附件</a>'), url, "trs").documents
    assert file.url.endswith("a.pdf")


def test_prose_on_targets_is_no_table() -> None:
    found = read(ARTICLE.format("<table><tr><td>绩效目标和指标的说明</td></tr></table>"))
    assert found.trouble is not None
    assert found.trouble.code == "no_document"


def test_of_a_list_only_files_that_name_a_body_a_year_or_nothing_are_documents() -> None:
    links = '<a href="1.pdf">市商务局.pdf</a><a href="2.pdf">公开指引.pdf</a><a href="3.pdf">2026年项目表</a>'
    links += '<a href="4.pdf">附件1</a><a href="5.pdf">市教育局2026年部门预算.pdf</a><a href="6.pdf">管理办法.pdf</a>'
    found = read(f"<title>部门预算公开</title>{links}")
    assert [url[3] for url in urls(found.documents)] == ["1", "3", "4", "5"]
    assert [url[3] for url in urls(read(f"<title>公告</title>{links}").documents)] == ["5"]


def test_the_frames_of_a_page_are_looked_at_where_it_has_nothing_else() -> None:
    frame = '<iframe src="list.html"></iframe><iframe src="http://map.cn/"></iframe>'
    assert read(frame) == Found(follow=(Link("http://www.a.gov.cn/x/list.html", goes_on=True),))
    assert len(read(LIST + frame, system="trs").follow) == 2


def test_an_article_may_lie_above_the_list_that_names_it() -> None:
    links = '<a href="/x/show.html?no=3">市商务局2026年部门预算</a><a href="/x/index.html">2026年部门预算</a>'
    assert urls(read(links, "http://www.a.gov.cn/x/y/list.html").follow) == ["/x/show.html?no=3"]


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("云泽市商务局2026年部门预算", True),
        ("2026年度云泽市商务局（部门）预算", True),
        ("2026年综合预算公开报表", True),
        ("部门预算编制说明", True),
        ("部门预决算和三公经费", True),
        ("2026年部门预算及“三公”经费公开", True),
        ("2026年预算及2024年决算", True),
        ("财政预、决算公开", True),
        ("云泽市商务局2026年项目支出绩效目标表.xlsx", True),
        ("2024年度部门决算", False),
        ("2024年一般公共预算财政拨款支出决算表", False),
        ("一般公共预算拨款“三公”经费情况统计表（2016年）", False),
        ("关于2025年预算执行情况和2026年预算草案的报告", False),
        ("2024年度部门预算项目支出绩效自评", False),
        ("云泽市市级部门预算管理办法.docx", False),
        ("云泽市2026年政府预算公开", False),
        ("关于编制2026年部门预算的通知", False),
        ("政府信息公开指南", False),
        ("通知公告", False),
    ],
)
def test_the_titles_that_are_wanted(title: str, wanted: bool) -> None:
    assert is_wanted(source("http://www.a.gov.cn/"), title) is wanted


def test_the_link_to_a_page_says_what_the_page_does_not() -> None:
    url = "http://www.a.gov.cn/x/t20260213_1.html"
    page = Page(url, '<title>详情</title><a href="a.pdf">附件</a>'.encode(), "text/html")
    by = Link(url, "云泽市商务局2026年部门预算", date(2026, 2, 12), "云泽市商务局", 2026)
    [document] = read_page(source(url, "trs"), page, by).documents
    assert document == Link("http://www.a.gov.cn/x/a.pdf", by.title, date(2026, 2, 13), "云泽市商务局", 2026)
    assert read_page(source(url, "trs"), page).documents == ()


def test_what_stands_behind_the_end_of_a_page_is_read() -> None:
    assert len(read(f"<html><body>x</body></html>{LIST}", system="trs").follow) == 2


@pytest.mark.parametrize("encoding", ["gb2312", "gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("said", ['<meta charset="gb2312">', ""])
def test_a_page_is_read_in_whatever_encoding(encoding: str, said: str) -> None:
    content = (said + LIST).encode(encoding)
    found = read_page(source("http://www.a.gov.cn/x/", "trs"), Page("http://www.a.gov.cn/x/", content, "text/html"))
    assert found.follow[0].title == "云泽市商务局2026年部门预算"


@pytest.mark.parametrize(
    ("html", "to"),
    [
        ('<meta http-equiv="Refresh" content="0; url=/new/index.html">', "/new/index.html"),
        ("<meta http-equiv=refresh content=\"3;URL='http://www.a.gov.cn/n/'\">", "/n/"),
        ("<script>window.location.href = '/new/';</script>", "/new/"),
        ("<script>location.replace('/new/?a=1')</script>", "/new/?a=1"),
    ],
)
def test_a_page_that_sends_its_reader_on_is_followed(html: str, to: str) -> None:
    found = read(html)
    assert found == Found(follow=(Link(f"http://www.a.gov.cn{to}", goes_on=True),))
    elsewhere = read(html.replace("/n", "http://b.cn/n").replace("http://www.a.gov.cnhttp", "http"))
    assert (elsewhere.follow, [link.url[:12] for link in elsewhere.elsewhere]) == ((), ["http://b.cn/"])


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("<script>document.cookie='a=1';location.href=location.href</script>", "challenge"),
        ("<html><script>var v='acw_sc__v2';</script></html>", "challenge"),
        ("<title>提示</title><p>您的请求已被拦截，如有疑问请联系管理员</p>", "challenge"),
        ("<title>403 Forbidden</title><h1>403 Forbidden</h1>", "challenge"),
        ("<title>404</title><p>出错了</p>", "error_page"),
        ("<p>对不起，您访问的页面不存在或已被删除</p>", "error_page"),
        ("<title>502 Bad Gateway</title>", "error_page"),
        ("<script>location.href = next()</script>", "unclear_redirect"),
        ('<div id="app"></div><script src="/a.js"></script>', "script_filled"),
        ("<p>暂无内容</p>" * 3, "empty_list"),
        ('<a href="http://other.cn/a/">云泽市商务局2026年部门预算</a>', "not_allowed"),
        ("%PDF-1.4 <a>", "no_page"),
        ('{"articles": []}', "no_page"),
        ("", "no_page"),
    ],
)
def test_a_page_with_nothing_to_give_says_why(html: str, code: str) -> None:
    found = read(html)
    assert (found.documents, found.follow) == ((), ())
    assert found.trouble is not None
    assert found.trouble.code == code
    assert found.trouble.message
    assert found.trouble.what_to_do.endswith(".")


@pytest.mark.parametrize(
    "around",
    [
        "<title>安全检查</title><p>安全检查项目</p>",
        "<script>if (isPhone) window.location.href = 'http://m.a.gov.cn/';</script>",
        "<script>document.cookie = 'seen=1';</script><p>云泽市商务局的预算公开</p>" * 3,
        "<p>找不到网页时请联系我们</p>",
    ],
)
def test_a_page_that_offers_something_is_no_trouble(around: str) -> None:
    found = read(ARTICLE.format(f'{around}<a href="a.pdf">附件</a>'))
    assert (urls(found.documents), found.trouble) == (["/x/a.pdf"], None)


def test_a_catalogue_that_a_script_fills_names_its_columns_of_budgets() -> None:
    tree = json.dumps(
        [{"id": 1, "name": "工作动态", "children": [{"id": 2, "name": "财政预决算"}]}], separators=(",", ":")
    )
    found = read(f"<script>window._CONFIG = {{SID: '7', TREE: {tree}, X: 1}}</script><p>政府信息公开</p>", system="gd")
    assert found.trouble is not None
    assert found.trouble.code == "script_filled"
    assert "a column 财政预决算" in found.trouble.message


def test_a_list_that_a_script_fills_is_told_though_the_page_leads_to_others() -> None:
    unit = '<script src="/cms_files/unitbuild.js"></script>'
    other = '<a href="/col/col9/index.html">财政预决算</a>'
    found = read(unit + other, "http://www.a.gov.cn/col/col7/index.html", "hanweb")
    assert (urls(found.follow), found.trouble and found.trouble.code) == (["/col/col9/index.html"], "script_filled")
    article = '<a href="/art/2026/2/13/art_7_1.html">市商务局2026年部门预算</a>'
    listed = read(unit + other + article, "http://www.a.gov.cn/col/col7/index.html", "hanweb")
    assert (len(listed.follow), listed.trouble) == (2, None)


def test_wanted_links_to_other_hosts_are_shown_and_not_followed() -> None:
    links = '<a href="http://swj.a.gov.cn/1/">市商务局2026年部门预算</a><a href="/2/">市教育局2026年部门预算</a>'
    found = read(links)
    assert (urls(found.follow), [link.url for link in found.elsewhere]) == (["/2/"], ["http://swj.a.gov.cn/1/"])
    assert read(links, hosts=["*.a.gov.cn"]).elsewhere == ()


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("云泽市商务局2026年部门预算", 2026),
        ("2024年决算和2026年部门预算", 2026),
        ("2026 年度部门预算（2026年2月公开）", 2026),
        ("２０２６年部门预算", 2026),
        ("二〇二六年部门预算", 2026),
        ("云泽市2026部门预算", 2026),
        ("部门预算（2016年）", 2016),
        ("云财〔2026〕12号", None),
        ("部门预算", None),
    ],
)
def test_the_year_of_a_title(title: str, year: int | None) -> None:
    assert fiscal_year_in(title) == year


def test_every_pattern_of_the_vocabulary_compiles_and_finds_no_empty_text() -> None:
    names = [
        "wanted",
        "unwanted",
        "lists",
        "bare",
        "next_page",
        "crumbs",
        "downloads",
        "pictures",
        "errors",
        "challenges",
    ]
    assert not [name for name in names if pattern(name).search("")]
    lists = {name for name in vocabulary("sites") if name not in names}
    assert all(words(name) and all(words(name)) for name in lists)


# --- any bytes ----------------------------------------------------------------------------------------------------

PAGES = [
    LIST,
    LIST + GD_SCRIPT,
    HANWEB_LIST,
    ARTICLE.format(TABLE + '<a href="a.pdf">附件</a><iframe src="/v?file=b.pdf"></iframe>'),
    '<base href="//["><a href="http://[/a.pdf">预算</a><a href="http://www.a.gov.cn:x/">预算</a>',
    '<meta http-equiv=refresh content="0;url=">',
]


def check(content: bytes, system: str) -> None:
    found = read_page(
        source("http://www.a.gov.cn/x/", system, hosts=["*.a.gov.cn"]),
        Page("http://www.a.gov.cn/x/index.html", content, "text/html", "x-unknown"),
    )
    for link in (*found.documents, *found.follow):
        assert link.url.startswith(("http://www.a.gov.cn/", "https://", "http://"))
        assert "#" not in link.url
        assert link.url.isascii()
    assert len({link.url for link in (*found.documents, *found.follow)}) == len(found.documents) + len(found.follow)
    assert found.documents or found.follow or found.trouble or found == Found()


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2000), st.sampled_from(sorted(SITES)))
def test_no_bytes_make_a_reader_raise(content: bytes, system: str) -> None:
    check(content, system)
    check(b"<a href=" + content + b">2026\xe9\xa2\x84\xe7\xae\x97</a>", system)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(PAGES),
    st.sampled_from(sorted(SITES)),
    st.integers(0, 2000),
    st.integers(0, 2000),
    st.lists(st.tuples(st.integers(0, 5000), st.binary(min_size=1, max_size=4)), max_size=8),
)
def test_no_cut_or_garbled_page_makes_a_reader_raise(
    html: str, system: str, start: int, cut: int, garbled: list[tuple[int, bytes]]
) -> None:
    content = bytearray(html.encode())
    for place, other in garbled:
        content[place % len(content) : place % len(content) + len(other)] = other
    check(bytes(content[start % 50 : len(content) - cut % len(content)]), system)


def test_more_links_than_are_looked_at_are_told() -> None:
    found = read(LIST + "<a href=b>b</a>" * 20_000, system="trs")
    assert len(found.follow) == 2
    assert found.trouble is not None
    assert found.trouble.code == "too_large"
    assert read(LIST + "<a href=b>b</a>" * 10_000, system="trs").trouble is None


@pytest.mark.parametrize(
    ("system", "piece"),
    [
        ("trs", ITEM.format("a.pdf", "云泽市商务局2026年部门预算", "2026-02-13")),
        ("trs", "<div class=position><span>"),
        ("hanweb", "<datastore><record><![CDATA["),
        ("hanweb", "<datastore><nextgroup>"),
        ("gd", "<script>createPageHTML(9, 0, 'index', 'html'"),
        ("gd", "<table><tr><td>绩效目标指标"),
        ("plain", '<a href="?page=1">1</a>'),
        ("plain", "<script>'" + "a" * 50 + ".pdf"),
        ("plain", "发布日期：来源："),
        ("plain", "<meta name=a content=b>"),
    ],
)
def test_a_huge_page_takes_seconds_and_is_told(system: str, piece: str) -> None:
    content = (piece * (6_000_000 // len(piece.encode()) + 1)).encode()
    url = "http://www.a.gov.cn/x/"
    began = time.monotonic()
    found = read_page(source(url, system), Page(url, content, "text/html"))
    assert time.monotonic() - began < 60
    assert found.trouble is not None
