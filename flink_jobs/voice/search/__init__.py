"""The semantic search service."""
