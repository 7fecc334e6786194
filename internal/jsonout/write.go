package jsonout

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"samerun/internal/text"
)

// Schema is the number of the format. It grows when a field is removed or changes its meaning.
const Schema = 1

// Head begins a line.
type Head struct {
	Schema int `json:"schema"` // Schema
}

// New returns the head of a line that is written now.
func New() Head { return Head{Schema} }

// Append appends v as a line of JSON. Arrows and angle brackets stay readable, and what
// would act on a terminal is escaped. It panics if v cannot be encoded.
func Append(to []byte, v any) []byte {
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("samerun: a line of -json cannot be encoded: %v", err))
	}
	return append(to, text.VisibleJSON(line.Bytes())...)
}

// Write writes v as a line of JSON.
func Write(w io.Writer, v any) error {
	if _, err := w.Write(Append(nil, v)); err != nil {
		return fmt.Errorf("standard output cannot be written: %w", err)
	}
	return nil
}
