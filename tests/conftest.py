"""What all tests share: how hypothesis draws. No deadlines anywhere: no test of this suite depends on time.

Examples are the same each time, so that the outcome is a property of the code; `make test-all` chooses the profile
`thorough`, which draws many more. `pytest --hypothesis-profile=searching` draws new ones each time.
"""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "repeatable",
    deadline=None,
    derandomize=True,
    max_examples=25,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough",
    deadline=None,
    derandomize=True,
    max_examples=200,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("searching", settings.get_profile("thorough"), derandomize=False)
settings.load_profile("repeatable")
