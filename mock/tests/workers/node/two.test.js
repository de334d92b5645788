require("./suite.cjs")("two", "one");
