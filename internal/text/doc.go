// Package text has what several packages do to texts that people read: shorten
// and quote what came from outside, set lines in, count things with their noun,
// take numbers out, and write a command for the shell.
package text
