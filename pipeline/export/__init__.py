"""Records for others: JSON, JSON Lines, CSV and Excel, an outbox folder and a webhook."""
