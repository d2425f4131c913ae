"""Compare the analysis of customers' texts, calls and photos with what the ledger recorded about them."""
