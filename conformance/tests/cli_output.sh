# Output that cannot be written: a full disk is not our own fault, and a reader that left ends every program in silence.
quiet() { # COMMAND...: its reader leaves at once
  got=0
  "$@" 2>err > >(exec 0<&-) || got=$?
  [ "$got" = 141 ] || [ "$got" = 0 ] || fail "$*: exit $got"
  no_complaints
}
mkfifo pipe
left() { # COMMAND...: the reader has left before anything is written
  exec 3<>pipe 4>pipe 3<&-
  got=0
  "$@" >&4 2>err || got=$?
  exec 4>&-
  [ "$got" = 141 ] || fail "$*: exit $got, expected 141: $(cat err)"
  no_complaints
}
full() { # COMMAND...
  got=0
  "$@" >/dev/full 2>err || got=$?
  [ "$got" = 2 ] || fail "$*: exit $got on a full disk, expected 2"
  grep -q 'cannot be written' err || fail "$*: $(cat err)"
}
export HEYMARKET_API_SECRET_ID=74f80a77-9b3f-44ac-b3ad-ab68cfb548fa HEYMARKET_API_SECRET_KEY=cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK
each() {
  "$1" heymarket-conformance list
  "$1" heymarket-conformance list --format json
  "$1" heymarket-conformance run --only J5-join-colon
  "$1" heymarket-conformance run --only J5-join-colon --format tap
  "$1" heymarket-mock --misbehave list
  "$1" heymarket-mock --help
  "$1" heymarket token sign
}
each quiet
each left
[ ! -w /dev/full ] || each full
