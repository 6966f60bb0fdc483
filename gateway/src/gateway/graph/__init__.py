"""GraphQL over the services: one internal query a list, names from memory."""
