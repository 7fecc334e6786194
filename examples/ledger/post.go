package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// post sends a message in JSON, and returns the answer.
func post[Out any](web *http.Client, address, path string, in any) (out Out, err error) {
	text, err := json.Marshal(in)
	if err != nil {
		return out, err
	}
	r, err := web.Post("http://"+address+path, "application/json", bytes.NewReader(text))
	if err != nil {
		return out, err
	}
	return out, decode(r, &out)
}

// decode reads an answer in JSON, or the error that it is.
func decode(r *http.Response, out any) error {
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(r.Body)
		return fmt.Errorf("%s: %s", r.Status, bytes.TrimSpace(text))
	}
	return json.NewDecoder(r.Body).Decode(out)
}
