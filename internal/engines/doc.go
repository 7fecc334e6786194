// Package engines has tests that run the same small programs in worlds of both engines of package
// sim: tasks, and goroutines (sim.Goroutines). What may be observed must be the same. The
// goroutines are on the host of package hosttest, or on the changed standard library, with
// which TestOnTheHost builds this package once more.
package engines
