"""Turns a site's list and articles into pages in the manner of its system, out of the templates in `pages/`."""

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from posixpath import relpath
from string import Template

from demo.city import load_city
from demo.site import Article, Attachment, Site
from demo.table import printed_lines
from demo.webpage import fragment

PAGES = Path(__file__).parent / "pages"


def list_page(site: Site, number: int, day: int) -> bytes:
    """A page of the site's list, from 1. Pages of hanweb's list after the first are XML without a page around it."""
    articles = site.articles_on(day)
    shown = articles[(number - 1) * site.per_page : number * site.per_page]
    pages = site.page_count(day)
    if site.system == "hanweb":
        items = _records(site, shown, number, day)
        if number > 1:
            return f'<?xml version="1.0" encoding="utf-8"?>\n<datastore>\n{items}\n</datastore>\n'.encode()
    else:
        items = "\n".join(_item(site, article, day) for article in shown)
    return page(
        f"{site.system}_list",
        site=escape(site.name),
        column=escape(site.column),
        items=items,
        pages=pages,
        index=number - 1,
        number=number,
        count=len(articles),
        per_page=site.per_page,
        next=f'<a href="{escape(site.list_path(number + 1))}">下一页</a>' if number < pages else "下一页",
    )


def article_page(site: Site, article: Article, day: int) -> bytes:
    """An article of a day with its files, or with its table."""
    text = ""
    if article.page is not None:
        city, document = load_city(), article.page.document()
        text = fragment(document, printed_lines(document, city), city)
    return page(
        f"{site.system}_article",
        site=escape(site.name),
        column=escape(site.column),
        title=escape(article.title),
        body=escape(article.body),
        date=article.date_on(day).isoformat(),
        files=_files(site, article),
        text=text,
    )


def page(name: str, **values: object) -> bytes:
    """A page out of its template, in UTF-8; a value that it needs and does not get raises KeyError."""
    return _template(name).substitute(values).encode()


def _item(site: Site, article: Article, day: int) -> str:
    date, title = article.date_on(day).isoformat(), escape(article.title)
    if site.system == "trs":  # addresses relative to the list, and whatever lies elsewhere by its path
        path = f"./{relpath(article.path, site.folder)}" if article.path.startswith(site.folder) else article.path
        return f'<li><span class="date">{date}</span><a href="{path}">{title}</a></li>'
    if site.system == "gd":
        return f'<li>\n<a target="_blank" href="{article.path}" title="{title}" >{title}</a><span>{date}</span>\n</li>'
    return f'<tr><td><a href="{article.path}">{title}</a></td><td>{date}</td></tr>'


def _records(site: Site, articles: Sequence[Article], number: int, day: int) -> str:
    """The articles as hanweb's datastore holds them, and where the next group of them is."""
    is_last = number >= site.page_count(day)
    group = "" if is_last else f'<nextgroup><![CDATA[<a href="{site.list_path(number + 1)}"></a>]]></nextgroup>\n'
    records = "\n".join(
        f"<record><![CDATA[<li><a href='{article.path}' title='{escape(article.title)}'>{escape(article.title)}</a>"
        f"<span>{article.date_on(day)}</span></li>]]></record>"
        for article in articles
    )
    return f"{group}<recordset>\n{records}\n</recordset>"


def _files(site: Site, article: Article) -> str:
    if article.names_files_in_script and article.attachments:
        paths = "#".join(attachment.path for attachment in article.attachments)
        return f'<script>\nvar sPdfUrl = "{paths}";\nif (sPdfUrl.indexOf(".pdf") != -1) show(sPdfUrl);\n</script>'
    return "\n".join(f"<p>{_link(site, article, attachment)}</p>" for attachment in article.attachments)


def _link(site: Site, article: Article, attachment: Attachment) -> str:
    path, title = escape(attachment.path), escape(attachment.title)
    if site.system == "trs":
        return f'<a href="./{relpath(path, article.path.rpartition("/")[0])}" appendix="true">{title}</a>'
    if site.system == "gd":
        return f'<a class="nfw-cms-attachment" href="{path}" alt="{title}">{title}</a>'
    return f'<a href="{path}" target="_blank">{title}</a>'


@cache
def _template(name: str) -> Template:
    return Template((PAGES / f"{name}.html").read_text(encoding="utf-8"))
