# The suite against a second implementation of the contract: a right one and each legal variation pass, each planted
# fault is caught by a case that names the broken clause.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
export PYTHONDONTWRITEBYTECODE=1
server=$HM_SOURCE/conformance/tests/foreign_server.py
eval "$(python3 "$server" --environment)"
python3 "$server" --list >switches

# Variations go well together; those that exclude each other stand apart.
good='right
status-201+plain-text-errors+no-info-channel+extra-members+newest-first+fractional-times+clock-3-ahead
status-202+empty-errors+no-handle+shuffled-members+chunked-answers+offset-times+clock-3-behind+typ-required
closes+charset-in-answer+plus-refused+any-media-type+unknown-contact-400+duplicate-refused+leeway-600
http-1.0+lower-case-headers+plus-accepted+unknown-member-refused+unknown-contact-403+empty-value-accepted+exp-ignored
slow+leeway-0+clock-3-behind+big-ids+body-before-contact+upper-case-request-id+fractional-iat-refused
silent-close+duplicate-kept'
while read -r kind name _; do
  [ "$kind" = fault ] || case "+$(echo "$good" | tr '\n' '+')" in
    *"+$name+"*) ;;
    *) good="$good
$name" ;;
  esac
done <switches

# shellcheck disable=SC2046
python3 "$server" --port-file ports $good $(awk '$1 == "fault" { print $2 }' switches) &
trap 'kill $! 2>/dev/null' EXIT
for _ in $(seq 600); do
  [ -f ports ] && break
  sleep 0.05
done

judge() { # NAME URL: one line, "ok" or what is wrong
  out=out.$1 rc=0
  heymarket-conformance --base-url "$2" >"$out" 2>&1 || rc=$?
  clause=$(awk -v name="$1" '$1 == "fault" && $2 == name { print $3 }' switches)
  if [ -z "$clause" ]; then
    # Again: what the first run wrote is there now.
    [ $rc != 0 ] || heymarket-conformance --base-url "$2" >"$out" 2>&1 || rc=$?
    [ $rc = 0 ] && ! grep -qE '^(FAILED|BROKEN)' "$out" && [ "$(tail -n 1 "$out")" = PASSED ] ||
      { echo "FALSE ALARM $1, exit $rc"; cat "$out"; return; }
  elif [ $rc != 1 ]; then
    echo "NOT CAUGHT $1 [$clause], exit $rc"
    return
  else
    grep -qE "^  $clause +[SDA] " "$out" || { echo "NOT NAMED $1 [$clause]"; return; }
  fi
  rm "$out"
  echo ok
}
export -f judge
xargs -P 2 -L 1 bash -c 'judge "$0" "$1"' <ports >verdicts
total=$(wc -l <ports) ok=$(grep -c '^ok$' verdicts)
grep -v '^ok$' verdicts || true
echo "$ok of $total as they should be"
[ "$ok" = "$total" ] && [ "$total" -gt 100 ]
