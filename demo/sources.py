"""Writes the city's sites as sources that the collector reads: one YAML file each, for the ports it listens on."""

from pathlib import Path
from typing import Any

import yaml

from demo.files import write_whole
from demo.server import CityServer
from demo.site import Site


def source_id(key: str) -> str:
    """The id of a site's source."""
    return f"demo-{key}"


def write_sources(city: CityServer, folder: Path) -> None:
    """A file `<source id>.yml` for each site; what else lies in the folder stays."""
    folder.mkdir(parents=True, exist_ok=True)
    for site in city.sites.values():
        text = yaml.safe_dump(_source(city, site), allow_unicode=True, sort_keys=False)
        write_whole(folder / f"{source_id(site.key)}.yml", text.encode())


def _source(city: CityServer, site: Site) -> dict[str, Any]:
    recheck = {} if site.shows_revisions else {"recheck_days": 0}
    return {
        "source_id": source_id(site.key),
        "system": site.system,
        "description": f"{site.name}, a site of the fictional city on this machine ({site.key}).",
        "enabled": True,
        "region_id": site.region_id,
        "start": [{"url": city.url(site.key)}],
        "politeness": {"delay_seconds": 0, "concurrent_per_host": 4, "max_pages": 20_000, "max_depth": 5, **recheck},
        "rhythm_days": 365,
        "allow_private_addresses": True,
        "verified": {"offline": "It is tested against the city itself.", "online": None},
    }
