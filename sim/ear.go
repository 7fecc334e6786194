package sim

import (
	"io"
	"log"
	"reflect"
	"regexp"
	"strings"

	"samerun/sched"
)

// ear hears what a run of tasks logs by package log, by slog's default logger, and by T.Log, so
// that the trace and the story have it at its time. It keeps nothing from being printed.
type ear struct {
	t   TB
	log reflect.Value // of t; see logOf
	len int           // how much of it was heard
	ok  bool
}

// listen lets a run be heard, until stop is called.
func listen(t TB, cfg Config) (_ Config, stop func()) {
	e := &ear{t: t}
	if e.log, e.ok = logOf(t); e.ok {
		e.len = e.log.Len()
	}
	begun := cfg.begun
	cfg.asides = true
	cfg.begun = func(w *World) {
		w.events.ear = e
		if begun != nil {
			begun(w)
		}
	}
	tap := &logTap{log.Writer()}
	log.SetOutput(tap)
	return cfg, func() {
		if log.Writer() == io.Writer(tap) {
			log.SetOutput(tap.to)
		}
	}
}

// logTap is where package log writes.
type logTap struct{ to io.Writer }

// Write tells the world of the calling task.
func (x *logTap) Write(b []byte) (int, error) {
	if w := Current(); w != nil && w.cfg.asides && !w.s.Over() {
		w.tell(Record{What: isSaid, Node: w.here("log"), Text: withoutDate(string(b)), task: w.s.Label(w.s.Current())}, aside{})
	}
	return x.to.Write(b)
}

// dates are what package log puts before a line: real time, which no run depends on.
var dates = regexp.MustCompile(`^(\d{4}/\d\d/\d\d )?(\d\d:\d\d:\d\d(\.\d+)? )?`)

// withoutDate is a line of package log without its date and newline.
func withoutDate(line string) string {
	prefix := ""
	if p := log.Prefix(); strings.HasPrefix(line, p) {
		prefix, line = p, line[len(p):]
	}
	return prefix + dates.ReplaceAllString(strings.TrimRight(line, "\n"), "")
}

// hear tells of what was written into the log of the test since it was called last, by a task of a
// group; by the present one if that is not given.
func (w *World) hear(task string, g *sched.Group) {
	e := w.events.ear
	if e == nil || !e.ok || e.log.Len() <= e.len {
		return
	}
	entries := saidSince(e.t, e.len)
	e.len = e.log.Len()
	r := Record{What: isSaid, Node: w.main, task: task}
	switch t := w.s.Current(); {
	case t != nil:
		r.task, r.Node = w.s.Label(t), w.nodeOf(t.Group())
	case g != nil:
		r.Node = w.nodeOf(g)
	}
	for _, text := range entries {
		r.Text = text
		w.tell(r, aside{})
	}
}
