"""The environment of every process: what bin/run decides, over what the operator said."""

import sysconfig
from collections.abc import Mapping

from config.local import roles, valkey
from config.local.site import HOST, MUST_BE_GIVEN, Site

# Each gets a port on loopback; the proxy's is the site's own.
PORTS = ("postgres", "valkey", "web", "live", "sandbox")


def build(site: Site, ports: Mapping[str, int], secrets: Mapping[str, str]) -> dict[str, str]:
    """What all processes share. EMBEDDED, and with it the demo, is decided here and nowhere else."""
    environment = {name: value for name, value in site.given.items() if name not in {"DB_POOL", "PROCESS_NAME"}}
    scripts = sysconfig.get_path("scripts")
    environment |= {
        "PATH": f"{scripts}:{site.given.get('PATH', '/usr/bin:/bin')}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(site.data_dir),
        "PORT": str(site.port),
        "WEB_PORT": str(ports["web"]),
        "LIVE_PORT": str(ports["live"]),
        "SANDBOX_PORT": str(ports["sandbox"]),
        "PUBLIC_URL": site.public_url,
        "EMBEDDED": "1" if site.is_embedded else "0",
        # The proxy in front of the web process.
        "TRUSTED_PROXIES": site.given.get("TRUSTED_PROXIES") or "1",
    }
    if site.has_own_database:
        port = ports["postgres"]
        environment["DATABASE_URL"] = roles.url(roles.APP, secrets["DATABASE_PASSWORD"], port)
        environment["DATABASE_OWNER_URL"] = roles.url(roles.OWNER, secrets["DATABASE_OWNER_PASSWORD"], port)
    else:
        environment["DATABASE_OWNER_URL"] = site.given.get("DATABASE_OWNER_URL") or site.given["DATABASE_URL"]
    if site.has_own_redis:
        environment["REDIS_URL"] = valkey.url(secrets["VALKEY_PASSWORD"], ports["valkey"])
    if site.is_embedded:
        environment["SANDBOX_URL"] = f"http://{HOST}:{ports['sandbox']}"
        for name in MUST_BE_GIVEN:
            if not environment.get(name) and not environment.get(f"{name}_FILE"):
                environment[name] = secrets[name]
    return environment


def for_process(environment: Mapping[str, str], name: str) -> dict[str, str]:
    """The same for one process of the running system. Only web pools: Celery closes a pool after each task."""
    extra = {"PROCESS_NAME": name, "MEDIA_REDIRECT": "caddy"}
    return {**environment, **extra, **({"DB_POOL": "1"} if name == "web" else {})}


def for_migration(environment: Mapping[str, str]) -> dict[str, str]:
    """The same as the owner of the tables: migrations alone change them, and may take their time."""
    return {**environment, "DATABASE_URL": environment["DATABASE_OWNER_URL"], "PROCESS_NAME": "migrate"}


def addresses(site: Site, environment: Mapping[str, str]) -> dict[str, str]:
    """Where the running system listens, as `bin/manage addresses` prints it."""
    return {
        "web": f"http://{HOST}:{environment['WEB_PORT']}",
        "live": f"http://{HOST}:{environment['LIVE_PORT']}",
        "proxy": site.url,
        "sandbox": environment.get("SANDBOX_URL", ""),
        "database_url": environment["DATABASE_URL"],
        "redis_url": environment["REDIS_URL"],
    }
