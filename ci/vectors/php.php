<?php
// Tokens as PHP code makes them, with hash_hmac and no package. Run by ci/vectors/make.

[$id, $key] = [getenv('SECRET_ID'), getenv('SECRET_KEY')];
[$id2, $key2] = [getenv('SECOND_ID'), getenv('SECOND_KEY')];
$secret = "$id||$key";
const OPEN = null; // as 'also': whatever else is found
const HEADER = ['alg' => 'HS256', 'typ' => 'JWT'];

function base64url(string $data): string
{
    return rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
}

function input(array|string $claims, array|string $header = HEADER): string
{
    return implode('.', array_map(
        fn ($part) => base64url(is_string($part) ? $part : json_encode($part)), [$header, $claims]));
}

function jwt($secret, array|string $claims, array|string $header = HEADER): string
{
    return input($claims, $header) . '.' . base64url(hash_hmac('sha256', input($claims, $header), $secret, true));
}

/** $make gets the claims and says the token, or ['authorization' => ...]; options: also, age, iss, note. */
function vector(string $file, string $name, string $expect, callable $make, array $options = []): void
{
    $options += ['also' => [], 'age' => 7, 'iss' => getenv('SECRET_ID'), 'note' => null];
    $iat = (int) getenv('IAT') + crc32($name) % 1000000;
    $made = $make(['iss' => $options['iss'], 'iat' => $iat]);
    echo json_encode([
        'file' => $file, 'name' => $name, 'now' => $iat + $options['age'], 'expect' => $expect,
        'also' => $options['also'], 'note' => $options['note'], 'made_by' => 'php hash_hmac',
    ] + (is_array($made) ? $made : ['token' => $made])), "\n";
}

function good(string $name, callable $make, array $options = []): void
{
    vector('published', $name, 'good', $make, $options);
}

function published(string $name, string $expect, callable $make, array $options = []): void
{
    vector('published', $name, $expect, $make, $options);
}

function mistake(string $name, string $expect, callable $make, array $options = []): void
{
    vector('mistakes', $name, $expect, $make, $options);
}

// --- good tokens ---
good('good-php', fn ($c) => jwt($secret, $c));
good('good-php-slashes-escaped', fn ($c) => jwt($secret, $c + ['aud' => 'https://api.heymarket.com/v2']));
good('good-php-unicode-escaped', fn ($c) => jwt($secret, $c + ['name' => 'Zoë 東京 🦀']));
good('good-php-pretty-print',
    fn ($c) => jwt($secret, json_encode($c, JSON_PRETTY_PRINT), json_encode(HEADER, JSON_PRETTY_PRINT)));
good('good-php-empty-array-claim', fn ($c) => jwt($secret, $c + ['roles' => [], 'map' => new stdClass()]));
good('good-php-microtime-cast', fn ($c) => jwt($secret, ['iat' => (int) ($c['iat'] + 0.9)] + $c));
good('good-php-second-secret', fn ($c) => jwt("$id2||$key2", $c), ['iss' => $id2]);
good('good-php-secret-hashed-by-hand', fn ($c) => jwt(hash('sha256', $secret, true), $c),
    ['note' => 'longer than a block, so HMAC hashes it too']);
good('php-microtime-true',
    fn ($c) => jwt($secret, ['iat' => $c['iat'] + 0.25] + $c), ['also' => ['J4 iat-fractional']]);

// --- claims and header ---
published('iss-false-php', 'J3 iss-not-string', fn ($c) => jwt($secret, ['iss' => getenv('NO_SUCH_ID')] + $c));
published('iss-null-php', 'J3 iss-not-string', fn ($c) => jwt($secret, ['iss' => null] + $c));
published('iss-empty-php', 'J3 iss-unknown', fn ($c) => jwt($secret, ['iss' => ''] + $c));
published('iss-key-php', 'J3 iss-is-key', fn ($c) => jwt($secret, ['iss' => $key] + $c));
published('iss-file-lines-php', 'J3 iss-has-whitespace', fn ($c) => jwt($secret, ['iss' => "$id\r\n"] + $c));
published('iss-strtoupper-php', 'J3 iss-letter-case', fn ($c) => jwt($secret, ['iss' => strtoupper($id)] + $c));
published('iat-number-format-php', 'J4 iat-string',
    fn ($c) => jwt($secret, ['iat' => number_format($c['iat'], 0, '', '')] + $c));
published('iat-date-php', 'J4 iat-string', fn ($c) => jwt($secret, ['iat' => gmdate('c', $c['iat'])] + $c));
published('iat-datetime-object-php', 'J4 iat-not-number',
    fn ($c) => jwt($secret, ['iat' => new DateTime('@' . $c['iat'])] + $c));
published('iat-false-php', 'J4 iat-not-number', fn ($c) => jwt($secret, ['iat' => strtotime('no such day')] + $c));
published('iat-milliseconds-php', 'J4 iat-milliseconds',
    fn ($c) => jwt($secret, ['iat' => (int) round(($c['iat'] + 0.5) * 1000)] + $c));
published('iat-microseconds-php', 'J4 iat-microseconds',
    fn ($c) => jwt($secret, ['iat' => $c['iat'] * 1000000 + 5] + $c));
published('iat-missing-php', 'J4 iat-missing', fn ($c) => jwt($secret, ['iss' => $id]));
published('iat-mktime-of-local-date-php', 'J7 iat-in-future', function ($c) use ($secret) {
    $local = (new DateTime('@' . $c['iat']))->setTimezone(new DateTimeZone('Asia/Kolkata'))->format('Y-m-d H:i:s');
    return jwt($secret, ['iat' => (new DateTime($local, new DateTimeZone('UTC')))->getTimestamp()] + $c);
}, ['also' => ['J7 iat-local-time'], 'age' => 1]);
published('payload-list-php', 'J2 payload-not-json', fn ($c) => jwt($secret, array_values($c)), ['also' => OPEN]);
published('payload-false-php', 'J2 payload-not-json',
    fn ($c) => jwt($secret, (string) json_encode($c + ['name' => "Zo\xeb"])),
    ['also' => OPEN, 'note' => 'json_encode answers false for text that is not UTF-8']);
published('payload-serialize-php', 'J2 payload-not-json', fn ($c) => jwt($secret, serialize($c)), ['also' => OPEN]);
published('alg-name-of-php', 'J2 alg-unsupported',
    fn ($c) => jwt($secret, $c, ['typ' => 'JWT', 'alg' => 'sha256']), ['also' => OPEN]);
published('alg-null-php', 'J2 alg-unsupported',
    fn ($c) => jwt($secret, $c, ['typ' => 'JWT', 'alg' => 512]), ['also' => OPEN]);
published('expired-php-session-cache', 'J6 expired', fn ($c) => jwt($secret, $c), ['age' => 1440]);
published('bearer-array-php', 'J1 token-not-a-string',
    fn ($c) => ['authorization' => 'Bearer ' . [jwt($secret, $c)]], ['also' => OPEN]);
published('bearer-json-php', 'J1 bearer-quoted',
    fn ($c) => ['authorization' => 'Bearer ' . json_encode(jwt($secret, $c))], ['also' => OPEN]);
published('bearer-false-php', 'J1 token-missing',
    fn ($c) => ['authorization' => 'Bearer ' . getenv('NO_SUCH_TOKEN')], ['also' => OPEN]);

// --- the secret ---
mistake('key-alone-php', 'J5 secret-key-alone', fn ($c) => jwt($key, $c));
mistake('id-alone-php', 'J5 secret-id-alone', fn ($c) => jwt($id ?: $key, $c));
mistake('boolean-php-logical-or', 'J5 secret-boolean', fn ($c) => jwt($id || $key, $c),
    ['note' => '|| makes true of ID and KEY, and the key is the text "1"']);
mistake('joined-with-nothing-php', 'J5 secret-joined-with-nothing', fn ($c) => jwt($id . $key, $c));
mistake('joined-with-one-pipe-php', 'J5 secret-joined-with-pipe', fn ($c) => jwt(implode('|', [$id, $key]), $c));
mistake('joined-with-colon-php', 'J5 secret-joined-with-colon', fn ($c) => jwt("$id:$key", $c));
mistake('joined-with-comma-php', 'J5 secret-joined-with-other', fn ($c) => jwt(implode(',', [$id, $key]), $c));
mistake('joined-with-spaced-dots-php', 'J5 secret-joined-with-other', fn ($c) => jwt("$id . $key", $c));
mistake('swapped-php', 'J5 secret-swapped', fn ($c) => jwt("$key||$id", $c));
mistake('pipes-escaped-php', 'J5 secret-pipes-escaped', fn ($c) => jwt("$id\|\|$key", $c));
mistake('pipes-escaped-php-preg-quote', 'J5 secret-pipes-escaped', fn ($c) => jwt(preg_quote($secret), $c),
    ['also' => OPEN, 'note' => 'the hyphens too']);
mistake('pipes-percent-encoded-php-urlencode', 'J5 secret-pipes-percent-encoded',
    fn ($c) => jwt(urlencode($secret), $c));
mistake('pipes-percent-encoded-php-rawurlencode', 'J5 secret-pipes-percent-encoded',
    fn ($c) => jwt(rawurlencode($secret), $c));
mistake('newline-php-file-get-contents', 'J5 secret-whitespace', fn ($c) => jwt("$secret\n", $c));
mistake('newline-php-file-lines', 'J5 secret-whitespace', fn ($c) => jwt(implode('||', ["$id\n", "$key\n"]), $c));
mistake('crlf-php-file-lines', 'J5 secret-whitespace', fn ($c) => jwt(implode('||', ["$id\r\n", "$key\r\n"]), $c));
mistake('blank-php-explode', 'J5 secret-whitespace',
    fn ($c) => jwt(implode('||', [explode(':', "id: $id")[1], explode(':', "key: $key")[1]]), $c));
mistake('quoted-php-json-encode', 'J5 secret-quoted', fn ($c) => jwt(json_encode($secret), $c));
mistake('quoted-php-var-export', 'J5 secret-quoted', fn ($c) => jwt(var_export($secret, true), $c));
mistake('quoted-php-env-reader-halves', 'J5 secret-quoted', fn ($c) => jwt("'$id'||'$key'", $c));
mistake('bom-php-file-get-contents', 'J5 secret-bom', fn ($c) => jwt("\xef\xbb\xbf$secret", $c));
mistake('letter-case-php-strtoupper-id', 'J5 secret-letter-case', fn ($c) => jwt(strtoupper($id) . "||$key", $c));
mistake('letter-case-php-strtolower', 'J5 secret-letter-case', fn ($c) => jwt(strtolower($secret), $c));
mistake('empty-php-hex2bin-of-secret', 'J5 secret-empty',
    fn ($c) => jwt(hex2bin($secret), $c), ['note' => 'hex2bin answers false']);
mistake('empty-php-hex2bin-of-key', 'J5 secret-empty', fn ($c) => jwt(hex2bin($key), $c));
mistake('empty-php-base64-decode-strict', 'J5 secret-empty',
    fn ($c) => jwt(base64_decode($secret, true), $c), ['note' => 'answers false']);
mistake('empty-php-getenv', 'J5 secret-empty', fn ($c) => jwt(getenv('NO_SUCH_SECRET'), $c));
mistake('both-false-php-getenv', 'J5 secret-empty',
    fn ($c) => jwt(getenv('NO_SUCH_ID') . '||' . getenv('NO_SUCH_KEY'), $c));
mistake('hex-decoded-php-pack', 'J5 secret-hex-decoded',
    fn ($c) => jwt(pack("H*", $secret), $c), ["note" => "35 bytes, a zero for each letter that is not a digit"]);
mistake('base64-decoded-php', 'J5 secret-base64-decoded',
    fn ($c) => jwt(base64_decode($secret), $c), ['note' => '48 bytes']);
mistake('base64-decoded-php-urlsafe', 'J5 secret-base64-decoded',
    fn ($c) => jwt(base64_decode(strtr($secret, '-_', '+/')), $c), ['note' => '51 bytes']);
mistake('key-base64-decoded-php', 'J5 key-base64-decoded', fn ($c) => jwt("$id||" . base64_decode($key), $c));
mistake('key-alone-base64-decoded-php', 'J5 key-base64-decoded', fn ($c) => jwt(base64_decode($key), $c));
mistake('base64-encoded-php', 'J5 secret-base64-encoded', fn ($c) => jwt(base64_encode($secret), $c));
mistake('hex-encoded-php', 'J5 secret-hex-encoded', fn ($c) => jwt(bin2hex($secret), $c));
mistake('hashed-php', 'J5 secret-hashed', fn ($c) => jwt(hash('sha256', $secret), $c));
mistake('truncated-to-64-php', 'J5 secret-truncated', fn ($c) => jwt(substr($secret, 0, 64), $c));
mistake('truncated-to-32-php', 'J5 secret-truncated', fn ($c) => jwt(substr($secret, 0, 32), $c));
mistake('truncated-to-60-php-column', 'J5 secret-truncated', fn ($c) => jwt(substr($secret, 0, 60), $c));
mistake('placeholder-php-single-quotes', 'J5 secret-placeholder', fn ($c) => jwt('$id||$key', $c));
mistake('placeholder-php-documentation', 'J5 secret-placeholder',
    fn ($c) => jwt('{SECRET_ID}||{SECRET_KEY}', $c), ['also' => OPEN]);
mistake('other-secret-php', 'J5 signature-by-other-secret', fn ($c) => jwt("$id2||$key2", $c));
mistake('unknown-php', 'J5 signature-unknown', fn ($c) => jwt(md5('some password'), $c));
mistake('arguments-swapped-php', 'J5 hmac-arguments-swapped',
    fn ($c) => input($c) . '.' . base64url(hash_hmac('sha256', $secret, input($c), true)),
    ['also' => OPEN, 'note' => 'the token as the key, the secret as the text']);
mistake('plain-hash-php', 'J5 signature-not-hmac',
    fn ($c) => input($c) . '.' . base64url(hash('sha256', input($c) . $secret, true)),
    ['also' => OPEN, 'note' => 'no HMAC']);

// --- the signature ---
mistake('signature-hex-php', 'J5 signature-hex', fn ($c) => input($c) . '.' . hash_hmac('sha256', input($c), $secret));
mistake('signature-hex-php-encoded', 'J5 signature-hex',
    fn ($c) => input($c) . '.' . base64url(hash_hmac('sha256', input($c), $secret)));
mistake('signature-hex-php-upper-encoded', 'J5 signature-hex',
    fn ($c) => input($c) . '.' . base64url(strtoupper(hash_hmac('sha256', input($c), $secret))));
mistake('signature-standard-base64-php', 'J5 signature-standard-base64',
    fn ($c) => input($c) . '.' . base64_encode(hash_hmac('sha256', input($c), $secret, true)));
mistake('signature-padded-php', 'J5 signature-standard-base64',
    fn ($c) => input($c) . '.' . strtr(base64_encode(hash_hmac('sha256', input($c), $secret, true)), '+/', '-_'));
mistake('signature-double-encoded-php', 'J5 signature-double-encoded',
    fn ($c) => input($c) . '.' . base64url(base64_encode(hash_hmac('sha256', input($c), $secret, true))));
mistake('signature-sha512-php', 'J5 signature-other-hash',
    fn ($c) => input($c) . '.' . base64url(hash_hmac('sha512', input($c), $secret, true)));
mistake('signature-sha384-php', 'J5 signature-other-hash',
    fn ($c) => input($c) . '.' . base64url(hash_hmac('sha384', input($c), $secret, true)));
mistake('signature-missing-php', 'J5 signature-missing', fn ($c) => input($c) . '.');
mistake('signature-truncated-to-28-php', 'J5 signature-truncated', fn ($c) => substr(jwt($secret, $c), 0, -15));
mistake('signature-random-looking-php', 'J5 signature-unknown',
    fn ($c) => input($c) . '.' . base64url(hash('sha256', 'nothing', true)));

// --- two mistakes at once ---
mistake('nothing-and-hex-php', 'J5 secret-joined-with-nothing',
    fn ($c) => input($c) . '.' . base64url(hash_hmac('sha256', input($c), $id . $key)),
    ['also' => ['J5 signature-hex']]);
mistake('key-alone-and-hex-php', 'J5 secret-key-alone',
    fn ($c) => input($c) . '.' . base64url(hash_hmac('sha256', input($c), $key)), ['also' => ['J5 signature-hex']]);
mistake('empty-and-hex-php', 'J5 secret-empty',
    fn ($c) => input($c) . '.' . base64url(hash_hmac('sha256', input($c), hex2bin($key))),
    ['also' => ['J5 signature-hex']]);
mistake('newline-and-hex-php', 'J5 secret-whitespace',
    fn ($c) => input($c) . '.' . hash_hmac('sha256', input($c), "$secret\n"), ['also' => ['J5 signature-hex']]);
mistake('base64-decoded-and-padded-php', 'J5 secret-base64-decoded',
    fn ($c) => input($c) . '.' . strtr(base64_encode(hash_hmac('sha256', input($c), base64_decode($secret), true)), '+/', '-_'),
    ['also' => ['J5 signature-standard-base64']]);
mistake('key-alone-and-sha512-and-hex-php', 'J5 secret-key-alone',
    fn ($c) => input($c) . '.' . hash_hmac('sha512', input($c), $key),
    ['also' => ['J5 signature-other-hash', 'J5 signature-hex']]);
mistake('sha512-and-hex-php', 'J5 signature-other-hash',
    fn ($c) => input($c) . '.' . base64url(hash_hmac('sha512', input($c), $secret)), ['also' => ['J5 signature-hex']]);
mistake('swapped-and-crlf-php', 'J5 secret-swapped',
    fn ($c) => jwt("$key||$id\r\n", $c), ['also' => ['J5 secret-whitespace']]);
mistake('colon-and-bom-php', 'J5 secret-joined-with-colon',
    fn ($c) => jwt("\xef\xbb\xbf$id:$key", $c), ['also' => ['J5 secret-bom']]);
mistake('expired-and-nothing-php', 'J5 secret-joined-with-nothing',
    fn ($c) => jwt($id . $key, $c), ['age' => 1000, 'also' => ['J6 expired']]);
mistake('iat-string-and-key-alone-php', 'J4 iat-string',
    fn ($c) => jwt($key, ['iat' => (string) $c['iat']] + $c), ['also' => ['J5 secret-key-alone']]);

// --- credentials of other shapes ---
foreach (['PLUS', 'SPACE', 'ACCENT', 'HEX', 'LONG'] as $shape) {
    [$i, $k, $name] = [getenv("{$shape}_ID"), getenv("{$shape}_KEY"), strtolower($shape)];
    vector('shapes', "$name-good-php", 'good', fn ($c) => jwt("$i||$k", $c), ['iss' => $i]);
    vector('shapes', "$name-newline-php", 'J5 secret-whitespace', fn ($c) => jwt("$i||$k\n", $c), ['iss' => $i]);
    vector('shapes', "$name-urlencode-php", 'J5 secret-pipes-percent-encoded', fn ($c) => jwt(urlencode("$i||$k"), $c),
        ['iss' => $i] + ($shape === 'SPACE' ? ['also' => OPEN] : []));
}
[$i, $k] = [getenv('HEX_ID'), getenv('HEX_KEY')];
vector('shapes', 'hex-key-decoded-php-hex2bin', 'J5 key-hex-decoded',
    fn ($c) => jwt("$i||" . hex2bin($k), $c), ['iss' => $i]);
vector('shapes', 'hex-key-alone-decoded-php-hex2bin', 'J5 key-hex-decoded',
    fn ($c) => jwt(hex2bin($k), $c), ['iss' => $i]);
[$i, $k] = [getenv('PLUS_ID'), getenv('PLUS_KEY')];
vector('shapes', 'plus-secret-base64-decoded-php', 'J5 secret-base64-decoded',
    fn ($c) => jwt(base64_decode("$i||$k"), $c), ['iss' => $i]);
vector('shapes', 'plus-key-base64-decoded-php', 'J5 key-base64-decoded',
    fn ($c) => jwt("$i||" . base64_decode($k), $c), ['iss' => $i]);
[$i, $k] = [getenv('ACCENT_ID'), getenv('ACCENT_KEY')];
vector('shapes', 'accent-json-encode-php', 'J5 secret-quoted', fn ($c) => jwt(json_encode("$i||$k"), $c),
    ['iss' => $i, 'also' => OPEN, 'note' => 'quotes, and \u escapes within']);
