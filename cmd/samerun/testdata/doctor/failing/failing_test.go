package failing

import (
	"testing"
	"time"
)

func TestFails(t *testing.T) {
	time.Sleep(time.Second)
	t.Error("one and one is three")
}

func TestPasses(t *testing.T) { time.Sleep(time.Second) }
