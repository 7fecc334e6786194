// Package sweep runs seeds of many targets on many processes, and tells what it found in
// the same words whatever finished first.
//
//	s := sweep.New(screen, sweep.Options{Seeds: set, Workers: 8})
//	err := s.Prepare(ctx, pkgs, untested, []sweep.Part{{Runner: r, Packages: pkgs}})
//	err = s.RunSeeds(ctx)
//	s.Minimise(ctx)
//	failed := s.Finish(false)
//
// It knows no world: each target has the runner.Runner that it came from. The order of
// results is package, target, seed (position).
//
// queue.go cuts the seeds into chunks of about half a second and hands them out in order;
// a failure makes all behind it not worth running, unless KeepGoing. pool.go has the
// workers. failures.go groups failures that look alike, of which the lowest stands for
// all. minimise.go has those made smaller. report.go tells them to people, jsonout.go to
// programs: each line as soon as all before it are out. vacuity.go says what no seed
// reached, names.go which tests of a target ran, progress.go how far it is.
//
// When the first failure ends a sweep, seeds below it that are still running go on for a
// while, so that which failure is told is not a matter of chance.
package sweep
