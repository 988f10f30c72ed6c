"""A Superset as people meet it: its address, and what an account may ask of it over HTTP."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest


@dataclass
class Answer:
    status: int
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Account:
    """Somebody with a browser's cookies; nobody in particular until they log in."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._token: str | None = None

    def log_in(self, name: str, password: str) -> Account:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask("/login/").text)
        form = {"username": name, "password": password, **({"csrf_token": token[1]} if token else {})}
        self._send(urllib.request.Request(f"{self.address}/login/", urlencode(form).encode()))
        self._token = self.ask("/api/v1/security/csrf_token/").json["result"]
        return self

    def ask(self, path: str, content: Any = None, method: str | None = None) -> Answer:
        request = urllib.request.Request(f"{self.address}{path}", method=method)
        if content is not None:
            request.data = json.dumps(content).encode()
            request.add_header("Content-Type", "application/json")
        if self._token:
            request.add_header("X-CSRFToken", self._token)
            request.add_header("Referer", self.address)
        return self._send(request)

    def _send(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=120) as response:
                return Answer(response.status, response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read())

    def number(self, dataset_uuid: str, metric: str) -> float:
        """A metric of a dataset as a chart asks for it."""
        found = self.ask("/api/v1/dataset/?q=(page_size:100)").json["result"]
        dataset_id = next(row["id"] for row in found if row["uuid"] == dataset_uuid)
        query = {"datasource": {"id": dataset_id, "type": "table"}, "queries": [{"metrics": [metric], "columns": []}]}
        answer = self.ask("/api/v1/chart/data", {**query, "result_format": "json", "result_type": "full"})
        assert answer.status == 200, answer.text
        value: float = answer.json["result"][0]["data"][0][metric]
        return value

    def zipped(self, path: str) -> dict[str, str]:
        """The files of a ZIP."""
        with ZipFile(BytesIO(self.ask(path).content)) as archive:
            return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}

    def sql(self, database_id: int, sql: str) -> Answer:
        """What SQL Lab answers."""
        return self.ask("/api/v1/sqllab/execute/", {"database_id": database_id, "sql": sql, "runAsync": False})


def wait_for(address: str, log: Path, seconds: float = 600) -> None:
    """Wait until Superset answers."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=30) as answer:
                assert answer.read() == b"OK"
                return
        except OSError:
            time.sleep(1)
    pytest.fail(f"no answer after {seconds} s:\n{log.read_text()[-3000:]}")
