"""Configure the standard library's logging for each process of Tillstream. A process calls `configure_logging` once, at its start.

If LOG_FORMAT is `json` and standard error is not a terminal, each record is one JSON object per line. Otherwise it is a line of text.
docker-compose.yml sets `json` for the long-running services. Commands and one-shot services, which people read, log text. Records go to
standard error: standard output is for the result of a command.

A record's context, as in `log.info("…", extra={"run_id": run_id})`, becomes fields of the JSON object. The value of a mounted secret is never
written: `***` replaces it.
"""

import json
import logging
import threading
from datetime import UTC, datetime
from typing import Any

from rich.logging import RichHandler

from tillstream.core.settings import SECRETS_DIR, LogSettings
from tillstream.core.waiting import console

log = logging.getLogger(__name__)

#: The packages whose records are logged from LOG_LEVEL on. Libraries log from WARNING on: httpx logs each request at INFO.
OURS = ("tillstream", "producers", "batch", "flink_jobs")
#: Shorter secrets are not replaced: their value could be part of other words. The generated secrets have 48 characters.
_SHORTEST_SECRET = 8
#: The attributes of every record. All others are its context.
_STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}


class _Text(logging.Formatter):
    """Format a record as text, without secrets."""

    def __init__(self, form: str, secrets: tuple[str, ...]) -> None:
        super().__init__(form, "%H:%M:%S")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return self._without_secrets(super().format(record))

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


class _Json(_Text):
    """Format a record as a JSON object on one line, without secrets."""

    def __init__(self, service: str, secrets: tuple[str, ...]) -> None:
        super().__init__("%(message)s", secrets)
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "service": self._service,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        extra = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        # The standard fields come first, and the context cannot replace them.
        return self._without_secrets(json.dumps(fields | extra | fields, default=str, ensure_ascii=False))


def configure_logging(service: str) -> None:
    """Log the records of this process to standard error, in the format and from the level that the environment sets.

    Args:
        service: the name of the process, such as `produce tills`; a field of each JSON object.

    Raises:
        ValidationError: LOG_LEVEL or LOG_FORMAT has an unknown value.
    """
    settings, secrets = LogSettings(), _secrets()
    if console.is_terminal:
        handler: logging.Handler = RichHandler(console=console, show_path=False, omit_repeated_times=False, log_time_format="%H:%M:%S")
        handler.setFormatter(_Text("%(message)s", secrets))
    else:
        handler = logging.StreamHandler()
        as_json = settings.format == "json"
        handler.setFormatter(_Json(service, secrets) if as_json else _Text("%(asctime)s %(levelname)s %(message)s", secrets))
    logging.basicConfig(handlers=[handler], level=max(logging.WARNING, logging.getLevelName(settings.level)), force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(settings.level)
    logging.captureWarnings(capture=True)
    threading.excepthook = _log_uncaught


def _secrets() -> tuple[str, ...]:
    """Return the values of the mounted secrets."""
    values = (path.read_text(encoding="utf-8").strip() for path in SECRETS_DIR.glob("*") if path.is_file())
    return tuple(value for value in values if len(value) >= _SHORTEST_SECRET)


def _log_uncaught(args: threading.ExceptHookArgs) -> None:
    """Log the exception that has ended a thread."""
    if args.exc_value is not None and args.exc_type is not SystemExit:
        log.critical("a thread ended with an error", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))
