package wire

import (
	"encoding/json"
	"os"
)

// Stopped is how a run stands that was stopped at an event, which its process writes to a file.
type Stopped struct {
	State string   `json:"state"` // nodes, tasks or goroutines, and locks; for people
	Wrong []string `json:"wrong"` // sentences about what could not be told, such as a Dump that panicked
}

// Write writes it, as a whole.
func (s *Stopped) Write(file string) error {
	data, err := json.Marshal(s)
	if err == nil {
		err = os.WriteFile(file+".part", data, 0o666)
	}
	if err == nil {
		err = os.Rename(file+".part", file)
	}
	return err
}

// ReadStopped reads what Write or a process of ordinary Go has written.
func ReadStopped(file string) (s Stopped, err error) {
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	return s, err
}
