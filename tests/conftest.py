"""What tests share: published documents where they are at hand, the demo's files, an empty house."""

from __future__ import annotations

import fcntl
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from extract.settings import House
from tests.parse_models import PARSED

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROJECT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUCKET = "documents"
"""The bucket of ``object_store``."""

os.environ.pop("JIXIAO_ARCHIVE", None)  # the houses of tests keep their documents to themselves
if PARSED.exists():
    os.environ["DBT_PARTIAL_PARSE_FILE_PATH"] = str(PARSED)


FIRST = (
    # tests of memory: what the system counts of a child begins with what its parent held, which grows
    "test_guard.py",
    "test_limits.py",
    # then what takes minutes, so that the processes of `make test`, which take file by file, end together
    "test_pipeline.py",
    "test_docs.py",
    "test_cookbook.py",
    "test_service.py",
    "test_operations.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files of `FIRST` first, in its order."""
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of published documents."""
    folder = os.environ.get("JIXIAO_DOCUMENTS")
    if not folder:
        pytest.skip("JIXIAO_DOCUMENTS is not set: published documents are not at hand")
    return Path(folder)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """The demo's documents in a folder, and the truth about each file."""
    folder = tmp_path_factory.mktemp("demo")
    truth = folder / "truth.json"
    subprocess.run(
        [sys.executable, "-m", "demo", str(folder / "inbox"), "--truth", str(truth)],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    return folder / "inbox", json.loads(truth.read_text(encoding="utf-8"))["files"]


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An empty house with an empty inbox."""
    (tmp_path / "inbox").mkdir()
    return House(tmp_path / "house", tmp_path / "inbox")


def run(house: House) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "extract", "run"],
        cwd=PROJECT,
        env={**os.environ, "JIXIAO_DATA": str(house.root), "JIXIAO_INBOX": str(house.inbox)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def ran(
    tmp_path_factory: pytest.TempPathFactory, demo: tuple[Path, list[dict[str, Any]]]
) -> tuple[House, subprocess.CompletedProcess[str]]:
    """A house that took the demo's documents through Airflow, and what the run printed."""
    folder = tmp_path_factory.mktemp("ran")
    house = House(folder / "house", demo[0])
    return house, run(house)


@pytest.fixture(scope="session")
def ran_city(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> tuple[House, subprocess.CompletedProcess[str]]:
    """A house that collected from the demo's city as ``make run`` does, and what the run printed.

    It is only read, and made once: the first process of tests that asks for it makes it, the others wait.
    """
    mine = tmp_path_factory.getbasetemp()
    folder = (mine if worker_id == "master" else mine.parent) / "city"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (printed := folder.with_suffix(".pickle")).exists():
            makefile = (PROJECT / "Makefile").read_text()
            [recipe] = re.findall(r"^\t@(JIXIAO_DATA=data/demo .*\\\n.*)$", makefile, re.MULTILINE)
            command = recipe.replace("\\\n", " ").replace("$(BIN)/", f"{Path(sys.executable).parent}/")
            command = command.replace("data/demo", str(folder)).replace("$(DEMO_PORT)", "0")
            done = subprocess.run(command, shell=True, cwd=PROJECT, capture_output=True, text=True, check=False)
            printed.write_bytes(pickle.dumps(done))
        return House(folder, folder / "inbox"), pickle.loads(printed.read_bytes())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium without a screen."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: as root, apt-get install chromium fonts-noto-cjk")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def object_store() -> Iterator[str]:
    """The address of an S3 server on this machine with one bucket, whose keys stand in the environment."""
    import boto3
    from moto.server import ThreadedMotoServer
    from s3fs import S3FileSystem

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        S3FileSystem.clear_instance_cache()
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        yield f"http://{host}:{port}"
        S3FileSystem.clear_instance_cache()
    server.stop()


def s3_calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str | None]]:
    """What is asked of S3 from now on: the call, and the key it is about."""
    from s3fs import S3FileSystem

    calls: list[tuple[str, str | None]] = []
    real = S3FileSystem._call_s3

    async def counted(self: S3FileSystem, method: str, *arguments: object, **options: Any) -> object:
        calls.append((method, options.get("Key")))
        return await real(self, method, *arguments, **options)

    monkeypatch.setattr(S3FileSystem, "_call_s3", counted)
    return calls
