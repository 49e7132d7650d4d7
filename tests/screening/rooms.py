"""The table of rooms: how each is reached, by whom, and what is done there."""

from dataclasses import dataclass

from tests.screening import acts
from tests.screening.acts import Act


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """One picture, and the address behind it.

    path: the names of the cast's things in braces. who: a name of the cast, empty for nobody. act: done once it is
    open. leads_to: the name of the address where the act ends, if it is another. status: what the address answers.
    """

    name: str
    path: str
    who: str = "north"
    act: Act | None = None
    leads_to: str = ""
    status: int = 200


@dataclass(frozen=True, slots=True)
class Wing:
    """Rooms that belong together."""

    title: str
    rooms: tuple[Room, ...]


WINGS = (
    Wing(
        "Creating",
        (
            Room(name="welcome", path="/", who=""),
            Room(name="create-first", path="/", who="fresh"),
            Room(name="create", path="/"),
            Room(name="models", path="/", act=acts.pick_model),
            Room(name="models-page", path="/models/"),
            Room(name="several", path="/", who="west", act=acts.see_several),
            Room(name="video", path="/?goal=video"),
            Room(name="prompts", path="/prompts/"),
            Room(name="uploads", path="/uploads/"),
            Room(name="works", path="/works/"),
        ),
    ),
    Wing(
        "Editing",
        (
            Room(
                name="edit",
                path="/?goal=edit&model=flux-kontext-pro&inputs.image={source}",
                act=acts.see_tries,
            ),
            Room(name="inpaint-first", path="/inpaint/", who="fresh"),
            Room(name="inpaint", path="/inpaint/?model=bria-genfill&inputs.image={source}", act=acts.draw_mask),
            Room(name="expand-first", path="/expand/", who="fresh"),
            Room(name="expand", path="/expand/?model=bria-expand&inputs.image={source}", act=acts.draw_frame),
            Room(name="upscale", path="/result/{upscaled}/", act=acts.divide),
            Room(name="remove-background", path="/result/{cut-out}/", act=acts.divide),
            Room(name="expanded", path="/result/{expanded}/", act=acts.divide),
        ),
    ),
    Wing(
        "Keyframes",
        (
            Room(name="keyframes-first", path="/keyframes/", who="fresh"),
            Room(name="keyframes", path="/keyframes/"),
            Room(name="film", path="/keyframes/{board}/"),
        ),
    ),
    Wing(
        "Results",
        (
            Room(name="result", path="/result/{picture-0}/"),
            Room(name="result-video", path="/result/{video}/"),
            Room(name="result-running", path="/result/{waiting}/"),
            Room(name="result-failed", path="/result/{refused}/"),
            Room(name="result-doubtful", path="/result/{doubtful}/", who="west"),
            Room(name="view", path="/view/{still}/", who="reader"),
            Room(name="compare", path="/compare/?ids={still},{second},{third}", who="reader"),
            Room(name="compare-over", path="/compare/?ids={still},{second}", who="reader", act=acts.lay_over),
            Room(name="cancel", path="/generations/{waiting}/cancel/"),
        ),
    ),
    Wing(
        "Library",
        (
            Room(name="library", path="/library/", who="reader"),
            Room(name="library-search", path="/library/?q={search}", who="reader", act=acts.open_filters),
            Room(name="library-collection", path="/library/?q={collection}", who="reader"),
            Room(name="library-chosen", path="/library/", who="reader", act=acts.choose),
            Room(name="library-trash", path="/library/trash/", who="reader"),
            Room(name="library-archives", path="/library/exports/", who="reader"),
            Room(name="library-first", path="/library/", who="fresh"),
            Room(name="history", path="/history/"),
        ),
    ),
    Wing(
        "Queue",
        (
            Room(name="queue", path="/queue/"),
            Room(name="queue-first", path="/queue/", who="fresh"),
            Room(name="queue-paused", path="/queue/", who="south"),
            Room(name="queue-menu", path="/", act=acts.open_menu),
            Room(name="queue-drawer", path="/", act=acts.open_drawer),
            Room(name="queue-cancel", path="/queue/cancel/"),
        ),
    ),
    Wing(
        "Notifications",
        (
            Room(name="notifications", path="/notifications/"),
            Room(name="notifications-first", path="/notifications/", who="fresh"),
            Room(name="notifications-bell", path="/", act=acts.open_bell),
            Room(name="notification-wishes", path="/notifications/preferences/"),
        ),
    ),
    Wing(
        "Guide",
        (
            Room(name="docs", path="/docs/"),
            Room(name="docs-page", path="/docs/credits/"),
            Room(name="docs-model", path="/docs/models/flux-schnell/"),
            Room(name="docs-search", path="/docs/search/?q=API"),
            Room(name="palette", path="/", act=acts.open_palette),
            Room(name="palette-page", path="/palette/"),
            Room(name="shortcuts", path="/", act=acts.open_shortcuts),
            Room(name="shortcuts-page", path="/shortcuts/", who=""),
        ),
    ),
    Wing(
        "Signing in",
        (
            Room(name="sign-in", path="/accounts/login/", who=""),
            Room(name="sign-up", path="/accounts/signup/", who=""),
            Room(name="sign-up-wrong", path="/accounts/signup/", who="", act=acts.mistype),
            Room(name="sign-out", path="/accounts/logout/"),
            Room(name="password-reset", path="/accounts/password/reset/", who=""),
            Room(name="password-reset-sent", path="/accounts/password/reset/done/", who=""),
            Room(name="password-reset-done", path="/accounts/password/reset/key/done/", who=""),
            Room(name="password-reset-stale", path="/accounts/password/reset/key/1-set-password/", who=""),
            Room(name="letter-sent", path="/accounts/confirm-email/", who=""),
            Room(name="letter-stale", path="/accounts/confirm-email/key/", who=""),
            Room(name="closed", path="/accounts/inactive/", who=""),
            Room(name="password-change", path="/accounts/password/change/"),
            Room(name="password-again", path="/accounts/reauthenticate/"),
            Room(name="addresses", path="/accounts/email/"),
        ),
    ),
    Wing(
        "Second factor",
        (
            Room(name="factor-off", path="/accounts/2fa/"),
            Room(name="factor-set-up", path="/accounts/2fa/totp/activate/"),
            Room(name="factor-on", path="/accounts/2fa/", who="guarded"),
            Room(name="factor-codes", path="/accounts/2fa/recovery-codes/", who="guarded"),
            Room(name="factor-new-codes", path="/accounts/2fa/recovery-codes/generate/", who="guarded"),
            Room(name="factor-switch-off", path="/accounts/2fa/totp/deactivate/", who="guarded"),
            Room(name="factor-again", path="/accounts/2fa/reauthenticate/", who="guarded"),
            Room(name="factor", path="/accounts/login/", who="", act=acts.half_sign_in, leads_to="mfa_authenticate"),
        ),
    ),
    Wing(
        "When something is wrong",
        (
            Room(name="error-403", path="/admin/generations/generation/add/", who="keeper", status=403),
            Room(name="error-404", path="/nowhere/", status=404),
            Room(name="error-404-nobody", path="/nowhere/", who="", status=404),
            Room(name="error-429", path="/accounts/password/reset/", who="", act=acts.ask_too_often, status=429),
            Room(name="error-500", path="/", who="", act=acts.broken("500"), status=500),
            Room(name="error-503", path="/", who="", act=acts.broken("503"), status=503),
        ),
    ),
    Wing(
        "For the operator",
        (
            Room(name="operator", path="/operator/", who="keeper"),
            Room(name="admin", path="/admin/", who="keeper"),
            Room(name="admin-models", path="/admin/models/", who="keeper"),
            Room(name="money-desk", path="/admin/generations/unconfirmed/?which=open", who="keeper"),
            Room(
                name="money-desk-reason",
                path="/admin/generations/unconfirmed/?which=open",
                who="keeper",
                act=acts.ask_for_reason,
            ),
            Room(name="money-desk-row", path="/admin/generations/unconfirmed/{doubtful}/change/", who="keeper"),
            Room(name="audit-trail", path="/admin/admin/logentry/", who="keeper"),
            Room(name="styleguide", path="/styleguide/", who="keeper"),
        ),
    ),
)
ROOMS = tuple(room for wing in WINGS for room in wing.rooms)

# Addresses with a name that no room shows. Each has the reason.
NOT_ROOMS = {
    "composer": "a fragment of create",
    "quote": "a fragment of create",
    "staging": "a fragment of create",
    "draft": "what create keeps by itself",
    "draft-forget": "a form",
    "draft-back": "a form",
    "library-month": "a fragment of the library",
    "library-tiles": "a fragment of the library",
    "library-act": "a form",
    "library-searches": "a form",
    "models-pin": "a form",
    "queue-pause": "a form",
    "queue-resume": "a form",
    "notification": "leads to what it tells of",
    "notification-read": "a form",
    "notifications-read": "a form",
    "generation-retry": "a form",
    "generation-front": "a form",
    "generation-viewed": "a form",
    "generation-check": "a form",
    "set-language": "a form",
    "set-theme": "a form",
    "library-export": "a file; what is not packed yet leads to the archives",
    "result-file": "a file",
    "media": "a file",
    "mfa_download_recovery_codes": "a file",
    "changes": "what a socket would send",
    "telegram-link": "a form",
    "telegram-unlink": "a form",
    "telegram-webhook": "for Telegram",
    "webhook": "for providers",
    "upload": "for programs",
    "models-list": "for programs",
    "schema": "for programs",
    "account_set_password": "leads to changing it: everybody has a password",
    "account_confirm_login_code": "nobody is sent a code",
}


def named(names: list[str]) -> tuple[Room, ...]:
    """Those rooms, or all. Raises KeyError with the first name that is none."""
    rooms = {room.name: room for room in ROOMS}
    return tuple(rooms[name] for name in names) if names else ROOMS
