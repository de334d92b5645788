from suite import Suite


class TestOne(Suite):
    name, other = "one", "two"
