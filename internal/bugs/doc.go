// Package bugs measures how soon samerun finds a bug of each kind that concurrent Go is
// known for: two locks in two orders, a sender that nobody listens to any more, a signal
// before the wait, a group that counts wrongly, an append by two.
//
// The bugs are small tests of ordinary Go in testdata/bugs, a module of its own. They
// pass under plain go test nearly always. Its file kinds.txt says of each test which
// kind of bug it has, and which verdict it must get: Read reads it.
//
//	kernels, err := bugs.Read("internal/bugs/testdata/bugs/kinds.txt")
//	found, err := bugs.Sweep(ctx, "/tmp/samerun", dir, kernels[0])
//	fmt.Println(found.Seed, found.Verdict, found.Deviations)
//
// Sweep runs the tool as a person would, on the seeds 1 to Seeds of one test, and makes
// of its JSON lines what was found. The tool saves failures beside the tests, so that
// dir is a copy of the module: see Copy.
//
// The page docs/bugs.md is made of it by the command in the folder cmd.
package bugs
