# The GitHub action, GitLab's template and the make include: installed programs, a package, a passing and a failing command,
# values with spaces and quotes, and values that would be commands if they were part of a script.
need_python yaml

emulate() { got=0; python3 "$HM_SOURCE/ci/action/emulate.py" "$@" || got=$?; }
shown() { fail "$1: exit $got: $(cat log outputs summary 2>/dev/null)"; }
output() { python3 -c 'import json, sys; print(json.load(open("outputs"))[sys.argv[1]])' "$1"; }

cat >post <<'END'
curl -sS -o /dev/null -H "Authorization: Bearer $(heymarket token sign)" -H 'Content-Type: application/json' \
  -d "{\"channel_type\":\"email\",\"channel_id\":\"$1\"}" "$HEYMARKET_API_BASE_URL/v2/contact/${2:-$HEYMARKET_CONTACT_ID}/channel"
END
mkdir -p prefix/bin "a folder"
ln -s "$HM_BIN"/heymarket* prefix/bin
action=$HM_SOURCE/ci/action

# Passing: two lines, quotes, a report whose name has a space.
emulate github "$action" '{"prefix": "'"$PWD"'/prefix", "command": "sh ../post '"'"'a b@example.com'"'"'\nsh ../post \"c@example.com\"", "expect": "2",
  "working-directory": "a folder", "report": "a report.xml\r\nanother.html\n", "options": "--set=typ=reject\n--strict", "fail-on": "refused, warned"}'
[ "$got" = 0 ] || shown passing
[ -s "a folder/a report.xml" ] && [ -s "a folder/another.html" ] || shown 'passing: no reports'
[ "$(output exit-code) $(output verdict) $(output requests) $(output accepted) $(output refused)" = '0 good 2 2 0' ] || shown passing
[ -s "$(output report-json)" ] || shown 'passing: no report-json'
grep -q '^## heymarket-mock run: Good' summary || shown passing
grep -q 'heymarket-mock [0-9.]* in ' log || shown 'passing: no version'

# Failing: a request is refused, which is seen in summary, outputs and annotations; the command's own code is passed on.
emulate github "$action" '{"prefix": "'"$PWD"'/prefix", "command": "sh post a@example.com no-uuid"}'
[ "$got" = 1 ] || shown failing
[ "$(output exit-code) $(output verdict) $(output refused)" = '1 failed 1' ] || shown failing
grep -q '#### B7' summary && grep -q '^::error title=B7' log || shown failing
# In the gate, one value that would be a command.
emulate github "$action" '{"prefix": "'"$PWD"'/prefix", "command": "true", "report": "$(touch pwned)"}'
[ ! -e pwned ] || fail 'the input report ran'

whole() {
emulate github "$action" '{"prefix": "'"$PWD"'/prefix", "command": "false\ntouch went-on", "expect": "", "summary": "false"}'
[ "$got" = 1 ] && [ ! -e went-on ] && [ ! -s summary ] || shown 'stops at the first line that fails'
emulate github "$action" '{"prefix": "'"$PWD"'/prefix", "command": "exit 7", "expect": "", "fail-on": ""}'
[ "$got" = 7 ] && [ "$(output exit-code)" = 7 ] || shown 'the code of the command'
emulate github "$action" '{"prefix": "'"$PWD"'/prefix", "command": ""}'
[ "$got" != 0 ] || shown 'no command'

# Nothing but the command is a command.
inputs='fail-on expect allow report options working-directory summary version sha256 package'
for input in $inputs; do
  for value in '$(touch pwned)' '`touch pwned`' '; touch pwned #' '" ; touch pwned; "' "' ; touch pwned; '" $'\ntouch pwned' '-- touch pwned'; do
    [ "$input" != working-directory ] || mkdir -p -- "$value"
    json=$(python3 -c 'import json, sys; print(json.dumps({"prefix": sys.argv[1], "command": "true", sys.argv[2]: sys.argv[3]}))' \
      "$PWD/prefix" "$input" "$value")
    emulate github "$action" "$json"
    [ ! -e pwned ] && [ ! -e temp/pwned ] || fail "the input $input ran: $value"
  done
done

# A package: with and without a folder of its own, with the right and a wrong checksum, a wrong version; what is no package.
version=$(heymarket-mock --version | sed -n '1s/heymarket-mock //p')
mkdir -p "made/heymarket-$version/bin"
cp "$HM_BIN/heymarket-mock" "made/heymarket-$version/bin/"
tar -C made -czf package.tar.gz "heymarket-$version"
sum=$(sha256sum <package.tar.gz | cut -d' ' -f1)
for row in "0 package.tar.gz $sum $version" "2 package.tar.gz ${sum%?????}00000 $version" "2 package.tar.gz $sum 9.9.9" "2 none.tar.gz $sum $version" \
  "2 post $(sha256sum <post | cut -d' ' -f1) $version" "2 http://127.0.0.1:1/p $sum $version"; do
  # shellcheck disable=SC2086 # words
  set -- $row
  rm -rf temp
  emulate github "$action" '{"package": "'"$2"'", "sha256": "'"$3"'", "version": "'"$4"'", "command": "true", "expect": ""}'
  [ "$got" = "$1" ] || shown "$row"
done
emulate github "$action" '{"package": "https://127.0.0.1:1/p", "command": "true"}'
[ "$got" = 2 ] && grep -q 'needs the input sha256' log || shown 'a URL without a checksum'

# GitLab.
template=$HM_SOURCE/ci/gitlab/heymarket.yml
for when in text nodes; do
  rm -f heymarket.* && rm -rf temp
  HM_PREFIX=$PWD/prefix PATH=$PATH TMPDIR=$PWD emulate gitlab "$template" \
    '{"job": "tests: all", "command": "sh post '"'"'a b@example.com'"'"' && sh post \"c$$@example.com\" # : {", "expect": "2", "package": "'"$PWD"'/package.tar.gz"}' $when
  [ "$got" = 0 ] && [ -s heymarket.xml ] && [ -s heymarket.html ] && [ -s heymarket.md ] || shown "gitlab, $when"
  emulate gitlab "$template" '{"command": "sh post a@example.com no-uuid", "package": "'"$PWD"'/package.tar.gz"}' $when
  [ "$got" = 1 ] && grep -q 'B7' heymarket.md || shown "gitlab, $when, failing"
done
}
[ -n "${HM_SAMPLE-}" ] || whole

# make.
command -v make >/dev/null || { echo 'not tried: no make'; exit 0; }
cat >Makefile <<END
include $HM_SOURCE/ci/heymarket.mk
test:
	sh post 'a b@example.com'
bad:
	sh post a@example.com no-uuid
END
exits 0 make heymarket-test
complains '1 request: 1 accepted, 0 refused'
exits 2 make heymarket-bad
complains 'B7 contact-id-not-uuid'
exits 0 make heymarket HEYMARKET_COMMAND="sh post 'a b@example.com'; sh post \"it's@example.com\"" HEYMARKET_EXPECT=2 HEYMARKET_REPORT="it's a \"report\".html" \
  HEYMARKET_OPTIONS='--strict --set=typ=reject' HEYMARKET_FAIL_ON='refused warned'
[ -s "it's a \"report\".html" ] || fail 'make: no report'
exits 2 make heymarket HEYMARKET_COMMAND='exit 3'
exits 2 make heymarket
complains 'set HEYMARKET_COMMAND'
exits 2 make heymarket HEYMARKET_COMMAND=true HEYMARKET_EXPECT='; touch pwned' HEYMARKET_OPTIONS='`touch pwned`' HEYMARKET_FAIL_ON='$$(touch pwned)'
[ ! -e pwned ] || fail 'make: a value ran'

# The schema of the vendor's, if its validator is installed (npm: @action-validator/cli).
if command -v action-validator >/dev/null; then action-validator "$action/action.yml" || fail 'action.yml does not match its schema'; fi
