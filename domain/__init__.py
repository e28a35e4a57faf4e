"""The rules of campaigns, pure: no I/O and no framework. Clock and randomness are arguments."""
