package instant

import (
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	if before := time.Now(); Now().Before(before) {
		t.Error("the clock of the process is not the one at first")
	}
	defer func() { Clock = time.Now }()
	Clock = func() time.Time { return time.Unix(7, 0) }
	if got := Now(); !got.Equal(time.Unix(7, 0)) {
		t.Errorf("it is %v, want what Clock says", got)
	}
}
