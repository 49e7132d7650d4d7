"""Deliveries nobody would think of, signed or not: no crash, no end without a file, no credit lost or doubled."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import credits
from accounts.models import LedgerTransaction, User
from config.local.waiting import until
from generations import callbacks
from generations.models import Attempt, Delivery, Generation, Output
from providers import registry, tokens
from providers.contract import JobRef, JobUpdate
from providers.pool import memory
from tests.conftest import MakePerson
from tests.fuzz import bodies
from tests.fuzz.speaking import MOUTHS, Headers, Mouth
from tests.generations.test_other_providers import first
from tests.generations.test_webhooks import hear_all
from tests.pool import add, face
from tests.providers.server import Server, answers
from tests.providers.test_fal_webhooks import KEY, published
from tests.providers.test_google_webhooks import OTHER_KEY, described, token
from tests.studio import Ask, Sandbox, drive, step

pytestmark = pytest.mark.long
START = 10_000
SETTLED = {"completed": ["capture"], "failed": ["release"], "cancelled": ["release"]}
# Of a token's claims. Around now are those that would be right.
CLAIMED = st.one_of(
    bodies.PLAIN,
    st.floats(),
    st.integers(-5, 5).map(lambda by: int(time.time()) + by),
    st.just(10**400),
    st.just(-(10**400)),
)
_numbers = count()


def examples(number: int) -> settings:
    return settings(
        max_examples=number,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )


class Job:
    """A running generation that its provider has already done."""

    def __init__(self, mouth: Mouth, person: User, generation: Generation) -> None:
        self.mouth, self.person, self.generation = mouth, person, generation
        self.attempt = Attempt.objects.get(generation=generation)
        self.body = mouth.body(self.attempt.external_id or "", self._asked().output_urls)
        self.path = f"/api/webhook/{mouth.provider}/{self.attempt.pk}/{callbacks.key_of(self.attempt.pk)}"

    def _asked(self) -> JobUpdate:
        """What the provider says when it has done it."""
        credential = tokens.by_label(self.attempt.provider, self.attempt.token_label)
        assert credential is not None
        adapter = registry.connect(self.mouth.provider, credential)
        job = JobRef(
            external_id=self.attempt.external_id or "",
            endpoint=self.attempt.endpoint,
            follow_up=self.attempt.follow_up,
        )
        until(lambda: adapter.fetch(job).state.is_final, 30)
        return adapter.fetch(job)

    def deliver(self, body: bytes, headers: Headers | None = None) -> int:
        proof = self.mouth.sign(body) if headers is None else headers
        client = Client(enforce_csrf_checks=True)
        return client.post(self.path, body, content_type="application/json", headers=proof).status_code

    def now(self) -> Generation:
        self.generation.refresh_from_db()
        return self.generation

    def check(self) -> None:
        """The law and the ledger; what is done has a file."""
        row = self.now()
        kinds = LedgerTransaction.objects.filter(reference=row.ledger_reference).values_list("kind", flat=True)
        assert sorted(kinds) == sorted(["hold", *SETTLED.get(row.stage, [])])
        charged = row.cost_millicredits if row.stage == "completed" else 0
        held = 0 if row.is_final else row.cost_millicredits
        available = START * credits.MILLI - held - charged
        assert credits.balance_of(self.person.pk) == credits.Balance(available=available, held=held)
        if row.stage == "completed":
            stored = Output.objects.filter(generation=row, state="stored").select_related("asset")
            assert stored
            assert all(output.asset and default_storage.size(output.asset.key) > 0 for output in stored)
        connection.check_constraints()


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside was never there. A savepoint: a transaction of its own would not let others begin."""
    memory.forget()
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


@pytest.fixture
def keys() -> Iterator[Server]:
    """Where fal's and Google's keys are published."""
    both = {"keys": [*published(KEY)["keys"], described()]}
    with Server(answers(200, both)) as server:
        yield server


@pytest.fixture
def mouth(request: pytest.FixtureRequest, sandbox: Sandbox, keys: Server, settings: Any, db: None) -> Mouth:
    """A provider that is the sandbox, with a token in the pool and proof of our own making."""
    chosen = MOUTHS[request.param]
    face(sandbox, settings, chosen.provider)
    own = settings.PROVIDERS[chosen.provider]
    options = {**own.get("options", {}), "jwks_url": f"{keys.origin}/{next(_numbers)}.json"}
    changed = {**own, "options": options, "webhook_secret": chosen.secret}
    settings.PROVIDERS = settings.PROVIDERS | {chosen.provider: changed}
    add(chosen.token, provider=chosen.provider)
    return chosen


@pytest.fixture
def job(mouth: Mouth, ask: Ask, make_person: MakePerson) -> Job:
    person = make_person("fuzz", given_credits=START)
    generation = step(ask(person, "a bay in the fog", model=first(mouth.provider, mouth.task).id))
    assert generation.stage == "running", generation.error_code
    return Job(mouth, person, generation)


def heard(job: Job, body: bytes) -> None:
    """A delivery that is signed: kept and worked on, or refused and not there."""
    status = job.deliver(body)
    assert status == 200 or 400 <= status < 500
    assert Delivery.objects.count() == int(status == 200)
    hear_all()
    job.check()


@pytest.mark.parametrize("mouth", MOUTHS, indirect=True)
@examples(60)
@given(data=st.data())
def test_a_signed_delivery_may_say_anything(job: Job, data: st.DataObject) -> None:
    with undone():
        heard(job, data.draw(bodies.mutated(job.body)))
        assert job.now().stage != "completed"
        assert job.deliver(bodies.written(job.body)) == 200
        hear_all()
        job.check()
        # Google only says where to look; fal's second delivery of one end is the first one again: both are asked after.
        open_stages = {"saving", "running"} if job.mouth.provider in {"fal", "google"} else {"saving"}
        assert job.now().is_final or job.now().stage in open_stages


@pytest.mark.parametrize("mouth", MOUTHS, indirect=True)
@examples(6)
@given(data=st.data())
def test_whatever_was_said_the_generation_ends(job: Job, data: st.DataObject) -> None:
    with undone():
        heard(job, data.draw(bodies.mutated(job.body)))
        was = job.now().stage
        job.deliver(bodies.written(job.body))
        hear_all()
        ended = drive(job.generation, seconds=30)
        job.check()
        assert ended.stage == "completed" or was != "running"


@pytest.mark.parametrize("mouth", [name for name, own in MOUTHS.items() if own.proof], indirect=True)
@examples(60)
@given(data=st.data())
def test_an_altered_delivery_is_refused_and_leaves_nothing(job: Job, data: st.DataObject) -> None:
    body = bodies.written(job.body)
    headers = job.mouth.sign(body)
    if job.mouth.signs_body and data.draw(st.booleans()):
        body = data.draw(bodies.mutated(job.body).filter(lambda other: other != body))
    else:
        headers = data.draw(altered(headers, job.mouth.proof))
    with undone():
        assert job.deliver(body, headers) in {401, 411, 413}
        assert not Delivery.objects.exists()
        assert job.now().stage == "running"


@pytest.mark.parametrize("mouth", ["google-token"], indirect=True)
@examples(40)
@given(issued=CLAIMED, expires=CLAIMED, identifier=CLAIMED)
def test_what_a_token_claims_is_of_no_use_without_its_key(job: Job, issued: Any, expires: Any, identifier: Any) -> None:
    claims = {"iat": issued, "exp": expires, "jti": identifier}
    with undone():
        forged = token({name: value for name, value in claims.items() if value is not None}, OTHER_KEY)
        assert job.deliver(bodies.written(job.body), {"webhook-signature": forged}) == 401
        assert not Delivery.objects.exists()


@st.composite
def altered(draw: st.DrawFn, headers: Headers, proof: tuple[str, ...]) -> Headers:
    """One of the proving headers is gone, another text, or differs in one character."""
    name = draw(st.sampled_from(proof))
    value = headers[name]
    # Of the last characters of base64 some bits say nothing.
    at = draw(st.integers(0, len(value) - 4))
    # Two of each, as what is drawn must not depend on what was signed.
    other = next(
        one for one in draw(st.sampled_from(["a0", "Z9", "+/", ".=", ",\xff"])) if one.lower() != value[at].lower()
    )
    text = draw(st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40))
    kind = draw(st.sampled_from(["gone", "text", "character"]))
    rest = {own: told for own, told in headers.items() if own != name}
    return rest if kind == "gone" else rest | {name: text if kind == "text" else value[:at] + other + value[at + 1 :]}
