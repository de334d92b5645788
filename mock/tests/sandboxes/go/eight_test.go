// Eight tests at once, each with a sandbox. 3 has a fault, 5 another time; each sees exactly its own requests.
package sandboxes

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"example.com/sandboxes/heymarkettest"
)

func create(env map[string]string, name string) error {
	command := exec.Command("heymarket", "channel", "create", env["HEYMARKET_CONTACT_ID"], "--type", "email", "--id", name)
	command.Env = os.Environ()
	for name, value := range env {
		command.Env = append(command.Env, name+"="+value)
	}
	return command.Run()
}

// meet waits until all eight are here.
func meet(t *testing.T, number int, said string) {
	if err := os.WriteFile(fmt.Sprint("new.", number), []byte(said), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(fmt.Sprint("new.", number), fmt.Sprint("met.", number)); err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(100 * time.Second)
	for other := 1; other <= 8; {
		if _, err := os.Stat(fmt.Sprint("met.", other)); err == nil {
			other++
		} else if time.Now().After(end) {
			t.Fatal("the others did not come")
		} else {
			time.Sleep(20 * time.Millisecond)
		}
	}
}

func TestSeesItsOwnRequestsOnly(t *testing.T) {
	if os.Getenv("EXPECT_TOO_MUCH") != "" {
		t.Skip("passed")
	}
	for number := 1; number <= 8; number++ {
		number := number
		t.Run(fmt.Sprint(number), func(t *testing.T) {
			t.Parallel()
			mock := heymarkettest.NewSandbox(t)
			count, name, status, limited := 1+number%3, fmt.Sprintf("%d@example.com", number), 200, 0
			switch number {
			case 3:
				limited = 1
				mock.Call("PUT", "faults", `{"faults":[{"status":429,"times":1}]}`)
			case 5:
				status = 401
				mock.Call("PUT", "clock", `{"now":1713225600}`)
				mock.ExpectRefusal(fmt.Sprintf(`{"where":{"finding":"iat-in-future"},"times":%d}`, count))
			}
			for i := 0; i < count; i++ {
				if err := create(mock.Env, name); (err == nil) != (status == 200) {
					t.Fatal(err)
				}
			}
			meet(t, number, mock.Env["HEYMARKET_MOCK_CONTROL_URL"])
			mock.Verify(fmt.Sprintf(`{"where":{},"exactly":%d}`, count+limited))
			mock.Verify(fmt.Sprintf(`{"where":{"status":%d},"exactly":%d}`, status, count))
			if status == 200 {
				mock.Verify(fmt.Sprintf(`{"where":{"channel_id":"%s"},"exactly":%d}`, name, count+limited))
			}
		})
	}
}

func TestExpectsWhatDoesNotCome(t *testing.T) {
	if os.Getenv("EXPECT_TOO_MUCH") == "" {
		t.Skip("fails")
	}
	heymarkettest.NewSandbox(t).ExpectRefusal(`{"where":{"status":404},"times":1}`)
}
