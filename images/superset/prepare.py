"""Migrate the database, create the roles on the first start, and set the admin's password. It runs at each start of the web service.

`superset db upgrade`, `superset init` and `superset fab create-admin` do the same, but each loads all of Superset: 30 s more on two cores.
"""

from pathlib import Path

import flask_migrate
from superset.app import create_app

app = create_app()
with app.app_context():
    flask_migrate.upgrade()
    security = app.appbuilder.sm
    admin = security.find_user(username="admin")
    password = Path("/run/secrets/superset_admin_password").read_text(encoding="utf-8").strip()
    if admin is None:
        app.appbuilder.add_permissions(update_perms=True)
        security.sync_role_definitions()
        # Add the admin last: if the admin exists, all steps before are done.
        security.add_user("admin", "Tillstream", "Admin", "admin@tillstream.invalid", security.find_role("Admin"), password=password)
    else:
        security.reset_password(admin.id, password)
