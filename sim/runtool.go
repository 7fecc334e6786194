package sim

import (
	"cmp"
	"errors"
	"fmt"
	"os"

	"samerun/internal/rerun"
)

// runTool has the tool run a test of goroutines that plain go test has started, and takes
// over the result.
func runTool(t TB, env *environment, strategy string) {
	t.Helper()
	out, err := env.rerun(t.Name(), strategy)
	switch {
	case err != nil && out != "":
		t.Errorf("\n%s", out)
	case err != nil:
		t.Errorf("%v", err)
	default:
		if l, ok := t.(interface{ Logf(string, ...any) }); ok {
			l.Logf("%s", out)
		}
		return
	}
	t.FailNow()
}

// rerun runs the tool, and returns what it says. If that is empty, the error is one sentence.
func (e *environment) rerun(test, strategy string) (out string, err error) {
	switch {
	case e.trials:
		return "", errTrialsOfGoroutines
	case os.Getenv(rerun.Variable) != "" || e.results != "":
		return "", fmt.Errorf("%s is a test of goroutines and was built without the changed standard library that those need; leave out -overlay off", test)
	case e.out != "":
		return "", errors.New("SAMERUN_OUT is set, and failures of a test of goroutines are saved in testdata/replay of its package; unset it")
	}
	x := &rerun.Test{Name: test, Seeds: e.seeds.String(), Strategy: cmp.Or(e.strategy, strategy), Shrink: e.shrink}
	if e.replay != nil {
		x.Replay = e.replay.path
	}
	return x.Run()
}
