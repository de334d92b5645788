// All six operations with Go's net/http.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"time"
)

type channel struct {
	ID          int64  `json:"id"`
	ContactID   int64  `json:"contact_id"`
	ChannelType string `json:"channel_type"`
	ChannelID   string `json:"channel_id"`
	Created     string `json:"created"`
	Updated     string `json:"updated"`
}

type inbox struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

var authorization string

func check(holds bool, format string, values ...any) {
	if !holds {
		fmt.Fprintf(os.Stderr, format+"\n", values...)
		os.Exit(1)
	}
}

func token(id, key string) string {
	b64url := base64.RawURLEncoding.EncodeToString
	claims, err := json.Marshal(map[string]any{"iss": id, "iat": time.Now().Unix()})
	check(err == nil, "the claims: %v", err)
	signed := b64url([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + b64url(claims)
	mac := hmac.New(sha256.New, []byte(id+"||"+key))
	mac.Write([]byte(signed))
	return signed + "." + b64url(mac.Sum(nil))
}

func call(method, path string, body map[string]string, answer any) {
	base := os.Getenv("HEYMARKET_API_BASE_URL")
	if base == "" {
		base = "https://api.heymarket.com"
	}
	var content io.Reader
	if body != nil {
		text, _ := json.Marshal(body)
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, base+path, content)
	check(err == nil, "%s %s: %v", method, path, err)
	request.Header.Set("Authorization", authorization)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	check(err == nil, "%s %s: %v", method, path, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	check(err == nil && response.StatusCode/100 == 2, "%s %s was answered with %d: %s", method, path, response.StatusCode, text)
	check(json.Unmarshal(text, answer) == nil, "%s %s was answered with %s", method, path, text)
}

func has(channels []channel, value string) bool {
	for _, entry := range channels {
		if entry.ChannelType == "email" && entry.ChannelID == value {
			return true
		}
	}
	return false
}

func main() {
	authorization = "Bearer " + token(os.Getenv("HEYMARKET_API_SECRET_ID"), os.Getenv("HEYMARKET_API_SECRET_KEY"))
	path := "/v2/contact/" + os.Getenv("HEYMARKET_CONTACT_ID") + "/channel"
	first, second := "go@example.com", "go.new@example.com"
	var created, listed, updated []channel
	var got channel
	var deleted any
	var inboxes []inbox
	call("POST", path, map[string]string{"channel_type": "email", "channel_id": first}, &created)
	check(has(created, first), "the created channel is not in %v", created)
	call("GET", path+"/email", nil, &got)
	check(got.ChannelID == first && has(created, got.ChannelID), "not the created channel: %v", got)
	call("GET", path+"s", nil, &listed)
	check(reflect.DeepEqual(created, listed), "the list %v differs from %v", listed, created)
	call("PUT", path, map[string]string{"channel_type": "email", "channel_id": second}, &updated)
	check(has(updated, second) && !has(updated, first), "not the new value: %v", updated)
	call("DELETE", path+"/email", nil, &deleted)
	call("GET", "/v1/inboxes", nil, &inboxes)
	check(len(inboxes) > 0 && inboxes[0].ID > 0 && inboxes[0].Name != "", "no inboxes: %v", inboxes)
}
