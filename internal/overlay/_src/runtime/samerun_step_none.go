//go:build !linux || !amd64

package runtime

func samerunStepsInit() {}

func samerunStepsAgain(gp *g) {}
