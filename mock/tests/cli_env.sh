# heymarket-mock env: what `run` would set, for a mock that is running, in the words of each shell.
heymarket-mock serve --listen 0 --port-file port --log none &
await port
url=$(head -n 1 port)
wanted() { printf '%s\n' HEYMARKET_API_BASE_URL HEYMARKET_API_SECRET_ID HEYMARKET_API_SECRET_KEY HEYMARKET_CONTACT_ID \
  HEYMARKET_EMPTY_CONTACT_ID HEYMARKET_MOCK_CONTROL_URL HEYMARKET_MOCK_URL HEYMARKET_OTHER_TEAM_CONTACT_ID \
  HEYMARKET_SECOND_SECRET_ID HEYMARKET_SECOND_SECRET_KEY; }

# The same names and values as run gives its command, but for the port.
heymarket-mock run -- env | grep '^HEYMARKET_' | sed 's/:[0-9][0-9]*//' | sort >run.env
(eval "$(heymarket-mock env --port-file port)"; env | grep '^HEYMARKET_') | sed 's/:[0-9][0-9]*//' | sort >sh.env
cmp run.env sh.env || { diff run.env sh.env; fail 'env and run differ'; }
wanted | cmp - <(cut -d= -f1 sh.env) || fail 'not all variables'
exits 0 heymarket-mock env --url "$url"
has '# contact ada: ada0ada0-1815-4000-8000-00000000ada0'
has "export HEYMARKET_MOCK_CONTROL_URL='$url/_mock'"
has "export NO_PROXY='"
HEYMARKET_MOCK_URL=$url exits 0 heymarket-mock env
NO_PROXY=example.com no_proxy='' exits 0 heymarket-mock env --url "$url"
has "export NO_PROXY='example.com,127.0.0.1,localhost,::1'"
exits 0 heymarket-mock env --url "$url" --shell fish
has "set -gx HEYMARKET_MOCK_URL '$url';"
exits 0 heymarket-mock env --url "$url" --shell powershell
has "\$env:HEYMARKET_MOCK_URL = '$url'"
exits 0 heymarket-mock env --url "$url" --shell dotenv
has "HEYMARKET_MOCK_URL='$url'"
exits 0 heymarket-mock env --url "$url" --shell json
has '"HEYMARKET_MOCK_URL": "'"$url"'"'
has '"ada": "ada0ada0-1815-4000-8000-00000000ada0"'

# Keys that a shell would read otherwise.
cat >odd.json <<'EOF'
{ "teams": [ { "team_id": 1, "name": "One", "secrets": [ { "id": "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa", "key": "it's $HOME `id` \\ \"x\" \\n" } ],
  "contacts": [ { "uuid": "ada0ada0-1815-4000-8000-00000000ada0", "contact_id": 1, "channels": [] } ] } ] }
EOF
heymarket-mock serve --listen 0 --port-file odd --log none --world odd.json &
await odd
key=$(jq -r .teams[0].secrets[0].key odd.json 2>/dev/null || printf '%s' "it's \$HOME \`id\` \\ \"x\" \\n")
(eval "$(heymarket-mock env --port-file odd)"; [ "$HEYMARKET_API_SECRET_KEY" = "$key" ]) || fail 'sh'
if command -v fish >/dev/null; then
  [ "$(fish -c 'eval (heymarket-mock env --shell fish --port-file odd); printf %s $HEYMARKET_API_SECRET_KEY')" = "$key" ] || fail 'fish'
fi
if command -v node >/dev/null && node -e 'process.exit(require("util").parseEnv ? 0 : 1)'; then
  heymarket-mock env --shell dotenv --url "$url" >plain.dotenv
  node -e 'const e = require("util").parseEnv(require("fs").readFileSync("plain.dotenv", "utf8"));
    process.exit(e.HEYMARKET_MOCK_URL === process.argv[1] ? 0 : 1)' "$url" || fail 'dotenv'
fi

# What is not a mock, and who may not ask.
exits 3 heymarket-mock env --url http://127.0.0.1:1
complains 'does not answer'
exits 3 heymarket-mock env --port-file nowhere
exits 2 heymarket-mock env --url nonsense
exits 2 heymarket-mock env --shell csh
heymarket-mock serve --listen 0 --port-file off --log none --control off &
await off
exits 1 heymarket-mock env --port-file off
complains 'answers 403: the control plane is off: --control off was given'

# A path of the control plane without /_mock is explained, and not counted.
[ "$(curl -sS -o body -w '%{http_code}' "$url/health")" = 404 ]
grep -q '/_mock/' body || fail 'the prefix is not named'
curl -sS "$url/journal" -o body; curl -sS "$url/contacts/ada" -o body
curl -sS "$url/_mock/health" | grep -q '"requests":0' || fail 'it was counted'
exits 0 heymarket-mock run --fail-on refused --fail-on unmatched -- sh -c 'curl -sS "$HEYMARKET_MOCK_URL/health" "$HEYMARKET_MOCK_CONTROL_URL/health"'

# Contacts by name, and their list in pages.
curl -sS "$url/_mock/contacts/ada" | grep -q '"uuid":"ada0ada0-' || fail 'a contact by its name'
curl -sS "$url/_mock/contacts/nobody" | grep -q 'no contact has this UUID or name' || fail 'an unknown name'
curl -sS "$url/_mock/contacts" >all
grep -q '"name":"ada"' all || fail 'no names'
total=$(grep -o '"total":[0-9]*' all | cut -d: -f2) offset=0
while [ "$offset" -lt "$total" ]; do
  curl -sS "$url/_mock/contacts?limit=2&offset=$offset" | grep -o '"uuid":"[^"]*"' >>paged
  offset=$((offset + 2))
done
grep -o '"uuid":"[^"]*"' all | cmp - paged || fail 'the pages are not the list'
curl -sS "$url/_mock/contacts?limit=2" | grep -q '"next":"/_mock/contacts?offset=2&limit=2"' || fail 'no next page'
curl -sS "$url/_mock/contacts?offset=999999" | grep -q '"contacts":\[\]' || fail 'past the end'
for query in limit=0 limit=1001 offset=-1 offset=x page=1; do
  [ "$(curl -sS -o body -w '%{http_code}' "$url/_mock/contacts?$query")" = 400 ] || fail "$query"
done

# run replaces what leads elsewhere and says so; other variables of the user stay.
HEYMARKET_API_BASE_URL=https://api.example.com HEYMARKET_EMPTY_CONTACT_ID=x HEYMARKET_REGION=eu exits 0 heymarket-mock run -- env
has HEYMARKET_REGION=eu
complains 'set in your environment, but replaced or removed for CMD: HEYMARKET_API_BASE_URL HEYMARKET_EMPTY_CONTACT_ID'
! grep -q REGION err || fail 'a variable that stays is named'
