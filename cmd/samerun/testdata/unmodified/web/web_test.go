// Package web has a test of a server over HTTP that sleeps where it should wait.
package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Store keeps a word, and tells it to who asks.
type Store struct {
	mu   sync.Mutex
	word string
}

func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method == http.MethodPut {
		b, _ := io.ReadAll(r.Body)
		s.word = string(b)
	}
	io.WriteString(w, s.word)
}

func TestWord(t *testing.T) {
	server := httptest.NewServer(new(Store))
	defer server.Close()
	go func() {
		r, _ := http.NewRequest(http.MethodPut, server.URL, strings.NewReader("hello"))
		if answer, err := http.DefaultClient.Do(r); err == nil {
			answer.Body.Close()
		}
	}()
	time.Sleep(5 * time.Millisecond) // for the word to be there
	answer, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if word, _ := io.ReadAll(answer.Body); string(word) != "hello" {
		t.Errorf("the word is %q", word)
	}
}
