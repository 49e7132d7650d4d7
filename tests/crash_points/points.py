"""The moments at which a process may die: right before or after a function of the product, or inside its transaction.

Imported by boot/sitecustomize.py in every process of the studio, so it imports nothing of the project.
"""

from typing import NamedTuple


class Point(NamedTuple):
    """function: where, as module:name. is_before: the call is not made yet. needs_result: only when it had one."""

    function: str
    is_before: bool = False
    needs_result: bool = False


POINTS = {
    # The wish is written, nobody was told.
    "create_committed": Point("generations.actions.writing:write"),
    "hint_sent": Point("generations.tasks:publish", needs_result=True),
    # The intention to send is written, nothing was sent.
    "t1_committed": Point("generations.steps.submitting:open_attempt"),
    # The provider has accepted, we have not stored its id.
    "posted": Point("generations.steps.submitting:_store", is_before=True),
    "t2_uncommitted": Point("generations.steps.applying:_apply"),
    "t2_committed": Point("generations.steps.applying:apply_update"),
    "hook_inserted": Point("generations.models.delivery:Delivery.save"),
    "hook_committed": Point("generations.webhooks:_keep"),
    "hook_processing": Point("generations.steps.applying:_take"),
    "asset_downloaded": Point("media_pipeline.ingest:_fetch"),
    "asset_renamed": Point("media_pipeline.ingest:keep"),
    "asset_committed": Point("generations.steps.keeping:keep_output"),
    "settle_uncommitted": Point("generations.steps.settling:settle_locked"),
    "settle_committed": Point("generations.steps.settling:settle"),
    # Rows are marked as told of, nobody was told yet.
    "swept": Point("generations.steps.sweeping:overdue_hints", needs_result=True),
    "lease_taken": Point("generations.steps.claims:claim", needs_result=True),
    # A page's changes are read, not sent.
    "ws_flush": Point("generations.live.consumer:LiveConsumer._deliver", is_before=True),
    # There is no outbox: a notice is said once, after the commit, and whoever misses it looks.
    "outbox_sent": Point("generations.notices:announce"),
}
