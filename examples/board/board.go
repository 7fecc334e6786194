package board

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Board is one server: it keeps notes in memory, and a copy of each is with all others.
type Board struct {
	peers  []string // addresses of the others
	client *http.Client

	mu    sync.Mutex
	notes []string // in the order in which they came
}

// Serve learns the notes that the peers have, and then serves at an address until it fails.
func Serve(address string, peers []string) error {
	b := &Board{peers: peers, client: &http.Client{Timeout: time.Second}}
	b.learn()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /notes", b.post)
	mux.HandleFunc("PUT /copies", b.copied)
	mux.HandleFunc("GET /notes", b.list)
	return http.ListenAndServe(address, mux)
}

// learn asks the others for what they have. One that does not answer is down, or as new as
// this one.
func (b *Board) learn() {
	var wg sync.WaitGroup
	for _, peer := range b.peers {
		wg.Go(func() {
			notes, err := List(b.client, peer)
			if err != nil {
				return
			}
			for _, note := range notes {
				b.keep(note)
			}
		})
	}
	wg.Wait()
}

func (b *Board) keep(note string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Contains(b.notes, note) {
		b.notes = append(b.notes, note)
	}
}

// post takes a note from a client: it is taken when each server has it.
func (b *Board) post(w http.ResponseWriter, r *http.Request) {
	note := r.FormValue("note")
	b.keep(note)
	errs := make(chan error)
	for _, peer := range b.peers {
		go func() { errs <- send(b.client, http.MethodPut, peer, "/copies", note) }()
	}
	var failed error
	for range b.peers {
		failed = errors.Join(failed, <-errs)
	}
	if failed != nil {
		http.Error(w, failed.Error(), http.StatusServiceUnavailable)
	}
}

// copied takes a note from another server.
func (b *Board) copied(w http.ResponseWriter, r *http.Request) { b.keep(r.FormValue("note")) }

func (b *Board) list(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, note := range b.notes {
		fmt.Fprintln(w, note)
	}
}

// Post gives a note to a server. Without an error, the board has it for good; with one, it may
// have it or not.
func Post(c *http.Client, server, note string) error {
	return send(c, http.MethodPost, server, "/notes", note)
}

// List asks a server for its notes.
func List(c *http.Client, server string) ([]string, error) {
	r, err := c.Get("http://" + server + "/notes")
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	return strings.Fields(string(text)), err
}

func send(c *http.Client, method, server, path, note string) error {
	r, err := http.NewRequest(method, "http://"+server+path+"?note="+url.QueryEscape(note), nil)
	if err != nil {
		return err
	}
	answer, err := c.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s says %s", server, answer.Status)
	}
	return nil
}
