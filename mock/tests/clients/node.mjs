// All six operations with one of Node's HTTP libraries:  node.mjs fetch|https|resolve|axios|got|node-fetch
import { createHmac } from "node:crypto";
import { deepStrictEqual, ok } from "node:assert";
import { resolve4 } from "node:dns";

const library = process.argv[2];
const base = process.env.HEYMARKET_API_BASE_URL ?? "https://api.heymarket.com";
const { HEYMARKET_API_SECRET_ID: id, HEYMARKET_API_SECRET_KEY: key, HEYMARKET_CONTACT_ID: contact } = process.env;

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ iss: id, iat: Math.floor(Date.now() / 1000) })}`;
const authorization = `Bearer ${signed}.${createHmac("sha256", `${id}||${key}`).update(signed).digest("base64url")}`;

const withFetch = (fetch) => async (method, url, headers, body) => {
  const answer = await fetch(url, { method, headers, body });
  return [answer.status, await answer.text()];
};

const withRequest = async (options) => {
  const { request } = await import(base.startsWith("https:") ? "node:https" : "node:http");
  return (method, url, headers, body) => new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, ...options }, async (answer) => {
      let text = "";
      for await (const piece of answer) text += piece;
      resolve([answer.statusCode, text]);
    });
    sent.once("error", reject).end(body);
  });
};

const libraries = {
  fetch: async () => withFetch(fetch),
  "node-fetch": async () => withFetch((await import("node-fetch")).default),
  https: () => withRequest({}),
  resolve: () => withRequest({ // asks name servers by itself, without the system's library and files
    lookup: (name, options, done) => resolve4(name, (error, found) =>
      options.all ? done(error, found?.map((address) => ({ address, family: 4 }))) : done(error, found?.[0], 4)),
  }),
  axios: async () => {
    const { default: axios } = await import("axios");
    return async (method, url, headers, body) => {
      const answer = await axios({ method, url, headers, data: body, responseType: "text", transformResponse: (text) => text });
      return [answer.status, answer.data];
    };
  },
  got: async () => {
    const { default: got } = await import("got");
    return async (method, url, headers, body) => {
      const answer = await got(url, { method, headers, body, retry: { limit: 0 } });
      return [answer.statusCode, answer.body];
    };
  },
};
const send = await libraries[library]();

async function call(method, path, value) {
  const headers = value ? { authorization, "content-type": "application/json" } : { authorization };
  const [status, text] = await send(method, base + path, headers, value && JSON.stringify(value));
  ok(status >= 200 && status <= 299, `${method} ${path} was answered with ${status}: ${text}`);
  return JSON.parse(text);
}

const emails = (channels) => channels.filter((entry) => entry.channel_type === "email").map((entry) => entry.channel_id);
const channel = `/v2/contact/${contact}/channel`;
const first = `${library}@example.com`;
const second = `${library}.new@example.com`;

const created = await call("POST", channel, { channel_type: "email", channel_id: first });
ok(emails(created).includes(first), `the created channel is not in ${JSON.stringify(created)}`);
const got = await call("GET", `${channel}/email`);
deepStrictEqual(got, created.find((entry) => entry.channel_id === first), "not the created channel");
deepStrictEqual(await call("GET", `${channel}s`), created, "the list differs from what create answered");
const updated = await call("PUT", channel, { channel_type: "email", channel_id: second });
ok(emails(updated).includes(second) && !emails(updated).includes(first), `not the new value: ${JSON.stringify(updated)}`);
await call("DELETE", `${channel}/email`);
const inboxes = await call("GET", "/v1/inboxes");
ok(inboxes.length > 0 && inboxes.every((inbox) => Number.isInteger(inbox.id) && inbox.name), `no inboxes: ${JSON.stringify(inboxes)}`);
