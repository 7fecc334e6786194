package gob

import (
	"bytes"
	"reflect"
	"sync/atomic"
)

// What encoders write of types, kept for the next ones: a tree as that of the decoders, in which
// an encoder goes on with the type of each value that it is given. Only those that write into
// a bytes.Buffer are in it, since any other writer can fail in the middle, and sees each call.
// An encoder leaves the tree at a type that comes in an interface.

// samerunSaid is which types some encoders have described.
//
// Invariants: sent never changes. The types of the edges are different. As in samerunTold, nothing
// ranges over a map.
type samerunSaid struct {
	above   *samerunSaid
	news    []samerunDescribed // since above
	sent    map[reflect.Type]typeId
	written string // since above
	edges   atomic.Pointer[[]samerunNext]
}

// samerunDescribed is one entry of Encoder.sent.
type samerunDescribed struct {
	rt reflect.Type
	id typeId
}

// samerunNext is where an encoder goes with a type.
type samerunNext struct {
	rt reflect.Type
	to *samerunSaid
}

var (
	samerunSilent = &samerunSaid{sent: map[reflect.Type]typeId{}}
	samerunSaids  atomic.Int32 // in all
)

// samerunBegin puts a new encoder at the root, under a seed.
func (enc *Encoder) samerunBegin(w any) {
	if _, ok := w.(*bytes.Buffer); ok && samerunActive() {
		enc.samerunGo(samerunSilent)
	}
}

// samerunGo has the encoder go to a place in the tree.
func (enc *Encoder) samerunGo(to *samerunSaid) {
	enc.samerun, enc.samerunShares, enc.sent = to, to, to.sent
}

// samerunSent notes that a type is described.
func (enc *Encoder) samerunSent(rt reflect.Type, id typeId) {
	if s := enc.samerunShares; s != nil {
		enc.samerun, enc.samerunShares, enc.sent = nil, nil, s.all()
	}
	enc.sent[rt] = id
	if enc.samerunNews != nil {
		*enc.samerunNews = append(*enc.samerunNews, samerunDescribed{rt, id})
	}
}

// samerunDescribe is sendTypeDescriptor for the value that the encoder is given.
func (enc *Encoder) samerunDescribe(state *encoderState, ut *userTypeInfo) {
	said := enc.samerun
	if said == nil {
		enc.sendTypeDescriptor(enc.writer(), state, ut)
		return
	}
	rt := ut.base
	if ut.externalEnc != 0 {
		rt = ut.user
	}
	if _, known := enc.sent[rt]; known {
		return
	}
	w := enc.writer().(*bytes.Buffer)
	if next := said.next(rt); next != nil {
		w.WriteString(next.written)
		enc.samerunGo(next)
		return
	}
	before := w.Len()
	var news []samerunDescribed
	enc.samerunNews = &news
	enc.sendTypeDescriptor(w, state, ut)
	enc.samerunNews = nil
	if enc.err != nil {
		enc.samerun = nil
		return
	}
	if next := said.learn(rt, string(w.Bytes()[before:]), news); next != nil {
		enc.samerunGo(next)
	}
}

// next returns where an encoder goes with a type, or nil.
func (said *samerunSaid) next(rt reflect.Type) *samerunSaid {
	if edges := said.edges.Load(); edges != nil {
		for i := range *edges {
			if e := &(*edges)[i]; e.rt == rt {
				return e.to
			}
		}
	}
	return nil
}

// learn adds an edge. It returns nil if the tree is full.
func (said *samerunSaid) learn(rt reflect.Type, written string, news []samerunDescribed) *samerunSaid {
	if len(written) > samerunMostBytes || samerunSaids.Add(1) > samerunMostTold {
		return nil
	}
	next := &samerunSaid{above: said, news: news, written: written}
	next.sent = next.all()
	for {
		old := said.edges.Load()
		var edges []samerunNext
		if old != nil {
			edges = *old
		}
		if len(edges) >= samerunMostEdges {
			return nil
		}
		edges = append(edges[:len(edges):len(edges)], samerunNext{rt, next})
		if said.edges.CompareAndSwap(old, &edges) {
			return next
		}
	}
}

// all returns the types that are described, in a new map.
func (said *samerunSaid) all() map[reflect.Type]typeId {
	sent := make(map[reflect.Type]typeId)
	for s := said; s != nil; s = s.above {
		for _, d := range s.news {
			sent[d.rt] = d.id
		}
	}
	return sent
}
