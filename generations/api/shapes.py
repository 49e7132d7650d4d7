"""How a generation looks to programs. What is made here is described in serializers.py, for the OpenAPI document.

Plain dictionaries: a serializer of REST framework builds its fields anew for every answer, which took longer than
everything else a create does in Python.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from generations import links
from generations.actions.batching import Plan
from generations.models import Generation, Priority
from generations.places import Line
from generations.refusals import refusal_of
from generations.texts import error_sentence

MILLI = 1000


def line_of(row: Generation) -> dict[str, Any]:
    """A line of the list. Links are absolute, private, and null while there is nothing."""
    assets = row.assets
    return {
        "id": str(row.pk),
        "model": row.model,
        "model_name": row.model_name,
        "task": row.task,
        "status": row.status,
        "stage": row.stage,
        "waits_for": row.waits_for or None,
        "place_in_line": row.place_in_line,
        "created_at": _moment(row.created_at),
        "output_urls": [links.absolute(asset, "original") for asset in assets] or None,
        "thumbnail_url": links.absolute(assets[0], "320") if assets else None,
        "viewed": row.is_viewed,
    }


def whole_of(row: Generation) -> dict[str, Any]:
    """Everything. cost: credits at the time of asking."""
    return line_of(row) | {
        "prompt": row.prompt,
        "settings": row.params,
        "seed": row.seed,
        "priority": Priority(row.priority).name.lower(),
        "cost": round(row.cost_millicredits / MILLI, 3),
        "error_message": error_sentence(row) or None,
        "error_code": row.error_code or None,
        "completed_at": _moment(row.completed_at),
        "viewed_at": _moment(row.viewed_at),
        "retry_of": str(row.retry_of_id) if row.retry_of_id else None,
        "batch": str(row.batch_id) if row.batch_id else None,
    }


def line_as_json(person: User, line: Line) -> dict[str, Any]:
    """How full a person's line is and whether it moves."""
    return {
        "paused_at": _moment(person.paused_at),
        "active": line.active,
        "waiting": line.waiting,
        "room": line.room,
    }


def plan_of(plan: Plan) -> dict[str, Any]:
    """What a batch would cost, in credits, and why not if it cannot be."""
    return {
        "state": plan.state,
        "credits": round(plan.millicredits / MILLI, 3),
        "problem": refusal_of(plan.problem).sentence if plan.problem else None,
        "items": [
            {
                "model": item.model_id,
                "count": item.count,
                "credits": round(item.millicredits / MILLI, 3),
                "expected_seconds": item.expected_seconds,
                "slow_seconds": item.slow_seconds,
                "problem": refusal_of(item.problem).sentence if item.problem else None,
            }
            for item in plan.items
        ],
    }


def _moment(value: datetime | None) -> str | None:
    """ISO 8601 in the studio's time zone, "Z" for UTC."""
    if value is None:
        return None
    text = timezone.localtime(value).isoformat()
    return f"{text.removesuffix('+00:00')}Z" if text.endswith("+00:00") else text
