"""No secret setting stands in a log or on an error page, whatever breaks: read from a process that really logs."""

import base64
import json
import os
import re
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest

from config import secrecy
from config.local.site import ROOT
from tests.config.broken import BROKEN

SECRET = re.compile(r"^#?([A-Z_]+(?:SECRET|TOKEN|PASSWORD|KEY|KEYS|KEY_FALLBACKS))=", re.MULTILINE)
NAMES = sorted(set(SECRET.findall((ROOT / ".env.example").read_text(encoding="utf-8"))))
Answer = tuple[int, str, str]
Said = tuple[dict[str, Answer], str]
PREFIXES = ("", "api/", "admin/")
RUNS = """
import json, sys
import django
django.setup()
from django.conf import settings
from django.test import Client
settings.ROOT_URLCONF = "tests.config.broken"
client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
bodies = {}
for address in json.load(sys.stdin):
    answer = client.get(address)
    bodies[address] = [answer.status_code, str(answer.headers), answer.content.decode()]
print(json.dumps(bodies))
"""


def canary(name: str) -> str:
    """As long and as strange as the real ones, and in no list of looks."""
    if name == "FERNET_KEYS":
        return base64.urlsafe_b64encode(name.ljust(32, "x").encode()).decode()
    return f"CANARY-{name}-q+9/zZ%20~=="


def with_password(url: str, password: str) -> str:
    """The address with a password that is quoted there and wrong, so that the database refuses it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.username or 'x'}:{password}@{parts.hostname}:{parts.port}"))


@pytest.fixture(scope="module", params=["1", "0"], ids=["json", "console"])
def said(request: pytest.FixtureRequest) -> Said:
    """Bodies and log of all broken addresses, in a process whose every secret is a canary."""
    environment = {
        **os.environ,
        **{name: canary(name) for name in NAMES},
        "DEBUG": "0",
        "LOG_LEVEL": "INFO",
        "LOG_JSON": request.param,
        "DATABASE_URL": with_password(os.environ["DATABASE_URL"], "CANARY-database-pass"),
        "REDIS_URL": with_password(os.environ["REDIS_URL"], "CANARY-redis-pass"),
    }
    addresses = [f"/{prefix}broken/{name}" for prefix in PREFIXES for name in BROKEN]
    # Beside them what breaks by itself: no database, no message store.
    addresses += ["/accounts/login/", "/api/generations/list", "/api/health", "/api/models/list", "/nowhere"]
    done = subprocess.run(
        [sys.executable, "-c", RUNS],
        input=json.dumps(addresses),
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    bodies: dict[str, Answer] = json.loads(done.stdout)
    return bodies, done.stderr


def test_no_secret_is_logged(said: Said) -> None:
    _bodies, log = said
    # What surrounds them is there: these are the lines, and they are not empty.
    assert log.count("canary-was-here") >= len(PREFIXES) * len(BROKEN)
    assert "Traceback" in log
    assert secrecy.HIDDEN in log
    found = [line for line in log.splitlines() if "CANARY" in line or canary("FERNET_KEYS") in line]
    assert found == []


def test_no_error_page_shows_a_secret_or_how_it_came_about(said: Said) -> None:
    bodies, _log = said
    for address, (status, headers, body) in bodies.items():
        text = f"{headers}{body}"
        assert "CANARY" not in text, address
        assert canary("FERNET_KEYS") not in text, address
        if "/broken/" in address and not address.endswith("logged"):
            assert status == (503 if address.endswith("database") else 500), address
            assert "canary-was-here" not in body, address
            assert "Traceback" not in body, address


def test_every_secret_of_the_environment_is_known_as_one() -> None:
    """By the names of .env.example; a new variable of such a name is walked through without a word here."""
    assert {"SECRET_KEY", "FERNET_KEYS", "CRON_SECRET", "REPLICATE_API_TOKEN", "EMAIL_HOST_PASSWORD"} <= set(NAMES)


def test_forms_of_a_value_are_hidden_and_short_words_are_not() -> None:
    settings = {
        "SOME_TOKEN": "id:part-two-of-it",
        "A_URL": "redis://:p%40ssw0rd-long@host:1/0",
        "DEEP": {"x": [{"password": 'quo"ted-one'}]},
        "CRON_SECRET": "unused",
        "PLAIN": "nothing-to-hide",
    }
    hide = secrecy.hider(secrecy.values(settings))
    line = 'id:part-two-of-it part-two-of-it p%40ssw0rd-long p@ssw0rd-long quo\\"ted-one unused nothing-to-hide'
    assert hide(None, "", line) == "… … … … … unused nothing-to-hide"
