package sim

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"samerun/internal/safefile"
	"samerun/sched"
	"samerun/sim/fault"
)

// attachment is a file that belongs to a failure.
type attachment struct {
	suffix string
	write  func(path string) error
}

// Attach adds a file that is written beside the replay file if the run fails, such
// as a picture. write is called once and after the run, with the path to write, in a
// folder of its own from which the file is then moved beside the replay file;
// its name is that of the replay file with the suffix, "linear.html" for instance,
// in place of "json". Attaching a suffix again replaces it. It may be called from
// checks and events.
func (w *World) Attach(suffix string, write func(path string) error) {
	if w.over("World.Attach") {
		return
	}
	if write == nil || suffix == "" || suffix == "json" || strings.ContainsAny(suffix, `/\`) {
		w.fail(fmt.Errorf("World.Attach(%q) needs the end of a file's name, other than json and without slashes, and a function that writes it", suffix))
		return
	}
	w.attached = slices.DeleteFunc(w.attached, func(a attachment) bool { return a.suffix == suffix })
	w.attached = append(w.attached, attachment{suffix, write})
}

// Faults returns the schedule in force: what World.Inject drew or Config.Faults
// gave. It is empty without one. It may be called from anywhere in the world.
func (w *World) Faults() fault.Schedule {
	if w.inj == nil {
		return fault.Schedule{}
	}
	return w.inj.plan
}

// writeAttachments writes what a run attached beside its replay file. It returns
// the paths written, and the first thing that went wrong. A file appears whole or not
// at all, and never in the place of one of another content.
func (r *Report) writeAttachments(replay string) (paths []string, err error) {
	for _, a := range r.attached {
		path := strings.TrimSuffix(replay, ".json") + "." + a.suffix
		if e := a.save(path); e != nil {
			if err == nil {
				err = fmt.Errorf("%s could not be written: %w", path, e)
			}
			continue
		}
		paths = append(paths, path)
	}
	return paths, err
}

// maxAttached bounds an attachment.
const maxAttached = 256 << 20

// save has a file written aside, and then puts it in its place.
func (a *attachment) save(path string) error {
	folder, err := os.MkdirTemp(filepath.Dir(path), ".samerun-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	aside := filepath.Join(folder, filepath.Base(path))
	if err := a.write(aside); err != nil {
		return err
	}
	return safefile.Copy(aside, path, maxAttached)
}

// Outcomes tells what became of each element of Faults so far. It may be called
// from anywhere in the world, and when the run is over.
func (w *World) Outcomes() []FaultOutcome {
	w.s.Touch(nil, sched.ToRead)
	if w.inj == nil {
		return nil
	}
	return w.inj.outcomes()
}
