"""The ASGI application: one desk, the faces below their prefixes, the levers below /control, 404 for the rest."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount

from providers.sandbox import control
from providers.sandbox.desk import Desk
from providers.sandbox.environment import Environment
from providers.sandbox.faces import FACES
from providers.sandbox.telegram import acting as telegram_acting
from providers.sandbox.telegram import control as telegram_control
from providers.sandbox.telegram import posting as telegram_posting
from providers.sandbox.telegram import routes as telegram_routes


async def _no_such_path(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    return JSONResponse({"detail": getattr(error, "detail", "Not Found"), "status": status}, status)


def build(environment: Environment) -> Starlette:
    """The application of a sandbox that keeps its things in the environment's folder."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        desk = app.state.desk = Desk(environment)
        for job in desk.store:
            FACES[job.provider].resume(desk, job)
        telegram_posting.post_waiting(desk)
        yield
        await desk.close()

    return Starlette(
        routes=[
            Mount("/control/telegram", routes=telegram_control.ROUTES),
            Mount("/telegram", routes=telegram_routes.ROUTES),
            Mount("/control", routes=control.ROUTES),
            *(Mount(f"/{name}", routes=face.routes) for name, face in FACES.items()),
        ],
        lifespan=lifespan,
        exception_handlers={
            HTTPException: _no_such_path,
            control.Unclear: control.unclear,
            telegram_acting.Impossible: telegram_control.impossible,
        },
    )
