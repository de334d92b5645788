// What both test files contain.
const { execFileSync } = require("node:child_process");
const { existsSync, renameSync, writeFileSync } = require("node:fs");
const { check, expectRefusal, verify } = require("./heymarket/heymarket.cjs");

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const email = { channel_type: "email", channel_id: "same@example.com" };

function create(contact) {
  execFileSync("heymarket", ["channel", "create", contact, "--type", "email", "--id", email.channel_id],
    { env: process.env, stdio: "ignore" });
}

module.exports = (name, other) => {
  test("sees its own requests only", async () => {
    create(process.env.HEYMARKET_CONTACT_ID);
    writeFileSync(`new.${name}`, `${process.pid} ${process.env.HEYMARKET_MOCK_URL}`);
    renameSync(`new.${name}`, `met.${name}`);
    for (const end = Date.now() + 100_000; !existsSync(`met.${other}`); await sleep(20)) {
      if (Date.now() > end) throw new Error("the other worker did not come");
    }
    await verify(email, { exactly: 1 });
    await expect(verify(email, { exactly: 2 })).rejects.toThrow("expected exactly 2");
  });
  test("begins with a mock that was reset", () => verify({}, { exactly: 0 }));
  test("expects a refusal", async () => {
    await expectRefusal({ status: 404 });
    await expect(check()).rejects.toThrow("did not come");
    expect(() => create("0b0d7000-0000-4000-8000-000000000000")).toThrow();
  });
  if (process.env.EXPECT_TOO_MUCH) test("expects what does not come", () => expectRefusal({ status: 404 }));
};
