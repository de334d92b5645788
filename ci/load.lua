-- Script for wrk, used by ci/measure: posts a body with one token or the next token of a list, and prints the
-- results as a line of JSON.   wrk -s ci/load.lua URL -- BODY_FILE TOKENS_FILE
local requests = {}
local at = 0
local threads = 0

function setup(thread)
  thread:set("first", threads * 7919) -- so that two threads do not send the same token at a time
  threads = threads + 1
end

function init(args)
  local body = io.open(args[1]):read("*a")
  for token in io.lines(args[2]) do
    requests[#requests + 1] = wrk.format("POST", nil,
      { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token }, body)
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
