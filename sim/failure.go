package sim

import (
	"errors"
	"fmt"
	"time"

	"samerun/internal/text"
	"samerun/sched"
	"samerun/sim/replay"
)

// FailureOf describes a failure, such as Report.Err, in the words by which saved
// failures are told apart: the property that broke or, if none did, a signature that
// stays the same when code is moved and times and numbers change. An error may bring
// its own signature: the text that its method Signature() string returns.
func FailureOf(err error) replay.Failure {
	f := replay.Failure{Property: propertyOf(err), Error: reasonOf(err), At: timeOf(err)}
	if f.Property == "" {
		f.Signature = signature(err)
	}
	return f
}

func timeOf(err error) time.Duration {
	var r *RunError
	if errors.As(err, &r) {
		return r.At
	}
	return 0
}

func signature(err error) string {
	var (
		panicked *sched.PanicError
		deadlock *sched.DeadlockError
		livelock *sched.LivelockError
	)
	if signature, ok := ownSignature(err); ok {
		return signature
	}
	switch {
	case errors.As(err, &panicked):
		return "panic: " + text.WithoutNumbers(text.FirstLine(fmt.Sprint(panicked.Value)))
	case errors.As(err, &deadlock):
		return "deadlock"
	case errors.As(err, &livelock):
		return "livelock"
	case isMarked(err):
		return "the test was marked as failed"
	}
	return text.WithoutNumbers(text.FirstLine(reasonOf(err)))
}

// ownSignature is the signature that an error brings, if one does.
func ownSignature(err error) (signature string, ok bool) {
	var signed interface{ Signature() string }
	if !errors.As(err, &signed) {
		return "", false
	}
	return signed.Signature(), true
}

// isMarked says of a failure that it is a mark on the test, which stays: nobody can
// tell by it whether another run fails.
func isMarked(failure error) bool { return errors.Is(failure, errTestFailed) }

// propertyOf returns the name of the property that a failure is about, or "".
func propertyOf(err error) string {
	var p *PropertyError
	if errors.As(err, &p) {
		return p.Name
	}
	return ""
}

// reasonOf returns a failure's own words, without seed and time where that is
// told beside them.
func reasonOf(err error) string {
	var p *PropertyError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	var r *RunError
	if errors.As(err, &r) {
		return r.Err.Error()
	}
	return err.Error()
}
