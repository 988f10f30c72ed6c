"""A publisher's site on 127.0.0.1 for tests of the crawl: what each path answers is set by the test."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from extract.sources import Source


@dataclass
class Answer:
    """What a path answers; ``stalls`` seconds before, ``cut_bytes`` of its body and then nothing."""

    content: bytes = b""
    status: int = 200
    media_type: str = "application/octet-stream"
    headers: dict[str, str] = field(default_factory=dict)
    stalls: float = 0.0
    cut_bytes: int | None = None
    length: int | None = None
    """A body of this many zero bytes, made while it is sent; ``length_is_told`` in its header."""
    length_is_told: bool = True


class Site:
    """Answers by path, one after the other where there are several, the last one again and again."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str], int]] = []
        """Path, headers and status of every request."""
        self.sent_bytes: dict[str, int] = {}
        self.port = 0
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def at(self, path: str, *answers: Answer) -> None:
        self.answers[path] = list(answers)

    def page(self, path: str, title: str, *links: tuple[str, str], **more: Any) -> None:
        """A page with links: address and title."""
        items = "".join(f'<li><a href="{address}">{text}</a></li>' for address, text in links)
        html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><ul>{items}</ul></body></html>"
        self.at(path, Answer(html.encode(), media_type="text/html; charset=utf-8", **more))

    def times(self, path: str) -> int:
        return sum(asked == path for asked, _, _ in self.asked)

    def statuses(self, path: str) -> list[int]:
        return [status for asked, _, status in self.asked if asked == path]

    def source(self, **changes: Any) -> Source:
        """A source of this site; everything is asked for at every run."""
        return Source.model_validate(
            {
                "source_id": "shi",
                "system": "plain",
                "description": "A test.",
                "enabled": True,
                "rhythm_days": 30,
                "start": [{"url": f"{self.url}/bmys/index.html", "fiscal_year": 2026}],
                "politeness": {"delay_seconds": 0, "concurrent_per_host": 4, "max_pages": 100, "recheck_days": 0},
                "allow_private_addresses": True,
            }
            | changes
        )

    def next_answer(self, path: str) -> Answer:
        with self._lock:
            answers = self.answers.get(path, [Answer(b"<html><title>404</title></html>", 404, "text/html")])
            return answers.pop(0) if len(answers) > 1 else answers[0]


def self_signed(folder: Path) -> Path:
    """A certificate of localhost that nobody vouches for, with its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string("CN=localhost")
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + certificate.public_bytes(pem))
    return path


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site on a port of its own, over TLS where a context is given."""
    site = Site()
    stop = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = site.next_answer(self.path)
            status = answer.status
            etag, modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
            if status == 200 and (
                (etag and self.headers.get("If-None-Match") == etag)
                or (modified and self.headers.get("If-Modified-Since") == modified)
            ):
                status = 304
            site.asked.append((self.path, dict(self.headers.items()), status))
            stop.wait(answer.stalls)
            self.send_response(status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if status == 304:
                self.end_headers()
                return
            length = len(answer.content) if answer.length is None else answer.length
            self.send_header("Content-Type", answer.media_type)
            if answer.length_is_told:
                self.send_header("Content-Length", str(length))
            else:
                self.send_header("Connection", "close")
                self.close_connection = True
            self.end_headers()
            if answer.length is not None:
                self._send_many(answer.length)
            elif answer.cut_bytes is not None:
                self.wfile.write(answer.content[: answer.cut_bytes])
                self.close_connection = True
            else:
                self.wfile.write(answer.content)

        def _send_many(self, length: int) -> None:
            block = bytes(65536)
            for _ in range(length // len(block)):
                self.wfile.write(block)
                site.sent_bytes[self.path] = site.sent_bytes.get(self.path, 0) + len(block)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass  # a client that breaks off is what some tests want

    server = Server(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


Serving = Callable[[], Iterator[Site]]
