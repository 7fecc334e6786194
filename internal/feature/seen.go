package feature

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"
)

// Sight is a feature, and when in virtual time a run saw it first.
type Sight struct {
	Feature
	At time.Duration // in whole milliseconds, once it was told
}

// Seen is what a run has seen, by kinds and hashes, each once. As text, which is how test
// processes tell it, it is base64 of 13 bytes a feature: thousands of runs tell hundreds each.
type Seen []Sight

const sightBytes = 13

// MarshalText writes the text.
func (s Seen) MarshalText() ([]byte, error) {
	raw := make([]byte, 0, sightBytes*len(s))
	for _, x := range s {
		raw = append(raw, byte(x.Kind))
		raw = binary.LittleEndian.AppendUint64(raw, x.Hash)
		raw = binary.LittleEndian.AppendUint32(raw, uint32(min(x.At/time.Millisecond, 1<<32-1)))
	}
	return base64.StdEncoding.AppendEncode(nil, raw), nil
}

// UnmarshalText reads it.
func (s *Seen) UnmarshalText(text []byte) error {
	raw, err := base64.StdEncoding.AppendDecode(nil, text)
	if err != nil || len(raw)%sightBytes != 0 {
		return errNotSeen
	}
	*s = make(Seen, 0, len(raw)/sightBytes)
	for ; len(raw) > 0; raw = raw[sightBytes:] {
		x := Sight{Feature{Kind(raw[0]), binary.LittleEndian.Uint64(raw[1:])}, time.Duration(binary.LittleEndian.Uint32(raw[9:])) * time.Millisecond}
		if x.Kind >= Kinds {
			return errNotSeen
		}
		*s = append(*s, x)
	}
	return nil
}

var errNotSeen = errors.New("it is not what a run has seen")
