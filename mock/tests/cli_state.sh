# --state sqlite:FILE, state export and state import.
need_python sqlite3
need_linux prlimit

heymarket-mock --state nowhere:file >out 2>err || true
grep -q 'sqlite:FILE' err || { echo 'skipped: built without SQLite'; exit 77; }

# refused TEXT ARG...: exits with 2 and one line on stderr that has TEXT.
refused() {
  exits 2 timeout 60 heymarket-mock "${@:2}"
  [ "$(wc -l <err)" = 1 ] || fail "not one line: $(cat err)"
  complains "$1"
}

# serve NAME ARG...: serves in the background; $pid, $url, and its stderr in NAME.err.
serve() {
  rm -f port
  heymarket-mock --listen 0 --port-file port --log none "${@:2}" 2>"$1.err" &
  pid=$!
  eventually grep -qs . port || fail "$1: $(cat "$1.err")"
  url=$(head -n 1 port)
}
stop() { kill "$pid"; wait "$pid" || fail "the mock exited with $?"; }
killed() { kill -KILL "$pid"; wait "$pid" || true; }

# asked METHOD PATH [BODY]: the answer in ./answer; prints the status.
asked() {
  curl -sS -o answer -D head -w '%{http_code}' -X "$1" -H 'Content-Type: application/json' \
    -H "Authorization: Bearer $token" ${3:+-d "$3"} "$url$2"
}
answers() { [ "$(asked "${@:2}")" = "$1" ] || fail "${*:2}: not $1: $(cat head answer)"; }
# shows PATH JSON-PART, lacks PATH JSON-PART
shows() { answers 200 GET "$1"; grep -qF -- "$2" answer || fail "$1 lacks $2: $(cat answer)"; }
lacks() { answers 200 GET "$1"; if grep -qF -- "$2" answer; then fail "$1 has $2: $(cat answer)"; fi; }

ada=ada0ada0-1815-4000-8000-00000000ada0
id=11111111-1111-4111-8111-111111111111 key=FakeKeyOfTeamOneFakeKeyOfTeamOne
sign() { token=$(HEYMARKET_API_SECRET_ID=$id HEYMARKET_API_SECRET_KEY=$key heymarket token sign); }
sign
cp "$HM_SOURCE/mock/tests/worlds/small.json" world.json
channel() { printf '{"channel_type":"%s","channel_id":"%s"}' "$1" "$2"; }

# What is not a file of ours is refused, and stays what it was.
refused 'expected the name of a file' --state sqlite:
refused 'expected the name of a file' --state sqlite::memory:
refused 'No such file or directory' --state sqlite:no/such.db
refused 'Is a directory' --state sqlite:.
mkfifo pipe
refused 'this is no file' --state sqlite:pipe
printf 'some notes, and many more of them: %0200d' 0 >notes.txt
cp notes.txt notes.before
refused 'is not a SQLite database' --state sqlite:notes.txt
cmp notes.txt notes.before || fail 'it was changed'
python3 -c 'import sqlite3; c = sqlite3.connect("other.db"); c.execute("CREATE TABLE a(b)"); c.commit()'
cp other.db other.before
refused 'of another program' --state sqlite:other.db
cmp other.db other.before || fail 'it was changed'
refused 'no.db: No such file' state export sqlite:no.db
[ ! -e no.db ] || fail 'an export made a file'

# All survives: channels, ids, clock, policy, rules and how often they were carried out.
umask 000
serve first --world world.json --state sqlite:a.db
[ "$(stat -c %a a.db a.db-wal 2>/dev/null | sort -u)" = 600 ] || fail "others can read it: $(ls -l a.db*)"
refused 'another program has this file open' --state sqlite:a.db
answers 200 POST "/v2/contact/$ada/channel" "$(channel email a@example.com)"
answers 200 POST "/v2/contact/$ada/channel" "$(channel email b@example.com)"
answers 200 PUT "/v2/contact/$ada/channel" "$(channel phone 14155550177)"
answers 200 DELETE "/v2/contact/$ada/channel/email"
answers 200 PUT /_mock/clock '{"offset_s":100}'
answers 200 PUT /_mock/policy '{"policy":{"success-status":"201"}}'
answers 200 PUT /_mock/faults '[{"operation":"channel_list","status":503,"times":1}]'
answers 503 GET "/v2/contact/$ada/channels"
boxed=$(asked POST /_mock/sandboxes '{"ttl_s":3600}')
[ "$boxed" = 201 ] || fail "no sandbox: $(cat answer)"
python3 -c 'import json; a = json.load(open("answer")); print(a["id"], a["env"]["HEYMARKET_CONTACT_ID"], a["env"]["HEYMARKET_API_SECRET_ID"],
a["env"]["HEYMARKET_API_SECRET_KEY"])' >boxed
read -r box box_contact box_id box_key <boxed
main_token=$token token=$(HEYMARKET_API_SECRET_ID=$box_id HEYMARKET_API_SECRET_KEY=$box_key heymarket token sign)
answers 201 POST /_mock/sandboxes '{"ttl_s":3600}'
python3 -c 'import json; print(json.load(open("answer"))["id"])' >gone
answers 200 POST "/v2/contact/$box_contact/channel" "$(channel email box@example.com)"
answers 200 PUT "/_mock/sandboxes/$box/clock" '{"offset_s":200}'
answers 200 DELETE "/_mock/sandboxes/$(cat gone)" '{}'
token=$main_token
killed
serve again --world world.json --state sqlite:a.db
shows "/_mock/contacts/$ada" a@example.com
shows "/_mock/contacts/$ada" 14155550177
lacks "/_mock/contacts/$ada" b@example.com
shows /_mock/clock '"offset_s":100'
shows /_mock/policy '"success-status":"201"'
shows /_mock/faults '"matched":1,"done":1'
answers 200 GET "/v2/contact/$ada/channels"
shows "/_mock/sandboxes/$box/contacts/$box_contact" box@example.com
shows "/_mock/sandboxes/$box/clock" '"offset_s":200'
answers 404 GET "/_mock/sandboxes/$(cat gone)"
answers 200 DELETE "/_mock/sandboxes/$box" '{}'
answers 404 GET "/_mock/sandboxes/$box"
answers 201 POST "/v2/contact/$ada/channel" "$(channel fax 1)"
grep -qF '"id":43' answer || fail "an id was given twice, or left out: $(cat answer)"

# The files are read again at SIGHUP, and nothing is lost.
kill -HUP "$pid"
eventually grep -q reloaded again.err || fail 'not reloaded'
[ "$(wc -l <again.err)" = 3 ] || fail "a warning: $(cat again.err)"
shows "/_mock/contacts/$ada" '"channel_type":"fax"'
stop

# Options win over what was kept; the file is served without its world file.
serve options --state sqlite:a.db --clock real --set success-status=200 --fault operation=inbox_list,status=500
lacks /_mock/clock offset_s
shows /_mock/policy '"success-status":"200"'
shows /_mock/faults '"status":500'
shows "/_mock/contacts/$ada" '"channel_type":"fax"'

# A reset goes back to the world as it was loaded, for good.
answers 200 POST /_mock/reset '{"what":["state"]}'
lacks "/_mock/contacts/$ada" '"channel_type":"fax"'
killed
serve reset --state sqlite:a.db
lacks "/_mock/contacts/$ada" '"channel_type":"fax"'
shows "/_mock/contacts/$ada" 14155550100
answers 200 POST "/v2/contact/$ada/channel" "$(channel fax 2)"
grep -qF '"id":41' answer || fail "not the first id: $(cat answer)"
stop

# A world file adds what is new, and says what it cannot change.
python3 - <<'END'
import json
world = json.load(open("world.json"))
team = world["teams"][0]
team["contacts"][0]["channels"] = []
team["contacts"].append({"name": "new", "uuid": "0e000e00-0000-4000-8000-000000000e00", "contact_id": 99})
world["teams"] = [team, {"team_id": 3, "name": "Three", "secrets": [{"id": "three", "key": "FakeKeyOfTeamThree00000000000003"}]}]
json.dump(world, open("newer.json", "w"))
team["contacts"][-1]["uuid"] = "0e000e00-0000-4000-8000-000000000e01"
team["contacts"][-1] |= {"name": "newer", "contact_id": 100, "channels": [
    {"id": 41, "team_id": 1, "contact_id": 100, "channel_type": "phone", "channel_id": "1", "info_channel": "", "channel_handle": "",
     "created": "2024-03-01T09:30:00Z", "updated": "2024-03-01T09:30:00Z"}]}
json.dump(world, open("clash.json", "w"))
END
serve newer --world newer.json --state sqlite:a.db
eventually grep -q 'contacts 1, fault rules no' newer.err || fail "no warning: $(cat newer.err)"
shows /_mock/contacts '"total":4'
shows "/_mock/contacts/$ada" 14155550100
stop
refused 'the id 41, which was given to a channel that was created' --world clash.json --state sqlite:a.db
serve kept --state sqlite:a.db
shows /_mock/contacts '"total":4'

# A full disk: 503, nothing is half there, and all goes on when there is room.
prlimit --fsize=1000: --pid "$pid"
answers 503 POST "/v2/contact/$ada/channel" "$(channel fax 3)"
grep -qi '^Retry-After: ' head || fail 'no Retry-After'
grep -q state-away answer || fail "no finding: $(cat answer)"
answers 503 PUT /_mock/clock '{"offset_s":5}'
lacks "/_mock/contacts/$ada" '"channel_id":"3"'
lacks /_mock/clock offset_s
answers 503 GET /_mock/health
grep -q '"status":"away".*"away":"' answer || fail "health does not say why: $(cat answer)"
prlimit --fsize=unlimited: --pid "$pid"
answers 200 GET /_mock/health
answers 200 POST "/v2/contact/$ada/channel" "$(channel fax 4)"
killed
serve room --state sqlite:a.db
shows "/_mock/contacts/$ada" '"channel_id":"4"'
lacks "/_mock/contacts/$ada" '"channel_id":"3"'
stop

# Export and import are each other's inverse.
exits 0 heymarket-mock state export sqlite:a.db
cp out exported.json
grep -q '"channel_id": "4"' exported.json || fail "not the channels as they are: $(cat exported.json)"
exits 0 heymarket-mock state import exported.json sqlite:b.db
exits 0 heymarket-mock state export sqlite:b.db
cmp out exported.json || fail 'the round trip changes it'
refused 'b.db has a world already' state import exported.json sqlite:b.db
exits 0 heymarket-mock state import "$HM_SOURCE/fixtures/worlds/default.json" sqlite:c.db
exits 0 heymarket-mock state export sqlite:c.db
python3 - "$HM_SOURCE/fixtures/worlds/default.json" <<'END' || fail 'an import changes the world'
import json, sys
exported, world = json.load(open("out")), json.load(open(sys.argv[1]))
sys.exit({**world, "v": 1} != {**exported, **{name: world[name] for name in world if name == "$schema"}})
END
serve imported --state sqlite:b.db
shows "/_mock/contacts/$ada" '"channel_id":"4"'
answers 200 POST "/v2/contact/$ada/channel" "$(channel fax 5)"
stop
printf '{"teams":[{"team_id":1,"name":"a","secrets":[{"id":"a","key":"b"}]}],"faults":[{"status":"x"}]}' >bad.json
refused 'bad.json:1:' state import bad.json sqlite:d.db
exits 0 heymarket-mock state import world.json sqlite:d.db

# Another version's file, and damaged ones.
cp b.db version.db
python3 -c 'import sqlite3; c = sqlite3.connect("version.db"); c.execute("PRAGMA user_version=99")'
refused 'has format 99' --state sqlite:version.db
cp b.db torn.db
python3 - <<'END'
with open("torn.db", "r+b") as file:
    file.seek(4096)
    file.write(b"\xff" * 3 * 4096)
END
refused 'is damaged' --state sqlite:torn.db
head -c 5000 b.db >short.db
refused 'is damaged' --state sqlite:short.db
# Texts are not checked before they are used.
cp b.db text.db
python3 -c 'import sqlite3; c = sqlite3.connect("text.db"); c.execute("UPDATE list SET text = ?", ("[{",)); c.commit()'
serve text --state sqlite:text.db
answers 500 GET "/v2/contact/$ada/channels"
grep -q 'is damaged' answer || fail "it does not say why: $(cat answer)"
answers 200 POST /_mock/reset '{}'
answers 200 GET "/v2/contact/$ada/channels"
stop
python3 -c 'import sqlite3; c = sqlite3.connect("text.db"); c.execute("UPDATE document SET text = ?", ("{",)); c.commit()'
refused 'may be damaged' --state sqlite:text.db
if [ "$(id -u)" != 0 ]; then
  cp b.db read-only.db && chmod 400 read-only.db
  refused 'Permission denied' --state sqlite:read-only.db
fi
