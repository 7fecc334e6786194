package pick

// URW is the uniform random walk: section 3.1 of Zhao, Wolff, Mathur and
// Roychoudhury, "Selectively Uniform Concurrency Testing" (ASPLOS 2025). Each of
// those that are ready is next with a chance in proportion to the events that it has
// left, those of who it has yet to start among them. If the counts are right and
// nobody waits for others, each order of all events has the same chance, while Walk
// prefers orders in which those with few events are done early.
//
// As with Walk, what is drawn depends on who is ready and not on the number of the
// turn. Who has more events than were counted is taken to have one left.
type URW struct{ task, pick Key }

// NewURW returns the strategy of a ScheduleKey.
func NewURW(schedule Key) URW {
	key := schedule.Str("urw")
	return URW{key.Str("task"), key.Str("pick")}
}

// Hash tells one event of somebody from all others: see Walk.Hash. passed is
// Candidate.Passed.
func (u *URW) Hash(id, readied, resumed, passed uint64) uint64 {
	return uint64(u.task.With(id).With(readied).With(resumed).With(passed))
}

// Draw returns a number below the events that the members of a set have left.
func (u *URW) Draw(set, left uint64) uint64 { return u.pick.With(set).Below(left) }

// among returns which of those that are ready is next: its place, or the length for c,
// which runs and could go on. c may be nil.
func (u *URW) among(set uint64, ready []Candidate, c *Candidate) int {
	left := uint64(0)
	for i := range ready {
		left += max(ready[i].Left, 1)
	}
	if c != nil {
		left += max(c.Left, 1)
	}
	x := u.Draw(set, left)
	for i := range ready {
		events := max(ready[i].Left, 1)
		if x < events {
			return i
		}
		x -= events
	}
	return len(ready)
}
