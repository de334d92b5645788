// Tokens as Go code makes them, with the standard library alone. Run by ci/vectors/make.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"hash/crc32"
	"os"
	"strconv"
	"strings"
)

var (
	id      = os.Getenv("SECRET_ID")
	key     = os.Getenv("SECRET_KEY")
	id2     = os.Getenv("SECOND_ID")
	key2    = os.Getenv("SECOND_KEY")
	secret  = id + "||" + key
	encoder = json.NewEncoder(os.Stdout)
	raw     = base64.RawURLEncoding
)

type claims map[string]any

// How a vector differs from the usual: 7 s old, iss the first secret's ID, nothing else found.
type options struct {
	also []string
	open bool // whatever else is found
	age  int64
	iss  string
	note string
}

var open = options{open: true}

func also(findings ...string) options { return options{also: findings} }

// vector prints one. The made text is a token, or with a blank in it an Authorization value.
func vector(file, name, expect string, o options, make func(c claims) string) {
	base, _ := strconv.ParseInt(os.Getenv("IAT"), 10, 64)
	iat := base + int64(crc32.ChecksumIEEE([]byte(name))%1000000)
	if o.iss == "" {
		o.iss = id
	}
	if o.age == 0 {
		o.age = 7
	}
	made := make(claims{"iss": o.iss, "iat": iat})
	line := map[string]any{"file": file, "name": name, "now": iat + o.age, "expect": expect, "note": o.note,
		"also": append([]string{}, o.also...), "made_by": "go crypto/hmac"}
	if o.open {
		line["also"] = nil
	}
	if strings.HasPrefix(made, "Bearer") {
		line["authorization"] = made
	} else {
		line["token"] = made
	}
	if err := encoder.Encode(line); err != nil {
		panic(err)
	}
}

func good(name string, o options, make func(c claims) string) {
	vector("published", name, "good", o, make)
}

func published(name, expect string, o options, make func(c claims) string) {
	vector("published", name, expect, o, make)
}

func mistake(name, expect string, o options, make func(c claims) string) {
	vector("mistakes", name, expect, o, make)
}

// with is a copy of the claims with more of them.
func (c claims) with(more claims) claims {
	all := claims{}
	for _, from := range []claims{c, more} {
		for name, value := range from {
			all[name] = value
		}
	}
	return all
}

func (c claims) iat() int64 { return c["iat"].(int64) }

func text(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

type header struct {
	Alg string `json:"alg"`
	Typ string `json:"typ,omitempty"`
}

var usual = header{"HS256", "JWT"}

func input(h any, c any) string {
	return raw.EncodeToString([]byte(text(h))) + "." + raw.EncodeToString([]byte(text(c)))
}

func digest(k, signed string, h func() hash.Hash) []byte {
	mac := hmac.New(h, []byte(k))
	mac.Write([]byte(signed))
	return mac.Sum(nil)
}

func jwtWith(h any, k string, c any) string {
	signed := input(h, c)
	return signed + "." + raw.EncodeToString(digest(k, signed, sha256.New))
}

func jwt(k string, c any) string { return jwtWith(usual, k, c) }

// signed encodes the signature in a way of the caller's.
func signed(k string, c any, h func() hash.Hash, encode func([]byte) string) string {
	return input(usual, c) + "." + encode(digest(k, input(usual, c), h))
}

// withKey is a maker that signs the plain claims with a key.
func withKey(k string) func(c claims) string {
	return func(c claims) string { return jwt(k, c) }
}

func hexDigits(d []byte) string    { return hex.EncodeToString(d) }
func hexEncoded(d []byte) string   { return raw.EncodeToString([]byte(hex.EncodeToString(d))) }
func upperEncoded(d []byte) string { return raw.EncodeToString([]byte(fmt.Sprintf("%X", d))) }

func main() {
	goodTokens()
	claimsAndHeader()
	secrets()
	signatures()
	shapes()
}
