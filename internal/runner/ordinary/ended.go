package ordinary

import (
	"fmt"
	"slices"

	"samerun/internal/wire"
)

// read enters the lines that a process left behind.
func (r *Run) read(lines []wire.Result) {
	for _, l := range lines {
		switch {
		case l.Ended != nil:
			r.ended = l.Ended
		case l.Began:
			r.began = l.Test
		case l.Died:
			r.Died = &l
		default:
			r.began = ""
			r.Tests = append(r.Tests, l)
		}
	}
	r.Empty = r.none()
	r.odd = r.oddity()
	if r.odd != "" {
		r.End.OK = false
	}
}

// names are the tests that ran, as far as is known, and those that skipped themselves.
func (r *Run) names() (ran, skipped []string) {
	for _, t := range r.Tests {
		if t.Skipped {
			skipped = append(skipped, t.Test)
		} else {
			ran = append(ran, t.Test)
		}
	}
	if r.began != "" {
		ran = append(ran, r.began)
	}
	return ran, skipped
}

// none says why a process ran no test, if that is all that there is to say of it.
func (r *Run) none() string {
	switch {
	case !r.End.OK || len(r.Tests) > 0 || r.began != "":
		return ""
	case r.ended == nil:
		return "no tests were run: TestMain ended the process before m.Run was done"
	case r.ended.Code == 0:
		return noTests
	}
	return ""
}

// noTests is what go test says, too.
const noTests = "no tests to run"

// oddity says how a process ended in another way than a test binary does. Its exit
// status alone would tell something else, or nothing.
func (r *Run) oddity() string {
	failed := slices.ContainsFunc(r.Tests, func(t wire.Result) bool { return !t.OK })
	switch {
	case r.End.Killed() || r.End.TimedOut || r.End.Cancelled || r.Empty != "":
		return ""
	case r.End.OK && r.ended == nil && r.began != "":
		return "the test ended the process with exit status 0 before it was done, as syscall.Exit(0) does"
	case r.End.OK && r.ended == nil:
		return "the process ended with exit status 0 before m.Run was done"
	case r.End.OK && r.ended.Code != 0:
		return fmt.Sprintf("m.Run returned %d, and TestMain ended the process with exit status 0: it must pass on what m.Run returns", r.ended.Code)
	case r.End.OK:
		return ""
	case r.ended != nil && r.ended.Code == 0 && !failed && r.End.Plain():
		return "all tests passed, and behind m.Run the process ended with " + r.End.Status + ": TestMain did so, after a check of its own perhaps"
	case r.ended == nil && r.began != "" && r.End.Plain() && WhereLine.FindString(r.End.Output) == "":
		return "the test ended the process with " + r.End.Status + " before it was done"
	}
	return ""
}
