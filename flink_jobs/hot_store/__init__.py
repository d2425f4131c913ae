"""The hot-store job: writes the hot.* topics to Redis."""
