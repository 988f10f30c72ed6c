"""A dataset's SQL with its short forms → SQL that DuckDB takes.

Four of them:

    @words(list, expression)    a code in the words of words.yml
    @cell(line, indicator)      a link to the printed cell of a fact, beside document_id, page_number and url
    @place(line, page)          a link to the line that an issue or a check is about, if there is one
    @document()                 a link to a document
"""

from __future__ import annotations

import re

from bi.definitions import words

_SHORT = re.compile(r"@(\w+)\(((?:[^()]|\([^()]*\))*)\)")


def expanded(sql: str, view_url: str | None) -> str:
    """The SQL in full; links lead to the view of a page at ``view_url``, without one to the publisher's own file."""

    def replaced(match: re.Match[str]) -> str:
        name = match[1]
        arguments = [part.strip() for part in match[2].split(",", 1)] if match[2] else []
        if name == "words":
            return _in_words(*arguments)
        if name == "cell":
            return _link(view_url, arguments[0], arguments[1], "page_number")
        if name == "place":
            return _link(view_url, arguments[0], "NULL", arguments[1])
        if name == "document":
            return _link(view_url, "NULL", "NULL", "NULL")
        raise ValueError(f"@{name} is no short form")

    return _SHORT.sub(replaced, sql)


def _in_words(name: str, expression: str) -> str:
    cases = " ".join(f"WHEN {_quoted(code)} THEN {_quoted(word)}" for code, word in words()[name].items())
    return f"CASE {expression} {cases} ELSE {expression} END"


def _link(view_url: str | None, line: str, indicator: str, page: str) -> str:
    """An HTML link; ids are hashes and numbers, and an address of a publisher is escaped: nothing else becomes HTML."""
    text = f"coalesce('第 ' || {page} || ' 页', '原文')"
    if view_url:
        address = (
            f"{_quoted(view_url.rstrip('/') + '/documents/')} || document_id"
            f" || coalesce('?line=' || {line} || coalesce('&amp;indicator=' || {indicator}, ''), '')"
        )
        return f"""'<a href="' || {address} || '" target="_blank" rel="noopener">' || {text} || '</a>'"""
    address = "url"
    for character, entity in (("&", "&amp;"), ('"', "&quot;"), ("<", "&lt;"), (">", "&gt;")):
        address = f"replace({address}, '{character}', '{entity}')"
    return (
        f"""CASE WHEN regexp_matches(url, '^https?://') THEN '<a href="' || {address}"""
        f""" || '" target="_blank" rel="noopener">' || {text} || '</a>' ELSE {text} END"""
    )


def without_tags(column: str) -> str:
    """A column of text in which no browser finds a tag and that looks as before: ``<b`` gets a word joiner inside."""
    return f"regexp_replace({column}, '<([A-Za-z/!?])', '<\u2060\\1', 'g')"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
