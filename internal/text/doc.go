// Package text has what several packages do to texts that people read: shorten
// and quote what came from outside, set lines in, count things with their noun,
// take numbers out, read a switch, and write a command for the shell.
//
// # Texts of others
//
// What a program under test calls its nodes, writes into its log and says when it
// fails may hold anything: a newline that begins a line which looks like one of ours, a
// control sequence that colours the terminal or moves its cursor, a mark that turns the
// direction of writing so that a command reads otherwise than it runs. None of that
// reaches a terminal or a page: each character that has no shape of its own is written
// as Go writes it in a string, \x1b or \u202e.
//
//	text.Line(name)      // a part of one line
//	text.Block(message)  // several lines; newlines and tabs stay
//
// A text that was made fit stays as it is when that is done again. What stands beside
// it in the line is for whoever prints it to make clear: a name can hold blanks, or
// look like another name.
package text
