package doctor

import (
	"strings"
	"testing"
)

func TestDoctorRemarks(t *testing.T) {
	env := goEnv{GOFLAGS: "-buildvcs=false -race -tags=x", GOOS: "darwin", GOARCH: "arm64"}
	got := strings.Join(env.remarks([]string{"GODEBUG=asynctimerchan=1,gctrace=1,http2client=0,schedtrace=0"}), "\n")
	for _, want := range []string{"GOFLAGS has -race", "GOFLAGS has -tags=x", "not on darwin/arm64", "-exec says what runs them", "GODEBUG=asynctimerchan=1 is not heeded", "GODEBUG=gctrace=1 may print real times"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if n := strings.Count(got, "\n") + 1; n != 6 {
		t.Errorf("%d remarks, want 6:\n%s", n, got)
	}
	if got := (goEnv{GOOS: "linux", GOARCH: "amd64"}).remarks(nil); len(got) > 1 || len(got) == 1 && !strings.Contains(got[0], "-exec") {
		t.Errorf("remarks on nothing: %q", got)
	}
}
