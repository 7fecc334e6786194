package http

import (
	"net/url"
	"strconv"
	"sync"
	_ "unsafe" // for go:linkname
)

// samerunLife is in package runtime: a number for node and boot of the calling goroutine, which
// no other boot of the process has; 0 of the test itself.
//
//go:linkname samerunLife
func samerunLife() uint32

// samerunIsHost is in package net: whether a name or an address is one of a host of the test's, as
// seen by the caller.
//
//go:linkname samerunIsHost net.samerunIsHost
func samerunIsHost(name string) bool

// samerunKey is a key of what a process keeps, of which each boot of a node has its own.
func samerunKey(key string) string {
	if life := samerunLife(); life != 0 {
		return key + "\000" + strconv.Itoa(int(life))
	}
	return key
}

// samerunMuxes are the DefaultServeMux of nodes, by samerunLife.
var samerunMuxes struct {
	mu sync.Mutex
	of map[uint32]*ServeMux
}

// samerunOwn is mux, or what a node has in its place: each boot of a node has a DefaultServeMux
// of its own, in which it registers what it would register in a process of its own. If there is
// none yet, samerunOwn returns nil unless it is to make one.
func (mux *ServeMux) samerunOwn(make bool) *ServeMux {
	life := uint32(0)
	if mux == &defaultServeMux {
		life = samerunLife()
	}
	if life == 0 {
		return mux
	}
	all := &samerunMuxes
	all.mu.Lock()
	defer all.mu.Unlock()
	own := all.of[life]
	if own == nil && make {
		own = NewServeMux()
		if all.of == nil {
			all.of = map[uint32]*ServeMux{}
		}
		all.of[life] = own
	}
	return own
}

// samerunFind is findHandler for a DefaultServeMux of a node. What was registered by no node, as
// in initialisation, is there for all of them, and counts if it says more precisely what it is
// for, or if the node has nothing. found is false if that is to be looked for.
func (mux *ServeMux) samerunFind(r *Request) (h Handler, patStr string, pat *pattern, matches []string, found bool) {
	own := mux.samerunOwn(false)
	if own == nil || own == mux {
		return nil, "", nil, nil, false
	}
	h, patStr, pat, matches = own.findHandler(r)
	if patStr == "" { // no handler, or none for this method
		return nil, "", nil, nil, false
	}
	if pat == nil { // it redirects
		return h, patStr, pat, matches, true
	}
	host, path := stripHostPort(r.Host), cleanPath(r.URL.EscapedPath())
	if r.Method == "CONNECT" {
		host, path = r.Host, r.URL.EscapedPath()
	}
	n, _, _ := mux.matchOrRedirect(host, r.Method, path, (*url.URL)(nil))
	if n != nil && n.pattern != nil {
		shared := n.pattern
		if (shared.host != "") != (pat.host != "") {
			found = pat.host != ""
		} else {
			found = shared.comparePathsAndMethods(pat) != moreSpecific
		}
		return h, patStr, pat, matches, found
	}
	return h, patStr, pat, matches, true
}
