package dies

import (
	"testing"
	"time"
)

func TestFirst(t *testing.T) { time.Sleep(time.Second) }

func TestPanics(t *testing.T) {
	time.Sleep(time.Second)
	panic("out of luck")
}

func TestNever(t *testing.T) {}
