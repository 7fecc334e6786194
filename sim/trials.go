package sim

import (
	"errors"
	"io"
	"path/filepath"

	"samerun/internal/wire"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// serve makes the runs that the tool asks for until it asks for no more. Only the
// test that the requests name serves; the others of the process do not begin.
func (x *tester) serve(in io.Reader, out io.Writer) {
	x.t.Helper()
	lines := wire.Lines(in)
	for {
		q, err := wire.ReadRequest(lines)
		if errors.Is(err, io.EOF) {
			return
		}
		a := &wire.Answer{}
		if err == nil {
			a, err = x.trial(q)
		}
		if err != nil {
			a = &wire.Answer{Problem: err.Error()}
		}
		a.Dirty = x.t.Failed()
		if err := a.Write(out); err != nil || a.Dirty {
			return
		}
	}
}

// trial makes one run.
func (x *tester) trial(q *wire.Request) (*wire.Answer, error) {
	p, err := replay.Parse(q.Replay)
	if err != nil {
		return nil, err
	}
	if p.Test != x.t.Name() {
		return nil, errors.New("the replay is of the test " + p.Test + ", and this process runs " + x.t.Name())
	}
	if q.Saw {
		return x.look(p, q)
	}
	answer := &wire.Answer{}
	cfg := ConfigOf(p)
	if q.Probe {
		cfg, answer.Probe = probing(cfg)
	}
	a := x.run(cfg)
	if q.Probe {
		take(answer.Probe, a.report)
	}
	answer.Outcome = p.Judge(a.cameTo(p))
	if a.verdict(p) == shrink.Unknown {
		answer.Outcome = replay.Stalled
	}
	answer.Digest, answer.VirtualNS, answer.Events = a.report.Digest, int64(a.report.Virtual), a.report.Events
	if a.failure != nil {
		f := FailureOf(a.failure)
		answer.Property, answer.Error = f.Property, f.Error
	}
	if q.Save != "" && !q.Probe && a.failure != nil {
		return answer, x.keep(a, p, q, answer)
	}
	return answer, nil
}

// keep writes a replay file of a failure, with what is attached to it, and tells its story.
func (x *tester) keep(a *attempt, p *replay.File, q *wire.Request, answer *wire.Answer) error {
	s := x.evidenceBeside(a, p, q.Beside)
	s.unseeded = len(a.cfg.Data) > 0 // perhaps: nobody knows who drew the values
	answer.Repeats = s.repeats()
	path, err := a.file(x.t.Name()).Save(q.Save)
	if err != nil {
		return err
	}
	answer.Saved = path
	answer.Attached, err = a.report.writeAttachments(path)
	for i, p := range answer.Attached {
		answer.Attached[i] = filepath.Base(p)
	}
	s.saved = fromRoot(path)
	answer.Story = s.tell()
	return err
}
