package faultdocs

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"samerun/sim/fault"
)

// Kinds writes the kinds of faults as Markdown, group by group.
func Kinds() (string, error) {
	var b strings.Builder
	group := fault.Group("")
	for _, info := range fault.Kinds() {
		if info.Group != group {
			group = info.Group
			fmt.Fprintf(&b, "## %s\n\n", titles(group))
		}
		f, err := Example(info)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "### %s\n\n%s\n\n", info.Kind, info.Does)
		fmt.Fprintf(&b, "- Keys: **%v**", info.Required)
		if info.Optional != 0 {
			fmt.Fprintf(&b, ", %v", info.Optional)
		}
		fmt.Fprintf(&b, "\n- Units: %s\n- Defaults: %s\n- Messages in flight: %s\n", info.Units, info.Default, info.InFlight)
		if info.Stream != "" {
			fmt.Fprintf(&b, "- Streams: %s\n", info.Stream)
		}
		if info.Datagram != "" {
			fmt.Fprintf(&b, "- Datagrams: %s\n", info.Datagram)
		}
		b.WriteString("\n")
		fmt.Fprintf(&b, "```go\n%s\n```\n```json\n%s\n```\n\n", Literal(f), info.Example)
	}
	return b.String(), nil
}

func titles(g fault.Group) string {
	switch g {
	case fault.Picks:
		return "Picks of one message"
	case fault.Sockets:
		return "Sockets of ordinary Go"
	}
	return strings.ToUpper(string(g[:1])) + string(g[1:])
}

// Example is the example of a kind, read from its JSON.
func Example(info fault.Info) (fault.Fault, error) {
	s, err := fault.Parse([]byte(`{"faults":[` + info.Example + `]}`))
	if err != nil {
		return fault.Fault{}, fmt.Errorf("the example of %s: %w", info.Kind, err)
	}
	return s.Faults[0], nil
}

// Cells writes a table of what becomes of things in flight as Markdown.
func Cells(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		columns := strings.Split(line, "|")
		for i := range columns {
			columns[i] = strings.TrimSpace(columns[i])
		}
		if columns[1] != "" && columns[1] != "steps" {
			columns[1] = "`" + columns[1] + "`"
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(columns, " | "))
		if columns[1] == "steps" {
			b.WriteString(strings.Repeat("|---", len(columns)) + "|\n")
		}
	}
	return b.String()
}

// Literal writes a fault as Go.
func Literal(f fault.Fault) string {
	parts := []string{"Kind: fault." + constant(f.Kind)}
	add := func(name, value string, set bool) {
		if set {
			parts = append(parts, name+": "+value)
		}
	}
	span := func(name string, d time.Duration) { add(name, duration(d), d != 0) }
	number := func(name string, n int64) { add(name, underscores(n), n != 0) }
	names := func(name string, list []string) {
		add(name, "[]string{"+strings.Join(quoted(list), ", ")+"}", len(list) > 0)
	}
	span("At", f.At)
	span("For", f.For)
	names("From", f.From)
	names("To", f.To)
	names("Nodes", f.Nodes)
	number("Boot", int64(f.Boot))
	add("Method", strconv.Quote(f.Method), f.Method != "")
	add("Dir", "fault."+exported(f.Dir.String()), f.Dir != fault.Both)
	number("Nth", int64(f.Nth))
	number("PPM", f.PPM)
	shape := exported(f.Shape.String())
	if f.Shape == fault.LongTail {
		shape = "LongTail"
	}
	add("Shape", "fault."+shape, f.Shape != fault.Fixed)
	span("Min", f.Min)
	span("Max", f.Max)
	number("Bytes", f.Bytes)
	number("Queue", int64(f.Queue))
	span("Period", f.Period)
	span("Offset", f.Offset)
	add("File", strconv.Quote(f.File), f.File != "")
	number("Conn", int64(f.Conn))
	number("Sectors", f.Sectors)
	return "fault.Fault{" + strings.Join(parts, ", ") + "}"
}

// constant is the name of the kind's constant.
func constant(k fault.Kind) string {
	switch k {
	case fault.OneWay:
		return "OneWay"
	case fault.SyncFail:
		return "SyncFail"
	case fault.CrashAt:
		return "CrashAt"
	case fault.NoSpace:
		return "NoSpace"
	case fault.SlowDisk:
		return "SlowDisk"
	case fault.HalfOpen:
		return "HalfOpen"
	case fault.BitFlip:
		return "BitFlip"
	}
	return exported(string(k))
}

func exported(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

func quoted(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strconv.Quote(s)
	}
	return out
}

// duration writes 1100 * time.Millisecond.
func duration(d time.Duration) string {
	for _, unit := range [...]struct {
		d    time.Duration
		name string
	}{{time.Minute, "Minute"}, {time.Second, "Second"}, {time.Millisecond, "Millisecond"}, {time.Microsecond, "Microsecond"}} {
		switch {
		case d == unit.d:
			return "time." + unit.name
		case d%unit.d == 0:
			return fmt.Sprintf("%d * time.%s", d/unit.d, unit.name)
		}
	}
	return strconv.FormatInt(int64(d), 10)
}

// underscores writes 1_000_000.
func underscores(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "_" + s[i:]
	}
	return s
}
