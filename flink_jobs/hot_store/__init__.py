"""The hot-store job. It writes the hot.* topics to Redis."""
