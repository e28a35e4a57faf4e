"""The HTTP API: parse, authorise, call one service, answer."""
