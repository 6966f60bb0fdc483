"""Sessions: people who are signed in, and the tokens of a minute they are exchanged for."""
