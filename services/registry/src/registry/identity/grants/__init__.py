"""What a role held by a person or a system must name, and how far it goes."""
