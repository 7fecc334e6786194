// Package words has lists and sets of machine words in memory that their owner gives
// them: package runtime, which gets it from internal/overlay/bundle, looks with them
// at the whole heap while nothing may be allocated there.
package words

// WordList is a list of words. The zero WordList has room for none.
type WordList struct {
	room []uintptr
	n    int
}

// Len is how many words there are.
func (l *WordList) Len() int { return l.n }

// IsFull reports whether there is room for no more: then Move comes before Push.
func (l *WordList) IsFull() bool { return l.n == len(l.room) }

// Room is for how many words there is room.
func (l *WordList) Room() int { return len(l.room) }

// Move moves the words to more room. It returns the room that they were in.
func (l *WordList) Move(room []uintptr) (old []uintptr) {
	copy(room, l.room[:l.n])
	old, l.room = l.room, room
	return old
}

// Push appends a word.
func (l *WordList) Push(w uintptr) {
	l.room[l.n] = w
	l.n++
}

// Pop takes the last word, of at least one.
func (l *WordList) Pop() uintptr {
	l.n--
	return l.room[l.n]
}

// At returns the i-th word.
func (l *WordList) At(i int) uintptr { return l.room[i] }

// Set puts another word in the place of the i-th.
func (l *WordList) Set(i int, w uintptr) { l.room[i] = w }

// Clear takes all words out.
func (l *WordList) Clear() { l.n = 0 }

// WordSet is a set of words other than 0: a hash table with linear probing. The zero
// WordSet has room for none.
//
// Invariant: the length of room is 0 or a power of two, and at most half of it is used.
type WordSet struct {
	room []uintptr
	n    int
}

// Len is how many words there are.
func (s *WordSet) Len() int { return s.n }

// Room is the length of the room.
func (s *WordSet) Room() int { return len(s.room) }

// IsFull reports whether Move must come before Add.
func (s *WordSet) IsFull() bool { return 2*s.n >= len(s.room) }

// Move moves the words to more room, whose length is a power of two and which is all 0.
// It returns the room that they were in.
func (s *WordSet) Move(room []uintptr) (old []uintptr) {
	old, s.room, s.n = s.room, room, 0
	for _, w := range old {
		if w != 0 {
			s.Add(w)
		}
	}
	return old
}

// place is where the word is, or where it is to be. There is room.
func (s *WordSet) place(w uintptr) int {
	mask := uint64(len(s.room) - 1)
	h := uint64(w) * 0x9e3779b97f4a7c15
	for i := h >> 32 & mask; ; i = (i + 1) & mask {
		if x := s.room[i]; x == w || x == 0 {
			return int(i)
		}
	}
}

// Add adds a word and reports whether it is a new one.
func (s *WordSet) Add(w uintptr) bool {
	i := s.place(w)
	if s.room[i] == w {
		return false
	}
	s.room[i] = w
	s.n++
	return true
}

// Has reports whether a word is in the set.
func (s *WordSet) Has(w uintptr) bool { return s.n > 0 && s.room[s.place(w)] == w }

// Clear takes all words out.
func (s *WordSet) Clear() {
	if s.n > 0 {
		clear(s.room)
	}
	s.n = 0
}
