-- All six operations with lua-http, luaossl and lua-cjson.
local cjson = require "cjson"
local hmac = require "openssl.hmac"
local basexx = require "basexx"
local request = require "http.request"

local base = os.getenv "HEYMARKET_API_BASE_URL" or "https://api.heymarket.com"
local id, key = os.getenv "HEYMARKET_API_SECRET_ID", os.getenv "HEYMARKET_API_SECRET_KEY"

local signed = basexx.to_url64('{"alg":"HS256","typ":"JWT"}') .. "." ..
  basexx.to_url64(cjson.encode { iss = id, iat = os.time() })
local authorization = "Bearer " .. signed .. "." .. basexx.to_url64(hmac.new(id .. "||" .. key, "sha256"):final(signed))

local function check(holds, what)
  if not holds then
    io.stderr:write(tostring(what), "\n")
    os.exit(1)
  end
  return holds
end

local function call(method, path, value)
  local sent = request.new_from_uri(base .. path)
  sent.headers:upsert(":method", method)
  sent.headers:append("authorization", authorization)
  if value then
    sent.headers:append("content-type", "application/json")
    sent:set_body(cjson.encode { channel_type = "email", channel_id = value })
  end
  local headers, stream = sent:go(20)
  check(headers, method .. " " .. path .. ": " .. tostring(stream))
  local text, status = stream:get_body_as_string(), headers:get ":status"
  check(status:sub(1, 1) == "2", method .. " " .. path .. " was answered with " .. status .. ": " .. tostring(text))
  return text
end

local function has(text, value)
  for _, entry in ipairs(cjson.decode(text)) do
    if entry.channel_type == "email" and entry.channel_id == value then return true end
  end
  return false
end

local channel = "/v2/contact/" .. os.getenv "HEYMARKET_CONTACT_ID" .. "/channel"
local first, second = "lua@example.com", "lua.new@example.com"
local created = call("POST", channel, first)
check(has(created, first), "the created channel is not in " .. created)
local got = call("GET", channel .. "/email")
check(cjson.decode(got).channel_id == first, "not the created channel: " .. got)
local listed = call("GET", channel .. "s")
check(listed == created, "the list " .. listed .. " differs from " .. created)
local updated = call("PUT", channel, second)
check(has(updated, second) and not has(updated, first), "not the new value: " .. updated)
call("DELETE", channel .. "/email")
local inbox = cjson.decode(call("GET", "/v1/inboxes"))[1]
check(inbox and type(inbox.id) == "number" and inbox.name, "no inboxes")
