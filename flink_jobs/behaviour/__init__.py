"""The behaviour job: the web shop's funnel, sessions and searches, and customers' profiles."""
