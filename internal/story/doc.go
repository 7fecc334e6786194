// Package story is what is told of a failing run: as data (Story), and as the text
// that people read. The test process fills a Story in. Under go test it prints it;
// under the tool it hands it over in its result line (package wire), and the tool
// prints it, with commands of its own.
//
//	story.String()   all of it, as go test shows it, set in and with commands
//	story.Head()     what broke, in one line
//	story.Rest()     everything else but the commands and files
//
// The end of the run is a diagram: time goes down, each node has a lane, and each
// message is an arrow in the row in which it arrives, or in which it is certain that
// it will not. (Lamport, "Time, clocks, and the ordering of events in a distributed
// system", CACM 1978, has time go up and arrows aslant, for which a terminal has no
// room.)
//
//	           server  client0
//	0.013500s    ◀────────┤     Counter.Add #1, after 13.5ms
//	0.013500s    ├───────╳│     Counter.Add reply #1 is lost
//	0.027000s    ◀────────┤     Counter.Add #2, after 13.5ms
//	0.027000s  fail  property "no addition counts twice"
//
// The package knows nothing of worlds: it is the same for all that can fail.
//
// # Reading order
//
// story.go: the data. text.go: the text. row.go, diagram.go: the diagram.
package story
