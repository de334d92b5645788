package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Good tokens, and mistakes in the header, the claims and the times.
func goodTokens() {
	none := options{}
	good("good-go", none, withKey(secret))
	good("good-go-struct", none, func(c claims) string {
		return jwt(secret, struct {
			Issuer   string `json:"iss"`
			IssuedAt int64  `json:"iat"`
		}{id, c.iat()})
	})
	good("good-go-without-typ", also("J9 typ-missing"), func(c claims) string {
		return jwtWith(header{Alg: "HS256"}, secret, c)
	})
	good("good-go-html-escaped", none, func(c claims) string {
		return jwt(secret, c.with(claims{"html": "<a href='x'>&</a>"}))
	})
	good("good-go-unicode", none, func(c claims) string { return jwt(secret, c.with(claims{"Имя": "Zoë 東京 🦀"})) })
	good("good-go-second-secret", options{iss: id2}, withKey(id2+"||"+key2))
	good("good-go-secret-hashed-by-hand", none, func(c claims) string {
		sum := sha256.Sum256([]byte(secret))
		return jwt(string(sum[:]), c)
	})
	good("good-go-float64", none, func(c claims) string { return jwt(secret, c.with(claims{"iat": float64(c.iat())})) })
	good("good-go-nil-claims", none, func(c claims) string {
		return jwt(secret, c.with(claims{"sub": nil, "aud": []string{}}))
	})
	good("good-go-exp-240", none, func(c claims) string {
		return jwt(secret, c.with(claims{"exp": c.iat() + 240, "nbf": c.iat() - 30}))
	})
	good("authorization-go", none, func(c claims) string { return "Bearer " + jwt(secret, c) })
	good("token-of-8192-bytes-go", none, func(c claims) string { return sized(c, 8192) })
	published("token-of-8193-bytes-go", "J1 token-too-long", open, func(c claims) string { return sized(c, 8193) })
	published("bearer-token-of-8193-bytes-go", "J1 token-too-long", open, func(c claims) string {
		return "Bearer " + sized(c, 8193)
	})
}

// sized is a right token of so many bytes, or of one more where base64url has no such length.
func sized(c claims, bytes int) string {
	for pad := bytes / 2; ; pad++ {
		token := jwt(secret, c.with(claims{"pad": strings.Repeat("x", pad)}))
		if len(token) >= bytes {
			return token
		}
	}
}

func claimsAndHeader() {
	none := options{}
	set := func(name string, value func(c claims) any) func(c claims) string {
		return func(c claims) string { return jwt(secret, c.with(claims{name: value(c)})) }
	}
	fixed := func(value any) func(c claims) any { return func(claims) any { return value } }
	published("iss-empty-go", "J3 iss-unknown", none, set("iss", fixed("")))
	published("iss-bytes-go", "J3 iss-unknown", none, set("iss", fixed([]byte(id))))
	published("iss-int-go", "J3 iss-not-string", none, set("iss", fixed(4821)))
	published("iss-key-go", "J3 iss-is-key", none, set("iss", fixed(key)))
	published("iss-signing-secret-go", "J3 iss-is-signing-secret", none, set("iss", fixed(secret)))
	published("iss-second-signing-secret-go", "J3 iss-is-signing-secret",
		options{iss: id2 + "||" + key2}, withKey(id2+"||"+key2))
	published("iss-tab-behind-go", "J3 iss-has-whitespace", none, set("iss", fixed(id+"\t")))
	published("iss-to-upper-go", "J3 iss-letter-case", none, set("iss", fixed(strings.ToUpper(id))))
	published("iss-capital-member-go", "J3 iss-missing", also("J4 iat-missing"), func(c claims) string {
		return jwt(secret, struct {
			Iss string
			Iat int64
		}{id, c.iat()})
	})
	published("iat-unix-milli-go", "J4 iat-milliseconds", none, set("iat", func(c claims) any {
		return time.Unix(c.iat(), 5e6).UnixMilli()
	}))
	published("iat-unix-micro-go", "J4 iat-microseconds", none, set("iat", func(c claims) any {
		return time.Unix(c.iat(), 5e6).UnixMicro()
	}))
	published("iat-time-go", "J4 iat-string", none, set("iat", func(c claims) any {
		return time.Unix(c.iat(), 0).UTC()
	}))
	published("iat-format-int-go", "J4 iat-string", none, set("iat", func(c claims) any {
		return strconv.FormatInt(c.iat(), 10)
	}))
	published("iat-nil-go", "J4 iat-not-number", none, set("iat", fixed(nil)))
	published("iat-zero-time-go", "J4 iat-zero", open, set("iat", fixed(time.Time{}.Unix())))
	published("iat-json-number-string-tag-go", "J4 iat-string", none, func(c claims) string {
		return jwt(secret, struct {
			Iss string `json:"iss"`
			Iat int64  `json:"iat,string"`
		}{id, c.iat()})
	})
	published("iat-seconds-of-another-zone-go", "J6 expired",
		options{age: 3, also: []string{"J7 iat-local-time"}}, set("iat", func(c claims) any {
			local := time.Unix(c.iat(), 0).In(time.FixedZone("BRT", -3*3600))
			return time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, time.UTC).Unix()
		}))
	published("iat-missing-omitempty-go", "J4 iat-missing", none, func(c claims) string {
		return jwt(secret, struct {
			Iss string `json:"iss"`
			Iat int64  `json:"iat,omitempty"`
		}{id, 0})
	})
	published("exp-time-go", "J8 exp-not-number", none, set("exp", func(c claims) any {
		return time.Unix(c.iat()+300, 0).UTC()
	}))
	published("nbf-nil-go", "J8 nbf-not-number", none, set("nbf", fixed(nil)))
	published("alg-empty-go", "J2 alg-unsupported", open, func(c claims) string {
		return jwtWith(header{"", "JWT"}, secret, c)
	})
	published("alg-missing-go", "J2 alg-missing", open, func(c claims) string {
		return jwtWith(map[string]string{"typ": "JWT"}, secret, c)
	})
	published("alg-es256-go", "J2 alg-unsupported", open, func(c claims) string {
		return jwtWith(header{"ES256", "JWT"}, secret, c)
	})
	published("alg-eddsa-go", "J2 alg-unsupported", open, func(c claims) string {
		return jwtWith(header{"EdDSA", "JWT"}, secret, c)
	})
	published("alg-hmac-sha256-go", "J2 alg-unsupported", open, func(c claims) string {
		return jwtWith(header{"HMAC-SHA256", "JWT"}, secret, c)
	})
	published("crit-exp-go", "J2 crit-unsupported", open, func(c claims) string {
		return jwtWith(map[string]any{"alg": "HS256", "typ": "JWT", "crit": []string{"exp"}}, secret, c)
	})
	good("typ-empty-go", also("J9 typ-unexpected"), func(c claims) string {
		return jwtWith(map[string]string{"alg": "HS256", "typ": ""}, secret, c)
	})
	published("payload-string-go", "J2 segment-encoded-twice", open, func(c claims) string { return jwt(secret, text(c)) })
	published("payload-bytes-go", "J2 segment-encoded-twice", open, func(c claims) string {
		return jwt(secret, []byte(text(c)))
	})
	published("payload-map-printed-go", "J2 payload-not-json", open, func(c claims) string {
		s := raw.EncodeToString([]byte(text(usual))) + "." + raw.EncodeToString([]byte(fmt.Sprint(c)))
		return s + "." + raw.EncodeToString(digest(secret, s, sha256.New))
	})
	padded := func(c claims, e *base64.Encoding) string {
		s := e.EncodeToString([]byte(text(usual))) + "." + e.EncodeToString([]byte(text(c)))
		return s + "." + e.EncodeToString(digest(secret, s, sha256.New))
	}
	published("segments-padded-go-urlencoding", "J2 segment-padded", open, func(c claims) string {
		return padded(c.with(claims{"n": 10}), base64.URLEncoding)
	})
	published("segments-padded-go-stdencoding", "J2 segment-padded", open, func(c claims) string {
		return padded(c.with(claims{"n": 10}), base64.StdEncoding)
	})
	published("segments-standard-alphabet-go-rawstdencoding", "J2 segment-standard-alphabet", open, func(c claims) string {
		return padded(c.with(claims{"x": "ÿ~ÿ~ÿ~~~???"}), base64.RawStdEncoding)
	})
	published("segment-comma-go", "J2 segment-not-base64url", open, func(c claims) string {
		return strings.Replace(jwt(secret, c), ".ey", ".,y", 1)
	})
	published("bearer-quoted-go", "J1 bearer-quoted", open, func(c claims) string {
		return fmt.Sprintf("Bearer %q", jwt(secret, c))
	})
	published("bearer-nil-go", "J1 token-not-a-string", open, func(c claims) string {
		return fmt.Sprintf("Bearer %v", nil)
	})
	published("bearer-wrong-verb-go", "J1 token-not-a-string", open, func(c claims) string {
		verb := "%d"
		return "Bearer " + fmt.Sprintf(verb, jwt(secret, c))
	})
	published("bearer-bytes-go", "J1 token-not-a-string", open, func(c claims) string {
		return fmt.Sprintf("Bearer %v", []byte(jwt(secret, c)))
	})
	published("bearer-empty-go", "J1 token-missing", open, func(c claims) string {
		return "Bearer " + os.Getenv("NO_SUCH_TOKEN")
	})
}
