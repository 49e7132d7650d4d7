"""The studio's own rules as settings: limits, leases, providers. Read through django.conf.settings."""

from typing import Any

from config import env

# -- A person's line -----------------------------------------------------------------------------
MAX_ACTIVE_GENERATIONS = env.integer("MAX_ACTIVE_GENERATIONS", 5, minimum=1)
MAX_WAITING_GENERATIONS = env.integer("MAX_WAITING_GENERATIONS", 20)
QUEUE_PATIENCE_SECONDS = env.seconds("QUEUE_PATIENCE_SECONDS", 6 * 3600)
# For how long a person may keep their line paused before what waits in it is given up and its credits go back.
PAUSE_PATIENCE_SECONDS = env.seconds("PAUSE_PATIENCE_SECONDS", 7 * 86_400)
STALE_AFTER_SECONDS = env.seconds("STALE_AFTER_SECONDS", 30 * 60)

# -- Steps. A lease is always longer than the step's own time limit. ------------------------------
SUBMIT_LEASE_SECONDS = env.seconds("SUBMIT_LEASE_SECONDS", 90)
POLL_LEASE_SECONDS = env.seconds("POLL_LEASE_SECONDS", 30)
MEDIA_LEASE_SECONDS = env.seconds("MEDIA_LEASE_SECONDS", 300)
# How long a hint may be on its way before pulse repeats it, and how often it repeats before it acts itself.
HINT_PATIENCE_SECONDS = env.seconds("HINT_PATIENCE_SECONDS", 5)
HINTS_BEFORE_INLINE = env.integer("HINTS_BEFORE_INLINE", 3)
MAX_TRIES_PER_STAGE = env.integer("MAX_TRIES_PER_STAGE", 5, minimum=1)
POLL_FLOOR_SECONDS = env.seconds("POLL_FLOOR_SECONDS", 5)
POLL_CAP_SECONDS = env.seconds("POLL_CAP_SECONDS", 60)
# An answerless submission is given up this long after the provider's own deadline.
UNCONFIRMED_GRACE_SECONDS = env.seconds("UNCONFIRMED_GRACE_SECONDS", 60)
PUBLISH_PAUSE_SECONDS = env.seconds("PUBLISH_PAUSE_SECONDS", 5)

# -- Webhooks ------------------------------------------------------------------------------------
WEBHOOK_TOLERANCE_SECONDS = env.integer("WEBHOOK_TOLERANCE_SECONDS", 300, minimum=1)
WEBHOOK_MAX_BYTES = env.integer("WEBHOOK_MAX_BYTES", 1_048_576, minimum=1)

# -- Models: files of the operator's own beside the ones in providers/catalogue ------------------------
CATALOGUE_EXTRA_DIR = env.text("CATALOGUE_EXTRA_DIR", "")
# Of a model's routes, which goes first: as its file has them, the cheapest, or the one that has failed least of late.
ROUTE_ORDER = env.choice("ROUTE_ORDER", "file", "price", "health")

# -- Providers: a provider without a token is off ---------------------------------------------------
SANDBOX_URL = env.text("SANDBOX_URL", "").rstrip("/")
PROVIDER_CONNECT_TIMEOUT_SECONDS = env.seconds("PROVIDER_CONNECT_TIMEOUT_SECONDS", 5)
PROVIDER_READ_TIMEOUT_SECONDS = env.seconds("PROVIDER_READ_TIMEOUT_SECONDS", 45)
# For how long a process believes what it has read of the token pool.
TOKEN_CACHE_SECONDS = env.seconds("TOKEN_CACHE_SECONDS", 60)
# Work that needs no token: done in the media queue, so many at a time on one machine.
LOCAL_WORK = env.flag("LOCAL_WORK", default=True)
LOCAL_JOBS_PER_MACHINE = env.integer("LOCAL_JOBS_PER_MACHINE", 1, minimum=1)
PROVIDERS: dict[str, dict[str, Any]] = {
    "local": {"token": "", "base_url": "", "webhook_secret": "", "sandbox_path": "", "works_here": True},
    "fal": {
        "token": env.text("FAL_API_TOKEN", ""),
        "base_url": env.text("FAL_BASE_URL", "https://queue.fal.run").rstrip("/"),
        "webhook_secret": "",
        "options": {
            "rest_url": env.text("FAL_REST_URL", "https://rest.fal.ai").rstrip("/"),
            "jwks_url": env.text("FAL_JWKS_URL", "https://rest.fal.ai/.well-known/jwks.json"),
            "api_url": env.text("FAL_API_URL", "https://api.fal.ai/v1").rstrip("/"),
        },
        "sandbox_path": "/fal/queue",
        "sandbox_options": {
            "rest_url": "/fal/rest",
            "jwks_url": "/fal/rest/.well-known/jwks.json",
            "api_url": "/fal/api/v1",
        },
    },
    "google": {
        "token": env.text("GOOGLE_API_TOKEN", ""),
        "base_url": env.text("GOOGLE_BASE_URL", "https://generativelanguage.googleapis.com").rstrip("/"),
        "webhook_secret": env.text("GOOGLE_WEBHOOK_SECRET", ""),
        "sandbox_path": "/google",
        # Pictures come inside the answer, after 5 to 25 s and more for large ones: giving up early pays for nothing.
        # With the connect timeout it stays under the lease of a submit.
        "read_timeout_seconds": env.seconds("GOOGLE_READ_TIMEOUT_SECONDS", 75),
        "options": {
            "api_version": env.text("GOOGLE_API_VERSION", "v1"),
            "jwks_url": env.text("GOOGLE_JWKS_URL", "https://generativelanguage.googleapis.com/.well-known/jwks.json"),
        },
        "sandbox_options": {"jwks_url": "/google/.well-known/jwks.json"},
    },
    "replicate": {
        "token": env.text("REPLICATE_API_TOKEN", ""),
        "base_url": env.text("REPLICATE_BASE_URL", "https://api.replicate.com/v1").rstrip("/"),
        "webhook_secret": env.text("REPLICATE_WEBHOOK_SECRET", ""),
        "sandbox_path": "/replicate/v1",
    },
    "higgsfield": {
        "token": env.text("HIGGSFIELD_API_TOKEN", ""),
        "base_url": env.text("HIGGSFIELD_BASE_URL", "https://api.higgsfield.ai").rstrip("/"),
        "webhook_secret": env.text("HIGGSFIELD_WEBHOOK_SECRET", ""),
        "sandbox_path": "/higgsfield",
        # The same API under its older name, which answers may still mention.
        "options": {
            "other_base_url": env.text("HIGGSFIELD_OTHER_BASE_URL", "https://platform.higgsfield.ai").rstrip("/")
        },
        "sandbox_options": {"other_base_url": "/higgsfield"},
    },
}

# -- Media ---------------------------------------------------------------------------------------
MEDIA_JOBS_PER_MACHINE = env.integer("MEDIA_JOBS_PER_MACHINE", 2, minimum=1)
MEDIA_MAX_BYTES = env.integer("MEDIA_MAX_BYTES", 50 * 1_048_576, minimum=1)
MEDIA_MAX_VIDEO_BYTES = env.integer("MEDIA_MAX_VIDEO_BYTES", 500 * 1_048_576, minimum=1)
MEDIA_MAX_PIXELS = env.integer("MEDIA_MAX_PIXELS", 50_000_000, minimum=1)
MEDIA_TOTAL_SECONDS = env.seconds("MEDIA_TOTAL_SECONDS", 120)
# A download below this rate after the first seconds is given up and tried again.
MEDIA_MIN_BYTES_PER_SECOND = env.integer("MEDIA_MIN_BYTES_PER_SECOND", 20_000)
MEDIA_RATE_GRACE_SECONDS = env.seconds("MEDIA_RATE_GRACE_SECONDS", 5)
# Below this nothing more is fetched.
MEDIA_MIN_FREE_BYTES = env.integer("MEDIA_MIN_FREE_BYTES", 2 * 1_073_741_824)
# "caddy" and "nginx" serve files by internal redirect; "none" streams them from Django (runserver, tests).
MEDIA_REDIRECT = env.text("MEDIA_REDIRECT", "none")

# -- What a person may send at once ---------------------------------------------------------------
BATCH_MAX_ITEMS = env.integer("BATCH_MAX_ITEMS", 16, minimum=1)
# From here on a batch has to be confirmed: more items, or more credits.
BATCH_CONFIRM_ITEMS = env.integer("BATCH_CONFIRM_ITEMS", 8)
BATCH_CONFIRM_CREDITS = env.integer("BATCH_CONFIRM_CREDITS", 50)
UPLOAD_MAX_FILES = env.integer("UPLOAD_MAX_FILES", 14, minimum=1)
UPLOAD_MAX_BYTES = env.integer("UPLOAD_MAX_BYTES", 10 * 1_048_576, minimum=1)

# -- How often one may knock -----------------------------------------------------------------------
# Of one address, account or person at the doors where people sign in; of "login" also what was right.
RATE_AUTH = env.text("RATE_AUTH", "10/15m")
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": f"{RATE_AUTH}/ip,{RATE_AUTH}/key",
    "signup": f"{RATE_AUTH}/ip",
    "reset_password": f"{RATE_AUTH}/ip,3/h/key",
    "reset_password_from_key": f"{RATE_AUTH}/ip",
    "change_password": f"{RATE_AUTH}/user",
    "manage_email": f"{RATE_AUTH}/user",
    "reauthenticate": f"{RATE_AUTH}/user",
}

# -- The library ---------------------------------------------------------------------------------
# How long what was put in the trash can be had back.
TRASH_DAYS = env.integer("TRASH_DAYS", 30, minimum=1)
# How long an archive can be fetched.
EXPORT_HOURS = env.integer("EXPORT_HOURS", 24, minimum=1)

# -- Live ----------------------------------------------------------------------------------------
SOCKETS_PER_USER = env.integer("SOCKETS_PER_USER", 8, minimum=1)
SOCKETS_PER_PROCESS = env.integer("SOCKETS_PER_PROCESS", 2000, minimum=1)
SOCKET_TICK_SECONDS = env.seconds("SOCKET_TICK_SECONDS", 5)
SOCKET_COALESCE_SECONDS = env.seconds("SOCKET_COALESCE_SECONDS", 0.1)
SOCKET_ACK_SECONDS = env.seconds("SOCKET_ACK_SECONDS", 20)
# How often sockets are held against their sessions: how long one may outlive signing out.
SOCKET_SESSION_CHECK_SECONDS = env.seconds("SOCKET_SESSION_CHECK_SECONDS", 60)
# A page that hears nothing for 60 s connects anew (static/js/live.js), so this must be well below that.
SOCKET_HEARTBEAT_SECONDS = env.seconds("SOCKET_HEARTBEAT_SECONDS", 25)
# How long `live` takes at most to end after SIGTERM. bin/run ends by force what is left after 8 s.
DRAIN_SECONDS = env.seconds("DRAIN_SECONDS", 6)

# -- Letters: how they go; whether at all says EMAIL_HOST ------------------------------------------
EMAIL_PORT = env.integer("EMAIL_PORT", 587, minimum=1)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10

# -- Notifications -------------------------------------------------------------------------------
# Below this many credits a person is told that they are running low.
CREDITS_LOW = env.integer("CREDITS_LOW", 10)
# So long a letter waits for what else ends; all of it leaves as one.
NOTIFY_GATHER_SECONDS = env.seconds("NOTIFY_GATHER_SECONDS", 60)
# After this, a sending that has not ended is taken for one whose end nobody knows. Longer than two time-outs of mail.
NOTIFY_LEASE_SECONDS = env.seconds("NOTIFY_LEASE_SECONDS", 120)

# -- Telegram: without a token there is none, or in a demo the sandbox's ------------------------------
TELEGRAM_BOT_TOKEN = env.text("TELEGRAM_BOT_TOKEN", "").strip()
TELEGRAM_BASE_URL = env.text("TELEGRAM_BASE_URL", "https://api.telegram.org").rstrip("/")
# How long a link to the bot can be opened.
TELEGRAM_LINK_SECONDS = env.seconds("TELEGRAM_LINK_SECONDS", 600)

# -- What apps above add to those below, which do not know them ------------------------------------
# Done by pulse at every look, beside its own; put into every page's head by its socket.
PULSE_LOOKS = [
    "notifications.tasks.look_for_news",
    "notifications.tasks.look_for_deliveries",
    "notifications.telegram.tasks.look",
]
# Of a person, for a page that is at a change: a fragment, or None when it has that as it is.
LIVE_FRAGMENTS = ["notifications.bell.fragment"]
