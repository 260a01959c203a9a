"""How the tests run: Hypothesis without a clock, moto without its thousand machine images."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("suite")

# boto3's clients are so many objects that looking for garbage would take a quarter of the run.
gc.set_threshold(100_000, 50, 100)

# moto reads it when it is imported; to load its images takes most of the time of a test with moto.
os.environ.setdefault("MOTO_AMIS_PATH", str(Path(__file__).parent / "data" / "amis.json"))


@pytest.fixture
def collect_garbage() -> Iterator[Callable[[], int]]:
    """Collects the garbage that the test has made: that of the whole run takes half a second."""
    gc.freeze()
    yield gc.collect
    gc.unfreeze()
