"""Fixtures with the Avro decoder of the jobs, for the modules that test it."""

from collections.abc import Iterator

import pytest

from tests.fuzz.avro.decoder import Decoder
from tests.integration.decoding import BASKETS, OWN


@pytest.fixture(scope="session")
def jvm() -> Iterator[Decoder]:
    with Decoder() as decoder:
        yield decoder


@pytest.fixture
def decoder(jvm: Decoder) -> Decoder:
    """Return a decoder of baskets that has no cached schemas. Its registry has the contract's schema under the id OWN."""
    jvm.read_by(BASKETS)
    jvm.registry_has(OWN, BASKETS.text)
    return jvm
