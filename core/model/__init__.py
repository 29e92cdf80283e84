"""The frozen records the rules speak of: taxonomy, preferences, and what a token carries."""
