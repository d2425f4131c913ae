"""What was understood of customers' words and photos, compared with what the ledger notes."""
