package sim

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"samerun/internal/text"
	"samerun/internal/wire"
	"samerun/sim/replay"
)

// replayFolder is where a package keeps its replay files.
const replayFolder = "testdata/replay"

// savedFile is a replay with the path by which it is called.
type savedFile struct {
	path string
	*replay.File
}

// findReplay reads the file that SAMERUN_REPLAY names. A relative path is looked
// for in the package's folder, where tests run, and in the module's root, where
// people type.
func findReplay(path string, world replay.World) (*savedFile, error) {
	root, pkg := moduleRoot()
	tried := []string{path}
	if !filepath.IsAbs(path) {
		tried = append(tried, filepath.Join(root, path))
	}
	for _, try := range tried {
		if _, err := os.Stat(try); err == nil {
			p, err := replay.Read(try)
			if err != nil {
				return nil, fmt.Errorf("SAMERUN_REPLAY: %w", err)
			}
			if p.World == replay.Goroutines && world == replay.Tasks {
				return nil, fmt.Errorf("SAMERUN_REPLAY: %s is a failure of ordinary Go, which go test alone cannot run; use samerun replay %s", path, path)
			}
			return &savedFile{path, p}, nil
		}
	}
	if filepath.IsAbs(path) {
		return nil, fmt.Errorf("SAMERUN_REPLAY is %q, and there is no such file; correct the path", path)
	}
	return nil, fmt.Errorf("SAMERUN_REPLAY is %q, and there is no such file in the package's folder (%s) nor in the module's root; correct the path", path, pkg)
}

// again runs a saved failure. If it still fails, or proves nothing, the text is
// what the test should say.
func (x *tester) again(p *savedFile) (res *wire.Result, told string) {
	a := x.traced(ConfigOf(p.File), filepath.Base(p.path))
	res = x.line(a)
	came := a.cameTo(p.File)
	res.Outcome, res.Unmet = p.Judge(came), came.Unmet
	res.Words = p.Words(res.Outcome, came)
	res.Replay = p.path
	head := text.Block(fmt.Sprintf("\n    replay of %s: %s", text.Line(p.path), text.IndentRest(res.Words)))
	switch {
	case a.failure != nil:
		s := x.evidence(a)
		s.saved, s.replayed = p.path, true
		res.Repeats = x.repeats(s)
		res.Story = s.tell()
		return res, head + res.Story.String()
	case res.Outcome == replay.Unmet:
		return res, head
	}
	return res, ""
}

// onlyReplay is all that a test does under SAMERUN_REPLAY.
func (x *tester) onlyReplay(p *savedFile) {
	x.t.Helper()
	if p.Test != x.t.Name() {
		x.t.SkipNow()
	}
	res, told := x.again(p)
	if x.t.Skipped() {
		x.t.SkipNow() // the scenario did; there is no outcome then
	}
	x.env.note(res)
	if told != "" {
		x.t.Errorf("%s", told)
		x.t.FailNow()
	}
	// It shows with -v only, as all good news.
	if l, ok := x.t.(interface{ Logf(string, ...any) }); ok {
		l.Logf("replay of %s: %s", text.Line(p.path), text.Block(res.Words))
	}
}

// regressions runs the saved failures of this test and says whether all are
// fixed, each by a run that met the faults of its schedule.
func (x *tester) regressions(dir string) bool {
	x.t.Helper()
	entries, err := os.ReadDir(dir) // sorted by name
	if errors.Is(err, fs.ErrNotExist) {
		return true
	}
	if err != nil {
		x.t.Errorf("the folder of replay files cannot be read (%v); make %s a readable folder", err, dir)
		return false
	}
	good := true
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || filepath.Ext(e.Name()) != ".json" {
			continue
		}
		path := filepath.Join(dir, e.Name())
		r, err := replay.Read(path)
		if err != nil {
			// Whose failure it was cannot be known, so that each test complains.
			x.t.Errorf("%v", err)
			good = false
			continue
		}
		// Those of ordinary Go are run by samerun test.
		if r.Test != x.t.Name() || r.World != replay.Tasks {
			continue
		}
		if _, told := x.again(&savedFile{fromRoot(path), r}); told != "" {
			x.t.Errorf("%s", told)
			good = false
		}
		if x.t.Skipped() {
			x.t.SkipNow()
		}
	}
	return good
}
