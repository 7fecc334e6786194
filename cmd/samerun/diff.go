package main

import "context"

const diffIntro = `usage: samerun diff [flags] FILE FILE
       samerun diff -seed N,M [flags] PACKAGE
       samerun diff -commit REV [flags] FILE

Makes two runs as samerun trace does, of saved failures, traces, or seeds of one test,
and shows where they diverge: the first difference, what both have before it, and what
follows. samerun trace with the same arguments writes a page of both. With -commit, the
same saved failure runs with the code of a commit and with the code as it is now.

`

const diffOutro = `
examples:
  samerun diff -seed 7,8 -run TestElection ./examples/raft
  samerun diff -commit HEAD~1 examples/raft/testdata/replay/TestX-5c1e37d2.json

exit status: 0 the same, 1 they differ, 2 misuse or no trace, 130 interrupted
`

func diffVerb() verb {
	return verb{"diff", "show where two runs diverge", diffHelp, runDiff}
}

func diffHelp() string { return diffIntro + newDiffCommand().flags.help() + diffOutro }

func newDiffCommand() *traceCommand { return newTraceOrDiff("diff") }

// runDiff is the verb diff from its arguments to its exit status.
func runDiff(ctx context.Context, a *app, args []string) int {
	return newDiffCommand().main(ctx, a, args, diffHelp)
}
