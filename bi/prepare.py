"""Make Superset ready: its metadata at the installed version, roles, users, and the dashboards as the code says them.

Done again, it changes nothing; what a person made beside our dashboards stays.
"""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path

from flask import Flask

from bi.accounts import ACCOUNTS, let_viewers_see, make_roles, make_users, passwords_of
from bi.bundle import bundle, fingerprint
from bi.definitions import FOLDER, uuid_of


def prepare(application: Flask) -> None:
    """Make ready what ``JIXIAO_PUBLISHED``, ``SUPERSET_HOME`` and ``JIXIAO_VIEW_URL`` name.

    Raises:
        duckdb.Error: the published file lacks what a dataset asks for.
        superset.commands.exceptions.CommandException: Superset refuses the bundle.
    """
    home = Path(os.environ["SUPERSET_HOME"])
    files = bundle(Path(os.environ["JIXIAO_PUBLISHED"]), os.environ.get("JIXIAO_VIEW_URL"))
    wanted = fingerprint(files, [version("apache-superset"), (FOLDER / "accounts.py").read_text(encoding="utf-8")])
    ready = home / "prepared_for"
    if ready.exists() and ready.read_text(encoding="utf-8") == wanted:
        return
    with application.app_context():
        _migrate()
        make_roles()
        make_users(passwords_of(home))
        _import(files)
        let_viewers_see(uuid_of("database"))
    ready.write_text(wanted, encoding="utf-8")


def _migrate() -> None:
    from flask_migrate import upgrade

    upgrade()


def _import(files: dict[str, str]) -> None:
    """As Superset's own import of assets does it, in the name of the admin: what is ours is overwritten."""
    from superset import security_manager
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.utils.core import override_user

    contents = {name.partition("/")[2]: content for name, content in files.items()}
    with override_user(security_manager.find_user(next(iter(ACCOUNTS)))):
        ImportAssetsCommand(contents).run()
