package twins

import (
	"testing"
	"time"
)

func Test(t *testing.T) { time.Sleep(time.Second) }
