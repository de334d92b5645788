// Tokens as Node code makes them, with node:crypto and no package. Run by ci/vectors/make.
'use strict';
const { createHash, createHmac } = require('node:crypto');

const { SECRET_ID: id, SECRET_KEY: key, SECOND_ID, SECOND_KEY, IAT } = process.env;
const secret = `${id}||${key}`;

const base64url = (value) => Buffer.from(value).toString('base64url');
const encode = (value) => base64url(typeof value === 'string' ? value : JSON.stringify(value));
const inputOf = (header, claims) => `${encode(header)}.${encode(claims)}`;
const HEADER = { alg: 'HS256', typ: 'JWT' };
const hmac = (k, input, hash = 'sha256') => createHmac(hash, k).update(input).digest();
const jwt = (k, claims, header = HEADER) => {
  const input = inputOf(header, claims);
  return `${input}.${hmac(k, input).toString('base64url')}`;
};

/* vector(file, name, expect, make, options): make gets the claims and says the token, or
 * {authorization}. also: the further findings, null leaves them open; age: now - iat in seconds. */
function vector(file, name, expect, make, { also = [], age = 7, iss = id, note, says } = {}) {
  const iat = Number(IAT) + (createHash('sha256').update(name).digest().readUInt32BE() % 1000000);
  const made = make({ iss, iat });
  const what = typeof made === 'string' ? { token: made } : made;
  const line = { file, name, ...what, now: iat + age, expect, also, note, says, made_by: 'node crypto' };
  process.stdout.write(JSON.stringify(line) + '\n');
}
const good = (...rest) => vector('published', rest[0], 'good', ...rest.slice(1));
const published = (...rest) => vector('published', ...rest);
const mistake = (...rest) => vector('mistakes', ...rest);

// --- good tokens ---
good('good-node', (c) => jwt(secret, c));
good('good-node-typ-first', (c) => jwt(secret, c, { typ: 'JWT', alg: 'HS256' }));
good('good-node-key-as-bytes', (c) => jwt(Buffer.from(secret, 'utf8'), c));
good('good-node-secret-hashed-by-hand', (c) => jwt(createHash('sha256').update(secret).digest(), c),
  { note: 'longer than a block, so HMAC hashes it too' });
good('good-node-indented-json', (c) => jwt(secret, JSON.stringify(c, null, 2), JSON.stringify(HEADER, null, '\t')));
good('good-node-extra-claims',
  (c) => jwt(secret, { ...c, sub: 'server', jti: 'a-1', aud: ['x', 'y'], roles: { admin: false, n: null } }));
good('good-node-extra-header-members', (c) => jwt(secret, c, { ...HEADER, kid: 'k1', cty: 'JWT', 'x-trace': [1, 2] }));
good('good-node-unicode-claims', (c) => jwt(secret, { ...c, name: 'Zoë Ångström', team: '東京', mood: '\u{1f980}' }));
good('good-node-escaped-iss', ({ iss, iat }) => jwt(secret,
  `{"iss":"${[...iss].map((ch) => '\\u' + ch.charCodeAt(0).toString(16).padStart(4, '0')).join('')}","iat":${iat}}`));
good('good-node-escaped-member-names', ({ iss, iat }) => jwt(secret,
  `{"\\u0069\\u0073\\u0073":"${iss}","i\\u0061t":${iat}}`, '{"\\u0061lg":"HS\\u003256","typ":"J\\u0057T"}'));
good('good-node-nul-in-a-claim', (c) => jwt(secret, { ...c, note: 'a\u0000b' }));
good('good-node-empty-member-name', (c) => jwt(secret, { '': '', ...c }));
good('good-node-iat-of-this-second', (c) => jwt(secret, c), { age: 0 });
good('good-node-jsonwebtoken-style', (c) => jwt(secret, { iat: c.iat, exp: c.iat + 300, iss: c.iss }));
const schemes = { 'as-published': 'Bearer', 'lower-case': 'bearer', 'upper-case': 'BEARER', 'mixed-case': 'bEaReR' };
for (const [name, scheme] of Object.entries(schemes)) {
  good(`authorization-scheme-${name}`, (c) => ({ authorization: `${scheme} ${jwt(secret, c)}` }));
}
good('authorization-two-spaces', (c) => ({ authorization: `Bearer  ${jwt(secret, c)}` }),
  { note: 'RFC 9110 section 11.4: 1*SP' });

// --- the Authorization header [J1] ---
const j1 = (name, finding, make, options) => published(name, finding,
  (c) => ({ authorization: make(jwt(secret, c), c) }), { also: null, ...options });
j1('scheme-left-out', 'J1 scheme-missing', (token) => token);
j1('scheme-basic-with-credentials', 'J1 scheme-unknown',
  () => 'Basic ' + Buffer.from(`${id}:${key}`).toString('base64'));
j1('scheme-basic-with-token', 'J1 scheme-unknown', (token) => 'Basic ' + token);
j1('scheme-token', 'J1 scheme-unknown', (token) => 'Token ' + token);
j1('scheme-jwt', 'J1 scheme-unknown', (token) => 'JWT ' + token);
j1('scheme-with-colon', 'J1 scheme-unknown', (token) => 'Bearer: ' + token);
j1('bearer-glued-to-the-token', 'J1 scheme-missing', (token) => 'Bearer' + token,
  { note: 'no space between the two' });
j1('bearer-twice', 'J1 bearer-doubled', (token) => 'Bearer Bearer ' + token);
j1('bearer-twice-lower-case', 'J1 bearer-doubled', (token) => 'Bearer bearer ' + token);
j1('bearer-thrice', 'J1 bearer-doubled', (token) => 'Bearer Bearer Bearer ' + token);
j1('bearer-json-stringify', 'J1 bearer-quoted', (token) => `Bearer ${JSON.stringify(token)}`);
j1('bearer-single-quotes', 'J1 bearer-quoted', (token) => `Bearer '${token}'`);
j1('bearer-and-all-in-quotes', 'J1 bearer-quoted', (token) => `"Bearer ${token}"`);
j1('bearer-opening-quote-only', 'J1 bearer-quoted', (token) => `Bearer "${token}`);
j1('bearer-promise', 'J1 token-not-a-string', (token) => `Bearer ${(async () => token)()}`);
j1('bearer-object', 'J1 token-not-a-string', (token) => `Bearer ${{ token }}`);
j1('bearer-undefined', 'J1 token-not-a-string', () => `Bearer ${process.env.NO_SUCH_TOKEN}`);
j1('bearer-null', 'J1 token-not-a-string', () => `Bearer ${null}`);
j1('bearer-json-of-an-answer', 'J1 token-not-a-string', (token) => `Bearer ${JSON.stringify({ token })}`);
j1('bearer-bytes-in-decimal', 'J1 token-not-a-string', (token) => `Bearer ${new TextEncoder().encode(token)}`);
j1('bearer-template-of-postman', 'J1 token-not-a-string', () => 'Bearer {{token}}',
  { note: 'the name of a variable that nobody filled in' });
j1('bearer-template-without-backticks', 'J1 token-not-a-string', () => 'Bearer ${token}');
j1('bearer-shell-variable-in-single-quotes', 'J1 token-not-a-string', () => 'Bearer $TOKEN');
j1('bearer-alone', 'J1 token-missing', () => 'Bearer');
j1('bearer-and-a-space', 'J1 token-missing', () => `Bearer ${''}`);
published('token-ends-in-newline', 'J1 token-whitespace', (c) => jwt(secret, c) + '\n');
good('authorization-blank-behind', (c) => ({ authorization: `Bearer ${jwt(secret, c)} ` }),
  { note: 'RFC 9110 section 5.5: no part of the value' });
good('authorization-blanks-around', (c) => ({ authorization: `  Bearer ${jwt(secret, c)}\t` }));
j1('bearer-token-wrapped', 'J1 token-whitespace', (token) => `Bearer ${token.slice(0, 76)}\n${token.slice(76)}`);
j1('bearer-token-with-a-blank-inside', 'J1 token-whitespace', (token) => `Bearer ${token.replace('.', '. ')}`);
j1('bearer-two-tokens', 'J1 token-whitespace', (token, c) => `Bearer ${token} ${jwt(secret, { ...c, jti: '2' })}`);
j1('bearer-legacy-key', 'J13 legacy-api-key', () => 'Bearer FakeLegacyFakeLegacyFakeLegacy01');
j1('bearer-legacy-key-unknown', 'J13 legacy-api-key',
  () => 'Bearer ' + createHash('sha256').update('fake').digest('hex'));

// --- header, claims ---
published('alg-none-node', 'J2 alg-none', (c) => inputOf({ alg: 'none' }, c) + '.', { also: null });
published('alg-none-signed-node', 'J2 alg-none', (c) => jwt(secret, c, { alg: 'none', typ: 'JWT' }), { also: null });
published('alg-none-capital-node', 'J2 alg-none', (c) => inputOf({ alg: 'None', typ: 'JWT' }, c) + '.', { also: null });
published('alg-none-mixed-case-node', 'J2 alg-none',
  (c) => inputOf({ alg: 'nOnE', typ: 'JWT' }, c) + '.', { also: null });
published('alg-missing-node', 'J2 alg-missing', (c) => jwt(secret, c, { typ: 'JWT' }), { also: null });
published('alg-number-node', 'J2 alg-unsupported', (c) => jwt(secret, c, { alg: 256, typ: 'JWT' }), { also: null });
published('alg-lower-case-node', 'J2 alg-unsupported',
  (c) => jwt(secret, c, { alg: 'hs256', typ: 'JWT' }), { also: null });
published('alg-hash-name-node', 'J2 alg-unsupported',
  (c) => jwt(secret, c, { alg: 'sha256', typ: 'JWT' }), { also: null });
published('alg-rs256-node', 'J2 alg-unsupported', (c) => jwt(secret, c, { alg: 'RS256', typ: 'JWT' }), { also: null });
published('alg-hs512-node', 'J2 alg-unsupported', (c) => {
  const input = inputOf({ alg: 'HS512', typ: 'JWT' }, c);
  return `${input}.${hmac(secret, input, 'sha512').toString('base64url')}`;
}, { also: null });
published('alg-with-a-blank-node', 'J2 alg-unsupported',
  (c) => jwt(secret, c, { alg: 'HS256 ', typ: 'JWT' }), { also: null });
published('crit-b64-node', 'J2 crit-unsupported',
  (c) => jwt(secret, c, { ...HEADER, b64: true, crit: ['b64'] }), { also: null });
published('crit-unknown-node', 'J2 crit-unsupported',
  (c) => jwt(secret, c, { ...HEADER, crit: ['x-team'], 'x-team': 1 }), { also: null });
published('header-repeats-alg-node', 'J2 member-repeated',
  (c) => jwt(secret, c, '{"alg":"none","alg":"HS256","typ":"JWT"}'), { also: null });
published('payload-repeats-iss-node', 'J2 member-repeated',
  (c) => jwt(secret, `{"iss":"x","iss":"${c.iss}","iat":${c.iat}}`), { also: null });
published('payload-repeats-iat-node', 'J2 member-repeated',
  (c) => jwt(secret, `{"iss":"${c.iss}","iat":1,"iat":${c.iat}}`), { also: null });
published('payload-repeats-an-escaped-name-node', 'J2 member-repeated',
  (c) => jwt(secret, `{"iss":"${c.iss}","iat":${c.iat},"\\u0069at":${c.iat}}`), { also: null });
published('payload-twice-json-node', 'J2 segment-encoded-twice',
  (c) => jwt(secret, JSON.stringify(JSON.stringify(c))), { also: null });
published('header-twice-json-node', 'J2 segment-encoded-twice',
  (c) => jwt(secret, c, JSON.stringify(JSON.stringify(HEADER))), { also: null });
published('payload-object-object-node', 'J2 payload-not-json', (c) => jwt(secret, String(c)), { also: null });
published('payload-array-node', 'J2 payload-not-json', (c) => jwt(secret, [c.iss, c.iat]), { also: null });
published('payload-null-node', 'J2 payload-not-json', () => jwt(secret, 'null'), { also: null });
published('payload-empty-node', 'J2 payload-not-json', () => jwt(secret, ''), { also: null });
published('payload-with-bom-node', 'J2 payload-not-json',
  (c) => jwt(secret, '\ufeff' + JSON.stringify(c)), { also: null });
published('payload-with-comment-node', 'J2 payload-not-json',
  (c) => jwt(secret, JSON.stringify(c) + ' // signed'), { also: null });
published('payload-cut-node', 'J2 payload-not-json',
  (c) => jwt(secret, JSON.stringify(c).slice(0, -1)), { also: null });
published('segments-fourth-empty-node', 'J2 token-segments', (c) => jwt(secret, c) + '.', { also: null });
published('segments-two-node', 'J2 token-segments', (c) => inputOf(HEADER, c), { also: null });
published('segments-four-node', 'J2 token-segments', (c) => jwt(secret, c) + '.' + base64url('more'), { also: null });
published('segments-five-node', 'J2 token-segments',
  (c) => 'eyJhbGciOiJkaXIifQ..' + jwt(secret, c), { also: null, note: 'as many as a JWE has' });
published('iat-milliseconds-node', 'J4 iat-milliseconds',
  (c) => jwt(secret, { ...c, iat: new Date(c.iat * 1000 + 123).getTime() }));
published('iat-milliseconds-as-a-string-node', 'J4 iat-string', (c) => jwt(secret, { ...c, iat: `${c.iat * 1000}` }));
published('iat-iso-date-node', 'J4 iat-string', (c) => jwt(secret, { ...c, iat: new Date(c.iat * 1000) }));
published('iat-to-fixed-node', 'J4 iat-string', (c) => jwt(secret, { ...c, iat: c.iat.toFixed(0) }));
published('iat-nan-node', 'J4 iat-not-number',
  (c) => jwt(secret, { ...c, iat: Number(undefined) }), { note: 'JSON.stringify writes null' });
published('iat-undefined-node', 'J4 iat-missing', (c) => jwt(secret, { ...c, iat: undefined }));
published('iat-in-the-header-node', 'J4 iat-missing', (c) => jwt(secret, { iss: c.iss }, { ...HEADER, iat: c.iat }));
good('iat-divided-not-rounded-node',
  (c) => jwt(secret, { ...c, iat: (c.iat * 1000 + 123) / 1000 }), { also: ['J4 iat-fractional'] });
published('iat-milliseconds-and-exp-node', 'J4 iat-milliseconds',
  (c) => jwt(secret, { ...c, iat: c.iat * 1000, exp: c.iat * 1000 + 300000 }), { also: null });
published('iss-undefined-node', 'J3 iss-missing', (c) => jwt(secret, { ...c, iss: process.env.NO_SUCH_ID }));
published('iss-null-node', 'J3 iss-not-string', (c) => jwt(secret, { ...c, iss: null }));
published('iss-object-node', 'J3 iss-not-string', (c) => jwt(secret, { ...c, iss: { id } }));
published('iss-key-node', 'J3 iss-is-key', (c) => jwt(secret, { ...c, iss: key }));
published('iss-signing-secret-node', 'J3 iss-is-signing-secret', (c) => jwt(secret, { ...c, iss: secret }));
published('iss-in-quotes-node', 'J3 iss-wrapped', (c) => jwt(secret, { ...c, iss: JSON.stringify(id) }));
published('iss-and-iat-missing-node', 'J3 iss-missing', () => jwt(secret, {}), { also: ['J4 iat-missing'] });
published('iss-in-the-header-node', 'J3 iss-missing', (c) => jwt(secret, { iat: c.iat }, { ...HEADER, iss: id }));
published('key-and-id-swapped-everywhere-node', 'J3 iss-is-key',
  (c) => jwt(`${key}||${id}`, { ...c, iss: key }), { also: null });

// --- the secret ---
mistake('id-alone-node-logical-or', 'J5 secret-id-alone', (c) => jwt(id || key, c));
mistake('id-alone-node-logical-or-in-template', 'J5 secret-id-alone', (c) => jwt(`${id || key}`, c));
mistake('key-alone-node', 'J5 secret-key-alone', (c) => jwt(key, c));
mistake('key-alone-node-and-operator', 'J5 secret-key-alone', (c) => jwt(id && key, c));
mistake('joined-with-nothing-node-plus', 'J5 secret-joined-with-nothing', (c) => jwt(id + key, c));
mistake('joined-with-one-pipe-node', 'J5 secret-joined-with-pipe', (c) => jwt([id, key].join('|'), c));
mistake('joined-with-colon-node', 'J5 secret-joined-with-colon', (c) => jwt(`${id}:${key}`, c));
mistake('joined-with-comma-node-array', 'J5 secret-joined-with-other', (c) => jwt(String([id, key]), c));
mistake('joined-with-dot-node', 'J5 secret-joined-with-other', (c) => jwt(`${id}.${key}`, c));
mistake('joined-with-hyphen-node', 'J5 secret-joined-with-other', (c) => jwt(`${id}-${key}`, c));
mistake('joined-with-three-pipes-node', 'J5 secret-joined-with-other', (c) => jwt(`${id}|||${key}`, c));
mistake('joined-with-spaced-pipes-node', 'J5 secret-joined-with-other',
  (c) => jwt(`${id} || ${key}`, c));
mistake('joined-with-plus-sign-node', 'J5 secret-joined-with-other', (c) => jwt(`${id}+${key}`, c));
mistake('pipes-escaped-node-html-entities', 'J5 secret-pipes-escaped', (c) => jwt(`${id}&#124;&#124;${key}`, c));
mistake('swapped-node', 'J5 secret-swapped', (c) => jwt(`${key}||${id}`, c));
mistake('pipes-escaped-node', 'J5 secret-pipes-escaped', (c) => jwt(`${id}\\|\\|${key}`, c));
mistake('pipes-percent-encoded-node', 'J5 secret-pipes-percent-encoded', (c) => jwt(encodeURIComponent(secret), c));
mistake('pipes-percent-encoded-node-lower-case', 'J5 secret-pipes-percent-encoded', (c) => jwt(`${id}%7c%7c${key}`, c));
mistake('pipes-percent-encoded-node-twice', 'J5 secret-pipes-percent-encoded',
  (c) => jwt(encodeURIComponent(encodeURIComponent(secret)), c), { also: null });
mistake('newline-node-read-file', 'J5 secret-whitespace', (c) => jwt(Buffer.from(secret + '\n'), c));
mistake('newline-node-both-halves', 'J5 secret-whitespace', (c) => jwt(`${id}\n||${key}\n`, c));
mistake('newline-node-after-id', 'J5 secret-whitespace', (c) => jwt(`${id}\n||${key}`, c));
mistake('crlf-node-read-file', 'J5 secret-whitespace', (c) => jwt(secret + '\r\n', c));
mistake('carriage-return-node-split-lines', 'J5 secret-whitespace',
  (c) => { const [i, k] = `${id}\r\n${key}\r\n`.split('\n'); return jwt(`${i}||${k}`, c); });
mistake('tab-node', 'J5 secret-whitespace', (c) => jwt(secret + '\t', c));
mistake('leading-space-node', 'J5 secret-whitespace', (c) => jwt(' ' + secret, c));
mistake('space-before-key-node', 'J5 secret-whitespace', (c) => jwt(`${id}|| ${key}`, c));
mistake('space-after-id-node', 'J5 secret-whitespace', (c) => jwt(`${id} ||${key}`, c));
mistake('no-break-space-node', 'J5 secret-whitespace',
  (c) => jwt(secret + '\u00a0', c), { note: 'pasted from a web page' });
mistake('quoted-node-json-stringify', 'J5 secret-quoted', (c) => jwt(JSON.stringify(secret), c));
mistake('quoted-node-env-halves', 'J5 secret-quoted', (c) => jwt(`"${id}"||"${key}"`, c));
mistake('quoted-node-key-only', 'J5 secret-quoted', (c) => jwt(`${id}||"${key}"`, c));
mistake('quoted-node-id-only', 'J5 secret-quoted', (c) => jwt(`"${id}"||${key}`, c));
mistake('quoted-node-opening-quote-only', 'J5 secret-quoted', (c) => jwt(`"${secret}`, c));
mistake('quoted-node-closing-quote-only', 'J5 secret-quoted', (c) => jwt(`${secret}"`, c));
mistake('quoted-node-backticks', 'J5 secret-quoted', (c) => jwt(`\`${secret}\``, c));
mistake('bom-node-read-file-utf8', 'J5 secret-bom', (c) => jwt('\ufeff' + secret, c));
mistake('bom-node-before-key', 'J5 secret-bom', (c) => jwt(`${id}||\ufeff${key}`, c));
mistake('bom-and-newline-node', 'J5 secret-whitespace', (c) => jwt('\ufeff' + secret + '\n', c),
  { also: ['J5 secret-bom'] });
mistake('letter-case-node-id-upper', 'J5 secret-letter-case', (c) => jwt(`${id.toUpperCase()}||${key}`, c));
mistake('letter-case-node-key-lower', 'J5 secret-letter-case', (c) => jwt(`${id}||${key.toLowerCase()}`, c));
mistake('letter-case-node-all-lower', 'J5 secret-letter-case', (c) => jwt(secret.toLowerCase(), c));
mistake('hex-decoded-node', 'J5 secret-hex-decoded', (c) => jwt(Buffer.from(secret, 'hex'), c),
  { note: 'stops at the hyphen: 4 bytes' });
mistake('hex-decoded-node-empty', 'J5 secret-empty', (c) => jwt(Buffer.from(key, 'hex'), c),
  { note: 'the key alone begins with no hex digit: 0 bytes, no different from an unset variable' });
mistake('base64-decoded-node', 'J5 secret-base64-decoded', (c) => jwt(Buffer.from(secret, 'base64'), c),
  { note: 'takes the hyphens for base64url: 51 bytes' });
mistake('base64-decoded-node-atob', 'J5 secret-base64-decoded',
  (c) => jwt(Buffer.from(atob(secret.replace(/[^A-Za-z0-9+/]/g, '')), 'latin1'), c), { note: '48 bytes' });
mistake('base64-decoded-node-jwk', 'J5 secret-base64-decoded', (c) => jwt(Buffer.from(secret, 'base64url'), c));
mistake('key-base64-decoded-node', 'J5 key-base64-decoded',
  (c) => jwt(Buffer.concat([Buffer.from(`${id}||`), Buffer.from(key, 'base64')]), c));
mistake('key-alone-base64-decoded-node', 'J5 key-base64-decoded', (c) => jwt(Buffer.from(key, 'base64'), c));
mistake('key-base64-decoded-to-text-node', 'J5 key-base64-decoded',
  (c) => jwt(`${id}||${Buffer.from(key, 'base64').toString('latin1')}`, c),
  { also: null, note: 'bytes taken for Latin-1 and written again as UTF-8' });
mistake('base64-encoded-node', 'J5 secret-base64-encoded', (c) => jwt(Buffer.from(secret).toString('base64'), c));
mistake('base64-encoded-node-base64url', 'J5 secret-base64-encoded', (c) => jwt(base64url(secret), c));
mistake('base64-encoded-node-btoa', 'J5 secret-base64-encoded', (c) => jwt(btoa(secret), c));
mistake('hex-encoded-node', 'J5 secret-hex-encoded', (c) => jwt(Buffer.from(secret).toString('hex'), c));
mistake('hashed-node', 'J5 secret-hashed', (c) => jwt(createHash('sha256').update(secret).digest('hex'), c));
mistake('utf16-node', 'J5 secret-other-encoding', (c) => jwt(Buffer.from(secret, 'utf16le'), c));
mistake('truncated-to-64-node', 'J5 secret-truncated', (c) => jwt(secret.slice(0, 64), c));
mistake('truncated-to-32-node', 'J5 secret-truncated', (c) => jwt(Buffer.from(secret).subarray(0, 32), c));
mistake('truncated-to-50-node-column', 'J5 secret-truncated', (c) => jwt(secret.slice(0, 50), c));
mistake('truncated-by-one-node', 'J5 secret-truncated', (c) => jwt(secret.slice(0, -1), c));
mistake('empty-node', 'J5 secret-empty', (c) => jwt('', c));
mistake('key-undefined-node', 'J5 secret-empty', (c) => jwt(`${id}||${process.env.NO_SUCH_KEY}`, c),
  { also: null, note: 'the variable is not set: ID||undefined' });
mistake('both-undefined-node', 'J5 secret-empty',
  (c) => jwt(`${process.env.NO_SUCH_ID}||${process.env.NO_SUCH_KEY}`, c),
  { also: null, note: 'undefined||undefined' });
mistake('placeholder-node-no-backticks', 'J5 secret-placeholder', (c) => jwt('${SECRET_ID}||${SECRET_KEY}', c));
mistake('placeholder-node-jwt-io', 'J5 secret-placeholder', (c) => jwt('your-256-bit-secret', c));
mistake('placeholder-node-jwt-io-new', 'J5 secret-placeholder',
  (c) => jwt('a-string-secret-at-least-256-bits-long', c));
mistake('placeholder-node-documentation', 'J5 secret-placeholder',
  (c) => jwt('YOUR_API_SECRET_ID||YOUR_API_SECRET_KEY', c));
mistake('placeholder-node-names', 'J5 secret-placeholder', (c) => jwt('SECRET_ID||SECRET_KEY', c));
mistake('other-secret-node', 'J5 signature-by-other-secret', (c) => jwt(`${SECOND_ID}||${SECOND_KEY}`, c));
mistake('other-secrets-key-node', 'J5 signature-by-other-secret', (c) => jwt(`${id}||${SECOND_KEY}`, c));
mistake('other-secrets-iss-node', 'J5 signature-by-other-secret', (c) => jwt(secret, c), { iss: SECOND_ID });
mistake('unknown-password-node', 'J5 signature-unknown', (c) => jwt('correct horse battery staple', c));
mistake('unknown-id-of-no-secret-node', 'J5 signature-unknown',
  (c) => jwt('11111111-2222-4333-8444-555555555555||NobodysKeyNobodysKeyNobodysKey99', c));
mistake('arguments-swapped-node', 'J5 hmac-arguments-swapped', (c) => {
  const input = inputOf(HEADER, c);
  return `${input}.${hmac(input, secret).toString('base64url')}`;
}, { also: null, note: 'the token as the key, the secret as the text' });

// --- the signature ---
const signed = (c, k, make, hash) => {
  const input = inputOf(HEADER, c);
  return `${input}.${make(hmac(k, input, hash), input)}`;
};
const odd = (c, k) => { // the next iat whose signature has both + and / in it
  while (!/[+].*[/]/.test(hmac(k, inputOf(HEADER, c)).toString('base64'))) c.iat += 1;
  return c;
};
mistake('signature-hex-node', 'J5 signature-hex', (c) => signed(c, secret, (d) => d.toString('hex')));
mistake('signature-hex-node-encoded', 'J5 signature-hex',
  (c) => signed(c, secret, (d) => base64url(d.toString('hex'))));
mistake('signature-hex-node-upper-case', 'J5 signature-hex',
  (c) => signed(c, secret, (d) => d.toString('hex').toUpperCase()));
mistake('signature-hex-node-encoded-padded', 'J5 signature-hex',
  (c) => signed(c, secret, (d) => btoa(d.toString('hex'))), { also: null });
mistake('signature-standard-base64-node', 'J5 signature-standard-base64',
  (c) => signed(odd(c, secret), secret, (d) => d.toString('base64')), { age: 30 });
mistake('signature-standard-base64-node-padding-stripped', 'J5 signature-standard-base64',
  (c) => signed(odd(c, secret), secret, (d) => d.toString('base64').replace(/=+$/, '')), { age: 30 });
mistake('signature-standard-base64-node-one-replace', 'J5 signature-standard-base64',
  (c) => {
    while (!/[+].*[+]/.test(hmac(secret, inputOf(HEADER, c)).toString('base64'))) c.iat += 1;
    return signed(c, secret, (d) => d.toString('base64').replace('+', '-').replace('/', '_').replace('=', ''));
  },
  { age: 100, note: 'String.replace changes the first of several only' });
mistake('signature-sha512-node', 'J5 signature-other-hash',
  (c) => signed(c, secret, (d) => d.toString('base64url'), 'sha512'));
mistake('signature-sha384-node', 'J5 signature-other-hash',
  (c) => signed(c, secret, (d) => d.toString('base64url'), 'sha384'));
mistake('signature-sha1-node', 'J5 signature-other-hash',
  (c) => signed(c, secret, (d) => d.toString('base64url'), 'sha1'));
mistake('signature-truncated-to-42-node', 'J5 signature-truncated',
  (c) => signed(c, secret, (d) => d.toString('base64url').slice(0, 42)), { also: null });
mistake('signature-truncated-to-16-bytes-node', 'J5 signature-truncated',
  (c) => signed(c, secret, (d) => d.subarray(0, 16).toString('base64url')), { also: null });
mistake('signature-missing-node', 'J5 signature-missing', (c) => signed(c, secret, () => ''));
mistake('signature-as-utf8-text-node', 'J5 signature-double-encoded',
  (c) => signed(c, secret, (d) => base64url(d.toString('latin1'))),
  { note: "digest('binary') written again as UTF-8" });
mistake('signature-random-looking-node', 'J5 signature-unknown',
  (c) => signed(c, secret, () => createHash('sha256').update('anything').digest('base64url')));
mistake('signature-of-zeros-node', 'J5 signature-unknown',
  (c) => signed(c, secret, () => Buffer.alloc(32).toString('base64url')));
mistake('signature-too-long-node', 'J5 signature-unknown',
  (c) => signed(c, secret, (d) => Buffer.concat([d, d]).toString('base64url')), { also: null });
mistake('signature-double-encoded-node', 'J5 signature-double-encoded',
  (c) => signed(c, secret, (d) => base64url(d.toString('base64'))));
mistake('signature-double-encoded-node-base64url', 'J5 signature-double-encoded',
  (c) => signed(c, secret, (d) => base64url(d.toString('base64url'))));
mistake('signing-input-json-node', 'J5 signing-input-other',
  (c) => `${inputOf(HEADER, c)}.${hmac(secret, JSON.stringify(HEADER) + '.' + JSON.stringify(c)).toString('base64url')}`);
mistake('signing-input-payload-json-node', 'J5 signing-input-other',
  (c) => `${inputOf(HEADER, c)}.${hmac(secret, JSON.stringify(c)).toString('base64url')}`);
mistake('tampered-iss-node', 'J5 signature-unknown',
  (c) => { const [h, , s] = jwt(secret, c).split('.'); return `${h}.${encode({ ...c, admin: true })}.${s}`; });

// --- two mistakes at once ---
mistake('swapped-and-colon-node', 'J5 secret-swapped', (c) => jwt(`${key}:${id}`, c));
mistake('swapped-and-nothing-node', 'J5 secret-swapped', (c) => jwt(key + id, c));
mistake('swapped-and-one-pipe-node', 'J5 secret-swapped', (c) => jwt(`${key}|${id}`, c));
mistake('swapped-and-newline-node', 'J5 secret-swapped',
  (c) => jwt(`${key}||${id}\n`, c), { also: ['J5 secret-whitespace'] });
mistake('colon-and-newline-node', 'J5 secret-joined-with-colon',
  (c) => jwt(`${id}:${key}\n`, c), { also: ['J5 secret-whitespace'] });
mistake('colon-and-quotes-node', 'J5 secret-joined-with-colon',
  (c) => jwt(`"${id}:${key}"`, c), { also: ['J5 secret-quoted'] });
mistake('key-alone-quoted-node', 'J5 secret-key-alone',
  (c) => jwt(JSON.stringify(key), c), { also: ['J5 secret-quoted'] });
mistake('escaped-and-newline-node', 'J5 secret-pipes-escaped',
  (c) => jwt(`${id}\\|\\|${key}\n`, c), { also: ['J5 secret-whitespace'] });
mistake('id-alone-and-sha512-node', 'J5 secret-id-alone',
  (c) => signed(c, id || key, (d) => d.toString('base64url'), 'sha512'), { also: ['J5 signature-other-hash'] });
mistake('key-alone-and-sha512-node', 'J5 secret-key-alone',
  (c) => signed(c, key, (d) => d.toString('base64url'), 'sha512'), { also: ['J5 signature-other-hash'] });
mistake('key-alone-and-sha384-node', 'J5 secret-key-alone',
  (c) => signed(c, key, (d) => d.toString('base64url'), 'sha384'), { also: ['J5 signature-other-hash'] });
mistake('id-alone-and-hex-node', 'J5 secret-id-alone',
  (c) => signed(c, id || key, (d) => d.toString('hex')), { also: ['J5 signature-hex'] });
mistake('colon-and-hex-node', 'J5 secret-joined-with-colon',
  (c) => signed(c, `${id}:${key}`, (d) => base64url(d.toString('hex'))), { also: ['J5 signature-hex'] });
mistake('hex-decoded-and-hex-node', 'J5 secret-hex-decoded',
  (c) => signed(c, Buffer.from(secret, 'hex'), (d) => d.toString('hex')), { also: ['J5 signature-hex'] });
mistake('key-alone-and-standard-base64-node', 'J5 secret-key-alone',
  (c) => signed(odd(c, key), key, (d) => d.toString('base64')), { also: ['J5 signature-standard-base64'], age: 30 });
mistake('expired-and-key-alone-node', 'J5 secret-key-alone', (c) => jwt(key, c), { age: 700, also: ['J6 expired'] });
mistake('expired-and-id-alone-node', 'J5 secret-id-alone',
  (c) => jwt(id || key, c), { age: 86400 * 3 + 400, also: ['J6 expired'] });
mistake('milliseconds-and-id-alone-node', 'J4 iat-milliseconds',
  (c) => jwt(id || key, { ...c, iat: c.iat * 1000 + 1 }), { also: ['J5 secret-id-alone'] });
mistake('milliseconds-and-colon-node', 'J4 iat-milliseconds',
  (c) => jwt(`${id}:${key}`, { ...c, iat: c.iat * 1000 + 999 }), { also: ['J5 secret-joined-with-colon'] });
mistake('iat-missing-and-key-alone-node', 'J4 iat-missing',
  (c) => jwt(key, { iss: c.iss }), { also: ['J5 secret-key-alone'] });
mistake('future-and-typ-missing-and-colon-node', 'J5 secret-joined-with-colon',
  (c) => jwt(`${id}:${key}`, c, { alg: 'HS256' }), { age: -100, also: ['J7 iat-in-future', 'J9 typ-missing'] });

// --- credentials of other shapes ---
const { PLUS_ID, PLUS_KEY, SPACE_ID, SPACE_KEY, ACCENT_ID, ACCENT_KEY } = process.env;
const { HEX_ID, HEX_KEY, LONG_ID, LONG_KEY, SHORT_ID, SHORT_KEY } = process.env;
const shape = (name, expect, iss, k, options) => vector('shapes', name, expect, (c) => jwt(k, c), { iss, ...options });
shape('good-plus-node', 'good', PLUS_ID, `${PLUS_ID}||${PLUS_KEY}`);
shape('good-space-node', 'good', SPACE_ID, `${SPACE_ID}||${SPACE_KEY}`);
shape('good-accent-node', 'good', ACCENT_ID, `${ACCENT_ID}||${ACCENT_KEY}`);
shape('good-hex-node', 'good', HEX_ID, `${HEX_ID}||${HEX_KEY}`);
shape('plus-percent-encoded-node', 'J5 secret-pipes-percent-encoded', PLUS_ID, encodeURIComponent(`${PLUS_ID}||${PLUS_KEY}`));
shape('plus-key-percent-encoded-node', 'J5 secret-pipes-percent-encoded', PLUS_ID, `${PLUS_ID}||${encodeURIComponent(PLUS_KEY)}`,
  { also: null, note: 'the pipes are unchanged, the key is URL-encoded' });
shape('plus-key-alone-base64-decoded-node', 'J5 key-base64-decoded', PLUS_ID, Buffer.from(PLUS_KEY, 'base64'));
shape('plus-base64-decoded-node', 'J5 secret-base64-decoded', PLUS_ID, Buffer.from(`${PLUS_ID}||${PLUS_KEY}`, 'base64'));
shape('space-percent-encoded-node', 'J5 secret-pipes-percent-encoded', SPACE_ID, encodeURIComponent(`${SPACE_ID}||${SPACE_KEY}`));
shape('space-colon-node', 'J5 secret-joined-with-colon', SPACE_ID, `${SPACE_ID}:${SPACE_KEY}`);
shape('accent-base64-encoded-node', 'J5 secret-base64-encoded', ACCENT_ID, base64url(`${ACCENT_ID}||${ACCENT_KEY}`));
shape('accent-percent-encoded-node', 'J5 secret-pipes-percent-encoded',
  ACCENT_ID, encodeURIComponent(`${ACCENT_ID}||${ACCENT_KEY}`));
shape('accent-as-latin1-node', 'J5 secret-other-encoding', ACCENT_ID, Buffer.from(`${ACCENT_ID}||${ACCENT_KEY}`, 'latin1'),
  { note: 'one byte per character instead of UTF-8' });
shape('hex-key-decoded-node', 'J5 key-hex-decoded',
  HEX_ID, Buffer.concat([Buffer.from(`${HEX_ID}||`), Buffer.from(HEX_KEY, 'hex')]));
shape('hex-key-alone-decoded-node', 'J5 key-hex-decoded', HEX_ID, Buffer.from(HEX_KEY, 'hex'));
shape('hex-secret-decoded-node', 'J5 secret-hex-decoded', HEX_ID, Buffer.from(`${HEX_ID}||${HEX_KEY}`, 'hex'));
shape('hex-key-upper-case-node', 'J5 secret-letter-case', HEX_ID, `${HEX_ID}||${HEX_KEY.toUpperCase()}`);
shape('long-key-alone-node', 'J5 secret-key-alone', LONG_ID, LONG_KEY);
shape('long-truncated-to-128-node', 'J5 secret-truncated', LONG_ID, `${LONG_ID}||${LONG_KEY}`.slice(0, 128));
shape('short-id-alone-node', 'J5 secret-id-alone', SHORT_ID, SHORT_ID || SHORT_KEY);
shape('short-secret-hashed-by-hand-node', 'J5 secret-hashed',
  SHORT_ID, createHash('sha256').update(`${SHORT_ID}||${SHORT_KEY}`).digest(),
  { also: null, note: 'shorter than a block: HMAC does not hash it, so here this is wrong' });

// --- what Node does to a secret, and records of it ---
mistake('utf16le-node', 'J5 secret-other-encoding', (c) => jwt(Buffer.from(secret, 'utf16le'), c), { says: 'UTF-16' });
mistake('utf16le-with-mark-node', 'J5 secret-other-encoding', (c) => jwt(Buffer.from('\ufeff' + secret, 'utf16le'), c),
  { says: 'byte-order mark' });
mistake('utf16le-file-read-as-utf8-node', 'J5 secret-other-encoding',
  (c) => jwt(Buffer.from('\ufeff' + secret, 'utf16le').toString('utf8'), c), { says: 'read as UTF-8' });
mistake('record-stringify-node', 'J5 secret-record', (c) => jwt(JSON.stringify({ id, key }), c));
mistake('record-stringify-indented-node', 'J5 secret-record',
  (c) => jwt(JSON.stringify({ secretId: id, secretKey: key }, null, 2), c));
mistake('record-inspect-node', 'J5 secret-record', (c) => jwt(require('node:util').inspect({ id, key }, { breakLength: 200 }), c));
mistake('record-object-object-node', 'J5 secret-record', (c) => jwt(String({ id, key }), c));
mistake('record-array-node', 'J5 secret-record', (c) => jwt(JSON.stringify([id, key]), c));
mistake('key-alone-hex-decoded-to-nothing-node', 'J5 secret-empty', (c) => jwt(Buffer.from(key, 'hex'), c),
  { says: 'a hex decoder' });
mistake('key-hex-decoded-to-nothing-node', 'J5 secret-empty',
  (c) => jwt(Buffer.concat([Buffer.from(id + '||'), Buffer.from(key, 'hex')]), c), { says: 'a hex decoder' });
mistake('key-hashed-node', 'J5 secret-hashed',
  (c) => jwt(`${id}||${createHash('sha256').update(key).digest('base64url')}`, c), { says: 'base64url' });
mistake('hashed-md5-node', 'J5 secret-hashed', (c) => jwt(createHash('md5').update(secret).digest('hex'), c), { says: 'MD5' });
published('iat-performance-now-node', 'J4 iat-uptime', (c) => jwt(secret, { ...c, iat: 5321.047 }));
published('iat-minutes-node', 'J4 iat-other-unit', (c) => jwt(secret, { ...c, iat: Math.floor(c.iat / 60) }));
published('payload-stringified-and-base64-node', 'J2 segment-encoded-twice',
  (c) => jwt(secret, JSON.stringify(base64url(JSON.stringify(c)))), { says: 'a JSON string of base64' });
