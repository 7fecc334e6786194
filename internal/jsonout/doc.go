// Package jsonout is what the lines of -json have in common, whichever verb writes them: the
// number of their format, and how a failure is told as data.
//
//	var line struct {
//		jsonout.Head
//		Test string `json:"test"`
//		jsonout.Telling
//	}
//	line.Head = jsonout.New()
//	line.Telling = jsonout.Tell(text, rows) // the rows of its diagram
//	err := jsonout.Write(os.Stdout, line)
//
// docs/json.md describes every field to users, and promises what stays as it is: within one
// number of the format, fields are added, but none is removed or changes its meaning.
package jsonout
