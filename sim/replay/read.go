package replay

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"samerun/internal/strictjson"
	"samerun/internal/text"
	"samerun/sched"
	"samerun/sim/fault"
	"samerun/sim/shrink"
)

// maxSize bounds what is read: a file beyond it is no replay file.
const maxSize = 64 << 20

// Parse reads the content of a replay file. It is strict: an unknown field, a field
// twice, one that lacks or has a value of a wrong type are errors, each told in one
// sentence.
func Parse(data []byte) (*File, error) {
	if len(data) > maxSize {
		return nil, fmt.Errorf("it is longer than %d MB, which no replay file is", maxSize>>20)
	}
	r, err := strictjson.NewReader(data)
	if err != nil {
		return nil, err
	}
	fields, err := r.Fields("the replay")
	if err == nil {
		err = r.End("replay")
	}
	if err != nil {
		return nil, err
	}
	// The version comes first: a newer file may have fields that we do not know.
	if err := checkVersion(fields); err != nil {
		return nil, err
	}
	version := versionOf(fields)
	p := &File{}
	if version < 3 {
		p.World = Tasks
	}
	for _, f := range fields {
		if err := p.read(reader{f.Reader(), version}, f); err != nil {
			return nil, err
		}
	}
	needed := []string{"test", "package", "seed", "digest"}
	if p.Kept == nil {
		needed = append(needed, "failure")
	}
	if version >= 3 {
		needed = append(needed, "world")
	}
	if p.World == Goroutines {
		needed = append(needed, "settings")
	}
	for _, name := range needed {
		if !slices.ContainsFunc(fields, func(f strictjson.Field) bool { return f.Name == name }) {
			return nil, fmt.Errorf("it lacks the field %q", name)
		}
	}
	return p, p.check()
}

// versionOf returns the version that checkVersion has found good.
func versionOf(fields []strictjson.Field) uint64 {
	version := uint64(0)
	for _, f := range fields {
		if f.Name == "version" {
			_ = f.Reader().Uint(f.Name, &version, math.MaxUint64) // it is known to be a number
		}
	}
	return version
}

func checkVersion(fields []strictjson.Field) error {
	var kind string
	version := uint64(0)
	for _, f := range fields {
		var err error
		switch f.Name {
		case "samerun":
			err = f.Reader().Text(f.Name, &kind)
		case "version":
			err = f.Reader().Uint(f.Name, &version, math.MaxUint64)
		}
		if err != nil {
			return err
		}
	}
	switch {
	case kind != "replay":
		return errors.New(`it is no replay file of samerun: those have "samerun": "replay"`)
	case version == 0:
		return errors.New("it does not say its format version (the field \"version\"), which is 1 or more")
	case version > Version:
		return fmt.Errorf("it has format version %d and this samerun (%s) reads up to %d; update samerun", version, Samerun, Version)
	}
	return nil
}

// read reads one field, in any order.
func (p *File) read(r reader, f strictjson.Field) error {
	name := f.Name
	switch name {
	case "samerun", "version":
		return nil
	case "world", "settings":
		if r.version < 3 {
			return r.unknown(name)
		}
		if name == "settings" {
			return r.settings(&p.Settings)
		}
		var world string
		err := r.Text(name, &world)
		p.World = World(world)
		return err
	case "test":
		return r.Text(name, &p.Test)
	case "package":
		return r.Text(name, &p.Package)
	case "seed":
		return r.Uint(name, &p.Seed, math.MaxUint64)
	case "digest":
		return r.Text(name, &p.Digest)
	case "schedule":
		// Blank lines in front give errors the line in the file.
		s, err := fault.Parse(f.InPlace())
		if err != nil {
			return fmt.Errorf("its schedule is not valid, %w", err)
		}
		p.Schedule = &s
		return nil
	case "idle":
		return r.Array(name, func() error {
			var n int64
			err := r.Int("an index in idle", &n, math.MaxInt32)
			p.Idle = append(p.Idle, int(n))
			return err
		})
	case "deviations":
		return r.deviations(&p.Deviations)
	case "forks":
		if r.version < 3 {
			return r.unknown(name)
		}
		return r.forks(&p.Forks)
	case "kept":
		if r.version < 3 {
			return r.unknown(name)
		}
		p.Kept = []string{}
		return r.Array(name, func() error {
			var what string
			err := r.Text("what was seen", &what)
			p.Kept = append(p.Kept, what)
			return err
		})
	case "steps":
		p.Steps = &shrink.Steps{}
		return r.steps(p.Steps)
	case "sizes":
		return r.sizes(&p.Sizes)
	case "data":
		return r.data(&p.Data)
	case "strategy":
		return r.Text(name, &p.Strategy)
	case "horizon":
		return r.Duration(name, &p.Horizon)
	case "calm":
		n := uint64(0)
		err := r.Uint(name, &n, uint64(shrink.FixedLatency))
		p.Calm = shrink.Calm(n)
		return err
	case "failure":
		return r.failure(&p.Failure)
	case "made":
		return r.Object(name, func(key string) error {
			switch key {
			case "go":
				return r.Text(key, &p.Go)
			case "samerun":
				return r.Text(key, &p.Samerun)
			}
			return r.unknown(key)
		})
	}
	return r.unknown(name)
}

// reader reads the parts of a replay.
type reader struct {
	*strictjson.Reader
	version uint64 // of the file
}

func (r reader) unknown(name string) error {
	return r.Errorf("there is no field %s in format version %d; correct the name, or delete it", text.Clip(name), r.version)
}

func (r reader) failure(f *Failure) error {
	return r.Object("failure", func(key string) error {
		switch key {
		case "property":
			return r.Text(key, &f.Property)
		case "error":
			return r.Text(key, &f.Error)
		case "signature":
			return r.Text(key, &f.Signature)
		case "at":
			return r.Duration(key, &f.At)
		}
		return r.unknown(key)
	})
}

func (r reader) deviations(list *[]Deviation) error {
	return r.Array("deviations", func() error {
		var d Deviation
		err := r.deviation(&d)
		if err != nil {
			return strictjson.Within(fmt.Sprintf("deviations[%d]", len(*list)), err)
		}
		*list = append(*list, d)
		return nil
	})
}

// deviation reads one: in versions 1 and 2 a turn, without a word for it.
func (r reader) deviation(d *Deviation) error {
	if r.version < 3 {
		return r.turn("a deviation", "task", &d.Turn)
	}
	kinds := 0
	err := r.Object("a deviation", func(key string) error {
		switch key {
		case "turn":
			kinds++
			return r.turn(key, "of", &d.Turn)
		case "draw":
			kinds++
			return r.draw(&d.Draw)
		case "place":
			return r.Text(key, &d.Place)
		}
		return r.unknown(key)
	})
	if err == nil && kinds != 1 {
		err = r.Errorf("a deviation is a \"turn\" or a \"draw\"")
	}
	return err
}

func (r reader) forks(list *[]sched.Fork) error {
	return r.Array("forks", func() error {
		var f sched.Fork
		err := r.Object("a fork", func(key string) error {
			switch key {
			case "at":
				return r.Duration(key, &f.At)
			case "seed":
				return r.Uint(key, &f.Seed, math.MaxUint64)
			}
			return r.unknown(key)
		})
		if err != nil {
			return strictjson.Within(fmt.Sprintf("forks[%d]", len(*list)), err)
		}
		*list = append(*list, f)
		return nil
	})
}

// turn reads a turn; who is the field that names the task or the goroutine.
func (r reader) turn(what, who string, d *sched.Deviation) error {
	return r.Object(what, func(key string) error {
		switch key {
		case who:
			return r.identity(key, &d.Task)
		case "ready":
			return r.Uint(key, &d.Ready, math.MaxUint64)
		case "resumed":
			return r.Uint(key, &d.Resumed, math.MaxUint64)
		case "shift":
			return r.Uint(key, &d.Shift, math.MaxUint64)
		}
		return r.unknown(key)
	})
}

func (r reader) draw(d *Draw) error {
	err := r.Object("draw", func(key string) error {
		switch key {
		case "of":
			return r.identity(key, &d.Of)
		case "stream":
			return r.Text(key, &d.Stream)
		case "in":
			return r.Text(key, &d.In)
		case "nth":
			return r.Uint(key, &d.Nth, math.MaxUint64)
		case "value":
			return r.Uint(key, &d.Value, math.MaxUint64)
		}
		return r.unknown(key)
	})
	if err == nil && d.Stream == "" {
		err = r.Errorf("a draw needs a \"stream\", one of %q", Streams())
	}
	return err
}

// identity reads who a task or a goroutine is.
func (r reader) identity(field string, into *uint64) error {
	var hex string
	if err := r.Text(field, &hex); err != nil {
		return err
	}
	var err error
	if *into, err = strconv.ParseUint(hex, 16, 64); err != nil || len(hex) != 16 {
		if field == "of" {
			field = "goroutine or task"
		}
		return r.Errorf("the %s is %s; it must be named by 16 hexadecimal digits", field, text.Clip(hex))
	}
	return nil
}

func (r reader) settings(s *Settings) error {
	return r.Object("settings", func(key string) error {
		switch key {
		case "turn":
			return r.Duration(key, &s.Turn)
		case "net":
			return r.Text(key, &s.Net)
		case "date":
			return r.Text(key, &s.Date)
		case "run":
			return r.Text(key, &s.Run)
		case "skip":
			return r.Text(key, &s.Skip)
		case "go":
			return r.Text(key, &s.Go)
		case "timeout":
			return r.Text(key, &s.Timeout)
		case "tags":
			return r.Text(key, &s.Tags)
		case "leaks":
			return r.Text(key, &s.Leaks)
		case "folder":
			return r.Text(key, &s.Folder)
		case "stdin":
			return r.Text(key, &s.Stdin)
		case "count":
			return r.number(key, &s.Count)
		case "short":
			return r.Bool(key, &s.Short)
		case "race":
			return r.Bool(key, &s.Race)
		case "scenario":
			return r.Bool(key, &s.Scenario)
		case "args":
			return r.Array(key, func() error {
				var arg string
				err := r.Text("an argument", &arg)
				s.Args = append(s.Args, arg)
				return err
			})
		}
		return r.unknown(key)
	})
}

func (r reader) steps(list *shrink.Steps) error {
	return r.Array("steps", func() error {
		id := shrink.StepID{N: -1}
		err := r.Object("a step", func(key string) error {
			switch key {
			case "of":
				return r.Text(key, &id.Of)
			case "n":
				return r.number(key, &id.N)
			}
			return r.unknown(key)
		})
		if err == nil && (id.Of == "" || id.N < 0) {
			err = r.Errorf("a step needs \"of\", the name of a workload, and \"n\", its number from 0")
		}
		if err != nil {
			return strictjson.Within(fmt.Sprintf("steps[%d]", len(*list)), err)
		}
		*list = append(*list, id)
		return nil
	})
}

func (r reader) sizes(list *[]shrink.Size) error {
	return r.Array("sizes", func() error {
		s := shrink.Size{Value: -1}
		err := r.Object("a size", func(key string) error {
			switch key {
			case "name":
				return r.Text(key, &s.Name)
			case "value":
				return r.number(key, &s.Value)
			}
			return r.unknown(key)
		})
		if err == nil && (s.Name == "" || s.Value < 0) {
			err = r.Errorf("a size needs a \"name\" and a \"value\" from 0 or more")
		}
		if err != nil {
			return strictjson.Within(fmt.Sprintf("sizes[%d]", len(*list)), err)
		}
		*list = append(*list, s)
		return nil
	})
}

func (r reader) data(list *[]Datum) error {
	return r.Array("data", func() error {
		d := Datum{}
		err := r.Object("a value", func(key string) error {
			switch key {
			case "name":
				return r.Text(key, &d.Name)
			case "value":
				err := r.Value(&d.Value)
				d.Value = compact(d.Value)
				return err
			}
			return r.unknown(key)
		})
		if err == nil && (d.Name == "" || d.Value == nil) {
			err = r.Errorf("a value needs a \"name\" and a \"value\"")
		}
		if err != nil {
			return strictjson.Within(fmt.Sprintf("data[%d]", len(*list)), err)
		}
		*list = append(*list, d)
		return nil
	})
}

// number reads a whole number from 0 that every machine's int can hold.
func (r reader) number(field string, into *int) error {
	var n uint64
	err := r.Uint(field, &n, math.MaxInt32)
	*into = int(n)
	return err
}
