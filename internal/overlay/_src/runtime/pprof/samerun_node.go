package pprof

import (
	"context"
	_ "unsafe" // for go:linkname
)

// samerunLabelled is in package runtime.
//
//go:linkname samerunLabelled runtime.samerunLabelled
func samerunLabelled(node string)

// samerunSetNode lets the caller run on the node that its labels name.
func samerunSetNode(ctx context.Context) {
	node, _ := Label(ctx, "node")
	samerunLabelled(node)
}
