package gocmd

import "testing"

func TestCommandPath(t *testing.T) {
	own := &listedModule{Main: true}
	tests := []struct{ dir, want string }{
		{"/home/u/mod/examples/raft", "./examples/raft"},
		{"/home/u/mod", "."},
		{"/home/u", ".."},
		{"/home/u/other", "../other"},
		{"/home/u/mod/..odd", "./..odd"},
	}
	for _, tt := range tests {
		if got := commandPath("/home/u/mod", listedPackage{Dir: tt.dir, Module: own}); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.dir, got, tt.want)
		}
	}
	if got := commandPath("/home/u/mod", listedPackage{Dir: "/x/y", ImportPath: "example.com/y", Module: new(listedModule)}); got != "example.com/y" {
		t.Errorf("a package of another module is named %s", got)
	}
	if got := commandPath("/x", listedPackage{Dir: "/x/y", ImportPath: "_/x/y"}); got != "./y" {
		t.Errorf("a package of no module is named %s", got)
	}
}
