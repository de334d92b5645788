# All six operations with Tcl's http, tcltls and tcllib.
package require http
package require tls
package require json
package require sha256
package require base64

proc wrong {what} { puts stderr $what; exit 1 }
proc b64url {data} { string trimright [string map {+ - / _} [base64::encode -maxlen 0 $data]] = }

set base https://api.heymarket.com
if {[info exists env(HEYMARKET_API_BASE_URL)]} { set base $env(HEYMARKET_API_BASE_URL) }
set bundle /etc/ssl/certs/ca-certificates.crt
if {[info exists env(SSL_CERT_FILE)]} { set bundle $env(SSL_CERT_FILE) }
http::register https 443 [list tls::socket -autoservername true -require true -cafile $bundle]

set id $env(HEYMARKET_API_SECRET_ID)
set signed "[b64url {{"alg":"HS256","typ":"JWT"}}].[b64url "{\"iss\":\"$id\",\"iat\":[clock seconds]}"]"
set authorization "Bearer $signed.[b64url [sha2::hmac -bin -key "$id||$env(HEYMARKET_API_SECRET_KEY)" $signed]]"

proc call {method path {value {}}} {
  set options [list -method $method -headers [list Authorization $::authorization] -timeout 20000]
  if {$value ne {}} {
    lappend options -type application/json -query "{\"channel_type\":\"email\",\"channel_id\":\"$value\"}"
  }
  set answer [http::geturl $::base$path {*}$options]
  set text [http::data $answer]
  if {![string match 2* [http::ncode $answer]]} {
    wrong "$method $path was answered with [http::code $answer][http::error $answer]: $text"
  }
  http::cleanup $answer
  return $text
}
proc emails {text} {
  set found {}
  foreach entry [json::json2dict $text] {
    if {[dict get $entry channel_type] eq {email}} { lappend found [dict get $entry channel_id] }
  }
  return $found
}

set channel /v2/contact/$env(HEYMARKET_CONTACT_ID)/channel
set created [call POST $channel tcl@example.com]
if {{tcl@example.com} ni [emails $created]} { wrong "the created channel is not in $created" }
set got [call GET $channel/email]
if {[dict get [json::json2dict $got] channel_id] ne {tcl@example.com}} { wrong "not the created channel: $got" }
set listed [call GET ${channel}s]
if {$listed ne $created} { wrong "the list $listed differs from $created" }
set updated [emails [call PUT $channel tcl.new@example.com]]
if {{tcl.new@example.com} ni $updated || {tcl@example.com} in $updated} { wrong "not the new value: $updated" }
call DELETE $channel/email
set inbox [lindex [json::json2dict [call GET /v1/inboxes]] 0]
if {![string is integer -strict [dict get $inbox id]] || [dict get $inbox name] eq {}} { wrong "no inboxes: $inbox" }
