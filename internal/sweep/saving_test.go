package sweep

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/screen"
)

// keeper is a world that saves files: the seed and the reason make the name.
type keeper struct {
	world
	full bool // the disk, for what was minimised
	one  bool // the seed alone makes the name
}

func (k *keeper) Save(f *runner.Failure) {
	if f.Saved != "" {
		return
	}
	if k.full && f.Reason == "small" {
		f.Unsaved = errors.New("no space left")
		return
	}
	name := fmt.Sprintf("%d-%s.json", *f.Seed, f.Reason)
	dir := filepath.Join(f.Pkg.Dir, "testdata", "replay")
	os.MkdirAll(dir, 0o777)
	if k.one {
		name = fmt.Sprintf("%d.json", *f.Seed)
		for n := 2; exists(filepath.Join(dir, name)); n++ {
			name = fmt.Sprintf("%d-%d.json", *f.Seed, n)
		}
		beside := strings.TrimSuffix(name, ".json") + ".note.txt"
		os.WriteFile(filepath.Join(dir, beside), []byte(f.Reason), 0o666)
		f.Attached = []string{filepath.Join("here", beside)}
	}
	// As Save does, it leaves what is there as it is.
	if file, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_EXCL, 0o666); err == nil {
		file.Close()
	}
	f.Saved = filepath.Join("here", name)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// A file that had to stand beside the one in whose place it comes gets that one's name,
// and what lies beside it, too; never that of a file of somebody else's.
func TestTheNameIsFreeAgain(t *testing.T) {
	for _, c := range []struct {
		there, after []string
		say          string
	}{
		{nil, []string{"7.json", "7.note.txt"}, "    saved: here/7.json\n    beside it: here/7.note.txt\n"},
		{[]string{"7.json"}, []string{"7-3.json", "7-3.note.txt", "7.json"}, "    saved: here/7-3.json\n    beside it: here/7-3.note.txt\n"},
	} {
		dir := t.TempDir()
		folder := filepath.Join(dir, "testdata", "replay")
		for _, name := range c.there {
			os.MkdirAll(folder, 0o777)
			os.WriteFile(filepath.Join(folder, name), nil, 0o666)
		}
		reasons := func(_ string, seed uint64) string { return map[uint64]string{7: "seven"}[seed] }
		k := &keeper{world: world{name: "One", bad: reasons}, one: true}
		pkgs := []*gocmd.Package{{Arg: "a", Path: "a", Dir: dir}}
		var out bytes.Buffer
		s := New(screen.New(&out, &out, "", ""), Options{Seeds: mustSeeds("1-9"), Workers: 1, KeepGoing: true, Shrink: 1 << 40})
		if err := s.Prepare(t.Context(), &gocmd.Listing{Packages: pkgs}, []Part{{Runner: k, Packages: pkgs}}); err != nil {
			t.Fatal(err)
		}
		if err := s.RunSeeds(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.Minimise(t.Context())
		s.Finish(false)
		if got := fileNames(folder); !slices.Equal(got, c.after) {
			t.Errorf("there is %q, want %q", got, c.after)
		}
		if !strings.Contains(out.String(), c.say) {
			t.Errorf("%q is missing:\n%s", c.say, out.String())
		}
	}
}

// A failure is on disk from when it is first told, and the minimised one takes its place.
// No file of anybody else is touched.
func TestSavedWhenFirstTold(t *testing.T) {
	reasons := func(_ string, seed uint64) string {
		return map[uint64]string{7: "seven", 9: "nine", 20: "seven", 30: "stubborn"}[seed]
	}
	for _, c := range []struct {
		name        string
		going, full bool
		there       []string // before the sweep
		told, after []string // files when the seeds have been run, and at the end
		say         string
	}{
		{"all", true, false, nil, []string{"30-stubborn.json", "7-seven.json", "9-nine.json"}, []string{"30-stubborn.json", "7-small.json", "9-small.json"}, ""},
		{"somebody else's", true, false, []string{"7-seven.json"}, []string{"30-stubborn.json", "7-seven.json", "9-nine.json"}, []string{"30-stubborn.json", "7-seven.json", "7-small.json", "9-small.json"}, ""},
		{"the first", false, false, nil, nil, []string{"7-small.json"}, ""},
		{"a full disk", true, true, nil, []string{"30-stubborn.json", "7-seven.json", "9-nine.json"}, []string{"30-stubborn.json", "7-seven.json", "9-nine.json"}, "    saved: here/7-seven.json\n    not saved: no space left\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			files := func() []string { return fileNames(filepath.Join(dir, "testdata", "replay")) }
			k := &keeper{world: world{name: "One", bad: reasons}, full: c.full}
			pkgs := []*gocmd.Package{{Arg: "a", Path: "a", Dir: dir}}
			for _, name := range c.there {
				os.MkdirAll(filepath.Join(dir, "testdata", "replay"), 0o777)
				os.WriteFile(filepath.Join(dir, "testdata", "replay", name), nil, 0o666)
			}
			var out bytes.Buffer
			s := New(screen.New(&out, &out, "", ""), Options{Seeds: mustSeeds("1-40"), Workers: 3, KeepGoing: c.going, Shrink: 1 << 40})
			if err := s.Prepare(t.Context(), &gocmd.Listing{Packages: pkgs}, []Part{{Runner: k, Packages: pkgs}}); err != nil {
				t.Fatal(err)
			}
			if err := s.RunSeeds(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := files(); c.told != nil && !slices.Equal(got, c.told) {
				t.Errorf("when they are told there is %q, want %q", got, c.told)
			}
			s.Minimise(t.Context())
			s.Finish(false)
			if got := files(); !slices.Equal(got, c.after) {
				t.Errorf("at the end there is %q, want %q", got, c.after)
			}
			if !strings.Contains(out.String(), c.say) {
				t.Errorf("%q is missing:\n%s", c.say, out.String())
			}
		})
	}
}
