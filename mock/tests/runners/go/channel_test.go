// An integration's test as Go people write it; go test runs it.
package channel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

func sign() string {
	id, part := os.Getenv("HEYMARKET_API_SECRET_ID"), base64.RawURLEncoding.EncodeToString
	input := part([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." +
		part([]byte(fmt.Sprintf(`{"iss":%q,"iat":%d}`, id, time.Now().Unix())))
	mac := hmac.New(sha256.New, []byte(id+"||"+os.Getenv("HEYMARKET_API_SECRET_KEY")))
	mac.Write([]byte(input))
	return input + "." + part(mac.Sum(nil))
}

func TestAChannelIsAdded(t *testing.T) {
	url := os.Getenv("HEYMARKET_API_BASE_URL") + "/v2/contact/" + os.Getenv("HEYMARKET_CONTACT_ID") + "/channel"
	request, err := http.NewRequest("POST", url, strings.NewReader(`{"channel_type":"email","channel_id":"go@example.com"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+sign())
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 {
		t.Fatalf("status %d", answer.StatusCode)
	}
}
