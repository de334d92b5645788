# Tokens as Perl code makes them, with the core modules alone. Run by ci/vectors/make.
use strict;
use warnings;
use utf8;
use Digest::SHA qw(hmac_sha256 hmac_sha256_base64 hmac_sha256_hex hmac_sha384 hmac_sha512 hmac_sha1 sha256);
use Encode qw(encode);
use JSON::PP;
use MIME::Base64 qw(encode_base64 decode_base64 encode_base64url);
use POSIX qw(mktime);

my ($id, $key, $id2, $key2) = @ENV{qw(SECRET_ID SECRET_KEY SECOND_ID SECOND_KEY)};
my $secret = "$id||$key";
my $json = JSON::PP->new->canonical->utf8;

# vector(FILE, NAME, EXPECT, MAKE, also => [...] (undef: whatever else is found), age => SECONDS, iss => ID,
# note => TEXT): MAKE gets iss and iat as a list and says the token, or {authorization => ...}.
sub vector {
    my ($file, $name, $expect, $make, %o) = @_;
    my $iat = $ENV{IAT} + unpack('%32N*', sha256($name)) % 1000000;
    my $made = $make->(iss => $o{iss} // $id, iat => $iat);
    print $json->encode({
        file => $file, name => $name, expect => $expect, now => $iat + ($o{age} // 7), note => $o{note},
        also => exists $o{also} ? $o{also} : [], made_by => 'perl Digest::SHA',
        ref $made ? %$made : (token => $made),
    }), "\n";
}
sub good { my $name = shift; vector('published', $name, 'good', @_) }
sub published { vector('published', @_) }
sub mistake { vector('mistakes', @_) }
my @open = (also => undef);

# input(CLAIMS, HEADER): either a hash, or text that is JSON already.
sub input {
    my ($claims, $header) = @_;
    $header //= { alg => 'HS256', typ => 'JWT' };
    return join '.', map { encode_base64url(ref $_ ? $json->encode($_) : $_) } $header, $claims;
}
sub jwt {
    my ($k, $claims, $header) = @_;
    my $input = input($claims, $header);
    return $input . '.' . encode_base64url(hmac_sha256($input, $k));
}
# with(KEY): makes the usual token with that key.
sub with { my $k = shift; return sub { jwt($k, {@_}) } }
# signed(KEY, HOW): HOW gets input and key and says the signature's text.
sub signed {
    my ($k, $how) = @_;
    return sub { my $input = input({@_}); return "$input." . $how->($input, $k) };
}

# --- good tokens ---
good('good-perl', with($secret));
good('good-perl-indented', sub { jwt($secret, JSON::PP->new->canonical->pretty->encode({@_})) });
good('good-perl-unicode-claims', sub { jwt($secret, {@_, name => 'Zoë 東京', none => undef, yes => JSON::PP::true}) });
good('good-perl-ascii-claims',
    sub { jwt($secret, JSON::PP->new->canonical->ascii->encode({@_, name => "Zoë \x{1f980}"})) });
good('good-perl-secret-hashed-by-hand', with(sha256($secret)));
good('good-perl-second-secret', with("$id2||$key2"), iss => $id2);
good('good-perl-chomped', sub { chomp(my $line = "$secret\n"); jwt($line, {@_}) });
good('good-perl-digest-sha-base64', sub { # whose form is base64 without padding
    my $input = input({@_});
    my $signature = hmac_sha256_base64($input, $secret);
    $signature =~ tr{+/}{-_};
    return "$input.$signature";
});
good('typ-missing-perl', sub { jwt($secret, {@_}, { alg => 'HS256' }) }, also => ['J9 typ-missing']);
good('iat-time-hires-perl',
    sub { my %c = @_; jwt($secret, {%c, iat => $c{iat} + 0.5}) }, also => ['J4 iat-fractional']);

# --- claims and header ---
published('iat-stringified-perl', 'J4 iat-string', sub { my %c = @_; jwt($secret, {%c, iat => "$c{iat}"}) });
published('iat-undef-perl', 'J4 iat-not-number', sub { jwt($secret, {@_, iat => undef}) });
published('iat-milliseconds-perl', 'J4 iat-milliseconds',
    sub { my %c = @_; jwt($secret, {%c, iat => int($c{iat} * 1000)}) });
published('iat-localtime-perl', 'J4 iat-string', sub { my %c = @_; jwt($secret, {%c, iat => scalar gmtime $c{iat}}) });
published('iat-mktime-of-gmtime-perl', 'J6 expired', sub {
    my %c = @_;
    local $ENV{TZ} = 'UTC-9'; # nine hours east: mktime takes UTC's figures for local ones
    POSIX::tzset();
    my $iat = mktime(gmtime $c{iat});
    $ENV{TZ} = 'UTC';
    POSIX::tzset();
    return jwt($secret, {%c, iat => $iat + 0});
}, also => ['J7 iat-local-time'], age => 2);
published('iss-undef-perl', 'J3 iss-not-string', sub { jwt($secret, {@_, iss => $ENV{NO_SUCH_ID}}) });
published('iss-unchomped-perl', 'J3 iss-has-whitespace', sub { jwt($secret, {@_, iss => "$id\n"}) });
published('iss-uc-perl', 'J3 iss-letter-case', sub { jwt($secret, {@_, iss => uc $id}) });
published('iss-number-perl', 'J3 iss-not-string', sub { jwt($secret, {@_, iss => 74}) });
published('iss-key-perl', 'J3 iss-is-key', sub { jwt($secret, {@_, iss => $key}) });
published('payload-data-dumper-perl', 'J2 payload-not-json',
    sub { my %c = @_; jwt($secret, "{'iss' => '$c{iss}','iat' => $c{iat}}") }, @open);
published('payload-list-perl', 'J2 payload-not-json', sub { jwt($secret, [@_]) }, @open);
published('alg-none-perl', 'J2 alg-none', sub { input({@_}, { alg => 'none' }) . '.' }, @open);
published('expired-perl-signed-by-cron', 'J6 expired', with($secret), age => 3600 * 3 + 444);
published('bearer-empty-perl', 'J1 token-missing',
    sub { { authorization => 'Bearer ' . ($ENV{NO_SUCH_TOKEN} // '') } }, @open);
published('token-unchomped-perl', 'J1 token-whitespace', sub { jwt($secret, {@_}) . "\r\n" });
published('bearer-wrapped-perl', 'J1 token-whitespace', sub { # encode_base64 breaks the line after 76 characters
    my $payload = encode_base64($json->encode({@_}));
    $payload =~ tr{+/=}{-_}d;
    my $input = encode_base64url('{"alg":"HS256"}') . ".$payload";
    return { authorization => "Bearer $input." . encode_base64url(hmac_sha256($input, $secret)) };
}, @open);

# --- the secret ---
mistake('id-alone-perl-logical-or', 'J5 secret-id-alone', with($id || $key));
mistake('id-alone-perl-defined-or', 'J5 secret-id-alone', with($id // $key));
mistake('key-alone-perl', 'J5 secret-key-alone', with($key));
mistake('joined-with-nothing-perl', 'J5 secret-joined-with-nothing', with($id . $key));
mistake('joined-with-one-pipe-perl', 'J5 secret-joined-with-pipe', with(join '|', $id, $key));
mistake('joined-with-colon-perl', 'J5 secret-joined-with-colon', with(join ':', $id, $key));
mistake('joined-with-space-perl-list', 'J5 secret-joined-with-other', with("@{[$id, $key]}"));
mistake('joined-with-hash-perl', 'J5 secret-joined-with-other', with("$id#$key"));
mistake('swapped-perl', 'J5 secret-swapped', with("$key||$id"));
mistake('pipes-escaped-perl', 'J5 secret-pipes-escaped', with($id . '\|\|' . $key));
mistake('pipes-escaped-perl-quotemeta', 'J5 secret-pipes-escaped',
    with(quotemeta $secret), @open, note => 'the hyphens too');
mistake('pipes-percent-encoded-perl', 'J5 secret-pipes-percent-encoded',
    with($secret =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger));
mistake('newline-perl-unchomped', 'J5 secret-whitespace', with("$secret\n"));
mistake('newline-perl-two-lines-unchomped', 'J5 secret-whitespace', with("$id\n||$key\n"));
mistake('newline-perl-id-unchomped', 'J5 secret-whitespace', with("$id\n||$key"));
mistake('carriage-return-perl-chomp', 'J5 secret-whitespace',
    sub { chomp(my $line = "$secret\r\n"); jwt($line, {@_}) });
mistake('blank-perl-split', 'J5 secret-whitespace', with((split /=/, "secret = $secret", 2)[1]));
mistake('quoted-perl-env-file', 'J5 secret-quoted', with((split /=/, qq{SECRET="$secret"})[1]));
mistake('quoted-perl-single', 'J5 secret-quoted', with("'$secret'"));
mistake('bom-perl', 'J5 secret-bom', with(encode('UTF-8', "\x{feff}$secret")));
mistake('letter-case-perl-uc-id', 'J5 secret-letter-case', with(uc($id) . "||$key"));
mistake('letter-case-perl-lc', 'J5 secret-letter-case', with(lc $secret));
mistake('hex-decoded-perl-pack', 'J5 secret-hex-decoded',
    with(pack 'H*', $secret), note => 'takes every character for a digit: 35 bytes');
mistake('key-hex-decoded-perl-pack', 'J5 key-hex-decoded', with("$id||" . pack 'H*', $key));
mistake('key-alone-hex-decoded-perl-pack', 'J5 key-hex-decoded', with(pack 'H*', $key));
mistake('base64-decoded-perl', 'J5 secret-base64-decoded', with(decode_base64($secret)), note => '48 bytes');
mistake('base64-decoded-perl-base64url', 'J5 secret-base64-decoded',
    with(MIME::Base64::decode_base64url($secret)), note => '51 bytes');
mistake('key-base64-decoded-perl', 'J5 key-base64-decoded', with("$id||" . decode_base64($key)));
mistake('key-alone-base64-decoded-perl', 'J5 key-base64-decoded', with(decode_base64($key)));
mistake('base64-encoded-perl', 'J5 secret-base64-encoded', with(encode_base64($secret, '')));
mistake('base64-encoded-perl-with-newlines', 'J5 secret-base64-encoded',
    with(encode_base64($secret)), @open, note => 'after 76 characters and at the end');
mistake('base64-encoded-perl-base64url', 'J5 secret-base64-encoded', with(encode_base64url($secret)));
mistake('hex-encoded-perl-unpack', 'J5 secret-hex-encoded', with(unpack 'H*', $secret));
mistake('truncated-to-64-perl-unpack', 'J5 secret-truncated', with(unpack 'A64', $secret));
mistake('truncated-to-32-perl', 'J5 secret-truncated', with(substr $secret, 0, 32));
mistake('truncated-by-chop-perl', 'J5 secret-truncated',
    sub { chop(my $line = $secret); jwt($line, {@_}) }, note => 'chop, where there was no newline');
mistake('empty-perl', 'J5 secret-empty', with(''));
mistake('both-undef-perl', 'J5 secret-empty', with(($ENV{NO_SUCH_ID} // '') . '||' . ($ENV{NO_SUCH_KEY} // '')));
mistake('placeholder-perl-single-quotes', 'J5 secret-placeholder', with('$id||$key'));
mistake('placeholder-perl', 'J5 secret-placeholder', with('YOUR_API_SECRET_ID||YOUR_API_SECRET_KEY'));
mistake('other-secret-perl', 'J5 signature-by-other-secret', with("$id2||$key2"));
mistake('other-secrets-id-perl', 'J5 signature-by-other-secret', with("$id2||$key"));
mistake('unknown-perl', 'J5 signature-unknown', with('s3cr3t-of-nobody'));
mistake('arguments-swapped-perl', 'J5 hmac-arguments-swapped',
    signed($secret, sub { encode_base64url(hmac_sha256($_[1], $_[0])) }), @open,
    note => 'hmac_sha256 takes the text first: here the token is the key');

# --- the signature ---
mistake('signature-hex-perl', 'J5 signature-hex', signed($secret, sub { hmac_sha256_hex(@_) }));
mistake('signature-hex-perl-encoded', 'J5 signature-hex',
    signed($secret, sub { encode_base64url(hmac_sha256_hex(@_)) }));
mistake('signature-standard-base64-perl', 'J5 signature-standard-base64',
    signed($secret, sub { encode_base64(hmac_sha256(@_), '') }));
mistake('signature-standard-base64-perl-digest-sha', 'J5 signature-standard-base64', sub { # unpadded, with + and /
    my %c = @_;
    while (hmac_sha256_base64(input(\%c), $secret) !~ m{[+].*/}) { $c{iat}++ }
    return input(\%c) . '.' . hmac_sha256_base64(input(\%c), $secret);
}, age => 60);
mistake('signature-sha512-perl', 'J5 signature-other-hash', signed($secret, sub { encode_base64url(hmac_sha512(@_)) }));
mistake('signature-sha384-perl', 'J5 signature-other-hash', signed($secret, sub { encode_base64url(hmac_sha384(@_)) }));
mistake('signature-sha1-perl', 'J5 signature-other-hash', signed($secret, sub { encode_base64url(hmac_sha1(@_)) }));
mistake('signature-missing-perl', 'J5 signature-missing', signed($secret, sub { '' }));
mistake('signature-truncated-to-36-perl', 'J5 signature-truncated',
    signed($secret, sub { substr encode_base64url(hmac_sha256(@_)), 0, 36 }));
mistake('signing-input-newline-perl', 'J5 signing-input-newline',
    signed($secret, sub { encode_base64url(hmac_sha256("$_[0]\n", $_[1])) }));
mistake('signature-plain-hash-perl', 'J5 signature-unknown',
    signed($secret, sub { encode_base64url(sha256(join '.', @_)) }), @open, note => 'no HMAC');

# --- two mistakes at once ---
mistake('id-alone-and-hex-perl', 'J5 secret-id-alone',
    signed($id || $key, sub { hmac_sha256_hex(@_) }), also => ['J5 signature-hex']);
mistake('newline-and-hex-perl', 'J5 secret-whitespace',
    signed("$secret\n", sub { encode_base64url(hmac_sha256_hex(@_)) }), also => ['J5 signature-hex']);
mistake('base64-encoded-and-hex-perl', 'J5 secret-base64-encoded',
    signed(encode_base64($secret, ''), sub { hmac_sha256_hex(@_) }), also => ['J5 signature-hex']);
mistake('key-alone-and-standard-base64-perl', 'J5 secret-key-alone',
    signed($key, sub { encode_base64(hmac_sha256(@_), '') }), also => ['J5 signature-standard-base64']);
mistake('nothing-and-sha512-perl', 'J5 secret-joined-with-nothing',
    signed($id . $key, sub { encode_base64url(hmac_sha512(@_)) }), also => ['J5 signature-other-hash']);
mistake('colon-and-newline-perl', 'J5 secret-joined-with-colon', with("$id:$key\n"), also => ['J5 secret-whitespace']);
mistake('swapped-and-one-pipe-perl', 'J5 secret-swapped', with("$key|$id"));
mistake('swapped-and-colon-and-newline-perl', 'J5 secret-swapped', with("$key:$id\n"), also => ['J5 secret-whitespace']);
mistake('key-alone-and-crlf-perl', 'J5 secret-key-alone', with("$key\r\n"), also => ['J5 secret-whitespace']);
mistake('input-newline-and-padded-perl', 'J5 signing-input-newline',
    signed($secret,
        sub { encode_base64(hmac_sha256("$_[0]\n", $_[1]), '') }), also => ['J5 signature-standard-base64']);
mistake('expired-and-one-pipe-perl', 'J5 secret-joined-with-pipe',
    with("$id|$key"), age => 500, also => ['J6 expired']);
mistake('expired-and-hex-decoded-perl', 'J5 secret-hex-decoded',
    with(pack 'H*', $secret), age => 500, also => ['J6 expired']);

# --- copies and other encodings ---
mistake('utf16-perl-encode', 'J5 secret-other-encoding', with(encode('UTF-16', $secret)));
mistake('utf16le-perl-encode', 'J5 secret-other-encoding', with(encode('UTF-16LE', $secret)));
mistake('zero-width-space-in-key-perl', 'J5 secret-invisible-character',
    with(encode('UTF-8', "$id||" . substr($key, 0, 12) . "\x{200b}" . substr $key, 12)));
mistake('cyrillic-letter-in-key-perl', 'J5 secret-look-alike', with(do { (my $k = $key) =~ s/K/\x{41a}/; encode('UTF-8', "$id||$k") }));
mistake('key-character-doubled-perl', 'J5 secret-character-doubled',
    with("$id||" . substr($key, 0, 8) . substr $key, 7));
mistake('key-chop-and-join-perl', 'J5 secret-truncated', with("$id||" . substr $key, 0, -1));
mistake('json-of-hash-perl', 'J5 secret-record', with($json->encode({ id => $id, key => $key })));
published('iat-seconds-since-1904-perl', 'J4 iat-other-unit', sub {
    my %c = @_; jwt($secret, { %c, iat => $c{iat} + 2082844800 });
});
published('iss-in-braces-perl', 'J3 iss-wrapped', sub { my %c = @_; jwt($secret, { %c, iss => "{$c{iss}}" }) });
published('payload-encoded-twice-perl', 'J2 segment-encoded-twice',
    sub { jwt($secret, encode_base64url($json->encode({@_}))) });

# --- credentials of other shapes ---
for my $shape (qw(PLUS SPACE ACCENT HEX LONG SHORT)) {
    my ($i, $k) = @ENV{"${shape}_ID", "${shape}_KEY"}; # the environment's bytes, UTF-8
    my $name = lc $shape;
    vector('shapes', "$name-good-perl", 'good', with("$i||$k"), iss => $i);
    vector('shapes', "$name-swapped-perl", 'J5 secret-swapped', with("$k||$i"), iss => $i);
}
my ($i, $k) = @ENV{qw(HEX_ID HEX_KEY)};
vector('shapes', 'hex-key-decoded-perl-pack', 'J5 key-hex-decoded', with("$i||" . pack 'H*', $k), iss => $i);
vector('shapes', 'hex-secret-decoded-perl-pack', 'J5 secret-hex-decoded', with(pack 'H*', "$i||$k"), iss => $i);
($i, $k) = @ENV{qw(PLUS_ID PLUS_KEY)};
vector('shapes', 'plus-secret-base64-decoded-perl', 'J5 secret-base64-decoded',
    with(decode_base64("$i||$k")), iss => $i);
