"""The providers the sandbox can pass for. A new one adds its folder and a line here."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.routing import BaseRoute

from providers.sandbox.desk import Desk
from providers.sandbox.fal import notices as fal_notices
from providers.sandbox.fal import routes as fal_routes
from providers.sandbox.fal import runs as fal_runs
from providers.sandbox.google import notices as google_notices
from providers.sandbox.google import routes as google_routes
from providers.sandbox.google import runs as google_runs
from providers.sandbox.higgsfield import again as higgsfield_again
from providers.sandbox.higgsfield import routes as higgsfield_routes
from providers.sandbox.higgsfield import runs as higgsfield_runs
from providers.sandbox.jobs import Delivery, Job
from providers.sandbox.replicate import again, routes, runs


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """Served below /<name>; `resume` goes on with a job after a restart, the other two send webhooks by hand."""

    routes: list[BaseRoute]
    resume: Callable[[Desk, Job], None]
    can_send: Callable[[str, str], bool]
    send_again: Callable[[Desk, Job, str, str, int], Awaitable[list[Delivery]]]


FACES = {
    "fal": Face(
        routes=fal_routes.ROUTES,
        resume=fal_runs.resume,
        can_send=fal_notices.can_send,
        send_again=fal_notices.send_again,
    ),
    "google": Face(
        routes=google_routes.ROUTES,
        resume=google_runs.resume,
        can_send=google_notices.can_send,
        send_again=google_notices.send_again,
    ),
    "higgsfield": Face(
        routes=higgsfield_routes.ROUTES,
        resume=higgsfield_runs.resume,
        can_send=higgsfield_again.can_send,
        send_again=higgsfield_again.send_again,
    ),
    "replicate": Face(routes=routes.ROUTES, resume=runs.resume, can_send=again.can_send, send_again=again.send_again),
}
