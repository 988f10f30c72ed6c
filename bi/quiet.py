"""Two things that Superset's pages do in every browser and that end in complaints on its console: not here.

Each page calls the makers of Superset by a picture of theirs. And who looks at a dashboard tries to store the colours
that its labels got, which a viewer may not.
"""

from __future__ import annotations

import re

from flask import Flask, Response, jsonify, request

_PICTURE = b"https://apachesuperset.gateway.scarf.sh/pixel/"
_NOTHING = b"data:image/gif;base64,R0lGODlhAQABAAAAACw=#"
_COLOURS = re.compile(r"/api/v1/dashboard/\d+/colors")


def make_quiet(application: Flask) -> None:
    """Take the two out of an application."""
    application.before_request(_keep_colours)
    application.after_request(_without_picture)


def _keep_colours() -> Response | None:
    from superset import security_manager

    if _COLOURS.fullmatch(request.path) and not security_manager.can_access("can_write", "Dashboard"):
        return jsonify(result={})
    return None


def _without_picture(response: Response) -> Response:
    if request.path.startswith("/static/assets/") and request.path.endswith(".js") and response.status_code == 200:
        response.direct_passthrough = False
        script = response.get_data()
        if _PICTURE in script:
            response.set_data(script.replace(_PICTURE, _NOTHING))
    return response
