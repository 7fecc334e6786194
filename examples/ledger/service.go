package main

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
)

// Serve runs a replica at an address, such as ":7000", until that fails. Each request is:
//
//	POST /lines?client=C&number=N   appends the line in the body; 421 if another replica leads
//	GET  /lines?after=N             the lines but the first N that the replica knows, in JSON
//
// and /prepare and /accept, which are for the other replicas.
func Serve(address string, r *Replica) error {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /prepare", answer(r.prepare))
	mux.HandleFunc("POST /accept", answer(r.accept))
	mux.HandleFunc("POST /lines", r.appendLine)
	mux.HandleFunc("GET /lines", r.listLines)
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	go r.watch()
	return http.Serve(l, mux)
}

// answer makes a handler of a function.
func answer[In, Out any](do func(In) Out) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		var in In
		if err := json.NewDecoder(req.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		json.NewEncoder(w).Encode(do(in))
	}
}

// leaderHeader names the replica that leads, as far as one that does not lead knows.
const leaderHeader = "Ledger-Leader"

func (r *Replica) appendLine(w http.ResponseWriter, req *http.Request) {
	n, err := strconv.Atoi(req.FormValue("number"))
	client := req.FormValue("client")
	if err != nil || n < 1 || client == "" {
		http.Error(w, "a line needs client, a name, and number, which counts the client's lines from 1: /lines?client=me&number=1", http.StatusBadRequest)
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, req.Body, 1<<16))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	line, err := r.Append(Entry{client, n, string(text)})
	switch {
	case errors.Is(err, ErrNotLeading):
		w.Header().Set(leaderHeader, strconv.Itoa(r.leader()))
		http.Error(w, err.Error(), http.StatusMisdirectedRequest)
	case err != nil:
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	case line == 0:
		http.Error(w, "the client has appended later lines already", http.StatusConflict)
	default:
		json.NewEncoder(w).Encode(line)
	}
}

func (r *Replica) listLines(w http.ResponseWriter, req *http.Request) {
	n, err := strconv.Atoi(req.FormValue("after"))
	if err != nil || n < 0 {
		n = 0
	}
	json.NewEncoder(w).Encode(r.Lines(n))
}

// leader is the replica that was promised last.
func (r *Replica) leader() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.promised.leader()
}
