"""Every edge of a generation's life, by the story that meets it; and how they are found in the code, to miss none."""

import ast
from collections.abc import Iterator
from pathlib import Path

from config.local.site import ROOT

STEPS = "generations.steps"
EDGES: dict[str, tuple[str, ...]] = {
    "picture": (
        "writes generations.actions.writing:write",
        "says generations.notices:announce",
        "says generations.tasks:publish",
        f"writes {STEPS}.claims:claim",
        f"writes {STEPS}.claims:put_back",
        f"writes {STEPS}.claims:renew",
        f"commits {STEPS}.submitting:open_attempt",
        f"asks {STEPS}.submitting:_send",
        f"commits {STEPS}.applying:apply_update",
        f"asks {STEPS}.polling:ask",
        f"writes {STEPS}.polling:ask",
        "stores media_pipeline.ingest:keep",
        f"commits {STEPS}.keeping:keep_output",
        f"commits {STEPS}.settling:settle",
    ),
    "found_in_the_list": (f"commits {STEPS}.submitting:mark_unconfirmed", f"asks {STEPS}.confirming:_find_listed"),
    "asked_again_with_its_key": (f"asks {STEPS}.confirming:_ask_again",),
    "answered_at_once": (
        f"asks {STEPS}.submitting:_send",
        "stores media_pipeline.spool:lay_down",
        f"stores {STEPS}.keeping:keep_output",
    ),
    "with_a_file": (
        f"asks {STEPS}.handing:_reference",
        f"commits {STEPS}.handing:_remember",
        f"commits {STEPS}.submitting:_mark_sent",
    ),
    "worked_on_here": (f"commits {STEPS}.applying:apply_update", f"writes {STEPS}.claims:renew"),
    "whose_file_is_gone": (f"commits {STEPS}.keeping:_note_failure",),
    "cancelled": (
        "commits generations.actions.changing:cancel_generation",
        f"asks {STEPS}.polling:_cancel",
        f"commits {STEPS}.polling:_cancel",
    ),
    "refused": (f"commits {STEPS}.refusing:refuse",),
    "told_by_a_webhook": (
        "asks generations.webhooks:webhook",
        "commits generations.webhooks:_keep",
        f"commits {STEPS}.sweeping:overdue_hints",
        f"commits {STEPS}.sweeping:waiting_deliveries",
    ),
    "told_by_an_unsigned_webhook": (f"asks {STEPS}.hearing:_ask",),
}
# Where no answer decides how a generation ends.
ELSEWHERE = {
    "commits media_pipeline.intake:take_in": "a person's upload, before there is a wish",
    "stores media_pipeline.intake:_keep": "a person's upload, before there is a wish",
    f"stores {STEPS}.applying:_with_addresses": "calls media_pipeline.spool:lay_down, which is on the list",
    f"asks {STEPS}.working:_end": "this machine's own child process, no answer to lose",
    f"commits {STEPS}.waiting:wait": "why it waits, for its card; the sweep looks again",
    f"commits {STEPS}.lining:wake_after_recovery": "a hint",
    f"commits {STEPS}.emptying:purge": "the trash",
    f"commits {STEPS}.packing:_end": "an archive, packed anew",
    f"stores {STEPS}.packing:_write": "an archive, packed anew",
    "commits generations.actions.changing:check_again": "asked for by hand; who asks twice is answered twice",
    "commits generations.actions.changing:mark_viewed": "seen twice is seen",
    "commits generations.actions.batching:request_batch": "one key, as for one wish: tests/api/test_batches.py",
    "commits generations.actions.batching:cancel_waiting": "as cancelling each",
    "says generations.sweeps:count": "figures",
    "says generations.sweeps:totals": "figures",
}
WHERE = (
    "generations/steps", "generations/actions/changing.py", "generations/actions/batching.py",
    "generations/actions/requesting.py", "generations/webhooks.py", "generations/notices.py", "generations/tasks.py",
    "generations/sweeps.py", "media_pipeline/ingest.py", "media_pipeline/spool.py", "media_pipeline/intake.py",
)  # fmt: skip
ADAPTERS_CALLS = {"submit", "fetch", "cancel", "upload", "list_since"}
FILES = {("storage", "place"), ("spool", "lay_down"), ("spool", "forget")}


def in_the_code() -> set[str]:
    """As the text has them; statements of their own ("writes") only show when they run."""
    return {edge for place in WHERE for path in _modules(ROOT / place) for edge in _edges_of(path)}


def _modules(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _edges_of(path: Path) -> Iterator[str]:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef):
            for call in (node.func for node in ast.walk(function) if isinstance(node, ast.Call)):
                if kind := _kind_of(call, module):
                    yield f"{kind} {module}:{function.name}"


def _kind_of(call: ast.expr, module: str) -> str:
    if isinstance(call, ast.Name):
        return "says" if call.id == "client" else ""
    if not isinstance(call, ast.Attribute):
        return ""
    owner = call.value.id if isinstance(call.value, ast.Name) else ""
    if (owner, call.attr) == ("transaction", "atomic"):
        return "commits"
    if (owner, call.attr) in FILES:
        return "stores"
    if call.attr == "apply_async":
        return "says"
    return "asks" if call.attr in ADAPTERS_CALLS and module.startswith(STEPS) else ""
