"""The inventory job: the stock of each product in each store, and its alerts."""
