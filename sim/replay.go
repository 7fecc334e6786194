package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"samerun/sched"
	"samerun/sim/fault"
)

// Replay is a failure that was saved: all that is needed to run it again, and
// what to expect. In a file it is JSON for people and machines.
type Replay struct {
	Test    string // name of the test, as testing.T.Name gives it
	Package string // folder of the package from the module's root: "./examples/raft"
	Seed    uint64
	// Schedule is what went wrong in the run; nil if the scenario injects nothing.
	Schedule   *fault.Schedule
	Deviations []sched.Deviation
	Property   string // that broke; empty if something else did
	Error      string // in the failure's own words
	At         time.Duration
	Digest     string
	Go         string // versions that made the file
	Samerun    string
}

// ReplayVersion is the version of the format of replay files that this samerun
// writes. It reads this one and older ones.
const ReplayVersion = 1

// Version is the version of samerun.
const Version = "0.2.0"

// maxReplaySize bounds what is read: a file beyond it is no replay file.
const maxReplaySize = 64 << 20

// replayJSON is the file's form.
type replayJSON struct {
	Samerun    string          `json:"samerun"` // "replay"
	Version    int             `json:"version"`
	Test       string          `json:"test"`
	Package    string          `json:"package"`
	Seed       uint64          `json:"seed"`
	Schedule   *fault.Schedule `json:"schedule,omitempty"`
	Deviations []deviationJSON `json:"deviations,omitempty"`
	Failure    failureJSON     `json:"failure"`
	Digest     string          `json:"digest"`
	Made       madeJSON        `json:"made"`
}

type deviationJSON struct {
	Task  string `json:"task"` // hexadecimal
	Ready uint64 `json:"ready"`
}

type failureJSON struct {
	Property string `json:"property,omitempty"`
	Error    string `json:"error"`
	At       string `json:"at"` // virtual time
}

type madeJSON struct {
	Go      string `json:"go"`
	Samerun string `json:"samerun"`
}

// newReplay describes a failed run.
func newReplay(test string, r *Report, failure error) *Replay {
	p := &Replay{
		Test: test, Package: packageDir(), Seed: r.Seed, Deviations: r.Deviations,
		Property: propertyOf(failure), Error: reasonOf(failure), At: r.Virtual, Digest: r.Digest,
		Go: runtime.Version(), Samerun: Version,
	}
	if r.Schedule != nil {
		p.Schedule = r.Schedule
	}
	return p
}

// Marshal writes the replay as a file holds it.
func (p *Replay) Marshal() ([]byte, error) {
	x := replayJSON{
		Samerun: "replay", Version: ReplayVersion, Test: p.Test, Package: p.Package, Seed: p.Seed,
		Failure: failureJSON{p.Property, p.Error, p.At.String()}, Digest: p.Digest,
		Made: madeJSON{p.Go, p.Samerun},
	}
	for _, d := range p.Deviations {
		x.Deviations = append(x.Deviations, deviationJSON{fmt.Sprintf("%016x", d.Task), d.Ready})
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(x); err != nil {
		return nil, err
	}
	if p.Schedule == nil {
		return b.Bytes(), nil
	}
	// The schedule is put in as it writes itself, one fault a line: the encoder
	// would spread each over twenty.
	if err := p.Schedule.Validate(); err != nil {
		return nil, err
	}
	s := p.Schedule.AppendJSON(nil, "  ")
	const before = "\n  \"failure\": "
	return bytes.Replace(b.Bytes(), []byte(before), append([]byte("\n  \"schedule\": "+string(s)+","), before...), 1), nil
}

// ParseReplay reads a replay file. Errors are one sentence that says what is
// wrong with it.
func ParseReplay(data []byte) (*Replay, error) {
	if len(data) > maxReplaySize {
		return nil, fmt.Errorf("it is %d bytes long; a replay file has at most %d", len(data), maxReplaySize)
	}
	// The version comes first: a newer file may have fields that we do not know.
	var head struct {
		Samerun string `json:"samerun"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("it is not JSON as samerun writes it: %w", err)
	}
	switch {
	case head.Samerun != "replay":
		return nil, errors.New(`it is no replay file of samerun: the field "samerun" is not "replay"`)
	case head.Version > ReplayVersion:
		return nil, fmt.Errorf("it has format version %d, and this samerun (%s) reads up to %d; update samerun", head.Version, Version, ReplayVersion)
	case head.Version < 1:
		return nil, fmt.Errorf("its format version is %d; the first is 1", head.Version)
	}
	var x replayJSON
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&x); err != nil {
		return nil, fmt.Errorf("it cannot be understood: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("something stands behind its end")
	}
	p := &Replay{
		Test: x.Test, Package: x.Package, Seed: x.Seed, Schedule: x.Schedule, Property: x.Failure.Property,
		Error: x.Failure.Error, Digest: x.Digest, Go: x.Made.Go, Samerun: x.Made.Samerun,
	}
	if p.Test == "" {
		return nil, errors.New(`it does not say which test it is of (the field "test")`)
	}
	var err error
	if p.At, err = time.ParseDuration(x.Failure.At); err != nil || p.At < 0 {
		return nil, fmt.Errorf("failure.at is %q; it is a virtual time such as \"1.284s\"", x.Failure.At)
	}
	for i, d := range x.Deviations {
		task, err := strconv.ParseUint(d.Task, 16, 64)
		if err != nil || d.Ready == 0 {
			return nil, fmt.Errorf("deviations[%d] is task %q, ready %d; it needs a task of 16 hexadecimal digits and a count from 1", i, d.Task, d.Ready)
		}
		p.Deviations = append(p.Deviations, sched.Deviation{Task: task, Ready: d.Ready})
	}
	if p.Schedule != nil {
		if err := p.Schedule.Validate(); err != nil {
			return nil, fmt.Errorf("its schedule is not valid: %w", err)
		}
	}
	return p, nil
}

// ReadReplay reads a replay file.
func ReadReplay(path string) (*Replay, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxReplaySize+1))
	if err != nil {
		return nil, err
	}
	p, err := ParseReplay(data)
	if err != nil {
		return nil, fmt.Errorf("the replay file %s cannot be used: %w", path, err)
	}
	return p, nil
}

// Save writes the replay into a folder, which it makes, under a name of the test
// and the digest, and returns the path. The file appears whole or not at all. A
// file that another failure left under that name is never overwritten: this one
// gets a number then. If the same replay is there already, nothing is written.
func (p *Replay) Save(dir string) (string, error) {
	data, err := p.Marshal()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	tmp, err := os.CreateTemp(dir, ".replay-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Sync()
	}
	if closing := tmp.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), 0o644)
	}
	if err != nil {
		return "", err
	}
	for n := 1; ; n++ {
		path := filepath.Join(dir, p.fileName(n))
		// A link, unlike a rename, fails if the name is taken.
		err := os.Link(tmp.Name(), path)
		if !errors.Is(err, os.ErrExist) {
			return path, err
		}
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
			return path, nil
		}
		if n == 1000 {
			return "", fmt.Errorf("%s holds a thousand replays of this name; delete some", dir)
		}
	}
}

// fileName is "TestX-5c1e37d2.json", or "TestX-5c1e37d2-2.json" if that is taken.
func (p *Replay) fileName(n int) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' || r == '.' {
			return r
		}
		return '_'
	}, p.Test)
	if len(name) > 100 {
		name = name[:100]
	}
	name += "-" + p.Digest[:min(8, len(p.Digest))]
	if n > 1 {
		name += "-" + strconv.Itoa(n)
	}
	return name + ".json"
}
