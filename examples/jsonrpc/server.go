package main

import (
	"net"
	"net/rpc"
	"net/rpc/jsonrpc"
)

// Serve lets clients use a till at an address, such as ":1234", until that fails. listens,
// if not nil, is called once clients can dial. A process, or a machine of a world, may call
// it once: package rpc has one list of services.
func Serve(addr string, till *Till, listens func()) error {
	if err := rpc.Register(till); err != nil {
		return err
	}
	at, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return err
	}
	l, err := net.ListenTCP("tcp", at)
	if err != nil {
		return err
	}
	if listens != nil {
		listens()
	}
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		go jsonrpc.ServeConn(conn)
	}
}
