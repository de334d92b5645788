require_relative "suite"
suite("one", "two")
