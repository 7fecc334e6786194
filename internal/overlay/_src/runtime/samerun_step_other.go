//go:build unix && (!linux || !amd64)

package runtime

// On these systems threads do not go by single steps.

const samerunCanStep = false

func samerunLookCloser(gp *g, c *sigctxt, counting bool) bool { return false }

func samerunTrap(gp *g, mp *m, c *sigctxt) bool { return false }

func samerunReturned(gp *g, c *sigctxt) bool { return false }

func samerunStepOn(gp *g, c *sigctxt) {}
