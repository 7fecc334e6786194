package doctor

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"samerun/internal/text"
)

// cause is what is likely to make two runs part.
type cause struct {
	name   string
	sure   string    // "likely" if something points to it, "possible" if only all else was ruled out, "" for unknown
	why    []string  // sentences
	places []suspect // where to look, the nearest first
	cure   []string  // sentences
}

// cause weighs what is known. It asks first which condition matters, for that is
// certain, and only then what the stacks and the source look like.
func (f *finding) cause() cause {
	switch {
	case f.alone:
		return f.causeAlone()
	case f.at.test == "":
		return cause{name: "code outside of the tests", sure: "likely",
			why:  []string{"The runs part before the first test: init functions or TestMain use what follows no seed, such as files, other processes or addresses."},
			cure: []string{"Let them print nothing that differs, and start nothing that a test waits for."}}
	case f.printsAddress():
		return cause{name: "pointer order", sure: "likely", places: f.near(byAddress),
			why:  []string{"What differs in the output is an address: where a thing lies in memory depends on the collector, the processors and what was made before."},
			cure: []string{"Print no %p, and no maps, channels or functions with %v; give the things numbers or names."}}
	case f.repeats && f.waits() > 0 && (f.rare || f.outside() || len(f.hitting(byAddress, byCollector, byProcessors, byFolder)) == 0):
		return f.causeIO("The run repeated under equal conditions, but not for ever, or not with other processors.")
	case f.repeats:
		return f.causeCondition()
	}
	return f.causeWorld()
}

// causeAlone is for a test that takes another course among others, repeatably.
func (f *finding) causeAlone() cause {
	c := cause{name: "a global left from an earlier test", sure: "likely", places: f.near(byGlobal)}
	c.why = []string{fmt.Sprintf("By itself %s takes one course each time, among the others it takes another one.", f.at.test)}
	if len(f.earlier) == 0 {
		c.name, c.sure = "unknown", ""
		c.why = append(c.why, "No test runs before it, so the names of the tests that are asked for must matter, or TestMain.")
		c.cure = unknownCure
		return c
	}
	if len(f.earlier) == 1 {
		c.why = append(c.why, fmt.Sprintf("%s is enough to make the difference: it leaves something behind in the process.", f.earlier[0]))
	} else {
		c.why = append(c.why, fmt.Sprintf("It takes %s before it to make the difference.", text.Count(uint64(len(f.earlier)), "test")))
	}
	c.cure = []string{
		"Make anew in each test what tests share (a cache, a counter, a sync.Once), or reset it in t.Cleanup.",
		"As it is, a seed repeats only together with the same tests: the command of a failure needs the same -run.",
	}
	return c
}

// causeCondition is for runs that are equal under equal conditions.
func (f *finding) causeCondition() cause {
	addresses, collector, processors := f.near(byAddress), f.near(byCollector), f.near(byProcessors)
	again := "Under equal conditions the run repeats."
	switch {
	case f.byFolder && len(addresses) > 0 && len(f.near(byFolder)) == 0:
		// A longer name moves what is allocated behind it.
		return f.causeMemory(again, addresses, collector)
	case f.byFolder:
		return cause{name: "the name of the folder for temporary files", sure: "likely",
			why:    []string{again, "It is another one with another TMPDIR: its name has become part of what the test decides by, such as a hash or a key."},
			places: f.near(byFolder),
			cure:   []string{"Use names below the folder, not the whole path, where an order or a choice comes from them."}}
	case f.byProcs && !f.byGC && (len(processors) > 0 || len(addresses)+len(collector) == 0):
		c := cause{name: "the number of processors", sure: "likely", places: processors,
			why:  []string{again, "It is another one with another GOMAXPROCS, at the same pace of the collector: the program asks how many processors there are."},
			cure: []string{"Make the number a setting, and set it in the test. samerun test has GOMAXPROCS=1 unless you set it, so seeds repeat there; runtime.NumCPU is the machine's."}}
		if len(processors) == 0 {
			c.sure = "possible"
		}
		return c
	case f.byGC || f.byProcs || f.rare && len(f.hitting(byAddress)) > 0:
		return f.causeMemory(again, addresses, collector)
	}
	c := cause{name: "unknown", cure: unknownCure,
		why:    []string{"It did not show again, neither under equal conditions nor with one of them changed: it is rare, or it takes several changes at once.", "What follows looks like it could be it."},
		places: f.near(byWorld, byNetwork, byAddress, byCollector, byProcessors)}
	if len(c.places) == 0 {
		c.why[1] = "Nothing in the source looks like a cause."
	}
	return c
}

// causeMemory tells the order of addresses from the moments of the collector.
func (f *finding) causeMemory(again string, addresses, collector []suspect) cause {
	pace := "It is another one at another pace of the collector"
	switch {
	case !f.repeats:
		pace = "When the collector runs is a matter of real time"
	case f.byFolder:
		pace = "It is another one with a TMPDIR of another name"
	case !f.byGC:
		pace = "It is another one with other processors or under load"
	}
	pointer := cause{name: "pointer order", sure: "likely", places: addresses,
		why:  []string{again, pace + ", which moves where things lie in memory."},
		cure: []string{"Decide no order by addresses: give the things numbers or names, and sort by those; print no %p. Maps with pointers as keys are exact."}}
	moment := cause{name: "what the collector does", sure: "likely", places: collector,
		why:  []string{again, pace + ": a finalizer, a cleanup, a weak pointer or the figures of memory follow it."},
		cure: []string{"Let nothing that a test can see depend on when the collector runs; call runtime.GC where the test means it."}}
	switch {
	case len(addresses) == 0 && len(collector) == 0:
		pointer.sure, pointer.name = "possible", "pointer order, or what the collector does"
		pointer.why = append(pointer.why, "The source shows no place by its looks.")
		return pointer
	case len(collector) == 0:
		return pointer
	case len(addresses) == 0, f.nearer(collector[0], addresses[0]):
		return moment
	}
	return pointer
}

// causeWorld is for runs that differ although nothing was changed between them.
func (f *finding) causeWorld() cause {
	same := "Even under equal conditions the run does not repeat."
	world := f.near(byWorld, byNetwork)
	cgo := f.inPackages(f.survey.cgo)
	switch {
	case f.firstOnly:
		c := cause{name: "something that an earlier run has left", sure: "likely", places: world,
			why:  []string{"Only the first run is different, those after it are equal: it found the world as they did not."},
			cure: []string{"Let the test work below t.TempDir, and remove what it has made outside.", "To see the difference again, remove what is left and call the doctor again."}}
		if len(f.changed) == 0 {
			c.sure = "possible"
		} else {
			c.why = append(c.why, "It has written in the folder of the package: "+few(f.changed, 3)+".")
		}
		return c
	case f.waits() > 0:
		return f.causeIO(same)
	case len(cgo) > 0:
		return cause{name: "cgo", sure: "likely", places: world,
			why:  []string{same, fmt.Sprintf("The stacks go through code that calls C (%s): what C reads or decides is out of reach.", few(cgo, 3))},
			cure: []string{"Test with a Go stand-in for it; often a build tag or CGO_ENABLED=0 chooses one."}}
	case len(f.hitting(byAddress)) > 0 && !f.hits(world):
		return f.causeMemory(same, f.near(byAddress), nil)
	case len(f.hitting(byCollector)) > 0 && !f.hits(world):
		return f.causeMemory(same, nil, f.near(byCollector))
	case len(world) > 0 || f.outside():
		c := cause{name: "the world outside", sure: "likely", places: world,
			why:  []string{same, "The test did not wait for it, but it can have asked the operating system: for a file, an environment variable, a number of a process, the machine's own clock."},
			cure: []string{"Give the test the answer instead: a fake file system (testing/fstest), t.Setenv, time.Now, which is virtual."}}
		if !f.hits(world) {
			c.sure = "possible"
		}
		return c
	case len(f.near(byAddress)) > 0:
		c := f.causeMemory(same, f.near(byAddress), nil)
		c.sure = "possible"
		return c
	case len(f.survey.cgo) > 0:
		return cause{name: "cgo", sure: "possible",
			why:  []string{same, fmt.Sprintf("The tests depend on packages that call C (%s), and nothing else in the source looks like a cause.", few(f.survey.cgo, 3))},
			cure: []string{"Look whether the test gets there; often a build tag or CGO_ENABLED=0 chooses a Go stand-in."}}
	}
	c := cause{name: "unknown", cure: unknownCure,
		why: []string{same, "The test did not wait for input or output, no frame is one of package os or net, and nothing in the source looks like a cause."}}
	if f.watched {
		c.why = append(c.why, "The watchdog ended one of the runs: it waited in real time for something outside.")
	}
	return c
}

// causeIO is for tests that waited for real input or output.
func (f *finding) causeIO(same string) cause {
	places := f.near(byNetwork)
	if len(places) == 0 {
		places = f.near(byWorld)
	}
	return cause{name: "real input or output", sure: "likely", places: places,
		why:  []string{same, fmt.Sprintf("The test waited %s for a socket, a pipe or the like, and when that was ready is none of the seed's business.", text.Count(uint64(f.waits()), "time"))},
		cure: []string{"Put a fake in its place: io.Pipe, net.Pipe, channels. Sockets that listen on this machine are exact, unless -net is real."}}
}

// waits is how often the test waited for real input or output.
func (f *finding) waits() int { return max(f.io[0], f.io[1]) }

var unknownCure = []string{"Make two records by the commands below and compare them around the first difference; docs/doctor.md tells how to go on."}

// frames are those of the difference, the nearest first.
func (f *finding) frames() (all []string) {
	for _, l := range f.at.sides {
		if l != nil {
			all = append(all, l.Frames...)
		}
	}
	for _, l := range slices.Backward(f.at.common) {
		all = append(all, l.Frames...)
	}
	if f.at.what != "" && f.at.test != "" {
		// What is printed has no stack; the test itself is the best guess.
		for _, s := range f.survey.suspects {
			if name := s.in[strings.LastIndex(s.in, ".")+1:]; name == f.at.test {
				all = append(all, s.in+":0")
			}
		}
	}
	return all
}

// near returns suspects of some kinds, those in the functions of the difference first.
func (f *finding) near(kinds ...string) []suspect { return f.survey.of(f.frames(), kinds...) }

// hit reports whether a suspect stands in a function of the difference.
func (f *finding) hit(s suspect) bool {
	return s.in != "" && slices.ContainsFunc(f.frames(), func(frame string) bool { return inFunction(frame, s.in) })
}

// hits reports whether the nearest of the suspects stands in a function of the difference.
func (f *finding) hits(nearest []suspect) bool { return len(nearest) > 0 && f.hit(nearest[0]) }

// nearer reports whether a stands in a function of the difference and b does not.
func (f *finding) nearer(a, b suspect) bool { return f.hit(a) && !f.hit(b) }

// hitting returns suspects of some kinds that stand in a function of the difference.
func (f *finding) hitting(kinds ...string) []suspect {
	return slices.DeleteFunc(f.near(kinds...), func(s suspect) bool { return !f.hit(s) })
}

// inPackages returns those of the packages that a frame of the difference is in.
func (f *finding) inPackages(paths []string) (in []string) {
	for _, path := range paths {
		if slices.ContainsFunc(f.frames(), func(frame string) bool { return inFunction(frame, path) }) {
			in = append(in, path)
		}
	}
	return in
}

// outside reports whether a frame of the difference is in a package that talks to the
// operating system.
func (f *finding) outside() bool {
	return slices.ContainsFunc(f.frames(), func(frame string) bool {
		return slices.ContainsFunc([]string{"net.", "os.", "os/exec.", "syscall.", "golang.org/x/sys/unix."}, func(p string) bool { return strings.HasPrefix(frame, p) })
	})
}

// printsAddress reports whether the runs differ in an address that they print.
func (f *finding) printsAddress() bool {
	a, b := f.at.text[0], f.at.text[1]
	return f.at.what == "prints" && addressText.MatchString(a) && addressText.ReplaceAllString(a, "0x") == addressText.ReplaceAllString(b, "0x")
}

// addressText is an address on the heap as Go prints it.
var addressText = regexp.MustCompile(`0xc[0-9a-f]{9,}`)

// few lists the first n of some names.
func few(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:n], ", "), len(names)-n)
}
