package uptime

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestUptime waits until the hundredth of a second of the machine's clock.
func TestUptime(t *testing.T) {
	data, err := os.ReadFile("/proc/uptime")
	if err != nil {
		t.Skip(err)
	}
	word, _, _ := strings.Cut(string(data), " ")
	_, hundredths, _ := strings.Cut(word, ".")
	seconds, _, _ := strings.Cut(word, ".")
	n, _ := strconv.Atoi(seconds + hundredths)
	time.Sleep(time.Duration(n) * time.Millisecond)
}
