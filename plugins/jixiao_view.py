"""The page behind a number, in Airflow's UI: served below ``/jixiao`` to whoever Airflow knows as a user.

Who may make asset events may decide about values: a decision is one of the asset *corrections*, which starts a build.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.core_api.security import get_user
from airflow.assets.manager import asset_manager
from airflow.models.asset import AssetModel
from airflow.plugins_manager import AirflowPlugin
from airflow.utils.session import create_session
from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import select

from extract.settings import House
from extract.view.app import create_app

_BEARER = HTTPBearer(auto_error=False)
_CORRECTIONS = "corrections"  # dags/assets.py


async def user(request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> BaseUser:
    """Airflow's user; who is none is sent to its login, and back."""
    try:
        return await get_user(request, None, bearer)
    except HTTPException as refusal:
        if request.method != "GET" or "text/html" not in request.headers.get("accept", ""):
            raise
        login = f"/auth/login?next={quote(str(request.url), safe='')}"
        raise HTTPException(307, headers={"Location": login}) from refusal


def reviewer(user: Annotated[BaseUser, Depends(user)]) -> str:
    """The name of a user who may start a build."""
    if not get_auth_manager().is_authorized_asset(method="POST", user=user):
        raise HTTPException(403, "Your account may look, and decide nothing.")
    return user.get_name()


def announce() -> None:
    """Make an event of the asset *corrections*."""
    with create_session() as session:
        corrections = session.scalar(select(AssetModel).where(AssetModel.name == _CORRECTIONS))
        if corrections is not None:  # else no DAG is known yet; the next build finds the decision by itself
            asset_manager.register_asset_change(asset=corrections, session=session, source_is_api=True)


class JixiaoView(AirflowPlugin):
    """Mounts the view, and a link to it in the navigation."""

    name = "jixiao_view"
    fastapi_apps = [  # noqa: RUF012
        {
            "app": create_app(House.from_environment(), user, reviewer, announce),
            "url_prefix": "/jixiao",
            "name": "Jixiao",
        }
    ]
    external_views = [  # noqa: RUF012
        {"name": "绩效文件", "href": "jixiao/", "destination": "nav", "url_route": "jixiao"},
    ]
