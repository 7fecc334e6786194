//go:build !linux || !amd64

package runtime

func samerunStepsInit() {}

func samerunStepsAgain(gp *g) {}

func samerunStepping(gp *g) bool { return false }

func samerunStepsLeft(mp *m) {}

func samerunSteppedHere(mp *m) bool { return false }
