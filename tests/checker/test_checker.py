"""The checker finds what is wrong: planted here past triggers and foreign keys, as a bad repair by hand would."""

from typing import Any

import psycopg
import pytest

from accounts.ids import uuid7
from generations.models import Attempt, Generation
from media_pipeline import storage
from tests.checker import files, provider, rows
from tests.checker.planted import MONEY, REOPEN
from tests.conftest import MakePerson
from tests.studio import Ask, Sandbox, drive

GENERATION, ATTEMPT = "UPDATE generations_generation SET", "UPDATE generations_attempt SET"
PLANTED = {
    **MONEY,
    "one live attempt": f"""
        DROP INDEX attempt_one_alive; {ATTEMPT} state = 'unknown';
        INSERT INTO generations_attempt SELECT (jsonb_populate_record(a, jsonb_build_object(
          'id', gen_random_uuid(), 'number', 9, 'external_id', null))).* FROM generations_attempt a""",
    "one end, and the one the row has": "DELETE FROM generations_event WHERE kind = 'completed'",
    "completed has its files": "DELETE FROM generations_output",
    "work has a committed attempt": f"""
        DELETE FROM generations_attempt; {GENERATION} stage = 'running', slot = 1, status = 'processing',
          completed_at = null, next_action_at = now()""",
    "nothing is stuck": REOPEN,
    "no attempt is left open": f"{ATTEMPT} state = 'accepted'",
    "the inbox is worked off": """
        INSERT INTO generations_delivery (id, provider, dedupe, attempt_id, body, headers, is_proof, outcome, tries)
        SELECT gen_random_uuid(), provider, 'x', id, '', '{}', true, '', 0 FROM generations_attempt""",
    "no place is left taken": """
        INSERT INTO providers_tokenuse (token_id, place, holder) VALUES (1, 1, gen_random_uuid())""",
}
# What the database itself makes impossible, whoever writes.
CONSTRAINED = {"a provider's job belongs to one attempt", "open rows have a next action", "a failure has a reason"}


def test_every_query_is_tried_or_held_by_a_constraint() -> None:
    assert set(PLANTED) | CONSTRAINED == set(rows.ALWAYS | rows.AT_REST)


@pytest.fixture
def made(committed: None, make_person: MakePerson, sandbox: Sandbox, ask: Ask) -> Generation:
    """One that went well, and of which nothing is wrong."""
    return drive(ask(make_person("alice"), f"an honest mill wish-1-{uuid7().int % 10**12}x", megapixels="0.25"))


def jobs_of(made: Generation, sandbox: Sandbox) -> list[dict[str, Any]]:
    return sandbox.journal(made.prompt.rpartition(" ")[2])


def test_nothing_is_wrong_with_what_went_well(
    made: Generation, superuser: psycopg.Connection, sandbox: Sandbox
) -> None:
    assert list(rows.violations(superuser, at_rest=True)) == []
    assert rows.is_at_rest(superuser)
    assert list(provider.violations(superuser, jobs_of(made, sandbox))) == []
    assert list(files.violations(superuser, storage.root())) == []


@pytest.mark.parametrize("name", PLANTED)
def test_it_finds_what_was_planted(name: str, made: Generation, superuser: psycopg.Connection) -> None:
    with superuser.transaction(force_rollback=True):
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(PLANTED[name].encode())
        found = {one.invariant for one in rows.violations(superuser, at_rest=True)}
        is_at_rest = rows.is_at_rest(superuser)
    assert name in found
    assert is_at_rest == found.isdisjoint(rows.AT_REST)


def test_it_compares_with_the_providers_records(
    made: Generation, superuser: psycopg.Connection, sandbox: Sandbox
) -> None:
    [job] = jobs_of(made, sandbox)
    [double] = provider.violations(superuser, [job, {**job, "id": "another"}])
    assert (double.invariant, double.what) == ("a wish is submitted once", f"{made.pk}: 2 jobs")
    stranger = {**job, "id": "stranger", "webhook": job["webhook"].replace(str(Attempt.objects.get().pk), str(made.pk))}
    assert {one.invariant for one in provider.violations(superuser, [stranger])} == {
        "an accepted job has its row",
        "a job we know is the provider's",
    }


def test_it_looks_at_the_files_themselves(made: Generation, superuser: psycopg.Connection) -> None:
    media = storage.root()
    asset = made.assets[0]
    (media / asset.key).write_bytes(b"another")
    (media / asset.thumbnails["320"]).unlink()
    found = [one.invariant for one in files.violations(superuser, media)]
    assert found == ["a stored file is what its row says", "a thumbnail is there"]
    (media / asset.key).unlink()
    assert "a stored file is there" in {one.invariant for one in files.violations(superuser, media)}
