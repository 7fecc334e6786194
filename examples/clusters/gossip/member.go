// Package gossip runs github.com/hashicorp/memberlist on many nodes of a world, over UDP and
// TCP: see its test.
package gossip

import (
	"io"
	"net"
	"time"

	"github.com/hashicorp/memberlist"

	"samerun/sim"
)

// member is one member, in all its incarnations.
type member struct {
	node *sim.Node
	list *memberlist.Memberlist // of the present incarnation; nil before the first
}

// serve makes a list and joins the others, until one of them answers.
func (m *member) serve(others []string) error {
	config := memberlist.DefaultLANConfig()
	config.Name = m.node.Name()
	config.LogOutput = io.Discard
	// Left to itself, the library asks the program "ip" which of the machine's addresses to use.
	own, err := net.ResolveIPAddr("ip4", config.Name)
	if err != nil {
		return err
	}
	config.BindAddr = own.String()
	list, err := memberlist.Create(config)
	if err != nil {
		return err
	}
	m.list = list
	for {
		if _, err := list.Join(others); err == nil {
			return nil
		}
		time.Sleep(time.Second)
	}
}

// sees returns how many members this one takes for alive.
func (m *member) sees() int {
	if m.list == nil {
		return 0
	}
	return m.list.NumMembers()
}
