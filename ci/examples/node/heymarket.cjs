// One heymarket-mock for each worker of Jest (jest-environment.cjs, jest-setup.cjs) or Vitest (vitest-setup.mjs). Copy this folder.
// A test may use verify() and expectRefusal():
//   await verify({ contact: "ada", channel_type: "email" }, { exactly: 1 });
const { execFileSync, spawn } = require("node:child_process");
const { existsSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");

const fetch = globalThis.fetch; // a test may replace it

// Starts a mock and returns the variables that lead to it. It ends with this process, which alone holds its standard input open.
exports.start = async () => {
  const dir = mkdtempSync(join(tmpdir(), "heymarket-"));
  const port = join(dir, "port");
  const log = openSync(join(dir, "log"), "w");
  try {
    const mock = spawn("heymarket-mock",
      ["serve", "--listen", "0", "--port-file", port, "--log", "none", "--until-stdin-ends"], { stdio: ["pipe", "ignore", log] });
    let failure;
    mock.once("error", (error) => { failure = error; });
    mock.unref();
    mock.stdin.unref();
    for (const end = Date.now() + 30_000; !existsSync(port); await sleep(20)) {
      if (failure) throw new Error(`no mock: ${failure.message}; is heymarket-mock on PATH?`);
      if (mock.exitCode !== null || Date.now() > end) throw new Error(`no mock: ${readFileSync(join(dir, "log"))}`);
    }
    return JSON.parse(execFileSync("heymarket-mock", ["env", "--shell", "json", "--port-file", port])).env;
  } finally {
    closeSync(log);
    rmSync(dir, { recursive: true });
  }
};

async function control(method, path, body) {
  const answer = await fetch(`${process.env.HEYMARKET_MOCK_CONTROL_URL}/${path}`,
    { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const said = await answer.json();
  if (!answer.ok) throw new Error(`heymarket-mock: ${said.message}\n${JSON.stringify(said, null, 2)}`);
  return said;
}

// Before each test.
exports.reset = async () => { await control("POST", "reset", {}); };

// Fails unless as many requests arrived: { exactly: 1 }, { at_least: 1 }, { at_most: 1 }.
exports.verify = (where, count = {}) => control("POST", "verify", { where, ...count });

// Announces refusals that the test wants; the test fails if they do not come.
exports.expectRefusal = (where, times = 1) => control("POST", "expect", { where, times });

// After each test.
exports.check = async () => {
  const missing = (await control("GET", "expect")).expectations.filter(({ left }) => left > 0);
  if (missing.length > 0) throw new Error(`expected refusals did not come: ${JSON.stringify(missing)}`);
};
