"""Makes the fixtures of the running app known to every folder of tests, once for the whole session."""

pytest_plugins = ("tests.app_fixtures",)
