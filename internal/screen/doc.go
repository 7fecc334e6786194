// Package screen writes to the user of the tool: results to standard output, notes and a
// line of progress to standard error.
//
// On a terminal the progress is one line, drawn again in its place, below all that is
// printed; elsewhere it is a line now and then. A [Screen] takes care that these do not
// come into each other's way, whoever prints:
//
//	sc := screen.New(os.Stdout, os.Stderr, os.Getenv("TERM"), os.Getenv("NO_COLOR"))
//	sc.Start(func() string { return "12 of 100 seeds" })
//	sc.Print(sc.Paint(screen.Green, "ok") + "\n")
//	sc.Stop()
//
// A Screen is an io.Writer of results. Colours are used only where standard output is a
// terminal that has them.
package screen
