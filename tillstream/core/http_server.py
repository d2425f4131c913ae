"""Serve HTTP for the small services, and log what goes wrong."""

import logging
import sys
from http.server import ThreadingHTTPServer

log = logging.getLogger(__name__)


class LoggedServer(ThreadingHTTPServer):
    """A server with a thread for each request. It logs an unexpected error of a request, where its base class prints the traceback."""

    def handle_error(self, *_: object) -> None:
        """Log the error that is being handled. A client that closes the connection is no error."""
        error = sys.exception()
        if not isinstance(error, ConnectionError):
            log.error("a request failed", exc_info=error)
