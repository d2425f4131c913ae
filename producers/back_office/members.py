"""Make the members of the loyalty programme: five of six households. Their contact data is made from a seed and changes every few months."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from faker import Faker

from producers.source_dataset import SourceDataset

#: A member's record changes once in this many days, so about one in a hundred members changes each day.
CHANGES_EVERY_DAYS = 97
TIERS = ("BASIC", "BASIC", "BASIC", "SILVER", "SILVER", "GOLD")


@dataclass(frozen=True)
class Member:
    """A member's number, household and pseudonym."""

    member_id: str
    household_id: int
    customer_id: str


class Members:
    """All members, and the record of each as of a day."""

    def __init__(self, dataset: SourceDataset, seed: int) -> None:
        self._dataset = dataset
        self._seed = seed
        self._faker = Faker("en_US")

    @cached_property
    def all(self) -> list[Member]:
        """The members, by number."""
        households = sorted(set(self._dataset.household_id.tolist()))
        return [Member(f"M{h:07d}", h, self._dataset.pseudonym(h)) for h in households if self._draw("member", h) % 6]

    @cached_property
    def by_customer(self) -> dict[str, Member]:
        """The members by the pseudonym that the tills send."""
        return {member.customer_id: member for member in self.all}

    def record(self, member: Member, day: date) -> dict[str, object]:
        """Return a member's record at the end of a day, without untidy values."""
        version, into = divmod(day.toordinal() + self._draw("phase", member.household_id), CHANGES_EVERY_DAYS)
        faker = self._faker
        faker.seed_instance(f"{self._seed}:{member.household_id}")
        first, last = faker.first_name(), faker.last_name()
        faker.seed_instance(f"{self._seed}:{member.household_id}:{version}")
        joined = date(2012, 1, 1) + timedelta(days=self._draw("joined", member.household_id) % 1800)
        changed = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=into)
        consent = self._draw("consent", member.household_id, version)
        return {
            "member_id": member.member_id,
            "customer_id": member.customer_id,
            "first_name": first,
            "last_name": last,
            "email": f"{first}.{last}{faker.random_int(1, 99)}@{faker.free_email_domain()}".lower() if consent % 20 else None,
            "phone": f"+1{faker.numerify('21#')}{faker.numerify('55501##')}" if consent % 10 else None,
            "street": faker.street_address().replace("\n", " "),
            "city": faker.city(),
            "postal_code": faker.postcode(),
            "country": "US",
            "joined_on": joined,
            "tier": TIERS[self._draw("tier", member.household_id, version) % len(TIERS)],
            "consent_marketing": consent % 3 > 0,
            "consent_profiling": consent % 7 > 0,
            "updated_at": changed + timedelta(seconds=self._draw("at", member.household_id, version) % 80_000),
        }

    def _draw(self, *parts: object) -> int:
        """Return a number that is always the same for the same parts."""
        return int.from_bytes(hashlib.blake2b(":".join(map(str, (self._seed, *parts))).encode(), digest_size=6).digest(), "big")
