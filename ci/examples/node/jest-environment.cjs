// jest.config.js:
//   testEnvironment: "./heymarket/jest-environment.cjs",
//   setupFilesAfterEnv: ["./heymarket/jest-setup.cjs"],
const { createRequire } = require("node:module");
// Jest's own copy: with pnpm or a global Jest it is not where this file would look.
const { TestEnvironment } = createRequire(require.main.filename)("jest-environment-node");
const { start } = require("./heymarket.cjs");

let started; // Jest loads this file once in each worker, but makes an environment for each test file

module.exports = class HeymarketEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    started ??= start();
    Object.assign(this.global.process.env, await started);
  }
};
