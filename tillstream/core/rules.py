"""The business constants. `tillstream.core.sql_templates` binds them into SQL; tests/unit/core/test_rules.py compares them with those in Java."""

#: Limits of a text's or call's sentiment, which is from -1 to 1. Below UNHAPPY it is unhappy, above HAPPY it is happy.
UNHAPPY, HAPPY = -0.2, 0.2
#: Fuel is sold by the thousandth of a gallon and is not on a shelf: products of this category, and of types that begin with this word.
FUEL_CATEGORY, FUEL_TYPES = "FUEL", "GASOLINE"
#: The department of a product that is not in the master.
NO_DEPARTMENT = "UNKNOWN"
#: A longer pause, in minutes, ends a session of the web shop.
SESSION_MINUTES = 30
#: The number of products in the ranking.
RANKED = 50
#: Events older than this, in days, change no live figure.
LIVE_DAYS = 2
#: A job that counts live figures forgets a key this many hours after its last change: LIVE_DAYS and an hour.
LIVE_HOURS_KEPT = LIVE_DAYS * 24 + 1
#: Redis keeps a minute's figure for this many hours from the minute's start. It keeps a day's figure for LIVE_DAYS from the day's start.
MINUTE_HOURS_KEPT = 24
#: An event that comes again within this many hours is known by its id.
COPY_HOURS = 24
#: For an event older than this, in hours, the lake is asked. It is less than COPY_HOURS because the clocks of tills may be ahead.
OLD_HOURS = 23
#: Every pair of store and product is counted at least once in this many days, so that no stock depends on older sales.
UNCOUNTED_DAYS = 40
#: A count that is later than this, in days, is ignored.
COUNT_LATE_DAYS = 8
#: The searches of a day and device have at most this many names; the rest are counted as OTHER_TERMS, as are searches for the word itself.
NAMED_TERMS, OTHER_TERMS = 5_000, "OTHER"
#: Customers' contacts about a subject raise an alert if the last ALERT_CONTACTS are this many standard deviations (ALERT_Z) unhappier than the
#: ones before them, of which at most ALERT_USUAL_CONTACTS are compared.
ALERT_CONTACTS, ALERT_USUAL_CONTACTS, ALERT_Z = 20, 480, 3.5

#: How long rejected rows of dumps are kept, in days. They are kept as they arrived, so any field may have personal data.
QUARANTINE_KEPT_DAYS = 90
#: How long the object store keeps rejected texts as they arrived, and photos as customers sent them, in days.
ORIGINALS_KEPT_DAYS = PHOTOS_KEPT_DAYS = 3

#: The constants as texts for SQL, by their names in the templates.
SQL = {
    "unhappy": str(UNHAPPY),
    "unhappy_thousandths": str(round(UNHAPPY * 1000)),
    "happy_thousandths": str(round(HAPPY * 1000)),
    "p_is_no_fuel": f"coalesce(p.category, '') <> '{FUEL_CATEGORY}' AND coalesce(p.product_type, '') NOT LIKE '{FUEL_TYPES}%'",
    "no_department": NO_DEPARTMENT,
    "session_minutes": str(SESSION_MINUTES),
    "ranked": str(RANKED),
    "live_days": str(LIVE_DAYS),
    "old_hours": str(OLD_HOURS),
    "uncounted_days": str(UNCOUNTED_DAYS),
    "uncounted_or_late_days": str(UNCOUNTED_DAYS + COUNT_LATE_DAYS),
    "alert_contacts": str(ALERT_CONTACTS),
    "alert_usual_contacts": str(ALERT_USUAL_CONTACTS),
    "alert_contacts_preceding": str(ALERT_CONTACTS - 1),
    "alert_all_contacts_preceding": str(ALERT_CONTACTS + ALERT_USUAL_CONTACTS - 1),
    "alert_z": str(ALERT_Z),
}


def is_fuel(category: str | None, product_type: str | None) -> bool:
    """Return whether a product is fuel."""
    return category == FUEL_CATEGORY or (product_type or "").startswith(FUEL_TYPES)
