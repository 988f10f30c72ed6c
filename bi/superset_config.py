"""Superset's settings: the environment → one house's dashboards on one published file, which nobody can leave.

Of the environment:

    JIXIAO_PUBLISHED       the published file, the only database there is
    SUPERSET_SECRET_KEY    signs sessions and encrypts what the metadata keep; without one Superset refuses to start
    SUPERSET_HOME          where Superset keeps its own files; its metadata, too, unless
    JIXIAO_BI_METADATA     names another database for them, as SQLAlchemy writes it
    JIXIAO_BI_MEMORY       how much a question may hold at once, as DuckDB writes sizes; 2GB if unset
    JIXIAO_BI_HTTPS        1 where a proxy with TLS stands in front: cookies then travel by HTTPS only
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy.engine.url import URL
from superset.config import TALISMAN_CONFIG as SUPERSETS_TALISMAN
from superset.config import THEME_DEFAULT as SUPERSETS_THEME

from bi.quiet import make_quiet

PUBLISHED = os.environ["JIXIAO_PUBLISHED"]

SQLALCHEMY_DATABASE_URI = os.environ.get("JIXIAO_BI_METADATA") or (
    f"sqlite:///{os.environ['SUPERSET_HOME']}/superset.db?check_same_thread=false"
)

# What a connection may do is settled here and not in the metadata: whoever may edit databases there cannot change it.
READERS_SETTINGS = {
    "read_only": True,
    "config": {
        "enable_external_access": "false",  # no file, no address, no other database
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        # A question that needs more fails, and takes nothing from the pipeline: by itself DuckDB takes most of the
        # machine's memory, and then writes beside the file.
        "memory_limit": os.environ.get("JIXIAO_BI_MEMORY") or "2GB",
        "temp_directory": "",
        "lock_configuration": "true",  # and no SET that undoes it
    },
}


def DB_CONNECTION_MUTATOR(  # noqa: N802
    uri: URL, params: dict[str, Any], *_who: object
) -> tuple[URL, dict[str, Any]]:
    """Open the published file, as a reader, whatever the metadata say."""
    DB_SQLA_URI_VALIDATOR(uri)
    # What lies there now, by its own name: DuckDB keeps a file by its name for as long as any connection is open.
    return URL.create("duckdb", database=str(Path(PUBLISHED).resolve())), {**params, "connect_args": READERS_SETTINGS}


def DB_SQLA_URI_VALIDATOR(uri: URL) -> None:  # noqa: N802
    """Refuse every other database.

    Raises:
        ValueError: it is not the published file.
    """
    if uri.drivername != "duckdb" or uri.database != PUBLISHED or uri.query:
        raise ValueError("Only the published file of this house can be connected.")


# DuckDB lets everybody send its own log to a file, locked or not; where files are out of reach, the attempt ends every
# later question, and then the process. query() would hide such a name in a text.
_NOT_ASKED = re.compile(r"\b(enable_logging|enable_profiling|query|query_table)\b[\s\"]*\(", re.IGNORECASE)


def SQL_QUERY_MUTATOR(sql: str, **_: object) -> str:  # noqa: N802
    """Pass on every question as it is.

    Raises:
        ValueError: it calls what concerns the server and no table.
    """
    if found := _NOT_ASKED.search(sql):
        raise ValueError(f"{found[1]} is not for questions.")
    return sql


# Accounts are made by bi/accounts.py; nobody registers, nobody looks without an account.
AUTH_USER_REGISTRATION = False
PUBLIC_ROLE_LIKE = None
FAB_PASSWORD_COMPLEXITY_ENABLED = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = os.environ.get("JIXIAO_BI_HTTPS") == "1"
SESSION_COOKIE_NAME = "jixiao_bi"  # cookies know no ports: Airflow's on this host is another
ENABLE_PROXY_FIX = SESSION_COOKIE_SECURE
RATELIMIT_ENABLED = True
RATELIMIT_STORAGE_URI = "memory://"
AUTH_RATE_LIMITED = True
AUTH_RATE_LIMIT = "20 per minute"

# Pages load nothing from elsewhere, and say so to the browser.
TALISMAN_CONFIG = {
    **SUPERSETS_TALISMAN,
    "content_security_policy": {
        **SUPERSETS_TALISMAN["content_security_policy"],
        "img-src": ["'self'", "blob:", "data:"],
        "connect-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'", "data:"],
    },
    "session_cookie_secure": SESSION_COOKIE_SECURE,
}

# A chart asks the file each time, so that a new release is seen with the next question; DuckDB is fast enough.
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}

FEATURE_FLAGS = {"DASHBOARD_RBAC": False, "DRILL_TO_DETAIL": True, "DRILL_BY": True, "ALERT_REPORTS": False}
ROW_LIMIT = 10_000
SQL_MAX_ROW = 100_000
SQLLAB_TIMEOUT = 30
SQLALCHEMY_TRACK_MODIFICATIONS = False

FLASK_APP_MUTATOR = make_quiet

APP_NAME = "绩效"
BABEL_DEFAULT_LOCALE = "zh"
LANGUAGES = {"zh": {"flag": "cn", "name": "中文"}, "en": {"flag": "us", "name": "English"}}
_LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="76" height="24" viewBox="0 0 76 24">'
    '<rect width="24" height="24" rx="4" fill="#1f5fa8"/><path d="M6 18V12M12 18V6M18 18V9" '
    'stroke="#fff" stroke-width="3"/>'
    '<text x="31" y="18" font-size="18" font-weight="600" font-family="sans-serif" fill="#1f2a37">绩效</text></svg>'
)
THEME_DEFAULT = {
    **SUPERSETS_THEME,
    "token": {
        **SUPERSETS_THEME["token"],
        "brandAppName": APP_NAME,
        "brandLogoAlt": APP_NAME,
        "brandLogoUrl": f"data:image/svg+xml;utf8,{quote(_LOGO)}",
        "colorPrimary": "#1f5fa8",
        "colorLink": "#1f5fa8",
        "fontFamily": "Inter, 'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif",
    },
}
THEME_DARK = None
