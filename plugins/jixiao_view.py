"""The page behind a number, in Airflow's UI: served below ``/jixiao`` to whoever Airflow knows as a user."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from airflow.api_fastapi.core_api.security import get_user
from airflow.plugins_manager import AirflowPlugin
from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from extract.settings import House
from extract.view.app import create_app

_BEARER = HTTPBearer(auto_error=False)


async def users(request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> object:
    """Airflow's user; who is none is sent to its login, and back."""
    try:
        return await get_user(request, None, bearer)
    except HTTPException as refusal:
        if "text/html" not in request.headers.get("accept", ""):
            raise
        login = f"/auth/login?next={quote(str(request.url), safe='')}"
        raise HTTPException(307, headers={"Location": login}) from refusal


class JixiaoView(AirflowPlugin):
    """Mounts the view, and a link to it in the navigation."""

    name = "jixiao_view"
    fastapi_apps = [{"app": create_app(House.from_environment(), users), "url_prefix": "/jixiao", "name": "Jixiao"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012
        {"name": "绩效文件", "href": "jixiao/", "destination": "nav", "url_route": "jixiao"},
    ]
