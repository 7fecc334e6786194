package bundle

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// leaf is a package whose files are given as name, text, name, text.
func leaf(path string, files ...string) Leaf {
	dir := make(fstest.MapFS)
	for i := 0; i < len(files); i += 2 {
		dir[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return Leaf{path, dir}
}

const mixSource = `// Package mix mixes.
package mix

// Mix makes one word of two. mix is not meant here.
//
//go:nosplit
func Mix(key, x uint64) uint64 {
	rounds := rounds // of this call
	for range rounds {
		key = key*31 + x
	}
	return key
}

const rounds = 2

// All about the words.
type (
	Word struct{ uint64 }
	// pair is two.
	pair struct {
		Word
		second Word
		rounds int
	}
)

// mixed has Mix in its name.
func (p *pair) Mix() Word {
	p.rounds++
	p.Word = Word{Mix(p.Word.uint64, p.second.uint64)}
	return pair{Word: p.Word, rounds: rounds}.Word
}

func init() { _ = linked }

//go:linkname linked elsewhere.linked
func linked() int

func generic[Word any](w Word) (x Word) { return w }
`

const mixBundled = `// Package mix mixes.
package runtime

// samerunMix makes one word of two. mix is not meant here.
//
//go:nosplit
func samerunMix(key, x uint64) uint64 {
	rounds := samerunRounds // of this call
	for range rounds {
		key = key*31 + x
	}
	return key
}

const samerunRounds = 2

// All about the words.
type (
	samerunWord struct{ uint64 }
	// samerunPair is two.
	samerunPair struct {
		samerunWord
		second samerunWord
		rounds int
	}
)

// mixed has Mix in its name.
func (p *samerunPair) Mix() samerunWord {
	p.rounds++
	p.samerunWord = samerunWord{samerunMix(p.samerunWord.uint64, p.second.uint64)}
	return samerunPair{samerunWord: p.samerunWord, rounds: samerunRounds}.samerunWord
}

func init() { _ = samerunLinked }

//go:linkname samerunLinked elsewhere.linked
func samerunLinked() int

func samerunGeneric[Word any](w Word) (x Word) { return w }
`

func TestNamesGetThePrefix(t *testing.T) {
	files, err := Files("runtime", []Leaf{leaf("house/mix",
		"mix.go", mixSource,
		"source.go", "package mix\n\nimport \"embed\"\n\nvar Source embed.FS\n",
		"mix_test.go", "package mix\n\nimport \"testing\"\n",
		"notes.md", "# no Go",
		"testdata/x.go", "package other",
	)})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 || files["samerun_mix.go"] != mixBundled {
		t.Errorf("%d files; got\n%s\nwant\n%s", len(files), files["samerun_mix.go"], mixBundled)
	}
}

// Leaves use each other, and what is allowed; the result is one package, in which
// each name is declared.
func TestLeavesUseEachOther(t *testing.T) {
	files, err := Files("internal/poll", []Leaf{
		leaf("house/mix", "mix.go", "package mix\n\nfunc Mix(x int) int { return x }\n\ntype Key int\n"),
		leaf("house/pick",
			"pick.go", "package pick\n\nimport (\n\tm \"house/mix\"\n\t\"strconv\"\n)\n\n// Pick picks.\nfunc Pick(k m.Key) string { return strconv.Itoa(m.Mix(int(k)) + line.length()) }\n",
			"queue.go", "package pick\n\nimport \"house/mix\"\n\nvar line Queue\n\n// Queue is a line.\ntype Queue []mix.Key\n\nfunc (q Queue) length() int { return len(q) }\n"),
	}, "strconv")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var all []*ast.File
	var names []string
	for name, text := range files {
		names = append(names, name)
		if formatted, err := format.Source([]byte(text)); err != nil || string(formatted) != text {
			t.Errorf("%s is not formatted, %v:\n%s", name, err, text)
		}
		syntax, err := parser.ParseFile(fset, name, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, syntax)
	}
	slices.Sort(names)
	if want := []string{"samerun_mix.go", "samerun_pick.go", "samerun_pick_queue.go"}; !slices.Equal(names, want) {
		t.Errorf("files %v, want %v", names, want)
	}
	strconv := types.NewPackage("strconv", "strconv")
	itoa := types.NewSignatureType(nil, nil, nil, types.NewTuple(types.NewParam(0, nil, "", types.Typ[types.Int])), types.NewTuple(types.NewParam(0, nil, "", types.Typ[types.String])), false)
	strconv.Scope().Insert(types.NewFunc(0, strconv, "Itoa", itoa))
	strconv.MarkComplete()
	config := types.Config{Importer: importer(func(string) (*types.Package, error) { return strconv, nil })}
	pkg, err := config.Check("internal/poll", fset, all, nil)
	if err != nil {
		t.Fatalf("%v\n%v", err, files)
	}
	for _, name := range pkg.Scope().Names() {
		if !strings.HasPrefix(name, "samerun") {
			t.Errorf("the name %s is not one of ours", name)
		}
	}
}

func TestRefusals(t *testing.T) {
	mix := leaf("house/mix", "mix.go", "package mix\n\nfunc Mix() {}\n")
	for _, c := range []struct {
		name   string
		leaves []Leaf
		want   string
	}{
		{"an import", []Leaf{leaf("house/a", "b.go", "package a\n\nimport (\n\t\"unsafe\"\n\t\"fmt\"\n)\n")},
			`package house/a cannot be bundled into runtime: b.go:5: it imports "fmt", but may import only math/bits, unsafe`},
		{"a leaf that comes later", []Leaf{leaf("house/a", "a.go", "package a\n\nimport \"house/mix\"\n"), mix},
			`package house/a cannot be bundled into runtime: a.go:3: it imports "house/mix", but may import only math/bits, unsafe`},
		{"a dot", []Leaf{mix, leaf("house/a", "a.go", "package a\n\nimport . \"house/mix\"\n")},
			`package house/a cannot be bundled into runtime: a.go:3: it imports "house/mix" with a dot, so that nobody sees whose the names are; import it without`},
		{"a name twice", []Leaf{mix, leaf("house/a", "a.go", "package a\n\nvar mix int\n")},
			`package house/a cannot be bundled into runtime: a.go:3: mix becomes samerunMix, and so does a name in house/mix/mix.go:3:6`},
		{"a name in two cases", []Leaf{leaf("house/a", "a.go", "package a\n\nvar x int\nvar X int\n")},
			`package house/a cannot be bundled into runtime: a.go:3: x becomes samerunX, and so does a name in house/a/a.go:4:5`},
		{"our prefix", []Leaf{leaf("house/a", "a.go", "package a\n\nfunc f(samerunX int) {}\n")},
			`package house/a cannot be bundled into runtime: a.go:3: the name samerunX begins as those of the bundle do; the bundler adds samerun by itself`},
		{"a constraint", []Leaf{leaf("house/a", "a.go", "//go:build unix\n\npackage a\n")},
			`package house/a cannot be bundled into runtime: a.go:1: it has a build constraint, but a leaf is the same on all systems`},
		{"a key of a type that is not known", []Leaf{leaf("house/a", "a.go", "package a\n\nimport \"math/bits\"\n\nconst key = 1\n\nvar m = bits.Map{key: 1}\n")},
			`package house/a cannot be bundled into runtime: a.go:7: it cannot be found out whether key is what this package declares; use another name`},
		{"another package", []Leaf{leaf("house/a", "a.go", "package b\n")},
			`package house/a cannot be bundled into runtime: a.go is of package b, not a`},
		{"nothing", []Leaf{leaf("house/a", "a_test.go", "package a\n")},
			`package house/a cannot be bundled into runtime: it has no Go files`},
		{"no Go", []Leaf{leaf("house/a", "a.go", "package a\n\nfunc {\n")},
			`package house/a cannot be bundled into runtime: house/a/a.go:3:6: expected 'IDENT', found '{'`},
		{"two leaves of one name", []Leaf{mix, leaf("yard/mix", "mix.go", "package mix\n")},
			`package yard/mix cannot be bundled into runtime: two leaves have a file that becomes samerun_mix.go`},
	} {
		files, err := Files("runtime", c.leaves, "math/bits")
		if err == nil || err.Error() != c.want || files != nil {
			t.Errorf("%s: error %v\nwant %s", c.name, err, c.want)
		}
	}
}

// Whatever a file holds, what comes out of it is Go, or an error.
func FuzzFiles(f *testing.F) {
	f.Add(mixSource)
	f.Add("package mix\n\nimport \"math/bits\"\n\ntype T struct{ bits.X; *T }\n\nfunc (T) t(t T) { t.T.t(T{T: &t}) }\n")
	f.Fuzz(func(t *testing.T, text string) {
		files, err := Files("runtime", []Leaf{leaf("house/mix", "mix.go", text)}, "math/bits")
		if err != nil {
			return
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), "", files["samerun_mix.go"], parser.ParseComments)
		if err != nil {
			t.Fatalf("%v\n%s\nbecame\n%s", err, text, files["samerun_mix.go"])
		}
		if syntax.Name.Name != "runtime" {
			t.Errorf("package %s", syntax.Name.Name)
		}
	})
}
