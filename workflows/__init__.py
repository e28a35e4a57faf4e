"""Temporal workflows: order and time only.

A workflow asks an activity what comes next, sleeps until then, and asks for it to be done. What comes next is
decided by `domain` inside the activity, so its answer is in the history and a rule may change without breaking the
replay of those that sleep.

Nothing is imported here: Temporal's sandbox imports this package anew for every workflow that starts.
"""
