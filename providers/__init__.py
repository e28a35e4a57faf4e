"""The services that carry messages out: HTTP, classification of errors, signatures of webhooks."""
