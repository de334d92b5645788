from suite import Suite


class TestTwo(Suite):
    name, other = "two", "one"
