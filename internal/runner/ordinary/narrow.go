package ordinary

import (
	"cmp"
	"context"
	"os"

	"samerun/internal/records"
	"samerun/internal/runner"
	"samerun/internal/text"
	"samerun/sched"
)

// A failure of a package is told, and minimised, as one of the failing test alone, if that
// fails in the same way by itself on the same seed. Mostly its run is the very one that it
// was among the others; if the tests share a variable it can be another one.

const (
	otherCourse = "by itself the test takes another course on this seed, and fails in the same way; this is of that run"
	withoutV    = "by itself and without -v the test takes another course on this seed, and fails in the same way; this is of that run"
	needsOthers = "by itself the test does not fail in this way on this seed: it needs the tests before it"
	needsV      = "it fails with -v: without it, the same seed takes another course"
	notAgain    = " (not every time: the same seed took another course when it was run again)"
	notKnown    = "docs/unmodified.md says what can be the cause of that, and samerun doctor looks for it"
)

// narrow runs a failure again with less and enters what shows it: the test alone,
// and without -v, which is not in the commands of a failure if it need not be.
func (u *Runner) narrow(ctx context.Context, f *runner.Failure, run *Run) error {
	exec := func(ctx context.Context, spec Spec) (Run, error) { return u.runOnce(ctx, f.Pkg, *f.Seed, spec) }
	shown, err := u.narrowBy(ctx, f, run, exec)
	if shown == nil || !f.Smaller {
		return err
	}
	for _, g := range shown.given {
		if g.Test != f.Test && *f.Pattern != text.TestPattern(f.Test) {
			return err // others of its process have faults, too, and a file has those of one test
		}
	}
	strategy := u.strategyOf(f.Pkg, Spec{Pattern: *f.Pattern, Strategy: u.strategy(*f.Seed)})
	if spec, err := sched.ParseStrategy(strategy); err != nil || spec.NeedsLength() || spec.NeedsEvents() {
		return err // of several tests, each of which has a length of its own
	}
	return u.keep(f, u.fileOf(f, shown, strategy))
}

// narrowBy returns the run that shows the failure, if one does, and enters all but its file.
func (u *Runner) narrowBy(ctx context.Context, f *runner.Failure, run *Run, exec func(context.Context, Spec) (Run, error)) (shown *Run, err error) {
	like := &calmer{u: u, f: f}
	want := like.signature(run)
	alone, asked, cut := text.TestPattern(f.Test), u.opts.Run, false
	if run.pattern != "" {
		asked = run.pattern
	}
	for _, pattern := range []string{alone, asked} {
		for _, verbose := range []bool{false, true} {
			if verbose && !u.opts.Verbose {
				continue
			}
			spec := u.asked(f.Pkg, *f.Seed)
			if run.scenario {
				spec.Scenario, spec.Faults = true, nil
			}
			spec.Pattern, spec.Verbose, spec.Quiet, spec.Track = pattern, verbose, true, true
			if u.opts.Picks != "" {
				// Who runs a file again is told what is in it as it is met now.
				spec.Record = u.files.Next(".picks")
				defer os.Remove(spec.Record)
			}
			again, err := exec(ctx, spec)
			if err != nil || again.End.Cancelled {
				return nil, err
			}
			cut = cut || again.End.TimedOut || again.End.Killed()
			exactly := sameFailure(f.Test, run, &again)
			if !exactly {
				// Another course has a reason, or else the test does not repeat.
				if pattern != alone || before(run, f.Test) == 0 && verbose == u.opts.Verbose || want == "" || like.signature(&again) != want {
					continue
				}
				twice, err := exec(ctx, spec)
				if err != nil || twice.End.Cancelled {
					return nil, err
				}
				if !sameFailure(f.Test, &again, &twice) {
					continue
				}
			}
			f.Command = u.Repeat(f.Pkg, *f.Seed, spec, false)
			f.Pattern, f.Wall = &pattern, again.End.Elapsed
			u.enterStory(f, &again)
			f.Smaller = u.opts.Picks == "" && !verbose // a file knows nothing of -v
			switch {
			case !exactly:
				_, f.Reason = u.Blame(&again)
				f.Remark = otherCourse + tieTo(run, f.Test)
				if verbose != u.opts.Verbose {
					f.Remark = withoutV
				}
			case verbose:
				f.Remark = needsV
			case pattern != alone && before(run, f.Test) > 0:
				f.Remark = needsOthers + tieTo(run, f.Test)
			}
			if spec.Record != "" {
				u.explainFrom(f, spec.Record)
			}
			return &again, nil
		}
		if asked == alone {
			break
		}
	}
	if cut {
		return nil, nil // it is not the program that ended those
	}
	f.Reason += notAgain
	f.Remark = cmp.Or(u.likelyCause(f.Pkg, run, f.Test), notKnown)
	return nil, nil
}

// before is how many tests of its process ended in a run before one began.
func before(run *Run, test string) int {
	if run.apart {
		return 0
	}
	for i, t := range run.Tests {
		if t.Test == test {
			return i
		}
	}
	return len(run.Tests)
}

// explainFrom enters what was held up where in the run of a record.
func (u *Runner) explainFrom(f *runner.Failure, record string) {
	left, err := records.ReadDeviations(record)
	if err != nil {
		f.Output += "\n\nwhat was held up where is not known: " + err.Error()
		return
	}
	f.Output += explain(left, 0)
}
