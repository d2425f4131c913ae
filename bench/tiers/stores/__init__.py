"""The measured stores."""
