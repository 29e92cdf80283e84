"""Sayso's rules: choices, tokens, cards, vault and mailbox. Nothing here knows Streamlit."""
