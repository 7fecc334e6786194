package main

import (
	"path/filepath"
	"runtime/debug"
	"strings"

	"samerun/internal/text"
)

// selfCommand is what starts this program again when typed in the user's
// directory. The go command runs programs from folders of its own, which are
// gone or unreadable later.
func selfCommand(arg0 string) string {
	if !strings.Contains(filepath.ToSlash(arg0), "/go-build") {
		return text.ShellQuote(arg0)
	}
	if info, ok := debug.ReadBuildInfo(); ok && strings.Contains(info.Path, "/") {
		return "go run " + info.Path
	}
	return "go run samerun/cmd/samerun"
}
