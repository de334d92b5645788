// Package workers has what the tests of both packages do.
package workers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"example.com/workers/heymarkettest"
)

func create(contact string) error {
	return exec.Command("heymarket", "channel", "create", contact, "--type", "email", "--id", "same@example.com").Run()
}

func meet(t *testing.T, name, other string) {
	dir := os.Getenv("MEET")
	said := fmt.Sprintf("%d %s", os.Getpid(), os.Getenv("HEYMARKET_MOCK_URL"))
	if err := os.WriteFile(filepath.Join(dir, "new."+name), []byte(said), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "new."+name), filepath.Join(dir, "met."+name)); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(100 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(dir, "met."+other)); err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the other process did not come")
		}
	}
}

// Suite runs the tests of one process.
func Suite(t *testing.T, name, other string) {
	t.Run("sees its own requests only", func(t *testing.T) {
		mock := heymarkettest.New(t)
		if err := create(os.Getenv("HEYMARKET_CONTACT_ID")); err != nil {
			t.Fatal(err)
		}
		meet(t, name, other)
		mock.Verify(`{"where":{"channel_type":"email","channel_id":"same@example.com"},"exactly":1}`)
	})
	t.Run("begins with a mock that was reset", func(t *testing.T) {
		heymarkettest.New(t).Verify(`{"where":{},"exactly":0}`)
	})
	t.Run("expects a refusal", func(t *testing.T) {
		heymarkettest.New(t).ExpectRefusal(`{"where":{"status":404},"times":1}`)
		if create("0b0d7000-0000-4000-8000-000000000000") == nil {
			t.Fatal("not refused")
		}
	})
	if os.Getenv("EXPECT_TOO_MUCH") != "" {
		t.Run("expects what does not come", func(t *testing.T) {
			heymarkettest.New(t).ExpectRefusal(`{"where":{"status":404},"times":1}`)
		})
	}
}
