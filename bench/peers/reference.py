"""Read the reference data that baskets are joined with from Postgres, when a peer starts."""

from dataclasses import dataclass

import psycopg

from tillstream.core.rules import NO_DEPARTMENT, is_fuel
from tillstream.core.settings import ReferenceSettings
from tillstream.core.topology import REFERENCE

#: Columns of each table that the sales job looks up. The first one is the key.
COLUMNS = {table: REFERENCE[table] for table in ("products", "stores", "customers")}


@dataclass(frozen=True, slots=True)
class Product:
    """The product fields that the figures need. A line of fuel counts as one unit, because its quantity is in thousandths."""

    department: str
    category: str | None
    fuel: bool


@dataclass(frozen=True)
class Reference:
    """The three tables, each by its key."""

    products: dict[str, Product]
    regions: dict[str, str | None]
    customers: dict[str, tuple[str | None, ...]]


def rows(table: str) -> list[tuple[str | None, ...]]:
    """Return the rows of a reference table, with the columns in their order."""
    settings = ReferenceSettings()
    with psycopg.connect(
        host=settings.host, dbname="reference", user="reference", password=settings.password.get_secret_value(), connect_timeout=10
    ) as connection:
        return connection.execute(f"SELECT {', '.join(COLUMNS[table])} FROM {table}".encode()).fetchall()


def read() -> Reference:
    """Read the tables of products, stores and customers."""
    products = {
        str(ident): Product(department or NO_DEPARTMENT, category, is_fuel(category, product_type))
        for ident, department, category, product_type, _ in rows("products")
    }
    stores = {str(ident): region for ident, _, region in rows("stores")}
    return Reference(products, stores, {str(row[0]): row[1:] for row in rows("customers")})
