require("./suite.cjs")("one", "two");
