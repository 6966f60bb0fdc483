"""Questions to the services: the internal queries that GraphQL is made of."""
