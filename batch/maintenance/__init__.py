"""Maintain the lake: compact it, apply retention, and remove personal data."""
