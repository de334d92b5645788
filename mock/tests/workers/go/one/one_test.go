package one

import (
	"os"
	"testing"

	"example.com/workers"
	"example.com/workers/heymarkettest"
)

func TestMain(m *testing.M) { os.Exit(heymarkettest.Run(m)) }

func Test(t *testing.T) { workers.Suite(t, "one", "two") }
