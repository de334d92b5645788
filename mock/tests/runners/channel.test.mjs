// An integration's test as Node people write it; node --test runs it.
import assert from "node:assert";
import { createHmac } from "node:crypto";
import test from "node:test";

const { HEYMARKET_API_BASE_URL: base, HEYMARKET_API_SECRET_ID: id, HEYMARKET_API_SECRET_KEY: key,
  HEYMARKET_CONTACT_ID: contact } = process.env;

function sign() {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${part({ alg: "HS256", typ: "JWT" })}.${part({ iss: id, iat: Math.floor(Date.now() / 1000) })}`;
  return `${input}.${createHmac("sha256", `${id}||${key}`).update(input).digest("base64url")}`;
}

test("a channel is added", async () => {
  const answer = await fetch(`${base}/v2/contact/${contact}/channel`, {
    method: "POST",
    headers: { Authorization: `Bearer ${sign()}`, "Content-Type": "application/json" },
    body: JSON.stringify({ channel_type: "email", channel_id: "node@example.com" }),
  });
  assert.equal(answer.status, 200);
  assert((await answer.json()).some((channel) => channel.channel_id === "node@example.com"));
});
