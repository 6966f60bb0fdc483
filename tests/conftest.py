"""What every test may use; the servers and fixtures themselves are the testkit's."""

pytest_plugins = ["testkit.plugin", "testkit.services", "testkit.journeys", "testkit.spreading"]
