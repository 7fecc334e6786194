// Package format has the small ways in which the tool writes text for people and for
// their shells: [Count] puts a number before its noun, [Duration] tells a waiting person
// how long, [Clip] shortens a line, [FirstLine] and [Indent] fit a text into another,
// [Wrap] breaks it into lines, [ShellQuote] and [Quote] make a word that a POSIX shell
// hands on as it is, [WithoutNumbers] leaves of a failure what two failures of one cause
// have in common.
//
// It imports nothing of this module, so that any package can use it. There is one
// function for each of these things: output that is made in two places must not come to
// differ in how it counts or quotes.
package format
