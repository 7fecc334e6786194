package rpc

import _ "unsafe" // for go:linkname

// samerunLife is in package runtime: a number for node and boot of the calling goroutine, which
// no other boot of the process has; 0 of the test itself.
//
//go:linkname samerunLife
func samerunLife() uint32

// samerunServiceKey is the key of a service that a node has registered in DefaultServer. Those
// of the test itself, and of other servers, have their name as the key.
type samerunServiceKey struct {
	life uint32
	name string
}

// samerunDefault is DefaultServer as it was made: a program can have another one later.
var samerunDefault = DefaultServer

// samerunKey is the key of a service that the caller registers.
func (server *Server) samerunKey(name string) any {
	if server == samerunDefault {
		if life := samerunLife(); life != 0 {
			return samerunServiceKey{life, name}
		}
	}
	return name
}

// samerunLoad finds a service of the caller's node, or else one that no node has registered, as
// in initialisation.
func (server *Server) samerunLoad(name string) (service any, ok bool) {
	key := server.samerunKey(name)
	service, ok = server.serviceMap.Load(key)
	if _, own := key.(samerunServiceKey); own && !ok {
		return server.serviceMap.Load(name)
	}
	return service, ok
}

// samerunRange calls f with the services that the caller's node can find, and their names.
func (server *Server) samerunRange(f func(name, service any) bool) {
	_, node := server.samerunKey("").(samerunServiceKey)
	server.serviceMap.Range(func(key, service any) bool {
		switch key := key.(type) {
		case string:
			if _, own := server.serviceMap.Load(server.samerunKey(key)); node && own {
				return true
			}
			return f(key, service)
		case samerunServiceKey:
			if node && server.samerunKey(key.name) == any(key) {
				return f(key.name, service)
			}
		}
		return true
	})
}
