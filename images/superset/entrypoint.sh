#!/bin/bash
# web: migrates the database, creates the roles and the admin, then serves.  worker: celery with beat.  front: the web server for browsers.
set -euo pipefail
case "${1:-web}" in
  web)
    python3 /opt/superset/prepare.py
    exec gunicorn -k gthread -w 1 --threads 8 --timeout 60 --keep-alive 5 -b 0.0.0.0:8088 --log-level warning "superset.app:create_app()"
    ;;
  worker)
    exec celery --app=superset.tasks.celery_app:app worker --beat -P threads -c 1 -O fair -l WARNING -s /var/lib/superset/celerybeat-schedule
    ;;
  front)
    # Go gives freed memory back only when it comes near this limit.
    GOMEMLIMIT=40MiB exec caddy run --config /opt/superset/Caddyfile --adapter caddyfile
    ;;
  *) echo "usage: web | worker | front" >&2; exit 2 ;;
esac
