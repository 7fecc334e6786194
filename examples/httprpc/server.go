package main

import (
	"net"
	"net/http"
	"net/rpc"
)

// Serve serves on a port, such as ":1234", until that fails. listens, if not nil, is called
// once clients can dial. A process, or a machine of a world, may call it once: packages rpc
// and http have one list of services, and one of routes.
func Serve(port string, listens func()) error {
	if err := rpc.Register(new(Arith)); err != nil {
		return err
	}
	rpc.HandleHTTP()
	l, err := net.Listen("tcp", port)
	if err != nil {
		return err
	}
	if listens != nil {
		listens()
	}
	return http.Serve(l, nil)
}
