"""Makes the admin user, or sets its password to the current secret. Run at each start of the web service."""

from pathlib import Path

from superset.app import create_app

app = create_app()
with app.app_context():
    security = app.appbuilder.sm
    password = Path("/run/secrets/superset_admin_password").read_text(encoding="utf-8").strip()
    admin = security.find_user(username="admin")
    if admin is None:
        security.add_user("admin", "Tillstream", "Admin", "admin@tillstream.invalid", security.find_role("Admin"), password=password)
    else:
        security.reset_password(admin.id, password)
