"""The ledger (督办台账): records become items that somebody files, assigns, follows up, reports on and closes."""
