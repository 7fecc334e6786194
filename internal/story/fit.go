package story

// Most is how many lines a story has; who prints it adds some.
const Most = 33

// Fit folds rows of messages that arrive, from the first on, until a story that has got more to
// tell has no more lines than Most, or no such row is left. Rows beside one that stands for
// others go first: they cost a line each.
func (s *Story) Fit() {
	for over := s.Lines() - Most; over > 0; over-- {
		if !s.Ending.foldOne() {
			return
		}
	}
}

// foldOne makes a diagram one line shorter.
func (e *Ending) foldOne() bool {
	// The messages of the last rows are those that the failure follows from.
	last := len(e.Rows) - 4
	for i := 0; i < last; i++ {
		if !e.Rows[i].plain() {
			continue
		}
		switch {
		case i > 0 && e.Rows[i-1].Mark == Folded:
			e.merge(i-1, i)
			return true
		case e.Rows[i+1].Mark == Folded:
			e.merge(i, i+1)
			return true
		}
	}
	for i := 0; i+1 < last; i++ {
		if e.Rows[i].plain() && e.Rows[i+1].plain() {
			e.merge(i, i+1)
			return true
		}
	}
	return false
}

// plain says whether a row is of a message that arrives.
func (r *Row) plain() bool { return r.Mark == Happens && r.From.Index > 0 && r.To.Index > 0 }

// merge puts one row in the place of two that follow each other.
func (e *Ending) merge(i, j int) {
	a, b := &e.Rows[i], &e.Rows[j]
	row := Row{At: a.At, Mark: Folded, Until: max(a.Until, b.At, b.Until)}
	rest := 0
	for _, r := range [...]*Row{a, b} {
		if r.Mark != Folded {
			rest += r.Count()
			continue
		}
		for _, f := range r.Fold {
			if f.Of == "" {
				rest += f.Times
			} else {
				row.Fold = append(row.Fold, f)
			}
		}
	}
	if rest > 0 {
		row.Fold = append(row.Fold, Folding{Times: rest})
	}
	e.Rows[i] = row
	e.Rows = append(e.Rows[:j], e.Rows[j+1:]...)
	e.All = max(e.All, 1+e.shown()) // rows are left out now, if there were none before
}

// shown is how many events have rows of their own.
func (e *Ending) shown() (n int) {
	for i := range e.Rows {
		if e.Rows[i].Mark != Folded {
			n += e.Rows[i].Count()
		}
	}
	return n
}
