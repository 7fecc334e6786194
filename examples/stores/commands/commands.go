// Package commands is what the tests of replicated state machines in this module share: clients
// that give commands to whoever leads, and what must hold of them.
//
// It is that of examples/clusters, as are the servers of hashiraft and etcdraft, with disks:
// raft-boltdb needs an older hashicorp/raft than clusters has, and a module has one of each.
package commands

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

const clients, commands = 2, 40

// Check is called when the servers have been started, and runs the rest of a scenario: what a
// plan has (see Chaos), and clients that give commands to whoever leads. There is never more than one
// leader of a term. When it is quiet again, all servers come to have the same commands in the same
// order, those that were acknowledged among them: once, and in the order of their client.
//
// A server does a command that is posted to :8000/apply, answers 421 if another one leads, and
// tells what it has done, in JSON, at :8000/history. leads says which term the i-th server takes
// itself for the leader of, 0 for none.
func Check(w *sim.World, plan fault.Plan, names []string, leads func(i int) (term uint64)) {
	quiet := w.Inject(plan, 10*time.Second).Quiet
	leaders := make(map[uint64]string) // by term
	w.Always("a term has one leader", func() error { return oneLeader(names, leads, leaders) })

	acknowledged := make([][]string, clients)
	var all sync.WaitGroup
	for i := range acknowledged {
		all.Go(func() {
			c := &client{names: names}
			for step := range w.Steps(fmt.Sprint("client", i), commands, sim.Durations{Min: 50 * time.Millisecond, Max: 350 * time.Millisecond}) {
				command := fmt.Sprintf("%d.%d", i, step.N)
				if c.apply(command) {
					acknowledged[i] = append(acknowledged[i], command)
				}
			}
		})
	}
	all.Wait()
	if d := quiet - w.Elapsed(); d > 0 {
		time.Sleep(d)
	}

	histories := settle(w, names)
	for i, h := range histories {
		if !slices.Equal(h, histories[0]) {
			w.Failf("%s has another history than %s: %v and %v", names[i], names[0], h, histories[0])
		}
	}
	at := make(map[string]int)
	for i, command := range histories[0] {
		if j, twice := at[command]; twice {
			w.Failf("%s was done twice, at %d and at %d", command, j, i)
		}
		at[command] = i
	}
	for _, list := range acknowledged {
		last := -1
		for _, command := range list {
			i, there := at[command]
			if !there {
				w.Failf("%s was acknowledged and is lost", command)
			} else if i < last {
				w.Failf("%s is at %d, and the command before it at %d", command, i, last)
			}
			last = i
		}
	}
	for _, name := range names {
		w.Sometimes("a server crashes", w.Node(name).Boot() > 1)
	}
	w.Sometimes("a command has no answer", len(acknowledged[0])+len(acknowledged[1]) < clients*commands)
	w.Sometimes("a command without an answer is done", len(at) > len(acknowledged[0])+len(acknowledged[1])+1)
	w.Sometimes("there is a second leader", len(leaders) > 1)
}

// oneLeader looks at who leads, and remembers it.
func oneLeader(names []string, leads func(i int) uint64, leaders map[uint64]string) error {
	for i, name := range names {
		term := leads(i)
		if term == 0 {
			continue
		}
		if other, ok := leaders[term]; ok && other != name {
			return fmt.Errorf("%s and %s both led term %d", other, name, term)
		}
		leaders[term] = name
	}
	return nil
}

// client gives commands to the server that took the last one, and looks for another when that
// one does not lead any more.
type client struct {
	names []string
	at    int
}

// apply gives a command to whoever leads, and says whether it was acknowledged. One whose fate
// is not known is not given again: it may be done or not.
func (c *client) apply(command string) bool {
	web := &http.Client{Timeout: 2 * time.Second}
	for range 2 * len(c.names) {
		r, err := web.PostForm("http://"+c.names[c.at]+":8000/apply", url.Values{"command": {command}})
		if err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return true
			}
		}
		c.at = (c.at + 1) % len(c.names)
		if err != nil || r.StatusCode != http.StatusMisdirectedRequest {
			return false
		}
		time.Sleep(20 * time.Millisecond)
	}
	return false
}

// settle has one last command done, waits until each server has done it, and returns what all
// of them have done up to then.
func settle(w *sim.World, names []string) [][]string {
	end := w.Elapsed() + time.Minute
	c := &client{names: names}
	last := ""
	for n := 0; ; n++ {
		if last = fmt.Sprint("last", n); c.apply(last) {
			break
		}
		if w.Elapsed() > end {
			w.Failf("nobody leads, a minute after the last fault")
		}
		time.Sleep(100 * time.Millisecond)
	}
	histories := make([][]string, len(names))
	for i, name := range names {
		for !slices.Contains(histories[i], last) {
			if w.Elapsed() > end {
				w.Failf("%s lags behind, a minute after the last fault", name)
			}
			time.Sleep(100 * time.Millisecond)
			if h, err := ask(name); err == nil {
				histories[i] = h
			}
		}
		// A request that was held up may have come later than the last command.
		histories[i] = histories[i][:slices.Index(histories[i], last)+1]
	}
	return histories
}

// ask asks a server for what it has done.
func ask(name string) (list []string, err error) {
	r, err := (&http.Client{Timeout: time.Second}).Get("http://" + name + ":8000/history")
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	return list, json.NewDecoder(r.Body).Decode(&list)
}
