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

from extract import dashboards
from extract.check_secrets import GENERATED, OF_GROWTH, TYPED, complaints
from extract.orchestrate import WRITER_POOL, environment
from extract.settings import PROJECT, House

COMPOSE_FILE = PROJECT / "docker-compose.yml"
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SECRETS = (*GENERATED, *TYPED)
AIRFLOW_SERVICES = ("init", "api-server", "scheduler", "dag-processor", "triggerer")
ONCE = ("secrets", "databases", "init")
GROWTH_FILE = PROJECT / "docker-compose.growth.yml"
GROWTH: dict[str, dict[str, Any]] = yaml.safe_load(GROWTH_FILE.read_text(encoding="utf-8"))["services"]
GROWTH_SECRETS = (*OF_GROWTH, "AWS_ACCESS_KEY_ID")
"""What the override asks for, too."""
IMAGES = {"scheduler": "Dockerfile", "superset": "bi/Dockerfile"}
"""A service of each image → what the image is built by."""


def settings_in(file: Path) -> dict[str, str]:
    """What a .env sets: its lines that are neither empty nor comments."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def compose_command() -> list[str]:
    if shutil.which("docker"):
        plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
        if plugin.returncode == 0:
            return ["docker", "compose"]
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    pytest.skip("docker-compose is not installed")


def parse(
    folder: Path, settings: dict[str, str], *options: str, grown: bool = False
) -> subprocess.CompletedProcess[str]:
    """Parse the compose file, or both, as if these settings were its .env, whatever the caller's environment says."""
    env_file = folder / "env"
    env_file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
    command = [*compose_command(), "--project-directory", str(PROJECT), "--file", str(COMPOSE_FILE)]
    command += ["--file", str(GROWTH_FILE)] if grown else []
    environment = {name: value for name, value in os.environ.items() if name not in settings}
    return subprocess.run(
        [*command, "--env-file", str(env_file), "config", *options],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What docs/operations.md makes of .env.example."""
    folder = tmp_path_factory.mktemp("env")
    page = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    [command] = re.findall(r"```sh\n(\(umask [^`]*> \.env\)\n)```", page)
    shutil.copy(PROJECT / ".env.example", folder)
    subprocess.run(["sh", "-euc", command], cwd=folder, check=True)
    assert (folder / ".env").stat().st_mode & 0o777 == 0o600
    settings = settings_in(folder / ".env")
    again = subprocess.run(["sh", "-euc", command], cwd=folder, capture_output=True, check=False)
    assert again.returncode != 0
    assert settings_in(folder / ".env") == settings
    return settings


@pytest.fixture
def filled(made: dict[str, str]) -> dict[str, str]:
    """A .env of one's own, to be changed."""
    return dict(made)


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
    assert set(resolved["services"]) == {"postgres", "superset", *ONCE, *AIRFLOW_SERVICES}
    for service in AIRFLOW_SERVICES:
        assert resolved["services"][service]["environment"]["PGPASSWORD"] == filled["AIRFLOW_POSTGRES_PASSWORD"]
    assert resolved["services"]["superset"]["environment"]["PGPASSWORD"] == filled["SUPERSET_POSTGRES_PASSWORD"]


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
    assert settings_in(PROJECT / ".env.example") == dict.fromkeys(SECRETS, "")


def test_secrets_of_ones_own_are_taken(filled: dict[str, str]) -> None:
    assert complaints(filled) == []
    assert set(environment_of("secrets")) == set(SECRETS)
    command = [sys.executable, *SERVICES["secrets"]["command"][1:]]
    done = subprocess.run(command, cwd=PROJECT, env=filled, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    ("left_at", "reason"),
    [
        ("changeme-changeme-changeme-changeme", "example"),  # of anybody's
        ("CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET", "example"),  # Superset's own
        ("TEST_NON_DEV_SECRET_TEST_NON_DEV_SECRET", "example"),  # of its compose file
        ("airflow", "example"),
        ("admin", "too short"),
        ("x9" * 20, "different characters"),
        ("", "missing"),
    ],
)
def test_a_secret_that_is_an_examples_or_too_weak_is_refused(
    secret: str, left_at: str, reason: str, filled: dict[str, str]
) -> None:
    [sentence] = complaints({**filled, secret: left_at})
    assert sentence.startswith(f"{secret} is")
    assert reason in sentence


def test_a_refusal_ends_the_start_and_tells_no_secret(filled: dict[str, str]) -> None:
    bad = {
        **filled,
        "SUPERSET_SECRET_KEY": filled["AIRFLOW_JWT_SECRET"],
        "AIRFLOW_FERNET_KEY": filled["AIRFLOW_FERNET_KEY"][:-4],
        "JIXIAO_ADMIN_PASSWORD": "short-kX9",
    }
    command = [sys.executable, *SERVICES["secrets"]["command"][1:]]
    done = subprocess.run(command, cwd=PROJECT, env=bad, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "SUPERSET_SECRET_KEY is the same as AIRFLOW_JWT_SECRET" in done.stderr
    assert "AIRFLOW_FERNET_KEY is no key of 32 bytes" in done.stderr
    assert "JIXIAO_ADMIN_PASSWORD is too short" in done.stderr
    assert not any(value in done.stdout + done.stderr for value in bad.values())
    waiting, reached = set(SERVICES) - {"secrets"}, {"secrets"}
    while more := {name for name in waiting if reached & set(SERVICES[name]["depends_on"])}:
        reached, waiting = reached | more, waiting - more
    assert not waiting  # nothing starts before


def test_example_names_every_variable() -> None:
    named = re.findall(r"^#?(\w+)=", (PROJECT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    files = COMPOSE_FILE.read_text(encoding="utf-8") + GROWTH_FILE.read_text(encoding="utf-8")
    used = re.findall(r"(?<!\$)\$\{(\w+)", files)
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


def test_ports_are_open_to_this_host_only_unless_told_otherwise(tmp_path: Path, filled: dict[str, str]) -> None:
    for bind, expected in ({}, "127.0.0.1"), ({"JIXIAO_BIND": "192.0.2.7"}, "192.0.2.7"):
        services = yaml.safe_load(parse(tmp_path, {**filled, **bind}).stdout)["services"]
        ports = {name: str(service["ports"]) for name, service in services.items() if "ports" in service}
        assert set(ports) == {"api-server", "superset"}
        assert all(expected in said for said in ports.values()), ports


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


@pytest.mark.parametrize("dockerfile", IMAGES.values())
def test_what_the_image_copies_exists_and_reaches_the_build(dockerfile: str) -> None:
    ignored = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    text = (PROJECT / dockerfile).read_text(encoding="utf-8")
    sources = [source for step in re.findall(r"^COPY (.+)$", text, re.MULTILINE) for source in step.split()[:-1]]
    assert sources
    for source in sources:
        assert (PROJECT / source).exists(), source
        assert f"!{source.split('/')[0]}" in ignored, source


@pytest.mark.parametrize(("service", "dockerfile"), IMAGES.items())
def test_the_image_is_built_locked_and_not_run_by_root(service: str, dockerfile: str) -> None:
    build = SERVICES[service]["build"]
    assert (build["context"], build.get("dockerfile", "Dockerfile")) == (".", dockerfile)
    text = (PROJECT / dockerfile).read_text(encoding="utf-8")
    installs = re.findall(r"pip install .*", text)
    locked = [line for line in installs if " -r requirements/" in line]
    assert len(locked) >= 2
    assert all("--require-hashes" in line for line in locked)
    assert all("--no-deps" in line for line in installs if line not in locked)
    assert re.fullmatch(r"USER (jixiao|superset)", text.splitlines()[-1])
    assert re.match(r"FROM \S+:\d", next(line for line in text.splitlines() if line.startswith("FROM")))


def copy(source: Path, destination: Path) -> None:
    """As COPY does: a folder's contents into a folder, a file into a folder."""
    if source.is_dir():
        left_out = shutil.ignore_patterns("__pycache__")  # .dockerignore does
        shutil.copytree(source, destination, ignore=left_out, dirs_exist_ok=True)
    else:
        destination.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, destination)


# Stands for a tool of the image: writes down how it was called, and that the lock it was given is there.
_TOOL = """#!/bin/sh
echo "$(basename "$0") $*" >> "$CALLS"
for word; do
  case $word in requirements/*) test -s "$word" || exit 3 ;; esac
done
"""


@pytest.mark.parametrize("dockerfile", IMAGES.values())
def test_every_step_of_the_image_runs_in_its_order(dockerfile: str, tmp_path: Path) -> None:
    """COPY and the compiling done, everything else of RUN by tools that only write down; then what a service starts."""
    tools, image, calls = tmp_path / "bin", tmp_path / "app", tmp_path / "calls"
    tools.mkdir()
    image.mkdir()
    for tool in ("apt-get", "pip", "uv", "useradd", "install", "rm"):
        (tools / tool).write_text(_TOOL)
        (tools / tool).chmod(0o755)
    for real in ("basename", "sh"):
        (tools / real).symlink_to(str(shutil.which(real)))
    (tools / "python").symlink_to(sys.executable)
    environment = {"PATH": str(tools), "CALLS": str(calls), "EXTRAS": "ocr celery"}
    text = (PROJECT / dockerfile).read_text(encoding="utf-8").replace("\\\n", " ")
    steps = [line.split(None, 1) for line in text.splitlines() if line and not line.startswith("#")]
    for instruction, said in steps:
        if instruction == "COPY":
            *sources, destination = said.split()
            for source in sources:
                copy(PROJECT / source, image / destination)
        elif instruction == "RUN":
            subprocess.run(["sh", "-euc", said], cwd=image, env=environment, check=True)
        else:
            assert instruction in ("FROM", "ENV", "WORKDIR", "ARG", "USER")
    installed = [re.findall(r"requirements/(\w+)\.txt", call) for call in calls.read_text().splitlines()]
    wanted = {"Dockerfile": ["bootstrap", "pipeline", "ocr", "celery"], "bi/Dockerfile": ["bootstrap", "bi"]}
    assert [lock for call in installed for lock in call] == wanted[dockerfile]
    assert list(image.rglob("*.pyc"))
    module = {"Dockerfile": "extract.__main__", "bi/Dockerfile": "bi.serve"}[dockerfile]
    start = f"import {module}; print({module}.__file__)"
    done = subprocess.run([sys.executable, "-c", start], cwd=image, capture_output=True, text=True, check=False)
    assert Path(done.stdout.strip()).is_relative_to(image), done.stderr


@pytest.mark.parametrize("lock", ["pipeline", "ocr", "celery", "bi"])
def test_what_the_image_installs_is_for_its_python(lock: str) -> None:
    text = (PROJECT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    assert "make lock" in text
    dockerfile = "bi/Dockerfile" if lock == "bi" else "Dockerfile"
    [version] = re.findall(r"^FROM python:(3\.\d+)-", (PROJECT / dockerfile).read_text(), re.MULTILINE)
    assert f"--python-version {version} " in (PROJECT / "Makefile").read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, str]:
    text = (PROJECT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][^=\s]*)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("extra", ["ocr", "celery"])
def test_extras_of_the_image_change_nothing_of_the_pipelines(extra: str) -> None:
    ours, theirs = pins("pipeline"), pins(extra)
    assert set(theirs) - set(ours)
    assert {name: version for name, version in theirs.items() if ours.get(name, version) != version} == {}
    assert f"requirements/{extra}.txt" in (PROJECT / "Dockerfile").read_text(encoding="utf-8")


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_limited_hardened_and_on_the_one_network(service: str) -> None:
    described = SERVICES[service]
    assert described["mem_limit"]
    assert described["cpus"]
    assert described["pids_limit"]
    assert described["security_opt"] == ["no-new-privileges:true"]
    assert described["logging"]["options"]["max-size"]
    assert not {"networks", "network_mode", "privileged"} & set(described)
    assert re.search(r":[\w.-]*(\d|local)", described["image"])
    if described["image"].startswith("postgres") and "user" not in described:
        return  # its image goes on as its user postgres
    assert described["cap_drop"] == ["ALL"]


def test_superset_gets_what_is_published_and_nothing_else_of_the_house() -> None:
    assert mounts("superset") == {"/published": ("published", "ro")}
    assert Path(environment_of("superset")["JIXIAO_PUBLISHED"]).parent == Path("/published")
    house = House(Path("/data"), Path("/inbox"))
    for service in AIRFLOW_SERVICES:
        assert mounts(service)[str(house.published.parent)] == ("published", "")
    assert house.releases.parent == house.current.parent == house.published.parent  # links and renames stay within
    secrets = {name for name, value in environment_of("superset").items() if ":?" in str(value)}
    assert secrets == {"PGPASSWORD", "SUPERSET_SECRET_KEY", "JIXIAO_BI_ADMIN_PASSWORD", "JIXIAO_BI_VIEWER_PASSWORD"}
    assert not set(secrets) - {"PGPASSWORD"} & set(environment_of("scheduler"))


@pytest.fixture
def grown(filled: dict[str, str]) -> dict[str, str]:
    """A .env for the override, too."""
    return {
        **filled,
        "JIXIAO_BROKER_PASSWORD": "Rw7-kq_2Xv" * 4,
        "AWS_ACCESS_KEY_ID": "jixiao",
        "AWS_SECRET_ACCESS_KEY": "Zt5/pL+9mB" * 4,
    }


def test_both_files_together_are_valid(tmp_path: Path, grown: dict[str, str]) -> None:
    parsed = parse(tmp_path, grown, grown=True)
    assert parsed.returncode == 0, parsed.stderr
    services = yaml.safe_load(parsed.stdout)["services"]
    assert set(services) == set(SERVICES) | {"worker", "writer", "broker", "objects", "bucket"}
    for name in (*AIRFLOW_SERVICES, "worker", "writer"):
        environment = services[name]["environment"]
        assert environment["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
        assert environment["JIXIAO_ARCHIVE"].startswith("s3://")
        assert environment["AWS_SECRET_ACCESS_KEY"] == grown["AWS_SECRET_ACCESS_KEY"]
        assert environment["PGPASSWORD"] == grown["AIRFLOW_POSTGRES_PASSWORD"]
        assert "celery" in services[name]["build"]["args"]["EXTRAS"].split()
    assert not set(services["superset"]["environment"]) & set(GROWTH_SECRETS)
    assert {name for name, service in services.items() if "ports" in service} == {"api-server", "superset"}
    assert complaints(grown) == []
    assert set(OF_GROWTH) <= set(services["secrets"]["environment"])


@pytest.mark.parametrize("secret", GROWTH_SECRETS)
def test_growth_refuses_without_a_secret(secret: str, tmp_path: Path, grown: dict[str, str]) -> None:
    refused = parse(tmp_path, {**grown, secret: ""}, "-q", grown=True)
    assert refused.returncode != 0
    assert re.search(rf": Put an? {secret} into \.env, as \.env\.example shows\.\s*$", refused.stderr), refused.stderr
    if secret in OF_GROWTH:
        assert complaints({**grown, secret: "changeme"})
        assert complaints({**grown, secret: "x9-" * 4})


def test_a_worker_is_set_as_airflow_is_elsewhere() -> None:
    base = environment_of("scheduler")
    worker = GROWTH["worker"]["environment"]
    assert worker == base | GROWTH["scheduler"]["environment"]
    assert GROWTH["writer"]["environment"] == worker


def test_workers_listen_to_the_queues_that_there_are(tmp_path: Path, grown: dict[str, str]) -> None:
    services = yaml.safe_load(parse(tmp_path, grown, grown=True).stdout)["services"]
    queues = {name: re.findall(r"--queues (\S+)", " ".join(services[name]["command"])) for name in ("worker", "writer")}
    text = (PROJECT / "dags" / "assets.py").read_text(encoding="utf-8")
    assert queues == {"worker": ["default"], "writer": re.findall(r'"queue": "(\w+)"', text)}
    mounted = {name: {str(volume).split(":")[1] for volume in services[name]["volumes"]} for name in queues}
    assert mounted["writer"] >= {"/data", "/data/published"}
    assert mounted["worker"] >= {"/data", "/inbox", "/sources"}
    assert services["writer"]["command"][-1] == "1"


@pytest.mark.parametrize("service", sorted(set(GROWTH) - set(SERVICES)))
def test_what_grows_is_watched_limited_and_hardened(service: str) -> None:
    described = GROWTH[service]
    assert described["mem_limit"]
    assert described["cpus"]
    assert described["pids_limit"]
    assert described["security_opt"] == ["no-new-privileges:true"]
    assert described.get("cap_drop") == ["ALL"] or service == "objects"  # its image gives its volume away first
    assert re.search(r":[\w.-]*(\d|local)", described["image"])
    assert not {"networks", "network_mode", "privileged", "ports"} & set(described)
    assert described["restart"] == ("no" if service == "bucket" else "unless-stopped")
    assert described["healthcheck"].get("disable") or described["healthcheck"]["test"]
    for name, value in described["environment"].items():
        if re.search(r"PASSWORD$|SECRET|_KEY$|TOKEN|AUTH$", name):
            assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), name
        if held := re.search(r"://[^/@:$]*:(.*)@", str(value)):
            assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", held[1]), name


@pytest.mark.usefixtures("object_store")
@pytest.mark.parametrize("turn", [1, 2])
def test_the_bucket_of_the_archive_is_made_where_it_is_missing(turn: int) -> None:
    environment = {**os.environ, "JIXIAO_ARCHIVE": "s3://of-growth/archive"}
    subprocess.run([sys.executable, *GROWTH["bucket"]["command"][1:]], env=environment, check=True)
    from s3fs import S3FileSystem

    S3FileSystem.clear_instance_cache()
    assert S3FileSystem(skip_instance_cache=True).exists("of-growth"), turn


def image_environment(dockerfile: str) -> dict[str, str]:
    text = (PROJECT / dockerfile).read_text(encoding="utf-8").replace("\\\n", " ")
    return dict(pair.split("=", 1) for line in re.findall(r"^ENV (.+)$", text, re.MULTILINE) for pair in line.split())


def test_superset_is_started_as_make_serve_starts_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("JIXIAO_")]:
        monkeypatch.delenv(name)
    for name in ("JIXIAO_POSTGRES", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "of the pipeline alone")
    here = {name: value for name, value in dashboards.environment(house, "8080").items() if name not in os.environ}
    assert not {"JIXIAO_POSTGRES", "AWS_SECRET_ACCESS_KEY"} & set(dashboards.environment(house, "8080"))
    here["PYTHONPATH"] = str(PROJECT)
    there = image_environment("bi/Dockerfile") | environment_of("superset")
    assert set(here) <= set(there)
    assert there["SUPERSET_CONFIG_PATH"] == here["SUPERSET_CONFIG_PATH"].replace(str(PROJECT), "/app")
    assert there["PYTHONPATH"] == "/app"
    assert re.sub(r"\$\{\w+:-(.*?)\}", r"\1", there["JIXIAO_VIEW_URL"]) == here["JIXIAO_VIEW_URL"]
    assert SERVICES["superset"]["command"] == ["python", "-m", "bi.serve"]
    assert "bi.serve:main" in (PROJECT / "extract" / "dashboards.py").read_text(encoding="utf-8")
    assert dashboards.address().endswith(there["JIXIAO_BI_PORT"])


def test_airflow_is_set_as_make_serve_sets_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("JIXIAO_", "AIRFLOW"))]:
        monkeypatch.delenv(name)
    here = {name: value for name, value in environment(house).items() if os.environ.get(name) != value}
    there = image_environment("Dockerfile") | environment_of("scheduler")
    of_the_machine = {"PATH", "PYTHONPATH", "PYTHONWARNINGS"}  # the image's python finds everything by itself
    assert set(here) - of_the_machine <= set(there)
    differing = {name for name in set(here) - of_the_machine if str(there[name]) != here[name]}
    assert differing == {
        "AIRFLOW_HOME",
        "AIRFLOW__API__HOST",
        "AIRFLOW__API_AUTH__JWT_SECRET",
        "AIRFLOW__CORE__DAGS_FOLDER",
        "AIRFLOW__CORE__PARALLELISM",
        "AIRFLOW__CORE__PLUGINS_FOLDER",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE",
        "JIXIAO_ARCHIVE",
        "JIXIAO_DATA",
        "JIXIAO_INBOX",
    }
    for name in ("DAGS", "PLUGINS"):
        folder = f"AIRFLOW__CORE__{name}_FOLDER"
        assert there[folder] == here[folder].replace(str(PROJECT), "/app")
    assert there["JIXIAO_ARCHIVE"] == "${JIXIAO_ARCHIVE:-}"


def test_every_setting_of_production_can_be_given() -> None:
    documented = (PROJECT / "docs" / "production.md").read_text(encoding="utf-8")
    settings = set(re.findall(r"^\| `(JIXIAO_\w+)`", documented, re.MULTILINE))
    assert {"JIXIAO_OCR", "JIXIAO_NOTIFIER"} <= settings
    assert settings <= set(environment_of("scheduler"))
