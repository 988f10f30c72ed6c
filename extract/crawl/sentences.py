"""Sentences: what went wrong with a request, and the outcome that it is."""

from __future__ import annotations

from http import HTTPStatus

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from extract.records import Outcome

_BLOCKED = frozenset({401, 403, 407, 412, 418, 429, 451})

_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (CannotResolveHostError, "its host's name cannot be resolved"),
    (DownloadConnectionRefusedError, "the server refuses connections"),
    (DownloadTimeoutError, "the server took too long"),
    (ResponseDataLossError, "the connection broke off before everything came"),
    (DownloadFailedError, "the connection broke off"),
)
_UNVERIFIED = "certificate verify failed"  # as OpenSSL says it, for which Scrapy has no exception of its own


def what_failed(error: BaseException) -> str:
    """A request that gave no answer, in words."""
    if _UNVERIFIED in str(error):
        return "its certificate cannot be verified"
    for kind, sentence in _FAILURES:
        if isinstance(error, kind):
            return sentence
    return str(error) or type(error).__name__


def outcome_of_status(status: int) -> Outcome:
    """The outcome of an answer that brings no document."""
    return "blocked" if status in _BLOCKED else "failed"


def status_sentence(status: int) -> str:
    """A status with its phrase."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def is_too_large(error: BaseException) -> bool:
    """Whether a download was broken off for its size: Scrapy cancels it, or drops it once it is decompressed."""
    return isinstance(error, DownloadCancelledError) or (
        type(error) is IgnoreRequest and "DOWNLOAD_MAXSIZE" in str(error)
    )


def is_endless_redirect(error: BaseException) -> bool:
    """Whether redirects went on beyond the limit."""
    return type(error) is IgnoreRequest and "max redirections" in str(error)
