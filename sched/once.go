package sched

// Once is sync.Once for tasks. The zero value has done nothing yet. It must not
// be copied after first use.
type Once struct {
	m    Mutex
	done bool
}

// Do calls f if it is the first call of Do; every call returns only after that
// of f has. If f panics, Do takes it as having returned.
func (o *Once) Do(f func()) {
	if o.done {
		o.m.s.Touch(&o.m, ToRead)
		return
	}
	o.m.Lock()
	defer o.m.Unlock()
	if !o.done {
		defer func() { o.done = true }()
		f()
	}
}
