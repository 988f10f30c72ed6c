"""The secrets of a .env → a sentence for each that nobody should start a service with.

``python -m extract.check_secrets`` looks at the environment, and ends with status 1 where it has something to say. No
sentence holds a secret.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import sys
from collections.abc import Mapping

GENERATED = (
    "POSTGRES_PASSWORD",
    "AIRFLOW_POSTGRES_PASSWORD",
    "AIRFLOW_FERNET_KEY",
    "AIRFLOW_JWT_SECRET",
    "AIRFLOW_API_SECRET_KEY",
    "SUPERSET_POSTGRES_PASSWORD",
    "SUPERSET_SECRET_KEY",
)
"""What only programs use."""
TYPED = ("JIXIAO_ADMIN_PASSWORD", "JIXIAO_BI_ADMIN_PASSWORD", "JIXIAO_BI_VIEWER_PASSWORD")
"""What people log in with."""
OF_GROWTH = ("JIXIAO_BROKER_PASSWORD", "AWS_SECRET_ACCESS_KEY")
"""What only docker-compose.growth.yml asks for."""

_LEAST = {**dict.fromkeys((*GENERATED, *OF_GROWTH), 32), **dict.fromkeys(TYPED, 12)}
"""Characters: 24 random bytes as openssl writes them; what AWS gives out has 40."""
_LEAST_DIFFERENT = 8
# The values that examples and guides show hold one of these; a random one does not.
_EXAMPLES = re.compile(
    r"change.?(?:me|it|this)|password|passw0rd|example|placeholder|replace.?me|(?:my|your|this|test|non|dev).?"
    r"(?:is)?.?(?:a|an|_)?.?(?:secret|key)|complex_random|default|letmein|qwerty|abcdef|123456|jixiao|airflow|superset"
    r"|postgres|minio",
    re.IGNORECASE,
)


def complaints(values: Mapping[str, str]) -> list[str]:
    """What is wrong with the secrets of an environment, one sentence each; those of growth only where they are set."""
    found: list[str] = []
    seen: dict[str, str] = {}
    for name in (*GENERATED, *TYPED, *OF_GROWTH):
        value = values.get(name, "")
        if not value and name in OF_GROWTH:
            continue
        reason = _reason(name, value)
        if reason is None and value in seen:
            reason = f"is the same as {seen[value]}: each secret its own"
        seen.setdefault(value, name)
        if reason is not None:
            found.append(f"{name} {reason} (.env; docs/operations.md says how to make one).")
    return found


def _reason(name: str, value: str) -> str | None:
    example, different = _EXAMPLES.search(value), len(set(value))
    faults = {
        "is missing": not value,
        f"is the value of an example: it holds {example and example[0].lower()!r}": example,
        f"is too short: {len(value)} characters, at least {_LEAST[name]}": len(value) < _LEAST[name],
        f"is made of {different} different characters only": different < _LEAST_DIFFERENT,
        "holds quotes, a backslash, $ or white space, which .env cannot carry": re.search(r"[\s'\"$\\]", value),
        "holds what an address cannot carry: letters, digits and _ = . ~ - only": name == "JIXIAO_BROKER_PASSWORD"
        and not re.fullmatch(r"[\w=.~-]+", value, re.ASCII),
        "is no key of 32 bytes in base64": name == "AIRFLOW_FERNET_KEY" and not _is_of_32_bytes(value),
    }
    return next((reason for reason, holds in faults.items() if holds), None)


def _is_of_32_bytes(value: str) -> bool:
    try:
        return len(base64.b64decode(value.translate(str.maketrans("-_", "+/")), validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def main() -> int:
    """Say what is wrong; the exit status."""
    found = complaints(os.environ)
    print("\n".join(found) or "The secrets are of one's own.", file=sys.stderr if found else sys.stdout)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
