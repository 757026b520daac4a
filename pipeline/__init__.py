"""What is done with records."""
