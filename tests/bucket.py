"""A real server of buckets on loopback (moto), spoken to over HTTP as a studio's would be."""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from pytest_django import Settings

from config.local import ports
from config.local.processes import dying_with_parent
from config.local.site import HOST
from config.local.waiting import until

ACCESS_KEY, SECRET_KEY = "AKIA-OF-THE-TESTS", "a-secret-key-only-the-tests-know-9"
PREFIX = "studio/media"


@dataclass
class Buckets:
    """The server, and a client that sees everything in it."""

    port: int
    client: Any = field(init=False)

    def __post_init__(self) -> None:
        import boto3
        from botocore.config import Config

        self.client = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
        )

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    def make(self, name: str) -> str:
        self.client.create_bucket(Bucket=name)
        return name

    def environment(self, name: str) -> dict[str, str]:
        """What an operator would set."""
        return {
            "MEDIA_STORAGE": "s3",
            "MEDIA_BUCKET": name,
            "MEDIA_BUCKET_ENDPOINT": self.endpoint,
            "MEDIA_BUCKET_ACCESS_KEY": ACCESS_KEY,
            "MEDIA_BUCKET_SECRET_KEY": SECRET_KEY,
            "MEDIA_BUCKET_PREFIX": PREFIX,
        }

    def keys(self, name: str) -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=name)
        return [entry["Key"] for page in pages for entry in page.get("Contents", ())]

    def content(self, name: str, key: str) -> bytes:
        body: bytes = self.client.get_object(Bucket=name, Key=key)["Body"].read()
        return body


@contextmanager
def serving() -> Iterator[Buckets]:
    """Ends with the block, or with the process of the tests."""
    port = ports.choose()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=dying_with_parent(),  # noqa: PLW1509 (one system call; takes no lock)
    )
    try:
        assert until(lambda: ports.is_listening(port), 60)
        yield Buckets(port)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def buckets() -> Iterator[Buckets]:
    with serving() as server:
        yield server


@pytest.fixture
def bucket_name(buckets: Buckets, settings: Settings) -> str:
    """Files lie in a bucket of the test's own, as its environment would say; parts stay in the folder."""
    from config import media

    name = buckets.make(f"media-{secrets.token_hex(6)}")
    for variable, value in buckets.environment(name).items():
        setattr(settings, variable, value)
    settings.STORAGES = {**settings.STORAGES, "default": media.bucket(settings)}
    return name
