// Package heymarkettest gives each test process its own heymarket-mock; `go test ./...` runs one process for each package.
//
//	func TestMain(m *testing.M) { os.Exit(heymarkettest.Run(m)) }
//	func TestAdd(t *testing.T) { mock := heymarkettest.New(t); …; mock.Verify(`{"where":{"contact":"ada"},"exactly":1}`) }
//
// The tests of one package share its mock, so those that call New must not call t.Parallel. Those that call NewSandbox may, as each has a
// world of its own, whose variables are in Env: mock.Env["HEYMARKET_CONTACT_ID"]. With `heymarket-mock run -- go test ./...` there is one
// mock for all packages, and they need no TestMain.
package heymarkettest

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Run starts a mock, sets the variables that lead to it, runs the tests and stops the mock.
func Run(m *testing.M) int {
	stop := start()
	defer stop()
	return m.Run()
}

func start() (stop func()) {
	dir, err := os.MkdirTemp("", "heymarket-")
	check(err)
	defer os.RemoveAll(dir)
	port := filepath.Join(dir, "port")
	var said strings.Builder
	mock := exec.Command("heymarket-mock", "serve", "--listen", "0", "--port-file", port, "--log", "none", "--until-stdin-ends")
	mock.Stderr = &said
	stdin, err := mock.StdinPipe() // the mock ends with this process, which alone holds it open
	check(err)
	if err := mock.Start(); err != nil {
		log.Panicf("no mock: %v; is heymarket-mock on PATH?", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- mock.Wait() }()
	stop = func() { stdin.Close(); <-ended }
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(port); err == nil {
			break
		}
		if len(ended) > 0 || time.Now().After(end) {
			stop()
			log.Panicf("no mock: %s", said.String())
		}
	}
	out, err := exec.Command("heymarket-mock", "env", "--shell", "json", "--port-file", port).Output()
	check(err)
	var found struct{ Env map[string]string }
	check(json.Unmarshal(out, &found))
	for name, value := range found.Env {
		os.Setenv(name, value)
	}
	return stop
}

func check(err error) {
	if err != nil {
		log.Panic(err) // not Fatal, which would leave the folder
	}
}

// Mock is the mock of this process, or a sandbox, during one test.
type Mock struct {
	t       testing.TB
	control string
	Env     map[string]string // of a sandbox: HEYMARKET_API_BASE_URL, …
}

// New resets the mock. The test fails at its end if a refusal that it expects did not come.
func New(t testing.TB) Mock {
	mock := Mock{t: t, control: os.Getenv("HEYMARKET_MOCK_CONTROL_URL") + "/"}
	mock.Call("POST", "reset", "{}")
	t.Cleanup(func() {
		var now struct{ Expectations []struct{ Left int } }
		said := mock.Call("GET", "expect", "")
		check(json.Unmarshal(said, &now))
		for _, expected := range now.Expectations {
			if expected.Left > 0 {
				t.Errorf("expected refusals did not come: %s", said)
			}
		}
	})
	return mock
}

// NewSandbox makes a sandbox on the mock that serves at HEYMARKET_MOCK_URL. It ends with the test, which fails like that of New.
func NewSandbox(t testing.TB) Mock {
	t.Helper()
	main := Mock{t: t, control: os.Getenv("HEYMARKET_MOCK_URL") + "/_mock/"}
	if main.control == "/_mock/" {
		main.control = "http://127.0.0.1:8580/_mock/"
	}
	var made struct {
		ID  string
		URL string `json:"control_url"`
		Env map[string]string
	}
	check(json.Unmarshal(main.Call("POST", "sandboxes", "{}"), &made))
	t.Cleanup(func() {
		var ended struct {
			Unmet   int
			Message string
		}
		check(json.Unmarshal(main.Call("DELETE", "sandboxes/"+made.ID, ""), &ended))
		if ended.Unmet > 0 {
			t.Errorf("expected refusals did not come: %s", ended.Message)
		}
	})
	return Mock{t, made.URL + "/", made.Env}
}

// Verify fails the test unless as many requests arrived: {"where":{"contact":"ada"},"exactly":1}.
func (mock Mock) Verify(json string) { mock.t.Helper(); mock.Call("POST", "verify", json) }

// ExpectRefusal announces refusals that the test wants: {"where":{"status":404},"times":1}.
func (mock Mock) ExpectRefusal(json string) { mock.t.Helper(); mock.Call("POST", "expect", json) }

// Call asks the control plane: Call("PUT", "clock", `{"elapse_s":301}`).
func (mock Mock) Call(method, path, body string) []byte {
	mock.t.Helper()
	request, err := http.NewRequest(method, mock.control+path, strings.NewReader(body))
	if err != nil {
		mock.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		mock.t.Fatal(err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	check(err)
	if answer.StatusCode/100 != 2 {
		mock.t.Fatalf("heymarket-mock: %s", said)
	}
	return said
}
