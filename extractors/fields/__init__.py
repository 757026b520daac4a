"""One file a field: tasks, owners, times, quotas."""
