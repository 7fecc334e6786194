// Package wire is what the processes of samerun tell each other. The command
// samerun starts test binaries; it asks by environment variables, and they answer
// in lines of JSON. Each line is defined here, once.
//
//	Result              a line of the file that SAMERUN_RESULTS names: what became of
//	                    one run, or of one test of ordinary Go. Under SAMERUN_LIST a
//	                    line has the name of a test alone
//	Request, Answer     under SAMERUN_TRIALS, a line on standard input and one on
//	                    standard output, where a mark tells it from what the tests
//	                    print themselves: try this input
//
// A test process that serves trials serves one test, which is the one that the
// replays in the requests name, and ends when its standard input does. It tries one
// input after the other; who wants several at once starts several processes. An input
// may end the process (os.Exit, a stall); then there is no answer.
//
// Both sides must be of one version, so that both are strict: a field that is not
// known is an error. Package sim writes these lines by the types in here. The overlay,
// which is part of the standard library while it runs and cannot import anything,
// prints its Result by hand; a test of package overlay reads what it prints by Read.
package wire
