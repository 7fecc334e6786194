package pid

import (
	"os"
	"testing"
)

func TestPid(t *testing.T) { t.Log("process", os.Getpid()) }
