"""Due: when an address that is known is asked again. What has stood for long rarely changes, and is asked more rarely.

The rule is that of HTTP for answers that do not say how long they hold (RFC 9111, 4.2.2): they hold for a tenth of the
age that their content has when they come.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

_SHARE_OF_AGE = 0.1
_EARLY = timedelta(hours=1)
"""A daily run does not come to an address to the minute: what will be due within the hour is due."""


def is_due(asked_at: datetime, since: datetime, now: datetime, recheck_days: float) -> bool:
    """Whether content that stood since a moment, when it was asked for last, is to be asked for again.

    It is after ``recheck_days`` in any case; with 0 always.
    """
    holds = min((asked_at - since) * _SHARE_OF_AGE, timedelta(days=recheck_days))
    return not timedelta(0) <= now - asked_at < holds - _EARLY


def content_since(observed_at: datetime, last_modified: str | None, published_date: date | None) -> datetime:
    """Since when content stands that is seen for the first time: as the server says, else as the listing says.

    What lies in the future says nothing; where nothing is said it stands since it is seen.
    """
    for said in (_time_of(last_modified), _day(published_date)):
        if said is not None and said <= observed_at:
            return said
    return observed_at


def _time_of(last_modified: str | None) -> datetime | None:
    try:
        said = parsedate_to_datetime(last_modified or "")
    except ValueError:
        return None
    return said if said.tzinfo is not None else said.replace(tzinfo=UTC)


def _day(published_date: date | None) -> datetime | None:
    return None if published_date is None else datetime.combine(published_date, time(), UTC)
