"""The page of Django admin that asks for a reason, as a browser sends it back."""

from uuid import uuid4


def with_a_reason(reason: str = "May") -> dict[str, str]:
    """The fields besides the action's own; the same dict again is the same form sent twice."""
    return {"confirmed": "yes", "reason": reason, "key": str(uuid4())}
