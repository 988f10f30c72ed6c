"""The view as a FastAPI application: documents, their pages with the facts outlined, and a search.

It knows nothing of Airflow: who serves it gives the house, and a dependency that lets only its users in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.datastructures import URL

from extract import archive
from extract.settings import House
from extract.sniff import PDF
from extract.tombstones import tombstone_of
from extract.view import drawn, facts
from extract.view.facts import Fact

_HERE = Path(__file__).parent
_PICTURES_KEPT = 64  # of some 400 KB each
_FOR_GOOD = "private, max-age=31536000, immutable"  # bytes never change under their sha256
_HEADERS = {
    # texts of documents are not trusted: what slipped through the templates' escaping would run nothing
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self';"
    " form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_STATUSES = ("complete", "partial", "quarantined", "refused")
_KINDS = ("line", "fund", "indicator")
_ROUTES = APIRouter()
_TEMPLATES = Jinja2Templates(_HERE / "templates")

Users = Callable[..., Any]
"""A dependency of FastAPI: it gives the user, or refuses the request."""


def create_app(house: House, users: Users) -> FastAPI:
    """The view of a house, for those users alone."""
    app = FastAPI(title="Jixiao", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.house = house
    app.include_router(_ROUTES, dependencies=[Depends(users)])
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    app.add_exception_handler(facts.NothingPublishedError, _nothing_published)
    app.add_exception_handler(HTTPException, _refused)  # type: ignore[arg-type]

    @app.middleware("http")
    async def with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.update(_HEADERS)
        return response

    return app


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


def _published(document_id: str, house: Annotated[House, Depends(_house)]) -> dict[str, Any]:
    """The document that an address names, if it is a published one."""
    document = facts.document(house, document_id)
    if document is None:
        raise HTTPException(404, "No published document has this id.")
    return document


HouseOf = Annotated[House, Depends(_house)]
Published = Annotated[dict[str, Any], Depends(_published)]


@dataclass(frozen=True, slots=True)
class Asked:
    """The fact that an address names: a line, one of its indicators or funds, or an issue."""

    line: str | None = None
    indicator: int | None = None
    fund: str | None = None
    issue: str | None = None

    def of(self, everything: list[Fact]) -> Fact | None:
        """The fact among those of its document."""
        if self.issue is not None:
            start = f"issue:{self.issue}"
        elif self.line is None:
            return None
        elif self.indicator is not None:
            start = f"indicator:{self.line}:{self.indicator}:"
        elif self.fund is not None:
            start = f"fund:{self.line}:{self.fund}:"
        else:
            start = f"line:{self.line}"
        return next((fact for fact in everything if fact.key.startswith(start)), None)


@_ROUTES.get("/", response_class=HTMLResponse)
def documents(  # noqa: PLR0917 - a parameter of the address each
    request: Request,
    house: HouseOf,
    q: str = "",
    year: str = "",
    status: str = "",
    page: Annotated[int, Query(ge=1)] = 1,
) -> Response:
    """The documents whose title, body or address holds the words."""
    chosen = int(year) if year.isascii() and year.isdigit() else None
    found = facts.documents(house, q, chosen, status if status in _STATUSES else None, page)
    said = {"documents": found, "q": q, "year": year, "status": status, "page": page, "statuses": _STATUSES}
    return _TEMPLATES.TemplateResponse(request, "documents.html", said)


@_ROUTES.get("/search", response_class=HTMLResponse)
def search(request: Request, house: HouseOf, q: str = "") -> Response:
    """Where names of projects, goals and indicators hold the words."""
    found = facts.found(house, q.strip()) if q.strip() else []
    return _TEMPLATES.TemplateResponse(request, "search.html", {"q": q, "found": found})


@_ROUTES.get("/documents/{document_id}", response_class=HTMLResponse)
def document(
    request: Request,
    house: HouseOf,
    head: Published,
    asked_for: Annotated[Asked, Depends()],
    page: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """A page of a document with its facts, or its tables where it has no pages."""
    everything = facts.facts(house, head["document_id"])
    asked = asked_for.of(everything)
    said: dict[str, Any] = {
        "document": head,
        "asked": asked.key if asked else None,
        "of_document": [fact for fact in everything if not fact.parts],
        "problem": None,
    }
    if head["media_type"] != PDF:
        said |= {"facts": _in_order([fact for fact in everything if fact.parts]), "tables": []}
        try:
            said["tables"] = drawn.tables(_content(head["document_id"], house))
        except _NOT_SHOWN as error:
            said["problem"] = str(error)
        return _TEMPLATES.TemplateResponse(request, "tables.html", said)
    shown = page or next(iter(facts.pages_of(asked)) if asked else iter(()), 1)
    here = [fact for fact in everything if shown in facts.pages_of(fact)]
    said |= {"facts": _in_order(here), "page": shown, "pages": head["page_count"] or 0, "picture": None}
    try:
        said["picture"] = _picture(head["document_id"], shown, house)
    except _NOT_SHOWN as error:
        said["problem"] = str(error)
    return _TEMPLATES.TemplateResponse(request, "page.html", said)


@_ROUTES.get("/documents/{document_id}/pages/{page_number}.png")
def page_picture(head: Published, house: HouseOf, page_number: int) -> Response:
    """A page as a picture."""
    try:
        png = _picture(head["document_id"], page_number, house).png
    except _NOT_SHOWN as error:
        raise HTTPException(404, str(error)) from error
    return Response(png, media_type="image/png", headers={"Cache-Control": _FOR_GOOD})


@_ROUTES.get("/documents/{document_id}/file")
def file(head: Published, house: HouseOf) -> Response:
    """The document as it was published, to be saved: no browser shows it in this site's name."""
    try:
        content = _content(head["document_id"], house)
    except _NOT_SHOWN as error:
        raise HTTPException(404, str(error)) from error
    name = quote((head["url"] or head["document_id"]).rsplit("/", 1)[-1])
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": _FOR_GOOD}
    return Response(content, media_type="application/octet-stream", headers=headers)


_NOT_SHOWN = (drawn.NotDrawnError, archive.DamagedError, OSError)


@lru_cache(maxsize=_PICTURES_KEPT)
def _picture(document_id: str, page_number: int, house: House) -> drawn.Picture:
    return drawn.picture(_content(document_id, house), page_number)


def _content(document_id: str, house: House) -> bytes:
    try:
        return archive.content_of(document_id, house)
    except (FileNotFoundError, archive.DamagedError):
        tombstone = tombstone_of(document_id, house)
        if tombstone is None:
            raise
        raise FileNotFoundError(f"The document was {tombstone}.") from None


def _in_order(some: list[Fact]) -> list[Fact]:
    """Issues first; then every line with its money and targets."""
    lines = {fact.project_line_id: number for number, fact in enumerate(some) if fact.kind == "line"}
    others = [fact for fact in some if fact.kind != "issue"]
    others.sort(key=lambda fact: (lines.get(fact.project_line_id, -1), _KINDS.index(fact.kind)))
    return [*(fact for fact in some if fact.kind == "issue"), *others]


def _nothing_published(request: Request, _: Exception) -> Response:
    return _TEMPLATES.TemplateResponse(request, "message.html", {"message": "尚未发布任何数据。"}, status_code=503)


async def _refused(request: Request, refusal: HTTPException) -> Response:
    """A person gets a page; a redirect and a program get what they are meant to."""
    if refusal.status_code != 404 or "text/html" not in request.headers.get("accept", ""):
        return await http_exception_handler(request, refusal)
    message = {"message": f"找不到：{refusal.detail}"}
    return _TEMPLATES.TemplateResponse(request, "message.html", message, status_code=404)


def _local(address: URL) -> str:
    """An address without its host: what the browser reaches this server by is the business of proxies."""
    return address.path + (f"?{address.query}" if address.query else "")


_TEMPLATES.env.filters["local"] = _local
