"""One door: GraphQL over the services, REST pass-through, tokens."""
