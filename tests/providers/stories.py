"""A whole job at the sandbox, through whichever adapter: from the answer to its submit to the last word about it."""

from config.local import waiting
from providers.contract import Adapter, JobRef, JobUpdate

PATIENCE_SECONDS = 20


def end_of(adapter: Adapter, submitted: JobUpdate, endpoint: str = "") -> JobUpdate:
    """The last word about a job, asked for until it is there."""
    job = JobRef(external_id=submitted.external_id, endpoint=endpoint, follow_up=submitted.follow_up)
    said = [submitted]

    def has_ended() -> bool:
        said.append(adapter.fetch(job))
        return said[-1].state.is_final

    assert waiting.until(has_ended, PATIENCE_SECONDS)
    return said[-1]
