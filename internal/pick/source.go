package pick

import (
	"embed"
	"io/fs"
)

// Source is the source of this package but for this file, tally.go and the tests: what is
// copied into package runtime.
func Source() fs.FS { return source }

//samerun:allow global: files that the linker puts there, for the overlay's tool
//go:embed doc.go key.go spec.go random.go walk.go pct.go pos.go delay.go weights.go urw.go surw.go marks.go picker.go
var source embed.FS
