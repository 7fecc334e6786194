package ordinary

import (
	"sync"

	"samerun/internal/gocmd"
	"samerun/internal/testproc"
)

// The tests of a package run in its folder, and those of some write files there, as they may
// where one process at a time is all that go test makes. So the first process of a package
// runs alone. If it has written files there, all others do, too; else as many run at a time
// as there are workers.

// gate lets processes of a package run: one at a time, or all.
type gate struct {
	folder string          // where the processes run: that of the package
	before testproc.Folder // it, before any test ran

	mu     sync.Mutex // guards what follows; the first process holds it
	known  bool       // the first process has ended
	writes bool       // it has written files in the folder
	one    sync.Mutex // held by a process, if they write
}

// noteFolders makes the gates of packages, before any test runs.
func (u *Runner) noteFolders(pkgs []*gocmd.Package) {
	for _, p := range pkgs {
		if f, err := testproc.LookAt(u.folder(p)); err == nil {
			u.gates[p] = &gate{folder: u.folder(p), before: f}
		}
	}
}

// enterGate waits until a process of a package may run. The caller calls leave when it has
// ended. Packages that were not prepared, such as those of replayed files, have no gate.
func (u *Runner) enterGate(p *gocmd.Package) (leave func()) {
	g := u.gates[p]
	if g == nil {
		return func() {}
	}
	g.mu.Lock()
	if !g.known {
		return func() {
			g.known, g.writes = true, g.touched()
			g.mu.Unlock()
		}
	}
	writes := g.writes
	g.mu.Unlock()
	if !writes {
		return func() {}
	}
	g.one.Lock()
	return g.one.Unlock
}

// written lists the files that were written in the folder since then.
func (g *gate) written() []string {
	after, err := testproc.LookAt(g.folder)
	if err != nil {
		return nil
	}
	return g.before.Written(after)
}

// touched reports whether any were, those that are gone again included.
func (g *gate) touched() bool {
	after, err := testproc.LookAt(g.folder)
	return err == nil && g.before.Touched(after)
}
