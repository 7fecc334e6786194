// Package peers starts servers that call each other, as the harnesses of the course do.
package peers

import (
	"crypto/rand"
	"encoding/base64"

	"course.example/labrpc"
)

// Group is a number of servers, numbered from 0.
type Group struct {
	Net   *labrpc.Network
	names [][]string
}

// Start starts servers. mk makes one of them, with the ends by which it calls all of them.
func Start(n int, mk func(me int, ends []*labrpc.ClientEnd) interface{}) *Group {
	g := &Group{Net: labrpc.MakeNetwork(), names: make([][]string, n)}
	for i := range n {
		g.StartOne(i, mk)
	}
	for i := range n {
		g.Connect(i, true)
	}
	return g
}

// StartOne starts a server, in the place of the one before.
func (g *Group) StartOne(i int, mk func(me int, ends []*labrpc.ClientEnd) interface{}) {
	names, ends := make([]string, len(g.names)), make([]*labrpc.ClientEnd, len(g.names))
	for j := range ends {
		names[j] = name()
		ends[j] = g.Net.MakeEnd(names[j])
		g.Net.Connect(names[j], j)
	}
	g.names[i] = names
	srv := labrpc.MakeServer()
	srv.AddService(labrpc.MakeService(mk(i, ends)))
	g.Net.AddServer(i, srv)
}

// Client returns the ends of a client that calls all servers.
func (g *Group) Client() (ends []*labrpc.ClientEnd) {
	for j := range g.names {
		n := name()
		ends = append(ends, g.Net.MakeEnd(n))
		g.Net.Connect(n, j)
		g.Net.Enable(n, true)
	}
	return ends
}

// Connect connects a server to the others, or cuts it off.
func (g *Group) Connect(i int, on bool) {
	for j := range g.names {
		if g.names[j] != nil {
			g.Net.Enable(g.names[i][j], on)
			g.Net.Enable(g.names[j][i], on)
		}
	}
}

func name() string {
	b := make([]byte, 20)
	rand.Read(b)
	return base64.URLEncoding.EncodeToString(b)[:20]
}
