"""Superset's configuration. Secrets are read from files, the metadata is in Postgres, the cache and the queue are in Redis."""

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
# A live dashboard refreshes every 10 s. Viewers who refresh within 5 s share one query.
DATA_CACHE_CONFIG = _cache("data", 5)
FILTER_STATE_CACHE_CONFIG = _cache("filter", int(timedelta(days=30).total_seconds()))
EXPLORE_FORM_DATA_CACHE_CONFIG = _cache("explore", int(timedelta(days=7).total_seconds()))


class CeleryConfig:
    """The worker, which runs asynchronous queries."""

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
    """Touch a file at each of the worker's heartbeats, for the health check. `celery inspect ping` would load all of Superset each time."""
    Path("/tmp/heartbeat").touch()  # noqa: S108 - inside the worker's own container


def _ignore_anonymous_logs(app: Flask) -> None:
    """Answer log requests of users who are not signed in with an empty response and no cookie.

    The sign-in page sends such requests too. Superset would answer with a redirect and the cookie of an anonymous session. On a slow machine this
    answer arrives late and replaces the cookie of a user who has just signed in.
    """

    @app.before_request
    def ignore_anonymous_log() -> Response | None:
        if request.path == "/superset/log/" and not current_user.is_authenticated:
            # Reading `current_user` has marked the session as changed, and Flask sends a cookie for a changed session.
            session.modified = False
            return Response(status=204)
        return None


FLASK_APP_MUTATOR = _ignore_anonymous_logs
FEATURE_FLAGS = {"DASHBOARD_NATIVE_FILTERS": True, "DASHBOARD_CROSS_FILTERS": True, "ENABLE_TEMPLATE_PROCESSING": False}
SUPERSET_WEBSERVER_TIMEOUT = 60
SUPERSET_DASHBOARD_PERIODICAL_REFRESH_LIMIT = 0
DEFAULT_TIME_FILTER = "No filter"
ROW_LIMIT = 10_000
WTF_CSRF_ENABLED = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# The pages are plain HTTP on the loopback address: a browser would not send secure cookies.
SESSION_COOKIE_SECURE = False
TALISMAN_ENABLED = True
# Superset's pages request a third party's analytics host on each view. This policy allows only our own host.
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
# The photo gallery's pictures are data URLs in the query's result. Scripts and pictures from other hosts stay forbidden.
HTML_SANITIZATION_SCHEMA_EXTENSIONS = {"protocols": {"src": ["data"]}}
# The front service is a proxy: it sends the client's address in headers.
ENABLE_PROXY_FIX = True
PROXY_FIX_CONFIG = {"x_for": 1, "x_proto": 1, "x_host": 1}
APP_NAME = "Tillstream"
LOG_LEVEL = "WARNING"
SQLLAB_ASYNC_TIME_LIMIT_SEC = 600
