-- Script for wrk, used by ci/measure: sends a request, whose body a GET leaves out, with one token or the next token
-- of a list, and prints the results as a line of JSON.   wrk -s ci/load.lua URL -- METHOD BODY_FILE TOKENS_FILE
local requests = {}
local at = 0
local threads = 0

function setup(thread)
  thread:set("first", threads * 7919) -- so that two threads do not send the same token at a time
  threads = threads + 1
end

function init(args)
  local method = args[1]
  local body = method ~= "GET" and io.open(args[2]):read("*a") or nil
  for token in io.lines(args[3]) do
    local headers = { ["Authorization"] = "Bearer " .. token }
    if body then
      headers["Content-Type"] = "application/json"
    end
    requests[#requests + 1] = wrk.format(method, nil, headers, body)
  end
  at = first % #requests
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency, _)
  local errors = summary.errors
  print(string.format('{"requests":%d,"duration_us":%d,"p50_us":%d,"p99_us":%d,"not_2xx":%d,"broken":%d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
