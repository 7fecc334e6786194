package place

import "testing"

func TestNamed(t *testing.T) {
	for name, want := range map[string]string{
		"raft.Make":                                     "Make",
		"raft.(*Raft).tick":                             "(*Raft).tick",
		"raft.(*Raft).tick.func1":                       "(*Raft).tick",
		"raft.(*Raft).tick.func1.2.gowrap3":             "(*Raft).tick",
		"raft.(*Raft).tick-fm":                          "(*Raft).tick",
		"raft.Time.String":                              "String",
		"raft.TestX.(*Raft).tick.func1":                 "(*Raft).tick", // tick is inlined
		"raft.TestX.each.func2":                         "each",
		"raft.TestX.func1-range2":                       "TestX",
		"raft.TestX-range1":                             "TestX",
		"raft.glob..func1":                              "glob",
		"raft.init.0":                                   "init",
		"raft.init.0.func1":                             "init",
		"raft.init.func7":                               "init",
		"raft.Make.deferwrap1":                          "Make",
		"raft.Make.gowrap12":                            "Make",
		"raft.function":                                 "function",
		"raft.func1x":                                   "func1x",
		"example.com/raft/v2.(*Raft).tick.func1":        "(*Raft).tick",
		"gopkg.in/yaml%2ev3.Unmarshal.func1":            "Unmarshal",
		"raft.Map[...].func1":                           "Map[...]",
		"raft.(*Set[...]).Each.func1":                   "(*Set[...]).Each",
		"raft.Map[go.shape.interface { io/x.F() }].Put": "Put",
		"raft.run[example.com/a/b.T[int]].func1":        "run[example.com/a/b.T[int]]",
		"memmove":                                       "",
		"":                                              "",
	} {
		if got := Named(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// Type arguments do not count: what is one function for all of them has others elsewhere.
func TestNameHash(t *testing.T) {
	if NameHash("(*Set[int]).Each") != NameHash("(*Set[...]).Each") || NameHash("(*Set[...]).Each") != NameHash("(*Set).Each") {
		t.Error("type arguments count")
	}
	seen := make(map[uint64]string)
	for _, name := range []string{"", "a", "b", "ab", "ba", "(*T).a", "(T).a", "T.a"} {
		if other, ok := seen[NameHash(name)]; ok {
			t.Errorf("%q and %q have one hash", name, other)
		}
		seen[NameHash(name)] = name
	}
}
