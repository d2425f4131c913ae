"""Prove that each event sent is in the lake once, or in the dead letters with its reason, and that Redis equals the lake."""
