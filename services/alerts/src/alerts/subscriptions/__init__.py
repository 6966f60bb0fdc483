"""Who is told of which alerts, and where: webhooks and the rights they stand on."""
