"""Where Django looks for an engine's connections."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks at an idle connection instead of asking the server, which would be a round trip more in every request.

    A server that ended it, or died, has sent the end already, and that can be read; a silent one is good. What only a
    question would show (a network that swallows everything) fails at the first statement, which is answered with 503.
    """

    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        watch = select.poll()
        watch.register(self.connection.fileno(), select.POLLIN)
        return not watch.poll(0)
