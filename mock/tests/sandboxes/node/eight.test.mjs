// Eight tests at once, each with a sandbox. 3 has a fault, 5 another time; each sees exactly its own requests.
import assert from "node:assert";
import { execFile } from "node:child_process";
import { existsSync, renameSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import heymarket from "./heymarket/heymarket.cjs";

const numbers = [1, 2, 3, 4, 5, 6, 7, 8];

const create = (env, name) => new Promise((resolve) => {
  execFile("heymarket", ["channel", "create", env.HEYMARKET_CONTACT_ID, "--type", "email", "--id", name],
    { env: { ...process.env, ...env } }, (error) => resolve(error === null));
});

// Waits until all eight are here.
async function meet(number, said) {
  writeFileSync(`new.${number}`, said);
  renameSync(`new.${number}`, `met.${number}`);
  for (const end = Date.now() + 100_000; !numbers.every((other) => existsSync(`met.${other}`)); await sleep(20)) {
    if (Date.now() > end) throw new Error("the others did not come");
  }
}

describe("eight at once", { concurrency: 8 }, () => {
  for (const number of process.env.EXPECT_TOO_MUCH ? [] : numbers) {
    test(`${number} sees its own requests only`, async (t) => {
      const { env, control, verify, expectRefusal, end } = await heymarket.sandbox();
      t.after(end);
      const count = 1 + number % 3, name = `${number}@example.com`;
      if (number === 3) await control("PUT", "faults", { faults: [{ status: 429, times: 1 }] });
      if (number === 5) {
        await control("PUT", "clock", { now: 1713225600 });
        await expectRefusal({ finding: "iat-in-future" }, count);
      }
      for (let i = 0; i < count; i++) assert.equal(await create(env, name), number !== 5);
      await meet(number, env.HEYMARKET_MOCK_CONTROL_URL);
      await verify({}, { exactly: count + (number === 3) });
      await verify({ status: number === 5 ? 401 : 200 }, { exactly: count });
      await verify({ channel_id: name }, { exactly: number === 5 ? 0 : count + (number === 3) });
    });
  }
});

if (process.env.EXPECT_TOO_MUCH) {
  test("expects what does not come", async (t) => {
    const { expectRefusal, end } = await heymarket.sandbox();
    t.after(end);
    await expectRefusal({ status: 404 });
  });
}
