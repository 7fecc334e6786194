package labcopy

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folders of copies, which are of samerun's own wording.
const (
	newer = "../../cmd/samerun/testdata/labcopies/labrpc"
	older = "../../cmd/samerun/testdata/labcopies/old/labrpc"
	labs  = "../../examples/labs/labrpc"
	ours  = "../../labrpc"
)

// read returns the files of a package, with what stands before each | replaced by what is behind it.
func read(t *testing.T, dir string, changes ...string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%v, %d files", err, len(names))
	}
	files := make(map[string][]byte)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = text
	}
	for _, change := range changes {
		old, by, _ := strings.Cut(change, "|")
		found := false
		for name, text := range files {
			found = found || strings.Contains(string(text), old)
			files[name] = []byte(strings.ReplaceAll(string(text), old, by))
		}
		if !found {
			t.Fatalf("there is no %q", old)
		}
	}
	return files
}

// Copies are recognised, and what is added leaves all lines where they are.
func TestRecognise(t *testing.T) {
	for _, c := range []struct {
		dir     string
		changes []string
		level   Level
		lacking string
	}{
		{newer, nil, Messages, ""},
		{older, nil, Messages, ""},
		{labs, nil, Messages, ""},
		{newer, []string{"package labrpc|package rpcsim // ours", "interface{}) bool {|any) (bool) {"}, Messages, ""},
		{newer, []string{"reply interface{}) bool {|reply interface{}) (got bool) {", "got := <-req|got2 := <-req", "got.|got2.", "dispatch(req reqMsg) replyMsg {\n\trs|dispatch(req reqMsg) (x replyMsg) {\n\trs"}, Messages, ""},
		{newer, []string{"import (\n\t\"bytes\"|import _ \"unsafe\"\nimport (\n\t\"bytes\""}, Messages, ""},
		{newer, []string{"args     []byte|args, more []byte"}, Calls, "no method of Server takes an encoded request and returns an encoded reply"},
		{newer, []string{"(rs *Server) dispatch(req reqMsg) replyMsg|(rs *Server) dispatch(req reqMsg) *replyMsg", "(svc *Service) dispatch(name string, req reqMsg) replyMsg|(svc *Service) dispatch(name string, req *reqMsg) *replyMsg"}, Calls, "no method of Server"},
		{newer, []string{"case e.ch <- req:|case e.ch <- reqMsg{args: out.Bytes()}:"}, Calls, "where Call hands its encoded arguments over is not clear"},
	} {
		files := read(t, c.dir, c.changes...)
		got, err := Recognise(files)
		if err != nil || got == nil || got.Level != c.level || !strings.HasPrefix(got.Lacking, c.lacking) || (got.Lacking == "") != (c.level == Messages) {
			t.Errorf("%s with %q: %+v, %v", c.dir, c.changes, got, err)
			continue
		}
		hooks := 0
		for name, text := range got.Files {
			if _, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments); err != nil {
				t.Errorf("%s with %q: %v\n%s", c.dir, c.changes, err, text)
			}
			before, after := strings.Split(string(files[name]), "\n"), strings.Split(string(text), "\n")
			for i, line := range before {
				// What is added is behind a line, or in it.
				for _, word := range strings.Fields(line) {
					if !strings.Contains(after[i], strings.Trim(word, "(){}")) {
						t.Errorf("%s:%d is %q, was %q", name, i+1, after[i], line)
					}
				}
			}
			if strings.Contains(string(text), "//go:linkname") {
				hooks++
			}
		}
		if hooks != 1 {
			t.Errorf("%d files have the declarations", hooks)
		}
		sends := strings.Contains(join(got.Files), "samerunLabSends(samerunCall, ") && strings.Contains(join(got.Files), "defer samerunLabAnswers(")
		if sends != (c.level == Messages) {
			t.Errorf("%s with %q tells of messages: %v", c.dir, c.changes, sends)
		}
	}
}

func join(files map[string][]byte) (all string) {
	for _, name := range names(files) {
		all += string(files[name])
	}
	return all
}

// What is like a copy, and is not one, is left alone, with a reason.
func TestNotRecognised(t *testing.T) {
	for _, c := range []struct{ change, want string }{
		{"func (rn *Network) DeleteServer(|func (rn *Network) RemoveServer(", "(*Network).DeleteServer is missing"},
		{"reply interface{}) bool {|reply interface{}) (bool, error) {", "(*ClientEnd).Call does not return a bool"},
		{"Enable(endname interface{}, enabled bool)|Enable(endname interface{}, enabled int)", "(*Network).Enable has other parameters"},
		{"MakeEnd(endname interface{})|MakeEnd(endname string)", "(*Network).MakeEnd has other parameters"},
		{"Connect(endname interface{}, servername interface{})|Connect(endname, _ interface{})", "(*Network).Connect has a parameter without a name"},
		{"type ClientEnd struct {\n\tendname interface{}|type ClientEnd struct {\n\tendname string", "ClientEnd has no field for its name"},
		{"type ClientEnd struct {|type ClientEnd struct {\n\tother any", "ClientEnd has two fields that may be its name"},
	} {
		got, err := Recognise(read(t, newer, c.change))
		if got != nil || err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q: %+v, %v", c.change, got, err)
		}
	}
	for _, change := range []string{"func MakeNetwork() *Network|func NewNetwork() *Network", "func MakeNetwork() *Network {|func MakeNetwork() *Network }", ") Call(|) Ask("} {
		if got, err := Recognise(read(t, newer, change)); got != nil || err != nil {
			t.Errorf("%q: %+v, %v", change, got, err)
		}
	}
	if got, err := Recognise(nil); got != nil || err != nil {
		t.Errorf("nothing: %+v, %v", got, err)
	}
}

// All copies pass the first look.
func TestMayBe(t *testing.T) {
	for _, dir := range []string{newer, older, labs, ours} {
		found := false
		for _, text := range read(t, dir) {
			found = found || MayBe(text)
		}
		if !found {
			t.Errorf("%s is passed over", dir)
		}
	}
}
