"""Who may look: the role of viewers, and one admin and one viewer, whose passwords the house or its keeper gave.

A viewer sees dashboards and filters them; nothing of theirs reaches SQL, settings or a place to write to.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

VIEWER_ROLE = "阅览"
ACCOUNTS = {"admin": "Admin", "viewer": VIEWER_ROLE}
"""User → role."""

# What Superset lets an anonymous reader of a dashboard do, and what somebody with an account does on the way there.
_VIEWERS_OWN = {
    ("can_read", "Dashboard"),
    ("can_read", "Dataset"),
    ("can_read", "SecurityRestApi"),
    ("can_get", "MenuApi"),
    ("can_language_pack", "Superset"),
    ("can_log", "Superset"),
    ("can_recent_activity", "Log"),
    ("can_csv", "Superset"),
    ("can_drill", "Dashboard"),
    ("can_get_drill_info", "Dataset"),
    ("can_view_chart_as_table", "Dashboard"),
    ("menu_access", "Dashboards"),
    ("menu_access", "Home"),
}


def make_roles() -> None:
    """Make Superset's own roles and that of viewers, or bring them up to date; inside the application's context."""
    from superset import appbuilder, db, security_manager

    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    viewers = security_manager.add_role(VIEWER_ROLE)
    allowed = security_manager.PUBLIC_ROLE_PERMISSIONS | _VIEWERS_OWN
    viewers.permissions = [
        found
        for permission, view in sorted(allowed)
        if (found := security_manager.find_permission_view_menu(permission, view)) is not None
    ]
    db.session.commit()


def let_viewers_see(database_uuid: str) -> None:
    """Give viewers the tables of the one database."""
    from superset import db, security_manager
    from superset.models.core import Database

    database = db.session.query(Database).filter_by(uuid=database_uuid).one()
    access = security_manager.add_permission_view_menu("database_access", database.perm)
    security_manager.add_permission_role(security_manager.find_role(VIEWER_ROLE), access)
    db.session.commit()


def make_users(passwords: dict[str, str]) -> None:
    """Make the users that are missing; who has changed a password keeps it."""
    from superset import db, security_manager

    for name, role in ACCOUNTS.items():
        if security_manager.find_user(name) is None and not security_manager.add_user(
            name, name, "绩效", f"{name}@localhost", security_manager.find_role(role), password=passwords[name]
        ):
            raise RuntimeError(f"The user {name} could not be made.")
    db.session.commit()


def passwords_of(home: Path) -> dict[str, str]:
    """The passwords of the environment, or of the file in Superset's folder, which is made where it is missing.

    Only its owner can read it. ``JIXIAO_BI_ADMIN_PASSWORD`` and ``JIXIAO_BI_VIEWER_PASSWORD`` take its place.
    """
    given = {name: os.environ.get(f"JIXIAO_BI_{name.upper()}_PASSWORD") for name in ACCOUNTS}
    if all(given.values()):
        return {name: str(password) for name, password in given.items()}
    path = home / "passwords.json"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({name: secrets.token_urlsafe(18) for name in ACCOUNTS}, file)
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return {name: given[name] or kept[name] for name in ACCOUNTS}
