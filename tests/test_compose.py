"""The standing service: the compose file as a real compose parser sees it, and what it promises beyond its grammar."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from extract.orchestrate import WRITER_POOL
from extract.settings import PROJECT

COMPOSE_FILE = PROJECT / "docker-compose.yml"
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SECRETS = (
    "AIRFLOW_API_SECRET_KEY",
    "AIRFLOW_FERNET_KEY",
    "AIRFLOW_JWT_SECRET",
    "JIXIAO_ADMIN_PASSWORD",
    "POSTGRES_PASSWORD",
)
AIRFLOW_SERVICES = ("init", "api-server", "scheduler", "dag-processor", "triggerer")


def example_settings() -> dict[str, str]:
    """What .env.example sets: its lines that are neither empty nor comments."""
    lines = (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def compose_command() -> list[str]:
    if shutil.which("docker"):
        plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
        if plugin.returncode == 0:
            return ["docker", "compose"]
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    pytest.skip("docker-compose is not installed")


def parse(folder: Path, settings: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    """Parse the compose file as if these settings were its .env, whatever the caller's own environment says."""
    env_file = folder / "env"
    env_file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
    command = [*compose_command(), "--project-directory", str(PROJECT), "--file", str(COMPOSE_FILE)]
    environment = {name: value for name, value in os.environ.items() if name not in settings}
    return subprocess.run(
        [*command, "--env-file", str(env_file), "config", *options],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def filled() -> dict[str, str]:
    """A .env made from .env.example, every empty value filled in."""
    return {name: value or f"filled+/{name.lower()}==" for name, value in example_settings().items()}


def environment_of(service: str) -> dict[str, str]:
    return SERVICES[service].get("environment", {})


def mounts(service: str) -> dict[str, tuple[str, str]]:
    """Folder in the container → what is mounted there, and how."""
    found = {}
    for volume in SERVICES[service].get("volumes", []):
        source, target, mode = re.fullmatch(r"(\$\{[^}]+\}|[^:]+):([^:]+):?(ro|)", volume).groups()
        found[target] = (source, mode)
    return found


def test_is_valid_with_the_examples_keys_filled(tmp_path: Path, filled: dict[str, str]) -> None:
    quiet = parse(tmp_path, filled, "-q")
    assert quiet.returncode == 0, quiet.stderr
    resolved = yaml.safe_load(parse(tmp_path, filled).stdout)
    assert set(resolved["services"]) == {"postgres", *AIRFLOW_SERVICES}
    for service in AIRFLOW_SERVICES:
        assert resolved["services"][service]["environment"]["PGPASSWORD"] == filled["POSTGRES_PASSWORD"]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("state", ["empty", "absent"])
def test_refuses_without_a_secret(secret: str, state: str, tmp_path: Path, filled: dict[str, str]) -> None:
    if state == "empty":
        filled[secret] = ""
    else:
        del filled[secret]
    refused = parse(tmp_path, filled, "-q")
    assert refused.returncode != 0
    # the whole sentence: older parsers also print every other variable of the service
    assert re.search(rf": Put an? {secret} into \.env, as \.env\.example shows\.\s*$", refused.stderr), refused.stderr


def test_only_secrets_are_mandatory_and_none_has_a_default() -> None:
    used = re.findall(r"(?<!\$)\$\{(\w+)(:\?|:-)?", COMPOSE_FILE.read_text(encoding="utf-8"))
    assert {name for name, operator in used if operator == ":?"} == set(SECRETS)
    assert {name for name, operator in used if operator != ":?"}.isdisjoint(SECRETS)


def test_secrets_of_the_example_are_empty() -> None:
    assert example_settings() == dict.fromkeys(SECRETS, "")


def test_example_names_every_variable() -> None:
    named = re.findall(r"^#?(\w+)=", (PROJECT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    used = re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE_FILE.read_text(encoding="utf-8"))
    assert set(named) == set(used)


@pytest.mark.parametrize("service", SERVICES)
def test_no_secret_stands_in_the_file(service: str) -> None:
    for name, value in environment_of(service).items():
        if re.search(r"PASSWORD$|SECRET|_KEY$|TOKEN", name):
            assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), name
        assert not re.search(r"://[^/@]*:[^/@]*@", str(value)), f"{name} holds a password"


@pytest.mark.parametrize("service", SERVICES)
def test_is_watched_or_runs_once(service: str) -> None:
    waited_for = {
        name
        for other in SERVICES.values()
        for name, how in other.get("depends_on", {}).items()
        if how["condition"] == "service_completed_successfully"
    }
    if service in waited_for:
        assert SERVICES[service]["restart"] == "no"
        assert "healthcheck" not in SERVICES[service]
    else:
        assert SERVICES[service]["restart"] == "unless-stopped"
        assert SERVICES[service]["healthcheck"]["test"]


@pytest.mark.parametrize("service", AIRFLOW_SERVICES[1:])
def test_waits_for_init(service: str) -> None:
    assert SERVICES[service]["depends_on"]["init"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("service", AIRFLOW_SERVICES)
def test_the_house_is_on_a_volume(service: str) -> None:
    house = environment_of(service)["JIXIAO_DATA"]
    assert mounts(service)[house] == ("data", "")
    assert "data" in COMPOSE["volumes"]


def test_the_metadata_is_on_a_volume() -> None:
    assert ("metadata", "") in mounts("postgres").values()
    assert "metadata" in COMPOSE["volumes"]


@pytest.mark.parametrize(
    ("variable", "mounted"),
    [("JIXIAO_INBOX", "${JIXIAO_INBOX:-./inbox}"), ("JIXIAO_SOURCES", "${JIXIAO_SOURCES:-./sources}")],
)
def test_a_persons_own_folders_are_read_where_tasks_run_and_never_written(variable: str, mounted: str) -> None:
    assert mounts("scheduler")[environment_of("scheduler")[variable]] == (mounted, "ro")


def test_every_setting_that_collecting_asks_for_reaches_the_tasks() -> None:
    documented = (PROJECT / "docs" / "collecting.md").read_text(encoding="utf-8")
    settings = set(re.findall(r"^\| `(JIXIAO_\w+)`", documented, re.MULTILINE))
    assert {"JIXIAO_CONTACT", "JIXIAO_SOURCES", "JIXIAO_LARGEST_DOWNLOAD_MB"} <= settings
    assert settings <= set(environment_of("scheduler"))


def test_a_persons_own_folder_of_sources_arrives(tmp_path: Path, filled: dict[str, str]) -> None:
    resolved = parse(tmp_path, {**filled, "JIXIAO_SOURCES": str(tmp_path / "mine")})
    assert resolved.returncode == 0, resolved.stderr
    scheduler = yaml.safe_load(resolved.stdout)["services"]["scheduler"]
    [volume] = [volume for volume in scheduler["volumes"] if str(tmp_path / "mine") in str(volume)]
    assert scheduler["environment"]["JIXIAO_SOURCES"] in str(volume)


def test_the_ui_is_open_to_this_host_only() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"api-server": ["127.0.0.1:${JIXIAO_PORT:-8080}:8080"]}


def test_every_airflow_setting_is_one_of_this_version() -> None:
    package = importlib.util.find_spec("airflow")
    assert package is not None
    known = yaml.safe_load((Path(package.submodule_search_locations[0]) / "config_templates/config.yml").read_text())
    variables = {name for service in SERVICES for name in environment_of(service) if name.startswith("AIRFLOW__")}
    assert variables
    for variable in variables:
        _, section, option = variable.lower().split("__")
        assert option in known[section]["options"], variable


def test_init_makes_the_pool_and_a_passwords_file_for_its_owner_only(tmp_path: Path) -> None:
    """The command of ``init``, as bash gets it, with an airflow that only writes down how it was called."""
    tools = tmp_path / "bin"
    tools.mkdir()
    calls, passwords = tmp_path / "calls", tmp_path / "passwords.json"
    (tools / "airflow").write_text('#!/bin/sh\necho "$@" >> "$CALLS"\n')
    (tools / "airflow").chmod(0o755)
    (tools / "python").symlink_to(sys.executable)
    passwords.write_text("{}")
    passwords.chmod(0o644)  # as an older, careless one might stand there
    environment = {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "CALLS": str(calls),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "JIXIAO_ADMIN_PASSWORD": 'quote " and \\ and 密码',
    }
    command = [part.replace("$$", "$") for part in SERVICES["init"]["command"]]
    subprocess.run(command, env=environment, check=True)
    migrate, pool = calls.read_text().splitlines()
    assert migrate == "db migrate"
    assert pool.startswith(f"pools set {WRITER_POOL} 1 ")
    assert json.loads(passwords.read_text()) == {"admin": environment["JIXIAO_ADMIN_PASSWORD"]}
    assert passwords.stat().st_mode & 0o777 == 0o600


def test_what_the_image_copies_exists_and_reaches_the_build() -> None:
    dockerfile = (PROJECT / SERVICES["scheduler"]["build"] / "Dockerfile").read_text(encoding="utf-8")
    ignored = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [source for line in re.findall(r"^COPY (.+)$", dockerfile, re.MULTILINE) for source in line.split()[:-1]]
    assert copied
    for source in copied:
        assert (PROJECT / source).exists(), source
        assert f"!{source.split('/')[0]}" in ignored, source


def test_the_image_is_locked_and_not_run_by_root() -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    installs = [line for line in dockerfile.splitlines() if " -r requirements/" in line]
    assert len(installs) == 2
    assert all("--require-hashes" in line for line in installs)
    assert dockerfile.splitlines()[-1] == "USER jixiao"
