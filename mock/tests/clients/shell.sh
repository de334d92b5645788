#!/bin/sh
# All six operations with a program for the shell, the token by openssl:  shell.sh curl|wget|s_client
set -eu
program=$1
base=${HEYMARKET_API_BASE_URL:-https://api.heymarket.com}

wrong() { echo "$*" >&2; exit 1; }
b64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

signed=$(printf '{"alg":"HS256","typ":"JWT"}' | b64url).$(printf '{"iss":"%s","iat":%s}' "$HEYMARKET_API_SECRET_ID" "$(date +%s)" | b64url)
signature=$(printf %s "$signed" | openssl dgst -sha256 -binary -hmac "$HEYMARKET_API_SECRET_ID||$HEYMARKET_API_SECRET_KEY" | b64url)
authorization="Authorization: Bearer $signed.$signature"
json='Content-Type: application/json'

# call METHOD PATH [CHANNEL_ID]: the answer's body in $answer.
call() {
  body=${3:+'{"channel_type":"email","channel_id":"'$3'"}'}
  case $program in
    curl) answer=$(curl -sS --fail-with-body -X "$1" -H "$authorization" ${body:+-H "$json" -d "$body"} "$base$2") ;;
    wget) answer=$(wget -nv -O - --tries 1 --method "$1" --header "$authorization" ${body:+--header "$json" --body-data "$body"} "$base$2") ;;
    s_client)
      host=${base#https://}
      answer=$(printf '%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n%s\r\nContent-Length: %s\r\n\r\n%s' \
        "$1" "$2" "$host" "$authorization" "$json" "${#body}" "$body" |
        openssl s_client -quiet -verify_quiet -verify_return_error -servername "${host%:*}" -connect "$(with_port "$host")")
      answer=$(printf %s "$answer" | tr -d '\r')
      case $answer in
        'HTTP/1.1 2'*) answer=$(printf %s "$answer" | sed '1,/^$/d') ;;
        *) false ;;
      esac ;;
  esac || wrong "$1 $2 was answered with: $answer"
}
with_port() { case $1 in *:*) echo "$1" ;; *) echo "$1:443" ;; esac; }
# holds TEXT, lacks TEXT: what $answer must hold and must not.
holds() { case $answer in *"$1"*) ;; *) wrong "no $1 in $answer" ;; esac; }
lacks() { case $answer in *"$1"*) wrong "$1 is in $answer" ;; esac; }

channel=/v2/contact/$HEYMARKET_CONTACT_ID/channel
first=$program@example.com
second=$program.new@example.com
call POST "$channel" "$first"
holds "\"$first\""
created=$answer
call GET "$channel/email"
holds "\"$first\""
call GET "${channel}s"
[ "$answer" = "$created" ] || wrong "the list $answer differs from $created"
call PUT "$channel" "$second"
holds "\"$second\""
lacks "\"$first\""
call DELETE "$channel/email"
call GET /v1/inboxes
holds '"name"'
