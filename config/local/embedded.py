"""Database and message store of a site: started when they are ours, left alone when they are given."""

from collections.abc import Mapping

from config.local import postgres, roles, valkey
from config.local.site import Site
from config.local.supervisor import Supervisor


def start(site: Site, supervisor: Supervisor, ports: Mapping[str, int], secrets: Mapping[str, str]) -> None:
    """Returns when both answer, with roles and database in place."""
    environment = {name: site.given[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in site.given}
    if site.has_own_redis:
        supervisor.start(valkey.program(site, secrets["VALKEY_PASSWORD"], ports["valkey"], environment))
    if site.has_own_database:
        superuser = secrets["DATABASE_SUPERUSER_PASSWORD"]
        data = postgres.prepare(site, superuser)
        supervisor.start(postgres.program(site, data, ports["postgres"], environment))
        postgres.wait_until_up(roles.url("postgres", superuser, ports["postgres"], "postgres"))
        roles.provide(superuser, secrets["DATABASE_OWNER_PASSWORD"], secrets["DATABASE_PASSWORD"], ports["postgres"])
    if site.has_own_redis:
        valkey.wait_until_up(valkey.url(secrets["VALKEY_PASSWORD"], ports["valkey"]))
