"""Pages for people at the door: the start page, guides, what the doors take, and GraphiQL in development."""
