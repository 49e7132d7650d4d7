"""What a web process does before its first page, so that nobody's first page waits for it."""

import os
import subprocess
import sys

from config.local.site import ROOT

RUNS = """
import sys
import config.wsgi
from django.test import Client

opened = []
sys.addaudithook(lambda event, values: event == "open" and opened.append(str(values[0])))
page = Client(SERVER_NAME="127.0.0.1").get("/nowhere/").content.decode()
assert 'id="icon-wifi-off"' in page, page
print([path for path in opened if "lucide" in path])
"""


def test_the_icons_are_drawn_before_anybody_asks_for_a_page() -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUNS], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr
