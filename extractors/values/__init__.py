"""Text to value: pure functions that never see the document."""
