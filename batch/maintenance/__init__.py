"""Maintenance of the lake: compaction, retention, removal of personal data."""
