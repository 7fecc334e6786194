package pick

// Walk gives each of those that are ready the same chance to be next: the naive
// random scheduler of Thomson, Donaldson and Betts, "Concurrency testing using
// schedule bounding: an empirical study" (PPoPP 2014).
//
// The choice is drawn from the set of those that are ready, not from the number of
// the turn, so that choices stay in which somebody who is taken out took no part.
type Walk struct{ task, pick Key }

// NewWalk returns the strategy of a ScheduleKey.
func NewWalk(schedule Key) Walk {
	key := schedule.Str("walk")
	return Walk{key.Str("task"), key.Str("pick")}
}

// Hash tells one time of being ready from all others. A set is the sum of the
// hashes of its members. None comes twice in a run, because who was taken out comes
// back with another hash. resumed is Candidate.Resumed.
func (w *Walk) Hash(id, readied, resumed uint64) uint64 {
	return uint64(w.task.With(id).With(readied).With(resumed))
}

// Draw returns which of the n members of a set is next, in the order in which they
// became ready.
func (w *Walk) Draw(set uint64, n int) int {
	return int(w.pick.With(set).Below(uint64(n)))
}
