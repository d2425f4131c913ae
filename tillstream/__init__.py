"""What Tillstream's parts share: settings, contracts, errors, the ledger, the command line."""
