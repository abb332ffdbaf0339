"""What all tests share: how hypothesis draws. No deadlines anywhere: no test of this suite depends on time.

`make test` draws the same examples each time, so that its outcome is a property of the code; `make test-all` chooses
the profile `thorough`, which draws many more and new ones.
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
    derandomize=False,
    max_examples=300,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repeatable")
