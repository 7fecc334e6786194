package pick

import "embed"

// Source is the source of this package but for this file and the tests: what is
// copied into package runtime.
//
//go:embed doc.go key.go spec.go random.go walk.go pct.go pos.go delay.go marks.go picker.go
var Source embed.FS
