# The suite against a second implementation of the contract: a correct one and each legal variation pass, each planted
# fault is caught by a case that names the broken clause. HM_SAMPLE=1: a few of them, for builds that are slow.
need_python
server=$HM_SOURCE/conformance/tests/foreign_server.py
eval "$(python3 "$server" --environment)"
python3 "$server" --list >switches

# Compatible variations are combined; those that exclude each other run alone.
good='right
status-201+plain-text-errors+no-info-channel+extra-members+newest-first+fractional-times+clock-3-ahead+cookies+lenient-base64+options-204
status-202+empty-errors+no-handle+shuffled-members+chunked-answers+offset-times+clock-3-behind+typ-required+raw-letters+first-authorization+get-404
closes+charset-in-answer+plus-refused+any-media-type+unknown-contact-400+duplicate-refused+leeway-600+pretty-json+crit-ignored+nan-accepted+surrogates-accepted
http-1.0+lower-case-headers+plus-accepted+unknown-member-refused+unknown-contact-403+empty-value-accepted+exp-ignored+html-errors+bytes-replaced+bom-accepted
slow+leeway-0+clock-3-behind+big-ids+body-before-contact+upper-case-request-id+fractional-iat-refused+shuffled-order+small-letter-times+duplicate-409
silent-close+duplicate-kept+random-ids+nanoseconds+media-type-tight+capital-iss-accepted+trailing-slash+path-without-case+utf-16-accepted+nul-accepted
chunk-extensions+early-hints+zero-offset+media-type-capitals+www-authenticate+media-type-400+unknown-contact-410+members-without-case
closes-every-third+handle-filled+updated-moves+time-ordered-request-id+long-refused+controls-refused+duplicates-refused+body-before-token+any-future
busy+extra-members
busy-without-hint+newest-first'
[ -z "${HM_SAMPLE:-}" ] || good=$(echo "$good" | head -n 3)
while read -r kind name _; do
  [ "$kind" = fault ] || [ -n "${HM_SAMPLE:-}" ] || case "+$(echo "$good" | tr '\n' '+')" in
    *"+$name+"*) ;;
    *) good="$good
$name" ;;
  esac
done <switches

# All faults take minutes: HM_ALL_FAULTS=1. Otherwise every fourth one, always the same.
every=${HM_ALL_FAULTS:+1}; every=${every:-${HM_SAMPLE:+24}}
faults=$(awk -v every="${every:-4}" '$1 == "fault" && ++n % every == 0 { print $2 }' switches)
# shellcheck disable=SC2086
python3 "$server" --port-file all $good $faults verdict-cached &
await all
grep -v '^verdict-cached ' all >ports

# Finding a cached verdict requires waiting until the token has expired: here six seconds instead of twenty.
cp -r "$HM_SOURCE/fixtures" mine; rm -r mine/cases; mkdir mine/cases
cat >mine/cases/J6-life.json <<'END'
{ "clause": "J6", "title": "t", "token": { "claims": { "iat": { "offset": -295 } } },
  "cases": [ { "id": "J6-short", "says": "s", "steps": [
    { "expect": [{ "status": "2xx" }] },
    { "wait_s": 6, "request": { "connection": "new" }, "expect": [{ "status": 401 }] } ] } ] }
END
waits() { # EXIT NAME ARGUMENT...
  rc=0; want=$1; url=$(sed -n "s/^$2 //p" all); shift 2
  heymarket-conformance --fixtures mine --base-url "$url" "$@" >waited 2>&1 || rc=$?
  [ "$rc" = "$want" ] || { cat waited; echo "exit $rc, expected $want: $*"; exit 1; }
}
waits 0 verdict-cached
grep -q 'waits 6 s; add --slow' waited
waits 0 right --slow
waits 1 verdict-cached --slow
grep -q '^ *sleep 6$' waited

named() { # CLAUSE FILE: does a failure cite it?
  grep -qE "^  $1 +[SDA] " "$2"
}

judge() { # NAME URL: one line, "ok" or what is wrong
  out=out.$1 rc=0
  clause=$(awk -v name="$1" '$1 == "fault" && $2 == name { print $3 }' switches)
  if [ -n "$clause" ]; then
    # Usually the clause's own cases find it; otherwise run all.
    heymarket-conformance --base-url "$2" --only "$clause" --verbose >"$out" 2>&1 || rc=$?
    [ $rc = 1 ] && named "$clause" "$out" && rm "$out" && echo ok && return
    rc=0
  fi
  heymarket-conformance --base-url "$2" --verbose >"$out" 2>&1 || rc=$?
  if [ -z "$clause" ]; then
    # Again: the channels of the first run exist now.
    [ $rc != 0 ] || [ "${1#status-20}" = "$1" ] || heymarket-conformance --base-url "$2" --verbose >"$out" 2>&1 || rc=$?
    [ $rc = 0 ] && ! grep -qE '^(FAILED|BROKEN)' "$out" && grep -qE '^PASSED: ' <(tail -n 1 "$out") ||
      { echo "FALSE ALARM $1, exit $rc"; cat "$out"; return; }
  elif [ $rc != 1 ]; then
    echo "NOT CAUGHT $1 [$clause], exit $rc"
    return
  else
    named "$clause" "$out" || { echo "NOT NAMED $1 [$clause]"; return; }
  fi
  rm "$out"
  echo ok
}
export -f named
export -f judge
xargs -P 2 -L 1 bash -c 'judge "$0" "$1"' <ports >verdicts
least=90; [ -z "${HM_SAMPLE:-}" ] || least=15
total=$(wc -l <ports) ok=$(grep -c '^ok$' verdicts)
grep -v '^ok$' verdicts || true
echo "$ok of $total as they should be"
[ "$ok" = "$total" ] && [ "$total" -gt "$least" ]
