# What is not the target's fault is not held against it, and what only the whole run or the target's own clock shows is
# found: other writers, rate limits, figures of refusals, refused requests that are written, a life that is a second off.
need_python
server=$HM_SOURCE/conformance/tests/foreign_server.py
eval "$(python3 "$server" --environment)"
python3 "$server" --port-file ports right another-writer busy-far-future+any-future far-future-503+iat-ms 401-as-403 \
  400-as-422 percent-uuid-apart latency-after latency-before+valid-at-300 latency-after+refused-at-299 no-date \
  gateway-date+clock-3-ahead ten-seconds-more body-before-token number-written basic-accepted &
await ports
url() { sed -n "s#^$1 ##p" ports; }
runs() { # CODE NAME ARGUMENT...
  local want=$1 name=$2
  shift 2
  exits "$want" heymarket-conformance run --keep --base-url "$(url "$name")" "$@"
}
judged() { # SOURCE...: the failures are about S, D or both
  [ "$(sed -nE 's/^  [TJBREGUXLN][0-9]+ +([SDA]) .*/\1/p' out | sort -u | tr '\n' ' ')" = "$* " ] ||
    { cat out; fail "not only $*"; }
}

# Two suites at once on one contact, and somebody else who writes to it.
one='' other=''
for side in one other; do
  heymarket-conformance run --keep --base-url "$(url right)" --only R3 --only R4 --only E2 --only B1 --only J11 --only T1 \
    >$side.out 2>&1 & eval "$side=$!"
done
wait "$one" && wait "$other" || { cat one.out other.out; fail 'two suites at once accuse a correct server'; }
runs 0 another-writer
has ', which this case did not send'

# A 429 to the request of excused_by is waited for; an answer that proves nothing excuses.
runs 0 busy-far-future+any-future --only J4 --only J7
runs 0 far-future-503+iat-ms --only J4-milliseconds

# Another figure breaks the D half of a clause.
runs 1 401-as-403 --only J1 --only J3
judged D
runs 1 400-as-422 --only B1
judged D
runs 1 basic-accepted --only J1
judged S
has 'FAILED J1-basic-pair-encoded'
runs 0 percent-uuid-apart --only T3
has 'WARNED T3-percent-encoded'

# A token's life, to the second, by the target's own Date.
by_date=(--only J6-by-date --only J6-second-by-date)
runs 0 latency-after "${by_date[@]}"
runs 1 latency-before+valid-at-300 "${by_date[@]}"
has 'a token that is 300 s old by'
runs 1 latency-after+refused-at-299 "${by_date[@]}"
has 'a token that is 299 s old by'
runs 1 ten-seconds-more "${by_date[@]}"
runs 0 no-date "${by_date[@]}"
has 'no Date, so the limit is not known'
runs 0 body-before-token "${by_date[@]}"
has 'only a write would show whether the token was accepted'
runs 0 gateway-date+clock-3-ahead "${by_date[@]}"
has 'WARNED J6-by-date'

# A number that is refused with 400 and stored.
runs 1 number-written --only B1-id-number
has 'FAILED B1-id-number'
has '  E1  D '
has 'was sent only in this request, and the list in the answer to the last request has it'
has 'heymarket-conformance token B1-id-number'
