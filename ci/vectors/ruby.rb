# Tokens as Ruby code makes them: ruby-jwt (Debian's package), and OpenSSL by hand. Run by ci/vectors/make.
require 'base64'
require 'cgi'
require 'erb'
require 'json'
require 'jwt'
require 'openssl'
require 'zlib'

ID, KEY, SECOND_ID, SECOND_KEY = ENV.values_at('SECRET_ID', 'SECRET_KEY', 'SECOND_ID', 'SECOND_KEY')
SECRET = "#{ID}||#{KEY}"
OPEN = :open # as `also`: whatever else is found
NO_TYP = ['J9 typ-missing'].freeze # ruby-jwt writes no typ by itself
TYP = { typ: 'JWT' }.freeze

# The block gets the claims and says the token. age: now - iat in seconds.
def vector(file, name, expect, also: [], age: 7, iss: ID, note: nil, by: 'ruby-jwt')
  iat = ENV['IAT'].to_i + Zlib.crc32(name) % 1_000_000
  made = yield({ iss: iss, iat: iat })
  line = { file: file, name: name, now: iat + age, expect: expect, note: note, made_by: "ruby #{by}" }
  line[:also] = also == OPEN ? nil : also
  puts JSON.generate(made.is_a?(Hash) ? line.merge(made) : line.merge(token: made))
end

def good(name, **options, &make) = vector('published', name, 'good', **options, &make)
def published(name, expect, **options, &make) = vector('published', name, expect, **options, &make)
def mistake(name, expect, **options, &make) = vector('mistakes', name, expect, **options, &make)

def encode(claims, secret = SECRET, header = TYP) = JWT.encode(claims, secret, 'HS256', header)

def b64url(data) = Base64.urlsafe_encode64(data, padding: false)

def input(claims) = "#{b64url('{"alg":"HS256","typ":"JWT"}')}.#{b64url(claims.to_json)}"

# Without a library: the block encodes the digest.
def by_hand(claims, secret = SECRET, hash = 'SHA256')
  "#{input(claims)}.#{yield OpenSSL::HMAC.digest(hash, secret, input(claims))}"
end

HAND = { by: 'openssl' }.freeze

# --- good tokens ---
good('good-ruby-jwt') { |c| encode(c) }
good('good-ruby-jwt-without-typ', also: NO_TYP) { |c| encode(c, SECRET, {}) }
good('good-ruby-jwt-symbols-and-extra-claims') { |c| encode({ **c, scope: %i[read write], nested: { a: [nil, 1.5] } }) }
good('good-ruby-jwt-second-secret', iss: SECOND_ID) { |c| encode(c, "#{SECOND_ID}||#{SECOND_KEY}") }
good('good-ruby-jwt-kid', also: NO_TYP) { |c| encode(c, SECRET, { kid: ID }) }
good('good-ruby-by-hand', **HAND) { |c| by_hand(c) { |digest| b64url(digest) } }
good('good-ruby-pretty-json', **HAND) do |c|
  text = [{ alg: 'HS256', typ: 'JWT' }, c].map { |part| b64url(JSON.pretty_generate(part)) }.join('.')
  "#{text}.#{b64url(OpenSSL::HMAC.digest('SHA256', SECRET, text))}"
end
good('good-ruby-time-now-to-f-rounded') { |c| encode({ **c, iat: (c[:iat] + 0.4).round }) }
good('ruby-time-now-to-f', also: ['J4 iat-fractional']) { |c| encode({ **c, iat: c[:iat] + 0.731 }) }
good('typ-lower-case-ruby-jwt', also: ['J9 typ-unexpected']) { |c| encode(c, SECRET, { typ: 'jwt' }) }

# --- claims and header ---
published('iss-nil-ruby-jwt', 'J3 iss-not-string') { |c| encode({ **c, iss: ENV['NO_SUCH_ID'] }) }
published('iss-key-ruby-jwt', 'J3 iss-is-key') { |c| encode({ **c, iss: KEY }) }
published('iss-signing-secret-ruby-jwt', 'J3 iss-is-signing-secret') { |c| encode({ **c, iss: SECRET }) }
published('iss-newline-ruby-file-read', 'J3 iss-has-whitespace') { |c| encode({ **c, iss: "#{ID}\n" }) }
published('iss-inspect-ruby', 'J3 iss-wrapped') { |c| encode({ **c, iss: ID.inspect }) }
published('iss-upcase-ruby-jwt', 'J3 iss-letter-case') { |c| encode({ **c, iss: ID.upcase }) }
published('iss-missing-ruby-jwt', 'J3 iss-missing', also: NO_TYP) { |c| encode({ iat: c[:iat] }, SECRET, {}) }
published('iat-to-s-ruby', 'J4 iat-string', **HAND) { |c| by_hand({ **c, iat: c[:iat].to_s }) { |d| b64url(d) } }
published('iat-time-object-ruby', 'J4 iat-string', **HAND) do |c|
  by_hand({ **c, iat: Time.at(c[:iat]).utc }) { |d| b64url(d) }
end
published('iat-milliseconds-ruby-jwt', 'J4 iat-milliseconds') { |c| encode({ **c, iat: (c[:iat] * 1000.0).to_i }) }
published('iat-missing-ruby-jwt', 'J4 iat-missing') { |c| encode({ iss: c[:iss], exp: c[:iat] + 300 }) }
published('expired-ruby-jwt-signed-at-start-up', 'J6 expired', age: 86_400 * 2 + 333) { |c| encode(c) }
published('expired-ruby-jwt-without-typ', 'J6 expired', age: 400, also: NO_TYP) { |c| encode(c, SECRET, {}) }
good('exp-an-hour-ruby-jwt', also: ['J8 lifetime-over-five-minutes']) { |c| encode({ **c, exp: c[:iat] + 3600 }) }
published('exp-nil-ruby-jwt', 'J8 exp-not-number', **HAND) { |c| by_hand({ **c, exp: nil }) { |d| b64url(d) } }
published('alg-hs384-ruby-jwt', 'J2 alg-unsupported', also: OPEN) { |c| JWT.encode(c, SECRET, 'HS384', TYP) }
published('alg-hs512-ruby-jwt', 'J2 alg-unsupported', also: OPEN) { |c| JWT.encode(c, SECRET, 'HS512') }
published('alg-none-ruby-jwt', 'J2 alg-none', also: OPEN) { |c| JWT.encode(c, nil, 'none') }
published('payload-string-ruby-jwt', 'J2 segment-encoded-twice', also: OPEN) do |c|
  JWT.encode(c.to_json, SECRET, 'HS256', TYP)
end
published('payload-inspect-ruby', 'J2 payload-not-json', also: OPEN, **HAND) do |c|
  text = "#{b64url('{"alg":"HS256","typ":"JWT"}')}.#{b64url(c.inspect)}"
  "#{text}.#{b64url(OpenSSL::HMAC.digest('SHA256', SECRET, text))}"
end
published('bearer-nil-ruby', 'J1 token-missing', also: OPEN) { { authorization: "Bearer #{ENV['NO_SUCH_TOKEN']}" } }
published('bearer-inspect-ruby', 'J1 bearer-quoted', also: OPEN) do |c|
  { authorization: "Bearer #{encode(c).inspect}" }
end
published('token-encode64-newline-ruby', 'J1 token-whitespace', **HAND) do |c|
  by_hand(c) { |digest| Base64.encode64(digest).tr('+/', '-_').delete('=') }
end

# --- the secret ---
mistake('id-alone-ruby-jwt-or', 'J5 secret-id-alone') { |c| encode(c, ID || KEY) }
mistake('id-alone-ruby-jwt-or-interpolated', 'J5 secret-id-alone') { |c| encode(c, "#{ID || KEY}") }
mistake('key-alone-ruby-jwt', 'J5 secret-key-alone') { |c| encode(c, KEY) }
mistake('key-alone-ruby-jwt-without-typ', 'J5 secret-key-alone', also: NO_TYP) { |c| encode(c, KEY, {}) }
mistake('joined-with-nothing-ruby-jwt', 'J5 secret-joined-with-nothing') { |c| encode(c, [ID, KEY].join) }
mistake('joined-with-one-pipe-ruby-jwt', 'J5 secret-joined-with-pipe') { |c| encode(c, [ID, KEY] * '|') }
mistake('joined-with-colon-ruby-jwt', 'J5 secret-joined-with-colon') { |c| encode(c, [ID, KEY].join(':')) }
mistake('joined-with-four-pipes-ruby-jwt', 'J5 secret-joined-with-other') { |c| encode(c, "#{ID}||||#{KEY}") }
mistake('joined-with-double-slash-ruby-jwt', 'J5 secret-joined-with-other') { |c| encode(c, "#{ID}//#{KEY}") }
mistake('joined-with-at-ruby-jwt', 'J5 secret-joined-with-other') { |c| encode(c, "#{ID}@#{KEY}") }
mistake('swapped-ruby-jwt', 'J5 secret-swapped') { |c| encode(c, "#{KEY}||#{ID}") }
mistake('pipes-escaped-ruby-jwt', 'J5 secret-pipes-escaped') { |c| encode(c, "#{ID}\\|\\|#{KEY}") }
mistake('pipes-escaped-ruby-regexp', 'J5 secret-pipes-escaped',
        also: OPEN, note: 'Regexp.escape: the hyphens too') do |c|
  encode(c, Regexp.escape(SECRET))
end
mistake('pipes-percent-encoded-ruby-cgi', 'J5 secret-pipes-percent-encoded') { |c| encode(c, CGI.escape(SECRET)) }
mistake('pipes-percent-encoded-ruby-erb', 'J5 secret-pipes-percent-encoded') do |c|
  encode(c, ERB::Util.url_encode(SECRET))
end
mistake('newline-ruby-jwt-gets', 'J5 secret-whitespace') { |c| encode(c, "#{SECRET}\n") }
mistake('newline-ruby-jwt-heredoc', 'J5 secret-whitespace') do |c|
  encode(c, <<~TEXT)
    #{SECRET}
  TEXT
end
mistake('newline-ruby-jwt-lines', 'J5 secret-whitespace') { |c| encode(c, "#{ID}\n#{KEY}\n".lines.join('||')) }
mistake('carriage-return-ruby-jwt-chop', 'J5 secret-whitespace') { |c| encode(c, "#{SECRET}\r\n".delete_suffix("\n")) }
mistake('blank-ruby-jwt-split', 'J5 secret-whitespace') { |c| encode(c, "secret: #{SECRET}".split(':', 2).last) }
mistake('quoted-ruby-jwt-inspect', 'J5 secret-quoted') { |c| encode(c, SECRET.inspect) }
mistake('quoted-ruby-jwt-to-json-halves', 'J5 secret-quoted') { |c| encode(c, "#{ID.to_json}||#{KEY.to_json}") }
mistake('quoted-ruby-jwt-yaml-single', 'J5 secret-quoted') { |c| encode(c, "'#{SECRET}'") }
mistake('bom-ruby-jwt', 'J5 secret-bom') { |c| encode(c, "\u{feff}#{SECRET}") }
mistake('letter-case-ruby-jwt-upcase', 'J5 secret-letter-case') { |c| encode(c, SECRET.upcase) }
mistake('letter-case-ruby-jwt-downcase', 'J5 secret-letter-case') { |c| encode(c, SECRET.downcase) }
mistake('letter-case-ruby-jwt-key-upcase', 'J5 secret-letter-case') { |c| encode(c, "#{ID}||#{KEY.upcase}") }
mistake('hex-decoded-ruby-pack', 'J5 secret-hex-decoded', note: 'takes every character for a digit: 35 bytes') do |c|
  encode(c, [SECRET].pack('H*'))
end
mistake('key-hex-decoded-ruby-pack', 'J5 key-hex-decoded') { |c| encode(c, "#{ID}||".b + [KEY].pack('H*')) }
mistake('key-alone-hex-decoded-ruby-pack', 'J5 key-hex-decoded') { |c| encode(c, [KEY].pack('H*')) }
mistake('base64-decoded-ruby-decode64', 'J5 secret-base64-decoded', note: '48 bytes') do |c|
  encode(c, Base64.decode64(SECRET))
end
mistake('base64-decoded-ruby-unpack', 'J5 secret-base64-decoded') { |c| encode(c, SECRET.unpack1('m')) }
mistake('key-base64-decoded-ruby', 'J5 key-base64-decoded') { |c| encode(c, "#{ID}||".b + Base64.strict_decode64(KEY)) }
mistake('key-alone-base64-decoded-ruby', 'J5 key-base64-decoded') { |c| encode(c, Base64.decode64(KEY)) }
mistake('base64-encoded-ruby-strict', 'J5 secret-base64-encoded') { |c| encode(c, Base64.strict_encode64(SECRET)) }
mistake('base64-encoded-ruby-encode64', 'J5 secret-base64-encoded',
        also: OPEN, note: 'a newline after each 60 characters') do |c|
  encode(c, Base64.encode64(SECRET))
end
mistake('base64-encoded-ruby-urlsafe', 'J5 secret-base64-encoded') do |c|
  encode(c, Base64.urlsafe_encode64(SECRET, padding: false))
end
mistake('hex-encoded-ruby', 'J5 secret-hex-encoded') { |c| encode(c, SECRET.unpack1('H*')) }
mistake('utf16-ruby', 'J5 secret-other-encoding') { |c| encode(c, SECRET.encode('UTF-16LE').b) }
mistake('truncated-to-64-ruby', 'J5 secret-truncated') { |c| encode(c, SECRET[0, 64]) }
mistake('truncated-to-32-ruby', 'J5 secret-truncated') { |c| encode(c, SECRET.byteslice(0, 32)) }
mistake('empty-ruby', 'J5 secret-empty', **HAND) { |c| by_hand(c, ENV['NO_SUCH_SECRET'].to_s) { |d| b64url(d) } }
mistake('both-nil-ruby', 'J5 secret-empty', **HAND) do |c|
  by_hand(c, "#{ENV['NO_SUCH_ID']}||#{ENV['NO_SUCH_KEY']}") { |d| b64url(d) }
end
mistake('id-nil-ruby', 'J5 secret-empty', **HAND) { |c| by_hand(c, "#{ENV['NO_SUCH_ID']}||#{KEY}") { |d| b64url(d) } }
mistake('placeholder-ruby-single-quotes', 'J5 secret-placeholder') { |c| encode(c, '#{SECRET_ID}||#{SECRET_KEY}') }
mistake('placeholder-ruby-jwt-io', 'J5 secret-placeholder') { |c| encode(c, 'your-256-bit-secret') }
mistake('other-secret-ruby-jwt', 'J5 signature-by-other-secret', iss: SECOND_ID) { |c| encode(c) }
mistake('other-secrets-key-ruby-jwt', 'J5 signature-by-other-secret', iss: SECOND_ID) do |c|
  encode(c, "#{SECOND_ID}||#{KEY}")
end
mistake('unknown-ruby-jwt', 'J5 signature-unknown') { |c| encode(c, 'my$ecretK3y') }
mistake('unknown-symbol-inspect-ruby', 'J5 secret-record', also: OPEN) { |c| encode(c, [ID, KEY].inspect) }

# --- the signature ---
mistake('signature-hex-ruby-hexdigest', 'J5 signature-hex', **HAND) do |c|
  "#{input(c)}.#{OpenSSL::HMAC.hexdigest('SHA256', SECRET, input(c))}"
end
mistake('signature-hex-ruby-hexdigest-encoded', 'J5 signature-hex', **HAND) do |c|
  "#{input(c)}.#{b64url(OpenSSL::HMAC.hexdigest('SHA256', SECRET, input(c)))}"
end
mistake('signature-padded-ruby-urlsafe', 'J5 signature-standard-base64', **HAND) do |c|
  by_hand(c) { |d| Base64.urlsafe_encode64(d) }
end
mistake('signature-standard-base64-ruby-strict', 'J5 signature-standard-base64', **HAND) do |c|
  by_hand(c) { |d| Base64.strict_encode64(d) }
end
mistake('signature-sha512-ruby', 'J5 signature-other-hash', **HAND) do |c|
  by_hand(c, SECRET, 'SHA512') { |d| b64url(d) }
end
mistake('signature-sha1-ruby', 'J5 signature-other-hash', **HAND) { |c| by_hand(c, SECRET, 'SHA1') { |d| b64url(d) } }
mistake('signature-truncated-to-40-ruby', 'J5 signature-truncated', **HAND) { |c| by_hand(c) { |d| b64url(d)[0, 40] } }
mistake('signature-missing-ruby', 'J5 signature-missing', **HAND) { |c| by_hand(c) { nil } }
mistake('tampered-ruby-jwt', 'J5 signature-unknown') do |c|
  head, _, signature = encode(c).split('.')
  "#{head}.#{b64url({ **c, role: 'admin' }.to_json)}.#{signature}"
end

# --- two mistakes at once ---
mistake('swapped-and-nothing-ruby', 'J5 secret-swapped') do |c|
  encode(c, KEY + ID)
end
mistake('id-alone-and-newline-ruby', 'J5 secret-id-alone', also: ['J5 secret-whitespace']) do |c|
  encode(c, "#{ID}\n" || KEY)
end
mistake('one-pipe-and-quotes-ruby', 'J5 secret-joined-with-pipe', also: ['J5 secret-quoted']) do |c|
  encode(c, "#{ID}|#{KEY}".inspect)
end
mistake('key-alone-and-hexdigest-ruby', 'J5 secret-key-alone', also: ['J5 signature-hex'], **HAND) do |c|
  "#{input(c)}.#{OpenSSL::HMAC.hexdigest('SHA256', KEY, input(c))}"
end
mistake('swapped-and-hexdigest-encoded-ruby', 'J5 secret-swapped', also: ['J5 signature-hex'], **HAND) do |c|
  "#{input(c)}.#{b64url(OpenSSL::HMAC.hexdigest('SHA256', "#{KEY}||#{ID}", input(c)))}"
end
mistake('colon-and-padded-ruby', 'J5 secret-joined-with-colon', also: ['J5 signature-standard-base64'], **HAND) do |c|
  by_hand(c, "#{ID}:#{KEY}") { |d| Base64.urlsafe_encode64(d) }
end
mistake('id-alone-and-sha1-ruby', 'J5 secret-id-alone', also: ['J5 signature-other-hash'], **HAND) do |c|
  by_hand(c, ID || KEY, 'SHA1') { |d| b64url(d) }
end
mistake('expired-and-hex-ruby', 'J5 signature-hex', age: 450, also: ['J6 expired'], **HAND) do |c|
  "#{input(c)}.#{OpenSSL::HMAC.hexdigest('SHA256', SECRET, input(c))}"
end
mistake('expired-and-id-alone-and-typ-missing-ruby', 'J5 secret-id-alone', age: 450,
        also: ['J6 expired', 'J9 typ-missing']) do |c|
  encode(c, ID || KEY, {})
end

# --- credentials of other shapes ---
%w[PLUS SPACE ACCENT HEX LONG SHORT].each do |shape|
  id, key = ENV.values_at("#{shape}_ID", "#{shape}_KEY")
  name = shape.downcase
  vector('shapes', "#{name}-good-ruby-jwt", 'good', iss: id) { |c| encode(c, "#{id}||#{key}") }
  vector('shapes', "#{name}-colon-ruby-jwt", 'J5 secret-joined-with-colon', iss: id) { |c| encode(c, "#{id}:#{key}") }
  vector('shapes', "#{name}-id-alone-ruby-jwt", 'J5 secret-id-alone', iss: id) { |c| encode(c, id || key) }
end
PLUS_ID, PLUS_KEY, HEX_ID, HEX_KEY = ENV.values_at('PLUS_ID', 'PLUS_KEY', 'HEX_ID', 'HEX_KEY')
vector('shapes', 'plus-key-base64-decoded-ruby', 'J5 key-base64-decoded', iss: PLUS_ID) do |c|
  encode(c, "#{PLUS_ID}||".b + Base64.decode64(PLUS_KEY))
end
vector('shapes', 'plus-percent-encoded-ruby-cgi', 'J5 secret-pipes-percent-encoded', iss: PLUS_ID) do |c|
  encode(c, CGI.escape("#{PLUS_ID}||#{PLUS_KEY}"))
end
vector('shapes', 'hex-key-decoded-ruby-pack', 'J5 key-hex-decoded', iss: HEX_ID) do |c|
  encode(c, "#{HEX_ID}||".b + [HEX_KEY].pack('H*'))
end
