"""bin/manage: manage.py beside the running system, or with services of its own for the length of the call."""

import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from config.local import embedded, environment, ports, record, secrets
from config.local.site import Refusal, Site, from_environment
from config.local.supervisor import Supervisor
from config.local.waiting import until

WITHOUT_SERVICES = {"addresses", "help", "--help", "version", "--version", "makemessages", "compilemessages"}
PATIENCE_SECONDS = 60.0


def main(arguments: Sequence[str]) -> int:
    """The command's own exit code; 1 with a sentence when it could not be started."""
    try:
        return manage(from_environment(), arguments or ["help"])
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1


def manage(site: Site, arguments: Sequence[str]) -> int:
    """Finds the services, or starts them, and runs the command."""
    if arguments[0] in WITHOUT_SERVICES or not (site.has_own_database or site.has_own_redis):
        return _run(site, arguments, _environment(site, record.read_running(site.data_dir)))
    own = record.Record(site.data_dir, "manage")
    running = None

    def has_services() -> bool:
        nonlocal running
        running = record.read_running(site.data_dir)
        return running is not None or own.acquire()

    if not until(has_services, PATIENCE_SECONDS):
        raise Refusal("Another command has been starting or stopping here for a minute; try again when it is done.")
    if running is not None:
        return _run(site, arguments, _environment(site, running))
    return _run_with_own_services(site, arguments, own)


def _environment(site: Site, running: Mapping[str, Mapping[str, int]] | None) -> dict[str, str]:
    """As the running system has it, whatever PORT this shell says."""
    if running is None:
        allotted = ports.allot(environment.PORTS, site.data_dir / "ports.json")
    else:
        allotted = dict(running["ports"])
        site = dataclasses.replace(site, port=allotted["proxy"])
    return environment.build(site, allotted, secrets.load(site.data_dir))


def _run_with_own_services(site: Site, arguments: Sequence[str], own: record.Record) -> int:
    record.end_left_overs(site.data_dir)
    known = secrets.load(site.data_dir)
    allotted = ports.allot(environment.PORTS, site.data_dir / "ports.json")
    shared = environment.build(site, allotted, known)
    own.begin(environment.addresses(site, shared), {**allotted, "proxy": site.port})
    supervisor = Supervisor(own, site.data_dir / "logs", lambda line: print(line, file=sys.stderr))
    try:
        embedded.start(site, supervisor, allotted, known)
        return _run(site, arguments, shared)
    finally:
        supervisor.stop_all()
        own.release()


def _run(site: Site, arguments: Sequence[str], shared: Mapping[str, str]) -> int:
    chosen = environment.for_migration(shared) if arguments[0] == "migrate" else shared
    # In our own group, so that it has the terminal; Ctrl-C reaches it directly, and we wait for its end.
    handlers = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGHUP)}
    with subprocess.Popen([sys.executable, "manage.py", *arguments], env=dict(chosen), cwd=site.root) as process:
        signal.signal(signal.SIGTERM, lambda number, _frame: os.kill(process.pid, number))
        code = process.wait()
    for number, handler in handlers.items():
        signal.signal(number, handler)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
