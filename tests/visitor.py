"""A person at the running system: signs in like a browser, asks like a program, looks into the oracle's journal."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import psycopg
import requests
from django.core.signing import TimestampSigner
from django.utils.crypto import salted_hmac
from websockets import Origin
from websockets.sync.client import ClientConnection, connect

from accounts.ids import uuid7
from config.local.waiting import until
from tests.system import RunningSystem

PASSWORD = "a-long-enough-password-9"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
KEY_SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
MILLI = 1000


class Visitor:
    """Fresh for each test: nothing of the running system is rolled back."""

    def __init__(self, system: RunningSystem, name: str = "alice", given_credits: int = 100) -> None:
        self.system = system
        self.email = f"{name}-{uuid7().hex[-10:]}@example.com"
        self.key = f"base_{uuid7().hex[-8:]}_{uuid7().hex}"
        with psycopg.connect(system.database_url) as connection, connection.cursor() as cursor:
            self.id = _insert_person(cursor, self.email, self.key)
            _insert_grant(cursor, self.id, given_credits * MILLI)
        self.browser = requests.Session()

    # -- as a program ----------------------------------------------------------------------------
    def call(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.key}", **kwargs.pop("headers", {})}
        return requests.request(method, f"{self.system.url}{path}", headers=headers, timeout=30, **kwargs)

    def ask(self, prompt: str, model: str = "flux-schnell", **params: Any) -> str:
        """The id of a new generation."""
        answer = self.call("POST", "/api/generations/create", json={"model": model, "prompt": prompt, "params": params})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def get(self, generation_id: str) -> dict[str, Any]:
        row: dict[str, Any] = self.call("GET", f"/api/generations/{generation_id}").json()
        return row

    def wait_for(self, generation_id: str, *stages: str, seconds: float = 40) -> dict[str, Any]:
        """The row as soon as it is at one of the stages."""
        seen: dict[str, Any] = {}

        def is_there() -> bool:
            seen["stage"] = self.stage(generation_id)
            return seen["stage"] in stages

        assert until(is_there, seconds), f"{seen['stage']} and not {stages} after {seconds} s"
        return self.get(generation_id)

    # -- the truth behind it ---------------------------------------------------------------------
    def stage(self, generation_id: str) -> str:
        """Read from the database, so that it can be asked while web is down."""
        ((stage,),) = self.system.query("SELECT stage FROM generations_generation WHERE id = %s", generation_id)
        return str(stage)

    def change_number(self) -> int:
        """The person's, once all is told: a notification follows an ending within a second and counts it up."""
        news = "SELECT 1 FROM generations_event e JOIN generations_generation g ON g.id = e.generation_id "
        news += "WHERE g.user_id = %s AND e.noticed_at IS NULL AND e.kind IN ('completed', 'failed')"
        assert until(lambda: not self.system.query(news, self.id), 40)
        ((seq,),) = self.system.query("SELECT seq FROM accounts_user WHERE id = %s", self.id)
        return int(str(seq))

    def ledger(self) -> list[str]:
        """Kinds of the person's movements for work, in order."""
        rows = self.system.query(
            "SELECT t.kind FROM accounts_ledgertransaction t JOIN accounts_ledgerentry e ON e.transaction_id = t.id "
            "WHERE e.user_id = %s AND t.kind <> 'grant' GROUP BY t.id, t.kind ORDER BY t.id",
            self.id,
        )
        return [str(kind) for (kind,) in rows]

    def balance(self) -> tuple[int, int]:
        """Available and held milli-credits."""
        ((available, held),) = self.system.query(
            "SELECT available, held FROM accounts_creditbalance WHERE user_id = %s", self.id
        )
        return int(str(available)), int(str(held))

    def journal(self, prompt: str) -> list[dict[str, Any]]:
        """What the provider accepted for prompts that hold this text."""
        answer = requests.get(f"{self.system.sandbox_url}/control/journal?contains={quote(prompt)}", timeout=10)
        jobs: list[dict[str, Any]] = answer.json()["jobs"]
        return jobs

    # -- as a browser ----------------------------------------------------------------------------
    def sign_in(self) -> "Visitor":
        """As the sign-in page would leave it, without the half second a password takes."""
        if "sessionid" not in self.browser.cookies:
            secret = self.system.system.environment["SECRET_KEY"]
            with psycopg.connect(self.system.database_url) as connection, connection.cursor() as cursor:
                self.browser.cookies["sessionid"] = _insert_session(cursor, self.id, secret)
        return self

    @contextmanager
    def socket(self, have: int = 0, page: str = "create", *, hello: bool = True) -> Iterator["Socket"]:
        """An open socket that has said what the page has."""
        headers = {"Cookie": f"sessionid={self.browser.cookies['sessionid']}"}
        address = self.system.url.replace("http", "ws", 1) + "/ws/live/"
        with connect(address, origin=Origin(self.system.url), additional_headers=headers, proxy=None) as raw:
            opened = Socket(raw)
            if hello:
                opened.send({"have": have, "page": page, "lang": "en"})
            yield opened


class Socket:
    """One tab's socket, which acknowledges what it is sent."""

    def __init__(self, raw: ClientConnection) -> None:
        self.raw = raw

    def send(self, message: Any) -> None:
        self.raw.send(message if isinstance(message, str | bytes) else json.dumps(message))

    def receive(self, seconds: float = 10, *, acknowledge: bool = True) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(self.raw.recv(timeout=seconds))
        if acknowledge and "cursor" in frame:
            self.send({"ack": frame["cursor"]})
        return frame

    def receive_until(self, text: str, seconds: float = 20) -> dict[str, Any]:
        """The first frame whose fragments hold the text."""
        found: dict[str, Any] = {}

        def has_text() -> bool:
            found.update(self.receive(seconds))
            return any(text in fragment["html"] for fragment in found.get("fragments", ()))

        assert until(has_text, seconds)
        return found


def _stored_password() -> str:
    """As Django stores it, made without Django's settings, so that benchmarks can use this, too."""
    mac = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"salt", 1000)
    return f"pbkdf2_sha256$1000$salt${base64.b64encode(mac).decode()}"


def _insert_person(cursor: psycopg.Cursor, email: str, key: str) -> int:
    cursor.execute(
        "INSERT INTO accounts_user (password, email, role, is_active, created_at, language, theme, seq, notified_seq) "
        "VALUES (%s, %s, 'user', true, now(), '', '', 0, 0) RETURNING id",
        [_stored_password(), email],
    )
    row = cursor.fetchone()
    assert row is not None
    cursor.execute(
        "INSERT INTO accounts_apikey (user_id, name, hint, digest, scopes) VALUES (%s, 'test', %s, %s, '{read,write}')",
        [row[0], key[5:13], hashlib.sha256(key.encode()).hexdigest()],
    )
    return int(row[0])


def _insert_session(cursor: psycopg.Cursor, user_id: int, secret: str) -> str:
    """The key of a session such as Django makes, without Django's settings."""
    mac = salted_hmac(KEY_SALT, _stored_password(), secret=secret, algorithm="sha256").hexdigest()
    session = {"_auth_user_id": str(user_id), "_auth_user_backend": BACKEND, "_auth_user_hash": mac}
    signer = TimestampSigner(key=secret, salt="django.contrib.sessions.SessionStore", fallback_keys=[])
    key = uuid7().hex
    cursor.execute(
        "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, now() + '1 day')",
        [key, signer.sign_object(session, compress=True)],
    )
    return key


def _insert_grant(cursor: psycopg.Cursor, user_id: int, millicredits: int) -> None:
    transaction = uuid7()
    cursor.execute(
        "INSERT INTO accounts_ledgertransaction (id, kind, reference, note) VALUES (%s, 'grant', %s, '')",
        [transaction, f"test:{user_id}"],
    )
    cursor.executemany(
        "INSERT INTO accounts_ledgerentry (transaction_id, account, user_id, millicredits) VALUES (%s, %s, %s, %s)",
        [(transaction, "grants", None, -millicredits), (transaction, "available", user_id, millicredits)],
    )
