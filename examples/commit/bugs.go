package commit

import "samerun/internal/zoo"

// Bug names a mistake that can be planted, one at a time, as raft.Bug does. The zero
// value is none, a correct two-phase commit.
type Bug string

const (
	// DecisionForgotten: the coordinator tells its decision before it has saved it. If
	// it crashes in between, it presumes that it had aborted. Breaks the rule that the
	// commit record is written before anybody hears of it.
	DecisionForgotten Bug = "decision-forgotten"

	// UnilateralAbort: a participant that has said yes and hears nothing for a while
	// aborts by itself. Breaks the promise that a yes is.
	UnilateralAbort Bug = "unilateral-abort"

	// SilenceIsConsent: the coordinator takes no answer for a yes. Breaks "commit only
	// if all have said yes".
	SilenceIsConsent Bug = "silence-is-consent"
)

// Bugs returns all of them, in the order above.
func Bugs() []Bug { return []Bug{DecisionForgotten, UnilateralAbort, SilenceIsConsent} }

func (b Bug) check() error { return zoo.Check("commit", b, Bugs()) }
