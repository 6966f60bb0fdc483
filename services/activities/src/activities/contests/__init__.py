"""What an organisation that another named as implementer says against it, and how that is settled."""
