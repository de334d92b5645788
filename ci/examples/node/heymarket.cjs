// One heymarket-mock for each worker of Jest (jest-environment.cjs, jest-setup.cjs) or Vitest (vitest-setup.mjs). Copy this folder.
// A test may use verify() and expectRefusal():
//   await verify({ contact: "ada", channel_type: "email" }, { exactly: 1 });
// Tests that run at once in one process, as node:test's { concurrency: 8 }, need a sandbox each:
//   const { env, verify, end } = await sandbox(); t.after(end);
// It is on one mock for all: heymarket-mock run -- node --test, or the mock that serves at HEYMARKET_MOCK_URL.
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

// What a test asks of a control plane. where() is its URL.
const asking = (where) => {
  const control = async (method, path, body) => {
    const answer = await fetch(`${where()}/${path}`,
      { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const said = await answer.json();
    if (!answer.ok) throw new Error(`heymarket-mock: ${said.message}\n${JSON.stringify(said, null, 2)}`);
    return said;
  };
  return {
    control,
    // Fails unless as many requests arrived: { exactly: 1 }, { at_least: 1 }, { at_most: 1 }.
    verify: (where, count = {}) => control("POST", "verify", { where, ...count }),
    // Announces refusals that the test wants; the test fails if they do not come.
    expectRefusal: (where, times = 1) => control("POST", "expect", { where, times }),
    // After each test.
    check: async () => {
      const missing = (await control("GET", "expect")).expectations.filter(({ left }) => left > 0);
      if (missing.length > 0) throw new Error(`expected refusals did not come: ${JSON.stringify(missing)}`);
    },
  };
};

const own = asking(() => process.env.HEYMARKET_MOCK_CONTROL_URL);
Object.assign(exports, { verify: own.verify, expectRefusal: own.expectRefusal, check: own.check });

// Before each test.
exports.reset = async () => { await own.control("POST", "reset", {}); };

// A world of its own for one test: env has the variables that lead there.
exports.sandbox = async () => {
  const main = asking(() => `${process.env.HEYMARKET_MOCK_URL ?? "http://127.0.0.1:8580"}/_mock`);
  const { id, env, control_url: url } = await main.control("POST", "sandboxes", {});
  const end = async () => {
    const { unmet, message } = await main.control("DELETE", `sandboxes/${id}`);
    if (unmet > 0) throw new Error(`expected refusals did not come: ${message}`);
  };
  return { env, ...asking(() => url), end };
};
