"""Temporal activities: classes with their dependencies injected, one effect each."""
