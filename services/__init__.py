"""Use cases, shared by the API and the activities. Each runs in the transaction that it is given."""
