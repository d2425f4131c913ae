"""The business constants, once each. tillstream.core.sql_templates binds them into SQL; tests/unit/core/test_rules.py compares those in Java."""

#: A text or call whose sentiment, from -1 to 1, is below the first is unhappy; above the second it is happy.
UNHAPPY, HAPPY = -0.2, 0.2
#: Fuel is sold by the thousandth of a gallon and is on no shelf: products of this category, and of types that begin so.
FUEL_CATEGORY, FUEL_TYPES = "FUEL", "GASOLINE"
#: The department of a product that is not in the master.
NO_DEPARTMENT = "UNKNOWN"
#: A pause of more minutes ends a session of the web shop.
SESSION_MINUTES = 30
#: The ranking of products has so many.
RANKED = 50
#: Live figures are of so many days.
LIVE_DAYS = 2
#: So many hours after its last change a live figure's key is forgotten by the job that counts it.
LIVE_HOURS_KEPT = 49
#: An event that is sent again within so many hours is known by its id.
COPY_HOURS = 24
#: Of an older event the lake is asked: less than COPY_HOURS, for the clocks of tills may be ahead.
OLD_HOURS = 23
#: Every pair of store and product is counted within so many days: of older sales and alerts no stock depends.
UNCOUNTED_DAYS = 40

#: The constants as SQL has them, by the names in the templates.
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
}


def is_fuel(category: str | None, product_type: str | None) -> bool:
    """Return whether a product is fuel."""
    return category == FUEL_CATEGORY or (product_type or "").startswith(FUEL_TYPES)
