"""Every address of the studio, how it is knocked at, and whom it is for."""

from dataclasses import dataclass, field
from typing import Any, Literal

# Whom a door is for. The rules say what each of the roles gets there.
#   everyone   also who is not signed in
#   each       whoever is signed in, to what is theirs
#   owner      one row of alice's
#   link       as owner; to strangers it looks as if the address did not exist, signed in or not
#   admins     admins and super admins
#   super      super admins
#   nobody     shown to admins, changed by nobody
#   secret     programs that know a secret which is no person's
Whom = Literal["everyone", "each", "owner", "link", "admins", "super", "nobody", "secret"]


@dataclass(frozen=True, slots=True)
class Door:
    """route: as the resolver writes it. path: with the names of alice's things in braces."""

    whom: Whom
    method: str
    route: str
    path: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    is_json: bool = False

    @property
    def address(self) -> str:
        return f"/{self.path or self.route}"

    def __str__(self) -> str:
        return f"{self.method} /{self.route}"


WISH = {"model": "flux-schnell", "prompt": "a lighthouse"}
PEOPLES_PAGES = (
    "palette/",
    "models/",
    "composer/",
    "staging/",
    "keyframes/",
    "history/",
    "queue/",
    "queue/cancel/",
    "library/",
    "library/trash/",
    "library/exports/",
    "prompts/",
    "uploads/",
    "works/",
    "notifications/",
    "notifications/preferences/",
    "accounts/email/",
    "accounts/password/change/",
    "accounts/2fa/",
)
PUBLIC_PAGES = (
    "",
    "inpaint/",
    "expand/",
    "docs/",
    "docs/search/",
    "shortcuts/",
    "api/health",
    "api/health/live",
    "api/health/ready",
    "api/schema",
    "api/models/list",
    "accounts/login/",
    "accounts/signup/",
    "accounts/inactive/",
    "accounts/confirm-email/",
    "accounts/password/reset/",
    "accounts/password/reset/done/",
    "accounts/password/reset/key/done/",
)
THING = {"retry": "ended"}
OF_A_GENERATION = ("cancel", "retry", "viewed", "check", "front")

DOORS = (
    *(Door("everyone", "GET", path) for path in PUBLIC_PAGES),
    Door("everyone", "GET", "docs/<slug:slug>/", "docs/api/"),
    Door("everyone", "GET", "docs/models/<str:model_id>/", "docs/models/flux-schnell/"),
    Door("everyone", "POST", "settings/language/", body={"language": "en"}),
    Door("everyone", "POST", "settings/theme/", body={"theme": "dark"}),
    *(Door("each", "GET", path) for path in PEOPLES_PAGES),
    Door("everyone", "POST", "accounts/logout/"),
    Door("each", "GET", "changes/", "changes/?have=0"),
    Door("each", "GET", "library/months/<date:month>/", "library/months/2026-05-01/"),
    Door("each", "GET", "library/tiles/<date:month>/", "library/tiles/2026-05-01/"),
    Door("each", "POST", "", body=WISH),
    Door("each", "POST", "quote/", body=WISH),
    Door("each", "POST", "draft/<slug:room>/", "draft/create/", body=WISH),
    Door("each", "POST", "draft/<slug:room>/forget/", "draft/create/forget/"),
    Door("each", "POST", "models/pins/", body={"pin": "flux-schnell"}),
    Door("each", "POST", "draft/<slug:room>/back/", "draft/create/back/"),
    Door("each", "POST", "library/searches/", body={"q": "fox"}),
    Door("each", "POST", "notifications/telegram/link/"),
    Door("each", "POST", "notifications/telegram/unlink/"),
    Door("each", "POST", "queue/pause/"),
    Door("each", "POST", "queue/resume/"),
    Door("each", "POST", "queue/cancel/"),
    Door("owner", "GET", "generations/<uuid:generation_id>/cancel/", "generations/{open}/cancel/"),
    Door("each", "GET", "api/generations/list"),
    Door("each", "GET", "api/line"),
    Door("each", "POST", "api/line/pause"),
    Door("each", "POST", "api/line/resume"),
    Door("each", "POST", "api/generations/create", body=WISH, is_json=True),
    Door("each", "POST", "api/generations/quote", body=WISH, is_json=True),
    Door("owner", "GET", "result/<uuid:generation_id>/", "result/{ended}/"),
    Door("owner", "GET", "result/<uuid:generation_id>/files/<int:number>/", "result/{ended}/files/1/"),
    Door("owner", "GET", "compare/", "compare/?ids={ended},{open}"),
    Door("owner", "GET", "view/<uuid:generation_id>/", "view/{ended}/"),
    *(
        Door(
            "owner",
            "POST",
            f"generations/<uuid:generation_id>/{what}/",
            f"generations/{{{THING.get(what, 'open')}}}/{what}/",
        )
        for what in OF_A_GENERATION
    ),
    Door("owner", "GET", "notifications/<uuid:notification_id>/", "notifications/{told}/"),
    Door("owner", "POST", "notifications/<uuid:notification_id>/read/", "notifications/{told}/read/"),
    Door("each", "POST", "notifications/read/"),
    Door(
        "each",
        "POST",
        "notifications/preferences/",
        body={"offered": ["bell"], "wish": ["failed:bell"], "time_zone": "UTC"},
    ),
    Door("owner", "GET", "library/exports/<uuid:export_id>/", "library/exports/{archive}/"),
    Door("owner", "GET", "keyframes/<uuid:board_id>/", "keyframes/{board}/"),
    Door("owner", "POST", "keyframes/<uuid:board_id>/", "keyframes/{board}/", {"act": "save"}),
    Door("each", "POST", "keyframes/", body={"title": "A film"}),
    Door("owner", "GET", "api/generations/<uuid:generation_id>", "api/generations/{ended}"),
    *(
        Door(
            "owner",
            "POST",
            f"api/generations/<uuid:generation_id>/{what}",
            f"api/generations/{{{THING.get(what, 'open')}}}/{what}",
        )
        for what in ("cancel", "retry", "viewed", "front")
    ),
    Door("owner", "GET", "api/batches/<uuid:batch_id>", "api/batches/{batch}"),
    Door("owner", "POST", "api/batches/<uuid:batch_id>/cancel", "api/batches/{batch}/cancel"),
    Door("link", "GET", "media/<uuid:asset_id>/<str:variant>", "{link}"),
    Door("admins", "GET", "operator/"),
    Door("admins", "GET", "styleguide/"),
    Door("admins", "GET", "admin/"),
    Door("admins", "GET", "admin/models/"),
    Door("admins", "GET", "admin/jsi18n/"),
    Door("secret", "POST", "api/cron/cleanup"),
)

# Pages of Django and allauth that lead elsewhere by themselves, or whose key is a secret of its own.
# Each has the reason why no table has a row for it.
NOT_DOORS = {
    "api/webhook/<slug:provider>/<uuid:attempt>/<str:key>": "opened by a provider's signature: tests/generations",
    "api/telegram/webhook": "opened by a secret that Telegram was told: tests/telegram",
    "api/upload": "a file and not a row: tests/api/test_uploads.py",
    "library/act/": "rows are named in the form: tests/library/test_arranging.py",
    "metrics": "the proxy keeps it inside: tests/live/test_sockets.py",
    "api/": "answers 404 to whatever is no address",
    "admin/login/": "leads to the studio's own sign-in",
    "admin/logout/": "ends one's own session",
    "admin/password_change/": "one's own password",
    "admin/password_change/done/": "one's own password",
    "admin/autocomplete/": "asks the admin of the model it looks in",
    "admin/r/<path:content_type_id>/<path:object_id>/": "leads to a page that asks for itself",
    "admin/(?P<url>.*)$": "leads to a page that asks for itself",
    "accounts/reauthenticate/": "one's own password",
    "accounts/password/set/": "one's own password",
    "accounts/2fa/authenticate/": "a stage of signing in: tests/accounts/test_second_factor.py",
    "accounts/2fa/reauthenticate/": "one's own second factor",
    "accounts/2fa/totp/activate/": "one's own second factor",
    "accounts/2fa/totp/deactivate/": "one's own second factor",
    "accounts/2fa/recovery-codes/": "one's own second factor",
    "accounts/2fa/recovery-codes/generate/": "one's own second factor",
    "accounts/2fa/recovery-codes/download/": "one's own second factor",
    "accounts/login/code/confirm/": "nobody is sent a code",
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": "the key is the permission: tests/accounts",
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "the key is the permission: tests/accounts",
}
