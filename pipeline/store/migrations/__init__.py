"""How stores of older forms are brought to the current one, step by step."""
