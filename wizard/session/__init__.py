"""A session: its events, the state that is their fold, and the journal that keeps them."""
