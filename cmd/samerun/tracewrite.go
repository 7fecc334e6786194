package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"samerun/internal/safefile"
	"samerun/internal/text"
	"samerun/internal/tracefile"
	"samerun/internal/traceview"
)

// begins reports whether a file begins as those of a format do.
func begins(path string, f traceview.Format) bool {
	in, err := os.Open(path)
	if err != nil {
		return false
	}
	defer in.Close()
	want := []byte(f.Beginning())
	have := make([]byte, len(want))
	n, _ := io.ReadFull(in, have)
	return bytes.Equal(have[:n], want)
}

// mayWrite refuses to overwrite what samerun trace has not written.
func mayWrite(path, typed string, force bool) error {
	if err := safefile.CanCreate(path); err != nil {
		return fmt.Errorf("-o %s: %w; name a file in a folder that exists", typed, err)
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || force || err == nil && info.Size() == 0 {
		return nil
	}
	for _, f := range traceview.Formats() {
		if begins(path, f) {
			return nil
		}
	}
	return fmt.Errorf("-o %s: this file is no trace, and is not overwritten; name another one, or say -force", typed)
}

// traceName is the name of the file if nobody says another.
func traceName(t *tracefile.Trace, f traceview.Format) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.' {
			return r
		}
		return '_'
	}, t.Test)
	return fmt.Sprintf("%s-%d%s", strings.TrimLeft(text.Cut(name, 100), "-."), t.Seed, f.Extension())
}

// write writes the traces, whole or not at all, and says so.
func (c *traceCommand) write(a *app, all []*tracefile.Trace) error {
	if !c.diff {
		name := c.out
		if name == "" {
			name = traceName(all[0], c.of)
			if err := mayWrite(a.Abs(name), name, c.force); err != nil {
				return err
			}
		}
		err := safefile.Replace(a.Abs(name), func(w io.Writer) error {
			if len(all) > 1 {
				return traceview.Page(w, all...)
			}
			return traceview.Write(w, c.of, all[0])
		})
		if err != nil {
			return err
		}
		fmt.Fprintln(a.stdout, name)
	}
	if c.json {
		return c.writeDifference(a, all)
	}
	for _, t := range all {
		n := t.Count()
		how := "it passed"
		if t.Failure != "" {
			how = "it failed: " + t.Failure
		}
		fmt.Fprintf(a.stdout, "%s of %s, seed %d: %s, %s, %s in %v of virtual time, digest %s; %s\n", text.Line(t.Test), text.Line(t.Package), t.Seed, text.Count(n.Events, "event"), text.Count(n.Messages, "message"), text.Count(n.Faults, "fault"),
			time.Duration(t.Virtual), t.Digest, text.Line(how))
	}
	if len(all) == 2 {
		io.WriteString(a.stdout, "\n"+c.partingText(all))
	}
	return nil
}

// parting is where two runs part, as tracefile.Parting has it. Lines move in two versions of the code.
func (c *traceCommand) parting(all []*tracefile.Trace) int {
	if c.commit != "" {
		return tracefile.PartingOfVersions(all[0], all[1])
	}
	return tracefile.Parting(all[0], all[1])
}

// shownBefore and shownAfter are how many events are shown before the first difference and from it on.
const shownBefore, shownAfter = 4, 6

// partingText tells where two runs part, what they have in common before, and what follows.
func (c *traceCommand) partingText(all []*tracefile.Trace) string {
	one, other := all[0], all[1]
	i := c.parting(all)
	if i < 0 {
		return fmt.Sprintf("no difference: both have the same %s\n", text.Count(len(one.Events), "event"))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "the first difference is event %d; before it both have:\n", i+1)
	if i == 0 {
		b.WriteString("    nothing\n")
	}
	for k := max(0, i-shownBefore); k < i; k++ {
		b.WriteString("    " + traceview.Line(&one.Events[k]) + "\n")
	}
	for k, t := range []*tracefile.Trace{one, other} {
		fmt.Fprintf(&b, "then in %s:\n", c.nameOf(k, t))
		for _, e := range t.Events[i:min(len(t.Events), i+shownAfter)] {
			b.WriteString("    " + traceview.Line(&e) + "\n")
		}
		if i == len(t.Events) {
			b.WriteString("    it has ended\n")
		}
	}
	return b.String()
}

// nameOf is what the first or second of two runs is called.
func (c *traceCommand) nameOf(k int, t *tracefile.Trace) string {
	return cmp.Or(c.names[k], fmt.Sprintf("%s (seed %d)", [...]string{"the first", "the second"}[k], t.Seed))
}
