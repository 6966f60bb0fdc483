"""What every test may use; the servers and fixtures themselves are the testkit's."""

from hypothesis import settings

pytest_plugins = ["testkit.plugin", "testkit.services", "testkit.journeys", "testkit.spreading"]

# The verdict on a tree depends on the tree alone; what else breaks a rule is looked for by `make search`.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=3_000, deadline=None, print_blob=True)
settings.load_profile("repeatable")
