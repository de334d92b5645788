require_relative "suite"
suite("two", "one")
