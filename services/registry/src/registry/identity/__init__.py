"""Who somebody is and what they may do: people and machine clients, their grants, sessions and tokens."""
