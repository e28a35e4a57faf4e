"""What only developers run: the one-command stack, demo data and the provider sandbox."""
