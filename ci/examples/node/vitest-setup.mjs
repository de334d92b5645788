// vitest.config.js:
//   test: { setupFiles: ["./heymarket/vitest-setup.mjs"] }
import { afterEach, beforeEach } from "vitest";
import { check, reset, start } from "./heymarket.cjs";

globalThis.heymarketStarted ??= start(); // with isolate: false, a worker runs this file once for each test file
Object.assign(process.env, await globalThis.heymarketStarted);

beforeEach(reset);
afterEach(check);
