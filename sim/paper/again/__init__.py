"""The rates of the page measured again: with twice the work, and with another load generator."""
