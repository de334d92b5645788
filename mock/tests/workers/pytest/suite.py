"""What both test files contain."""
import os
import subprocess
import time

import pytest

CONTACT = os.environ["HEYMARKET_CONTACT_ID"]  # at import, as applications do
EMAIL = {"channel_type": "email", "channel_id": "same@example.com"}


def create(contact):
    return subprocess.call(["heymarket", "channel", "create", contact, "--type", "email", "--id", EMAIL["channel_id"]])


def meet(name, other):
    with open(f"met.{name}.new", "w") as file:
        file.write(f"{os.getpid()} {os.environ['HEYMARKET_MOCK_URL']}")
    os.rename(f"met.{name}.new", f"met.{name}")
    end = time.monotonic() + 100
    while not os.path.exists(f"met.{other}"):
        assert time.monotonic() < end, "the other worker did not come"
        time.sleep(0.02)


class Suite:
    def test_sees_its_own_requests_only(self, heymarket):
        assert create(CONTACT) == 0
        meet(self.name, self.other)
        heymarket.verify(EMAIL, exactly=1)
        with pytest.raises(pytest.fail.Exception, match="expected exactly 2"):
            heymarket.verify(EMAIL, exactly=2)

    def test_begins_with_a_mock_that_was_reset(self, heymarket):
        heymarket.verify({}, exactly=0)

    def test_expects_a_refusal(self, heymarket):
        heymarket.expect_refusal({"status": 404})
        assert create("0b0d7000-0000-4000-8000-000000000000") != 0

    @pytest.mark.skipif("EXPECT_TOO_MUCH" not in os.environ, reason="fails")
    def test_expects_what_does_not_come(self, heymarket):
        heymarket.expect_refusal({"status": 404})
