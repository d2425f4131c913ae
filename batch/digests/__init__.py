"""Daily digests of what customers say."""
