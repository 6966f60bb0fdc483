"""The wire: what of HTTP is bounded and refused before there is a request, the same in every process. Decision 0022."""
