"""The provider's own records against our attempts: no job twice, none that we do not know of."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from tests.checker.rows import Violation

OURS = re.compile(r"/api/webhook/[a-z]+/([0-9a-f-]{36})/")
# In the words of a wish that is asked for once; see tests.chaos.wishes.
TAG = re.compile(r"wish-\d+-\d+x")


def violations(connection: psycopg.Connection[Any], jobs: Sequence[dict[str, Any]]) -> Iterator[Violation]:
    """jobs: the sandbox's journal, every job that it accepted. Told by the callback's address, which names the attempt;
    a call that answers at once has none, and its job is told by the tag among its words."""
    rows = connection.execute("SELECT id::text, generation_id::text FROM generations_attempt").fetchall()
    generation_of = dict(rows)
    prompts = connection.execute("SELECT id::text, prompt FROM generations_generation").fetchall()
    generation_of_tag = {found[0]: generation for generation, prompt in prompts if (found := TAG.search(prompt))}
    accepted: Counter[str] = Counter()
    for job in jobs:
        callback, tag = OURS.search(str(job["webhook"])), TAG.search(str(job["input"]))
        generation = generation_of.get(callback[1]) if callback else generation_of_tag.get(tag[0]) if tag else None
        if generation is None:
            yield Violation("an accepted job has its row", f"{job['provider']} {job['id']}")
        else:
            accepted[generation] += 1
    for generation, times in accepted.items():
        if times > 1:
            yield Violation("a wish is submitted once", f"{generation}: {times} jobs")
    known = {str(job["id"]) for job in jobs}
    # Work on this machine, and calls that answer at once, have ids of our own: the attempt's.
    theirs = "SELECT external_id FROM generations_attempt WHERE provider <> 'local' AND external_id <> id::text"
    for (external,) in connection.execute(theirs):
        if external not in known:
            yield Violation("a job we know is the provider's", external)
