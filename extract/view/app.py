"""The view as a FastAPI application: documents, their pages with the facts outlined, a search, reviewers' decisions.

It knows nothing of Airflow: who serves it gives the house, dependencies that let only its users in, and what is to
happen when a reviewer decided something.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Depends, FastAPI, Form, HTTPException, Query, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel
from starlette.datastructures import URL

from extract import archive, corrections
from extract.corrections import Correction, Decision
from extract.settings import House
from extract.sniff import PDF
from extract.tombstones import tombstone_of
from extract.view import drawn, facts, sides
from extract.view.facts import Fact
from extract.view.words import word

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
_DIFFERENCES_A_PAGE = 300
_STATUSES = ("complete", "partial", "quarantined", "refused")
_KINDS = ("line", "fund", "indicator")
_DECISION_NAMES = {"corrected": "更正", "accepted": "核对无误", "withdrawn": "撤回"}
_FIELD_NAMES = {
    "total_yuan": "总额（元）",
    "project_total_yuan": "项目总额（元）",
    "goal_text": "绩效目标",
    "project_goal_text": "总体绩效目标",
    "amount_yuan": "金额（元）",
    "comparator": "比较符",
    "target_value": "目标值",
    "target_value_upper": "目标值上限",
    "unit": "单位",
}
_KIND_NAMES = {"document": "文件", "line": "行", "fund": "金额", "indicator": "指标", "issue": "问题"}
_MARK_NAMES = {"added": "新增", "gone": "消失", "changed": "改动", "same": "相同"}
_ROUTES = APIRouter()
_DECISIONS = APIRouter()
_TEMPLATES = Jinja2Templates(_HERE / "templates")
_DRAWING = ThreadPoolExecutor(thread_name_prefix="drawing")  # in processes of their own, while facts are asked for

Users = Callable[..., Any]
"""A dependency of FastAPI: it gives the name of a user, or refuses the request."""


def create_app(house: House, users: Users, reviewers: Users, announce: Callable[[], object]) -> FastAPI:
    """The view of a house, for its users; ``reviewers`` may decide about values, each of which is announced."""
    app = FastAPI(title="Jixiao", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_ready)
    app.state.house = house
    app.state.announce = announce
    app.include_router(_ROUTES, dependencies=[Depends(users)])
    app.include_router(_DECISIONS)
    app.dependency_overrides[_reviewer] = reviewers
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    app.add_exception_handler(facts.NothingPublishedError, _nothing_published)
    app.add_exception_handler(HTTPException, _refused)  # type: ignore[arg-type]

    @app.middleware("http")
    async def with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.update(_HEADERS)
        return response

    return app


@asynccontextmanager
async def _ready(_: FastAPI) -> AsyncIterator[None]:
    """Have at hand what the first question would wait for; only who serves the view starts it, Airflow does."""
    facts.make_ready()
    yield


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


def _published(document_id: str, house: Annotated[House, Depends(_house)]) -> dict[str, Any]:
    """The document that an address names, if it is a published one."""
    document = facts.document(house, document_id)
    if document is None:
        raise HTTPException(404, "No published document has this id.")
    return document


def _reviewer() -> str:
    """Whoever serves the view says who that is."""
    raise HTTPException(403, "Nobody may decide here.")


HouseOf = Annotated[House, Depends(_house)]
Published = Annotated[dict[str, Any], Depends(_published)]


@dataclass(frozen=True, slots=True)
class Asked:
    """The fact that an address names: a line, one of its indicators or funds (of a period), or an issue."""

    line: str | None = None
    indicator: int | None = None
    fund: str | None = None
    period: str = ""
    issue: str | None = None

    def of(self, everything: list[Fact]) -> Fact | None:
        """The fact among those of its document."""
        if self.issue is not None:
            start = f"issue:{self.issue}"
        elif self.line is None:
            return None
        elif self.indicator is not None:
            start = f"indicator:{self.line}:{self.indicator}:{self.period}"
        elif self.fund is not None:
            start = f"fund:{self.line}:{self.fund}:{self.period}"
        else:
            start = f"line:{self.line}"
        return next((fact for fact in everything if fact.key.startswith(start)), None)


class Decided(BaseModel):
    """What a reviewer's form says: which value of which fact, as the page showed it, and what becomes of it."""

    fact: str
    value: str
    printed: str
    decision: Decision
    new_value: str = ""
    reason: str
    page: int = 1


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
    is_paged = head["media_type"] == PDF
    shown = page or (1 if asked_for == Asked() else None)  # else the fact says on which page it stands
    drawing = _DRAWING.submit(_picture, head["document_id"], shown, house) if is_paged and shown else None
    everything = facts.facts(house, head["document_id"])
    asked = asked_for.of(everything)
    said: dict[str, Any] = {
        "document": head,
        "asked": asked.key if asked else None,
        "of_document": [fact for fact in everything if not fact.parts],
        "problem": None,
        "decisions": _by_value(corrections.decisions(head["document_id"], house)),
        "decision_names": _DECISION_NAMES,
        "field_names": _FIELD_NAMES,
        "earlier_count": len(sides.earlier_readings(house, head["document_id"])),
    }
    if not is_paged:
        said |= {"facts": _in_order([fact for fact in everything if fact.parts]), "tables": []}
        try:
            said["tables"] = drawn.tables(_content(head["document_id"], house))
        except _NOT_SHOWN as error:
            said["problem"] = str(error)
        return _TEMPLATES.TemplateResponse(request, "tables.html", said)
    shown = shown or next(iter(facts.pages_of(asked)) if asked else iter(()), 1)
    here = [fact for fact in everything if shown in facts.pages_of(fact)]
    said |= {"facts": _in_order(here), "page": shown, "pages": head["page_count"] or 0, "picture": None}
    try:
        said["picture"] = drawing.result() if drawing else _picture(head["document_id"], shown, house)
    except _NOT_SHOWN as error:
        said["problem"] = str(error)
    return _TEMPLATES.TemplateResponse(request, "page.html", said)


@_ROUTES.get("/documents/{document_id}/sides", response_class=HTMLResponse)
def side_by_side(  # noqa: PLR0917 - a parameter of the address each
    request: Request,
    house: HouseOf,
    head: Published,
    earlier: str | None = None,
    version: int | None = None,
    at: str | None = None,
    start: Annotated[int, Query(ge=0)] = 0,
    page: Annotated[int | None, Query(ge=1)] = None,
    earlier_page: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """An earlier reading of a document, or of one that it replaced, beside the current one; ``at`` a thing in them."""
    readings = sides.earlier_readings(house, head["document_id"])
    wanted = (one for one in readings if earlier in (None, one["document_id"]))
    reading = next((one for one in wanted if version in (None, one["reader_version"])), None)
    if reading is None:
        raise HTTPException(404, "The document has no such earlier reading or revision.")
    newest = sides.newest_reading(house, head["document_id"])
    pairs = sides.pairs(house, reading, newest)
    differing = [pair for pair in pairs if pair.mark != "same"]
    asked = next((number for number, pair in enumerate(differing) if pair.key == at), None)
    if asked is not None:
        start = asked - asked % _DIFFERENCES_A_PAGE
    pages = _pages_of(differing[asked] if asked is not None else None)
    shown = (
        _Side("earlier", reading, earlier_page or page or pages[0], house),
        _Side("current", newest, page or earlier_page or pages[1], house),
    )
    said = {
        "document": head,
        "readings": readings,
        "sides": shown,
        "pairs": pairs,
        "counts": sides.counted(pairs),
        "differing": differing[start : start + _DIFFERENCES_A_PAGE],
        "differing_count": len(differing),
        "start": start,
        "step": _DIFFERENCES_A_PAGE,
        "at": at,
        "kind_names": _KIND_NAMES,
        "mark_names": _MARK_NAMES,
    }
    return _TEMPLATES.TemplateResponse(request, "sides.html", said)


class _Side:
    """A reading with the page of it that is shown, if it has pages."""

    def __init__(self, name: str, reading: dict[str, Any], page: int, house: House) -> None:
        self.name = name
        self.reading = reading
        self.pages: int = reading["page_count"] or 0
        self.page = max(1, min(page, self.pages))
        self.picture: drawn.Picture | None = None
        self.problem: str | None = None
        if reading["media_type"] == PDF:
            try:
                self.picture = _picture(reading["document_id"], self.page, house)
            except _NOT_SHOWN as error:
                self.problem = str(error)


def _pages_of(pair: sides.Pair | None) -> tuple[int, int]:
    """The pages, earlier and current, on which a thing stands; of what one side lacks, twice the other's."""
    items = (pair.earlier, pair.current) if pair else (None, None)
    numbers = [[part["page_number"] for part in item.parts if "page_number" in part] if item else [] for item in items]
    first, second = (next(iter(some), None) for some in numbers)
    return first or second or 1, second or first or 1


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


@_DECISIONS.post("/documents/{document_id}/decisions")
def decide(
    request: Request,
    house: HouseOf,
    head: Published,
    reviewer: Annotated[str, Depends(_reviewer)],
    decided: Annotated[Decided, Form()],
) -> Response:
    """Take a reviewer's decision about a value down, and let the next build know."""
    if not _is_from_here(request):
        raise HTTPException(403, "A decision is made on this site's own pages.")
    everything = facts.facts(house, head["document_id"])
    fact = next((fact for fact in everything if fact.key == decided.fact), None)
    value = next((value for value in fact.values if value.name == decided.value), None) if fact else None
    if fact is None or value is None or value.printed != decided.printed:
        raise HTTPException(409, "The document has been read anew meanwhile: look at the value again.")
    correction = Correction(
        correction_id=corrections.new_id(),
        document_id=head["document_id"],
        project_line_id=fact.project_line_id or "",
        field=value.field,
        fund_source_id=fact.fund_source_id,
        indicator_position=fact.indicator_position,
        period=fact.period,
        component_number=value.component_number,
        decision=decided.decision,
        printed_value=value.printed,
        new_value=decided.new_value.strip() if decided.decision == "corrected" else None,
        reason=decided.reason.strip(),
        decided_by=reviewer,
        decided_at=corrections.now(),
    )
    try:
        corrections.decide(correction, house)
    except corrections.NotCorrectedError as error:
        raise HTTPException(422, str(error)) from error
    request.app.state.announce()
    back = request.url_for("document", document_id=head["document_id"]).include_query_params(page=decided.page)
    return RedirectResponse(f"{_local(back)}#{quote(fact.key)}", status_code=303)


def _is_from_here(request: Request) -> bool:
    """Whether a page of this site sends the request: a browser adds its cookie to those of others, too."""
    if "authorization" in request.headers:
        return True
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host")


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


def _by_value(decided: list[Correction]) -> dict[tuple[object, ...], list[Correction]]:
    """Decisions by the value they are about, the oldest first."""
    found: dict[tuple[object, ...], list[Correction]] = {}
    for one in decided:
        key = (one.project_line_id, one.fund_source_id, one.indicator_position, one.period)
        found.setdefault(key, []).append(one)
    return found


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
    if refusal.status_code not in (404, 409, 422) or "text/html" not in request.headers.get("accept", ""):
        return await http_exception_handler(request, refusal)
    said = {"message": f"{'找不到' if refusal.status_code == HTTPStatus.NOT_FOUND else '未记录'}：{refusal.detail}"}
    return _TEMPLATES.TemplateResponse(request, "message.html", said, status_code=refusal.status_code)


def _local(address: URL) -> str:
    """An address without its host: what the browser reaches this server by is the business of proxies."""
    return address.path + (f"?{address.query}" if address.query else "")


_TEMPLATES.env.filters["local"] = _local
_TEMPLATES.env.globals["word"] = word
