"""Superset's configuration: its secrets come from files, its metadata from Postgres, its cache and queue from Redis."""

from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from celery.signals import heartbeat_sent
from flask import Flask, Response, request, session
from flask_login import current_user


def _secret(name: str) -> str:
    return Path("/run/secrets", name).read_text(encoding="utf-8").strip()


SECRET_KEY = _secret("superset_secret_key")
SQLALCHEMY_DATABASE_URI = f"postgresql+psycopg2://superset:{quote(_secret('postgres_superset_password'))}@postgres:5432/superset"

_REDIS = f"redis://superset:{quote(_secret('redis_superset_password'))}@redis:6379/1"


def _cache(prefix: str, seconds: int) -> dict[str, object]:
    return {
        "CACHE_TYPE": "RedisCache",
        "CACHE_REDIS_URL": _REDIS,
        "CACHE_KEY_PREFIX": f"superset:{prefix}:",
        "CACHE_DEFAULT_TIMEOUT": seconds,
    }


CACHE_CONFIG = _cache("meta", 300)
# A live dashboard asks again every 10 s; several viewers of the same second share one query.
DATA_CACHE_CONFIG = _cache("data", 5)
FILTER_STATE_CACHE_CONFIG = _cache("filter", int(timedelta(days=30).total_seconds()))
EXPLORE_FORM_DATA_CACHE_CONFIG = _cache("explore", int(timedelta(days=7).total_seconds()))


class CeleryConfig:
    """The worker: asynchronous queries and, later, scheduled reports."""

    broker_url = _REDIS
    result_backend = _REDIS
    broker_transport_options: ClassVar = {"global_keyprefix": "superset:queue:"}
    result_backend_transport_options: ClassVar = {"global_keyprefix": "superset:result:"}
    imports = ("superset.sql_lab",)
    worker_prefetch_multiplier = 1
    task_acks_late = True


CELERY_CONFIG = CeleryConfig


@heartbeat_sent.connect
def _beat(**_: object) -> None:
    """The worker tells its broker that it lives; the health check reads this. `celery inspect ping` would load all of Superset each time."""
    Path("/tmp/heartbeat").touch()  # noqa: S108 - inside the worker's own container


def _log_no_stranger(app: Flask) -> None:
    """The sign-in page, too, sends the log of what its visitor does. Superset would answer a stranger with a redirection and the cookie of a
    session that is not signed in; where that answer comes late, as on a slow machine, it takes the place of the cookie of who has just signed in."""

    @app.before_request
    def answer_stranger() -> Response | None:
        if request.path == "/superset/log/" and not current_user.is_authenticated:
            # To look who asks has marked a session that the sign-in page has begun as changed, and a changed one is sent.
            session.modified = False
            return Response(status=204)
        return None


FLASK_APP_MUTATOR = _log_no_stranger
FEATURE_FLAGS = {"DASHBOARD_NATIVE_FILTERS": True, "DASHBOARD_CROSS_FILTERS": True, "ENABLE_TEMPLATE_PROCESSING": False}
SUPERSET_WEBSERVER_TIMEOUT = 60
SUPERSET_DASHBOARD_PERIODICAL_REFRESH_LIMIT = 0
DEFAULT_TIME_FILTER = "No filter"
ROW_LIMIT = 10_000
WTF_CSRF_ENABLED = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Loopback, plain HTTP: HTTPS cookies would lock the user out.
SESSION_COOKIE_SECURE = False
TALISMAN_ENABLED = True
# Superset's own page asks a third party's analytics host on each view: nothing but ourselves is allowed.
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'", "'strict-dynamic'", "'unsafe-eval'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}
# The gallery's pictures are in what the query gives. Scripts stay out, and so do pictures from elsewhere.
HTML_SANITIZATION_SCHEMA_EXTENSIONS = {"protocols": {"src": ["data"]}}
# Between it and the browsers stands the front, which says who asked.
ENABLE_PROXY_FIX = True
PROXY_FIX_CONFIG = {"x_for": 1, "x_proto": 1, "x_host": 1}
APP_NAME = "Tillstream"
LOG_LEVEL = "WARNING"
SQLLAB_ASYNC_TIME_LIMIT_SEC = 600
