"""All settings of the project, in one file. Values come from the environment through config/env.py.

Nothing exists only in production; .env.example names every variable. What a test needs otherwise is set by the
tests' own environment, not by a second settings file.
"""

from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF

from config import env, media, secrecy
from config.logging import configure_logging

# Lets generic classes of Django be written as ModelAdmin[User] at run time, too.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var"))).resolve()

# -- Who and where -------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
# Seal provider tokens at rest; the first seals, all of them open.
FERNET_KEYS = env.text("FERNET_KEYS").replace(",", " ").split()
CRON_SECRET = env.text("CRON_SECRET", "")
PUBLIC_URL = env.web_origin("PUBLIC_URL", f"http://127.0.0.1:{env.integer('PORT', 8000, minimum=1)}")
# True only when bin/run started database, message store and sandbox itself on loopback.
EMBEDDED = env.flag("EMBEDDED", default=False)
PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname or ""
IS_LOOPBACK = PUBLIC_HOST in {"127.0.0.1", "localhost", "::1"}
ALLOWED_HOSTS = [PUBLIC_HOST, *(["127.0.0.1", "localhost"] if IS_LOOPBACK else []), *env.words("ALLOWED_HOSTS")]
_origin_port = f":{urlsplit(PUBLIC_URL).port}" if urlsplit(PUBLIC_URL).port else ""
# Both loopback names reach the same page, so both must pass CSRF and the socket's origin check.
WEB_ORIGINS = sorted(
    {PUBLIC_URL, *({f"http://{name}{_origin_port}" for name in ("127.0.0.1", "localhost")} if IS_LOOPBACK else set())}
)
CSRF_TRUSTED_ORIGINS = WEB_ORIGINS
SECURE_SSL = PUBLIC_URL.startswith("https://")
# The one proxy whose X-Forwarded-For and -Proto are believed; 0 when the web process is reached directly.
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 1 if EMBEDDED else 0)

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "config.apps.StudioStaticFilesConfig",
    "django.contrib.postgres",
    "django_htmx",
    "lucide",
    "rest_framework",
    "drf_spectacular",
    "django_celery_beat",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "accounts",
    "providers",
    "media_pipeline",
    "generations",
    "notifications",
    "notifications.telegram",
    "guide",
    "config.apps.ConfigConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.RequestLogMiddleware",
    "config.middleware.StoreErrorsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.sign_in_rates.SignInRatesMiddleware",
    "accounts.middleware.PersonLanguageMiddleware",
    "accounts.gate.SecondFactorMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "generations.context.shell",
                "notifications.bell.context",
            ]
        },
    }
]

# -- Database and message store ------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL")}
_pool = DATABASES["default"].pop("POOL")
DATABASES["default"]["OPTIONS"].setdefault("application_name", env.text("PROCESS_NAME", "dotbase"))
DATABASES["default"]["OPTIONS"]["connect_timeout"] = 3
# A statement comes with its values apart, so that the server need not read and plan it anew each time.
DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 2}
if _pool and env.flag("DB_POOL", default=False):  # web only: Celery closes a pool at every task's end
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, **_pool}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
# A connection that died while it lay there is replaced before its first query, in the pool, too.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL").rstrip("/")
# A Redis that is slow or gone must cost a request no more than this.
REDIS_TIMEOUT_SECONDS = env.seconds("REDIS_TIMEOUT_SECONDS", 1)
_cache = {
    "LOCATION": f"{REDIS_URL}/1",
    "OPTIONS": {"socket_timeout": REDIS_TIMEOUT_SECONDS, "socket_connect_timeout": REDIS_TIMEOUT_SECONDS},
}
CACHES = {
    # Where people sign in limits hold without Redis, too (docs/adr/0038). allauth alone uses it.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_knock",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "rates": {"BACKEND": "config.cache.Counters", **_cache},
}
CELERY_BROKER_URL = f"{REDIS_URL}/0"
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {name: {} for name in ("submit", "poll", "events", "default", "media")}
CELERY_TASK_SOFT_TIME_LIMIT = 280
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Celery would open a connection for every task, which costs more than the task; config/celery.py looks after them.
CELERY_DB_REUSE_MAX = 1000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_connect_timeout": REDIS_TIMEOUT_SECONDS,
    # A worker blocks on BRPOP for a second; one that publishes gives up at once.
    "socket_timeout": 10 if env.text("PROCESS_NAME", "") in {"worker", "media"} else REDIS_TIMEOUT_SECONDS,
    "health_check_interval": 25,
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"

# -- People --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# The e-mail is unique without regard to case, by a constraint that this check does not look at.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "create"
LOGOUT_REDIRECT_URL = "create"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {"signup": "accounts.forms.SignupForm"}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
# Another address would be another way in.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# How long showing password or code counts as lately, before acts that want it shown again.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Staff show a second factor at /admin/ and /operator/ as soon as other machines can reach them.
STAFF_SECOND_FACTOR = not IS_LOOPBACK
# A code of the half minute before counts too (RFC 6238, 5.2): phones' clocks differ, and people type slowly.
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "accounts.authenticators.MFAAdapter"
# Not every studio sends mail; whoever sets a factor up on another's address is undone by reset_second_factor.
MFA_ALLOW_UNVERIFIED_EMAIL = True
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND", f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
)
# Only with a letter to each new address can sign-up answer the same whether or not it is known.
ACCOUNT_EMAIL_VERIFICATION = env.choice(
    "EMAIL_VERIFICATION", "mandatory" if EMAIL_HOST and not IS_LOOPBACK else "optional", "mandatory", "optional", "none"
)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"studio@{PUBLIC_HOST}")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE_SSL else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE_SSL else "csrftoken"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
SIGNUP_CREDITS = env.integer("SIGNUP_CREDITS", 0)

# -- The browser ---------------------------------------------------------------------------------
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL
SECURE_SSL_REDIRECT = SECURE_SSL
SECURE_REDIRECT_EXEMPT = [r"^api/health"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF, *(origin.replace("http", "ws", 1) for origin in WEB_ORIGINS)],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", *([DATA_DIR / "fonts"] if (DATA_DIR / "fonts").is_dir() else [])]
STORAGES = {
    "default": media.storage(DATA_DIR),
    "staticfiles": {"BACKEND": "config.static.ModuleManifestStorage"},
}
USE_I18N = USE_TZ = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "UTC")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# -- Programs ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.ApiKeyAuthentication",
        "accounts.authentication.PersonSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.permissions.KeyHasScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["generations.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "generations.api.errors.handle",
}
SPECTACULAR_SETTINGS = {
    "TITLE": ".base",
    "DESCRIPTION": "Programs ask for images and video with the same actions as people in the browser.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.add_health",
        "config.openapi.name_models",
        "config.openapi.link_rows",
    ],
}
RATELIMIT_USE_CACHE = "rates"
RATE_LIMITS = {"api": env.text("RATE_API", "100/m"), "upload": env.text("RATE_UPLOAD", "30/m")}

from config.media import *  # noqa: E402, F403
from config.studio import *  # noqa: E402, F403  (the studio's own rules: limits, leases, providers)

configure_logging(
    json_lines=env.flag("LOG_JSON", default=not DEBUG),
    level=env.text("LOG_LEVEL", "INFO"),
    secrets=secrecy.values(globals()),
)
