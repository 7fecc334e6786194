package commit

// Tx is a transaction. What it does to data is nobody's business here; all that
// counts is who agrees to it.
type Tx struct {
	ID int
	// Refused has a bit for each participant that will not have it.
	Refused uint
}

// state is what a participant knows of a transaction.
type state int

const (
	unknown   state = iota
	prepared        // it has said yes, and is in doubt
	committed       // for good
	aborted         // for good
)

// String returns the state in a word.
func (s state) String() string { return [...]string{"unknown", "prepared", "committed", "aborted"}[s] }

// PrepareArgs asks a participant whether a transaction may be.
type PrepareArgs struct{ Tx Tx }

// PrepareReply is its vote.
type PrepareReply struct{ Yes bool }

// DecideArgs tells a participant what became of a transaction.
type DecideArgs struct {
	ID     int
	Commit bool
}

// DecideReply says that the decision is saved.
type DecideReply struct{ Done bool }

// OutcomeArgs is the question of a participant in doubt.
type OutcomeArgs struct{ ID int }

// OutcomeReply is the answer. Known is false as long as votes are counted.
type OutcomeReply struct{ Known, Commit bool }
