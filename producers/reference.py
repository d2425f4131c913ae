"""Seed the reference tables with the simulated company's masters, from the same dataset as its trade."""

from producers.source_dataset import SourceDataset, load_source_dataset
from tillstream.core.reference_data import Row, add_reference_rows
from tillstream.core.rules import is_fuel
from tillstream.core.settings import PseudonymSettings
from tillstream.core.text_standard import text
from tillstream.core.topology import REFERENCE


def seed_reference() -> dict[str, int]:
    """Add the company's products, stores, customers and supply, and return the row count of each reference table."""
    dataset = load_source_dataset(PseudonymSettings().key.get_secret_value())
    return {table: add_reference_rows(table, _rows(dataset, table)) for table in REFERENCE}


def _rows(dataset: SourceDataset, table: str) -> list[Row]:
    match table:
        case "products":
            return _products(dataset)
        case "stores":
            return dataset.stores()
        case "customers":
            return dataset.customers()
        case _:
            # Suppliers come only from the stock system's dumps. Fuel is sold by the thousandth of a unit and is not on a shelf.
            return [(p[0], p[1], None, None) for p in _products(dataset) if not is_fuel(p[2], p[3])]


def _products(dataset: SourceDataset) -> list[Row]:
    """Return the products with standardised blanks, like the catalogue's dumps."""
    return [tuple(value and text(value) for value in row) for row in dataset.products()]
