package twins_test

import (
	"testing"
	"time"
)

func Test(t *testing.T) { time.Sleep(time.Minute) }
