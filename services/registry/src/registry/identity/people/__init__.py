"""People: who may sign in, what they may do, and how they are invited."""
