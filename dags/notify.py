"""Alarms → people: through the notifier of Airflow's that the operator set, and always into the log."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping, Sequence
from typing import Any

SETTING = "JIXIAO_NOTIFIER"


def notify(alarms: Sequence[str], context: Mapping[str, Any]) -> None:
    """Log alarms, and send them by the notifier that ``JIXIAO_NOTIFIER`` names; where there are none, nothing.

    The setting is JSON: ``{"class": "airflow.providers.smtp.notifications.smtp.SmtpNotifier", "arguments": {…}}``.
    Templated arguments may use ``{{ alarms }}``, a text of one line for each.

    Raises:
        ValueError: the setting is no such JSON.
        ImportError: there is no such class here.
    """
    if not alarms:
        return
    for alarm in alarms:
        logging.getLogger(__name__).warning(alarm)
    setting = os.environ.get(SETTING, "").strip()
    if not setting:
        return
    from airflow.sdk.module_loading import import_string

    try:
        chosen = json.loads(setting)
        name, arguments = chosen["class"], dict(chosen.get("arguments", {}))
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f'{SETTING} must be JSON like {{"class": "…", "arguments": {{…}}}}: {error!r}') from error
    import_string(name)(**arguments)({**context, "alarms": "\n".join(alarms)})
