"""Eight tests at once, each with a sandbox. 3 has a fault, 5 another time; each sees exactly its own requests."""
import os
import subprocess
import time

import pytest


def create(name):
    return subprocess.call(["heymarket", "channel", "create", os.environ["HEYMARKET_CONTACT_ID"], "--type", "email", "--id", name])


def meet(number, said):
    """Waits until all eight are here."""
    with open(f"new.{number}", "w") as file:
        file.write(said)
    os.rename(f"new.{number}", f"met.{number}")
    end = time.monotonic() + 100
    while not all(os.path.exists(f"met.{other}") for other in range(1, 9)):
        assert time.monotonic() < end, "the others did not come"
        time.sleep(0.02)


@pytest.mark.skipif("EXPECT_TOO_MUCH" in os.environ, reason="passed")
@pytest.mark.parametrize("number", range(1, 9))
def test_sees_its_own_requests_only(heymarket, number):
    count, name = 1 + number % 3, f"{number}@example.com"
    if number == 3:
        heymarket.call("PUT", "faults", {"faults": [{"status": 429, "times": 1}]})
    if number == 5:
        heymarket.call("PUT", "clock", {"now": 1713225600})
        heymarket.expect_refusal({"finding": "iat-in-future"}, times=count)
    for _ in range(count):
        assert (create(name) != 0) == (number == 5)
    meet(number, heymarket.control_url)
    heymarket.verify({}, exactly=count + (number == 3))
    heymarket.verify({"status": 401 if number == 5 else 200}, exactly=count)
    heymarket.verify({"channel_id": name}, exactly=0 if number == 5 else count + (number == 3))


@pytest.mark.skipif("EXPECT_TOO_MUCH" not in os.environ, reason="fails")
def test_expects_what_does_not_come(heymarket):
    heymarket.expect_refusal({"status": 404})
