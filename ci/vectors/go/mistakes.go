package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// Keys that were made wrongly.
func secrets() {
	none := options{}
	mistake("key-alone-go", "J5 secret-key-alone", none, withKey(key))
	mistake("id-alone-go", "J5 secret-id-alone", none, withKey(id))
	mistake("joined-with-nothing-go", "J5 secret-joined-with-nothing", none, withKey(strings.Join([]string{id, key}, "")))
	mistake("joined-with-one-pipe-go", "J5 secret-joined-with-pipe", none, withKey(id+"|"+key))
	mistake("joined-with-colon-go", "J5 secret-joined-with-colon", none, withKey(fmt.Sprintf("%s:%s", id, key)))
	mistake("joined-with-spaced-pipes-go", "J5 secret-joined-with-other", open, withKey(fmt.Sprintf("%s || %s", id, key)))
	mistake("joined-with-space-go-sprintln", "J5 secret-joined-with-other",
		also("J5 secret-whitespace"), withKey(fmt.Sprintln(id, key)))
	mistake("joined-with-space-go", "J5 secret-joined-with-other", none, withKey(strings.TrimSpace(fmt.Sprintln(id, key))))
	mistake("joined-with-tab-go", "J5 secret-joined-with-other", none, withKey(id+"\t"+key))
	mistake("joined-with-ampersand-go", "J5 secret-joined-with-other", none, withKey(id+"&"+key))
	mistake("swapped-go", "J5 secret-swapped", none, withKey(key+"||"+id))
	mistake("pipes-escaped-go-raw-string", "J5 secret-pipes-escaped", none, withKey(id+`\|\|`+key))
	mistake("pipes-percent-encoded-go-query", "J5 secret-pipes-percent-encoded", none, withKey(url.QueryEscape(secret)))
	mistake("pipes-percent-encoded-go-path", "J5 secret-pipes-percent-encoded", none, withKey(url.PathEscape(secret)))
	mistake("newline-go-read-file", "J5 secret-whitespace", none, withKey(secret+"\n"))
	mistake("newline-go-read-string", "J5 secret-whitespace", none, withKey(id+"\n||"+key+"\n"))
	mistake("carriage-return-go-split", "J5 secret-whitespace", none, withKey(strings.Split(secret+"\r\n", "\n")[0]))
	mistake("blank-go-cut", "J5 secret-whitespace", none, func(c claims) string {
		_, value, _ := strings.Cut("secret: "+secret, ":")
		return jwt(value, c)
	})
	mistake("quoted-go-strconv", "J5 secret-quoted", none, withKey(strconv.Quote(secret)))
	mistake("quoted-go-verb-q", "J5 secret-quoted", none, withKey(fmt.Sprintf("%q||%q", id, key)))
	mistake("quoted-go-marshal", "J5 secret-quoted", none, withKey(text(secret)))
	mistake("bom-go-read-file", "J5 secret-bom", none, withKey("\ufeff"+secret))
	mistake("letter-case-go-upper", "J5 secret-letter-case", none, withKey(strings.ToUpper(secret)))
	mistake("letter-case-go-lower-key", "J5 secret-letter-case", none, withKey(id+"||"+strings.ToLower(key)))
	mistake("hex-decoded-go-error-ignored", "J5 secret-hex-decoded",
		options{note: "the bytes before the error: 4"}, func(c claims) string {
			k, _ := hex.DecodeString(secret)
			return jwt(string(k), c)
		})
	mistake("empty-go-hex-error-ignored", "J5 secret-empty",
		options{note: "the key begins with no hex digit"}, func(c claims) string {
			k, _ := hex.DecodeString(key)
			return jwt(string(k), c)
		})
	mistake("base64-decoded-go-std", "J5 secret-base64-decoded",
		options{note: "stops at the hyphen: 6 bytes"}, func(c claims) string {
			k, _ := base64.StdEncoding.DecodeString(secret)
			return jwt(string(k), c)
		})
	mistake("base64-decoded-go-url", "J5 secret-base64-decoded",
		options{note: "stops at the pipe: 27 bytes"}, func(c claims) string {
			k, _ := base64.URLEncoding.DecodeString(secret)
			return jwt(string(k), c)
		})
	mistake("base64-decoded-go-rawstd", "J5 secret-base64-decoded", none, func(c claims) string {
		k, _ := base64.RawStdEncoding.DecodeString(secret)
		return jwt(string(k), c)
	})
	mistake("key-alone-base64-decoded-go", "J5 key-base64-decoded", none, func(c claims) string {
		k, _ := base64.StdEncoding.DecodeString(key)
		return jwt(string(k), c)
	})
	mistake("key-base64-decoded-go", "J5 key-base64-decoded", none, func(c claims) string {
		k, _ := base64.StdEncoding.DecodeString(key)
		return jwt(id+"||"+string(k), c)
	})
	mistake("base64-encoded-go", "J5 secret-base64-encoded", none,
		withKey(base64.StdEncoding.EncodeToString([]byte(secret))))
	mistake("base64-encoded-go-rawurl", "J5 secret-base64-encoded", none, withKey(raw.EncodeToString([]byte(secret))))
	mistake("hex-encoded-go", "J5 secret-hex-encoded", none, withKey(fmt.Sprintf("%x", secret)))
	mistake("hashed-go", "J5 secret-hashed", none, withKey(fmt.Sprintf("%x", sha256.Sum256([]byte(secret)))))
	mistake("truncated-to-64-go", "J5 secret-truncated", none, withKey(secret[:64]))
	mistake("truncated-to-32-go", "J5 secret-truncated", none, func(c claims) string {
		var k [32]byte
		copy(k[:], secret)
		return jwt(string(k[:]), c)
	})
	mistake("truncated-to-63-go", "J5 secret-truncated", none, withKey(secret[:63]))
	mistake("empty-go-getenv", "J5 secret-empty", none, withKey(os.Getenv("NO_SUCH_SECRET")))
	mistake("both-empty-go-getenv", "J5 secret-empty", none, withKey(os.Getenv("NO_SUCH_ID")+"||"+os.Getenv("NO_SUCH_KEY")))
	mistake("placeholder-go", "J5 secret-placeholder", none, withKey("YOUR_API_SECRET_ID||YOUR_API_SECRET_KEY"))
	mistake("placeholder-go-your-secret", "J5 secret-placeholder", open, withKey("your-256-bit-secret"))
	mistake("other-secret-go", "J5 signature-by-other-secret", options{iss: id2}, withKey(secret))
	mistake("other-secrets-key-go", "J5 signature-by-other-secret", none, withKey(id+"||"+key2))
	mistake("unknown-go", "J5 signature-unknown", none, withKey("hunter2"))
	mistake("unknown-struct-printed-go", "J5 secret-record", open, withKey(fmt.Sprintf("%v", []string{id, key})))
}

func signatures() {
	none := options{}
	mistake("signature-hex-go", "J5 signature-hex", none, func(c claims) string {
		return signed(secret, c, sha256.New, hexDigits)
	})
	mistake("signature-hex-go-encoded", "J5 signature-hex", none, func(c claims) string {
		return signed(secret, c, sha256.New, hexEncoded)
	})
	mistake("signature-hex-go-upper-encoded", "J5 signature-hex", none, func(c claims) string {
		return signed(secret, c, sha256.New, upperEncoded)
	})
	mistake("signature-standard-base64-go", "J5 signature-standard-base64", none, func(c claims) string {
		return signed(secret, c, sha256.New, base64.StdEncoding.EncodeToString)
	})
	mistake("signature-padded-go", "J5 signature-standard-base64", none, func(c claims) string {
		return signed(secret, c, sha256.New, base64.URLEncoding.EncodeToString)
	})
	mistake("signature-sha512-go", "J5 signature-other-hash", none, func(c claims) string {
		return signed(secret, c, sha512.New, raw.EncodeToString)
	})
	mistake("signature-sha384-go", "J5 signature-other-hash", none, func(c claims) string {
		return signed(secret, c, sha512.New384, raw.EncodeToString)
	})
	mistake("signature-sha1-go", "J5 signature-other-hash", none, func(c claims) string {
		return signed(secret, c, sha1.New, raw.EncodeToString)
	})
	mistake("signature-truncated-to-24-bytes-go", "J5 signature-truncated", none, func(c claims) string {
		return signed(secret, c, sha256.New, func(d []byte) string { return raw.EncodeToString(d[:24]) })
	})
	mistake("signature-double-encoded-go", "J5 signature-double-encoded", none, func(c claims) string {
		return signed(secret, c, sha256.New, func(d []byte) string {
			return raw.EncodeToString([]byte(base64.StdEncoding.EncodeToString(d)))
		})
	})
	mistake("signature-missing-go", "J5 signature-missing", none, func(c claims) string {
		return signed(secret, c, sha256.New, func([]byte) string { return "" })
	})
	mistake("signature-of-the-input-prefixed-go", "J5 signature-unknown", open, func(c claims) string {
		mac := hmac.New(sha256.New, []byte(secret))
		return input(usual, c) + "." + raw.EncodeToString(mac.Sum([]byte(input(usual, c)))[:32])
	})
	mistake("signature-nothing-written-go", "J5 signature-unknown",
		options{open: true, note: "Write was forgotten: the HMAC of nothing"}, func(c claims) string {
			return input(usual, c) + "." + raw.EncodeToString(hmac.New(sha256.New, []byte(secret)).Sum(nil))
		})

	otherHash := also("J5 signature-other-hash")
	mistake("key-alone-and-sha512-go", "J5 secret-key-alone", otherHash, func(c claims) string {
		return signed(key, c, sha512.New, raw.EncodeToString)
	})
	mistake("one-pipe-and-sha512-go", "J5 secret-joined-with-pipe", otherHash, func(c claims) string {
		return signed(id+"|"+key, c, sha512.New, raw.EncodeToString)
	})
	mistake("swapped-and-sha384-go", "J5 secret-swapped", otherHash, func(c claims) string {
		return signed(key+"||"+id, c, sha512.New384, raw.EncodeToString)
	})
	asHex := also("J5 signature-hex")
	mistake("key-alone-and-hex-go", "J5 secret-key-alone", asHex, func(c claims) string {
		return signed(key, c, sha256.New, hexEncoded)
	})
	mistake("other-secret-and-hex-go", "J5 signature-by-other-secret",
		options{also: []string{"J5 signature-hex"}, iss: id2}, func(c claims) string {
			return signed(secret, c, sha256.New, hexDigits)
		})
	mistake("escaped-and-hex-go", "J5 secret-pipes-escaped", asHex, func(c claims) string {
		return signed(id+`\|\|`+key, c, sha256.New, hexDigits)
	})
	mistake("newline-and-padded-go", "J5 secret-whitespace", also("J5 signature-standard-base64"), func(c claims) string {
		return signed(secret+"\n", c, sha256.New, base64.URLEncoding.EncodeToString)
	})
	mistake("swapped-and-space-go", "J5 secret-swapped", none, withKey(key+" "+id))
	mistake("nothing-and-crlf-go", "J5 secret-joined-with-nothing", also("J5 secret-whitespace"), withKey(id+key+"\r\n"))
	mistake("key-alone-and-bom-go", "J5 secret-key-alone", also("J5 secret-bom"), withKey("\ufeff"+key))
	mistake("expired-and-swapped-go", "J5 secret-swapped",
		options{age: 400, also: []string{"J6 expired"}}, withKey(key+"||"+id))
	mistake("milliseconds-and-hex-go", "J4 iat-milliseconds", asHex, func(c claims) string {
		return signed(secret, c.with(claims{"iat": c.iat() * 1000}), sha256.New, hexEncoded)
	})
}

func shapes() {
	for _, name := range []string{"PLUS", "SPACE", "ACCENT", "HEX", "LONG", "SHORT"} {
		i, k, prefix := os.Getenv(name+"_ID"), os.Getenv(name+"_KEY"), strings.ToLower(name)
		vector("shapes", prefix+"-good-go", "good", options{iss: i}, withKey(i+"||"+k))
		vector("shapes", prefix+"-joined-with-nothing-go", "J5 secret-joined-with-nothing", options{iss: i}, withKey(i+k))
	}
	i, k := os.Getenv("PLUS_ID"), os.Getenv("PLUS_KEY")
	vector("shapes", "plus-path-escape-go", "J5 secret-pipes-percent-encoded",
		options{iss: i, note: "PathEscape leaves + and ="}, withKey(url.PathEscape(i+"||"+k)))
	vector("shapes", "plus-query-escape-go", "J5 secret-pipes-percent-encoded",
		options{iss: i}, withKey(url.QueryEscape(i+"||"+k)))
	decoded, _ := base64.StdEncoding.DecodeString(k)
	vector("shapes", "plus-key-alone-base64-decoded-go", "J5 key-base64-decoded", options{iss: i}, withKey(string(decoded)))
	i, k = os.Getenv("HEX_ID"), os.Getenv("HEX_KEY")
	decoded, _ = hex.DecodeString(k)
	vector("shapes", "hex-key-decoded-go", "J5 key-hex-decoded", options{iss: i}, withKey(i+"||"+string(decoded)))
	vector("shapes", "hex-key-alone-decoded-go", "J5 key-hex-decoded", options{iss: i}, withKey(string(decoded)))
}
