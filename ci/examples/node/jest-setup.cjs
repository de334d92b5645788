const { check, reset } = require("./heymarket.cjs");

beforeEach(reset);
afterEach(check);
