package gob

import (
	"reflect"
	"sync/atomic"
	_ "unsafe" // for go:linkname
)

// What decoders compile, kept for the next ones. A decoder's engines depend on what it was told
// of types, which is a list of definitions, and on nothing else. So those lists are a tree, at
// whose root nothing was told; a decoder goes on along an edge if the next definition is to the
// byte what it was for another decoder, and finds there what that one has decoded and compiled.
// Nothing that failed is kept: a decoder that fails to compile leaves the tree, and does all by
// itself from then on, since plain gob can have half an engine in its cache then.

// samerunActive is in package runtime: the caller runs under a seed.
//
//go:linkname samerunActive
func samerunActive() bool

// samerunTold is what some decoders were told of types.
//
// Invariants: wires never changes. The definitions of the edges are different, and so is what
// each leads to. An engine is complete, and so are those that it uses: what it depends on is in
// wires, where nothing is ever redefined, so that it is right for all that is below, too.
//
// All of it is added to by exchanging a slice for a longer one. Nothing here ranges over a map:
// whether another test had the same types would move the words that the goroutine draws for its
// own maps.
type samerunTold struct {
	above   *samerunTold
	id      typeId // the last definition
	wire    *wireType
	wires   map[typeId]*wireType // all of them
	edges   atomic.Pointer[[]samerunEdge]
	engines atomic.Pointer[[]samerunKept]
}

// samerunEdge is a definition of a type that some decoders were told next.
type samerunEdge struct {
	id         typeId
	definition string
	whole      bool // nothing came behind it: it may have ended for that reason alone
	to         *samerunTold
}

// samerunCompiled is what an engine is for. Without a type, the value is ignored.
type samerunCompiled struct {
	rt reflect.Type
	id typeId
}

// samerunKept is an engine that was compiled.
type samerunKept struct {
	samerunCompiled
	engine **decEngine
}

// The tree stays small even if a program makes up types without end.
const (
	samerunMostTold    = 4096 // in all
	samerunMostEdges   = 64   // of one
	samerunMostEngines = 256  // of one
	samerunMostBytes   = 4096 // of a definition
)

var (
	samerunRoot   = &samerunTold{wires: map[typeId]*wireType{}}
	samerunInTree atomic.Int32
)

// samerunBegin puts a new decoder at the root, under a seed.
func (dec *Decoder) samerunBegin() {
	if samerunActive() {
		dec.samerunGo(samerunRoot)
	}
}

// samerunGo has the decoder go to a place in the tree.
func (dec *Decoder) samerunGo(to *samerunTold) {
	dec.samerun, dec.samerunShares, dec.wireType = to, to, to.wires
}

// samerunRecall receives a definition that was received before.
func (dec *Decoder) samerunRecall(id typeId) bool {
	if dec.samerun == nil {
		return false
	}
	edges := dec.samerun.edges.Load()
	if edges == nil {
		return false
	}
	rest := dec.buf.Bytes()
	for i := range *edges {
		e := &(*edges)[i]
		if n := len(e.definition); e.id == id && n <= len(rest) && (n == len(rest) || !e.whole) && e.definition == string(rest[:n]) {
			dec.buf.Drop(n)
			dec.samerunGo(e.to)
			return true
		}
	}
	return false
}

// samerunLearn takes a definition that was received for the first time.
func (dec *Decoder) samerunLearn(id typeId, definition []byte, wire *wireType) {
	if told := dec.samerun; told != nil {
		if next := told.learn(samerunEdge{id: id, definition: string(definition), whole: dec.buf.Len() == 0}, wire); next != nil {
			dec.samerunGo(next)
			return
		}
		dec.samerun = nil
	}
	if dec.samerunShares != nil {
		dec.wireType, dec.samerunShares = dec.samerunShares.all(), nil
	}
	dec.wireType[id] = wire
}

// learn adds an edge. It returns nil if the tree is full.
func (told *samerunTold) learn(e samerunEdge, wire *wireType) *samerunTold {
	if len(e.definition) > samerunMostBytes || samerunInTree.Add(1) > samerunMostTold {
		return nil
	}
	next := &samerunTold{above: told, id: e.id, wire: wire}
	next.wires = next.all()
	e.to = next
	for {
		old := told.edges.Load()
		var edges []samerunEdge
		if old != nil {
			edges = *old
		}
		if len(edges) >= samerunMostEdges {
			return nil
		}
		edges = append(edges[:len(edges):len(edges)], e)
		if told.edges.CompareAndSwap(old, &edges) {
			return next
		}
	}
}

// all returns the definitions, in a new map.
func (told *samerunTold) all() map[typeId]*wireType {
	wires := make(map[typeId]*wireType)
	for t := told; t.above != nil; t = t.above {
		wires[t.id] = t.wire
	}
	return wires
}

// engine returns one that is compiled, or nil.
func (told *samerunTold) engine(c samerunCompiled) **decEngine {
	for t := told; t != nil; t = t.above {
		if engines := t.engines.Load(); engines != nil {
			for i := range *engines {
				if k := &(*engines)[i]; k.samerunCompiled == c {
					if t != told {
						told.keep(c, k.engine)
					}
					return k.engine
				}
			}
		}
	}
	return nil
}

// keep keeps an engine for others.
func (told *samerunTold) keep(c samerunCompiled, engine **decEngine) {
	for {
		old := told.engines.Load()
		var engines []samerunKept
		if old != nil {
			engines = *old
		}
		if len(engines) >= samerunMostEngines {
			return
		}
		engines = append(engines[:len(engines):len(engines)], samerunKept{c, engine})
		if told.engines.CompareAndSwap(old, &engines) {
			return
		}
	}
}

// samerunEngine is getDecEnginePtr for a value that is no part of another's type.
func (dec *Decoder) samerunEngine(id typeId, ut *userTypeInfo) (**decEngine, error) {
	told := dec.samerun
	if told == nil {
		return dec.getDecEnginePtr(id, ut)
	}
	c := samerunCompiled{ut.user, id}
	if engine := told.engine(c); engine != nil {
		return engine, nil
	}
	dec.samerun = nil // unless it succeeds
	engine, err := dec.getDecEnginePtr(id, ut)
	if err == nil {
		told.keep(c, engine)
		dec.samerun = told
	}
	return engine, err
}

// samerunIgnoring is getIgnoreEnginePtr for a value that is no part of another's type.
func (dec *Decoder) samerunIgnoring(id typeId) (**decEngine, error) {
	told := dec.samerun
	if told == nil {
		return dec.getIgnoreEnginePtr(id)
	}
	c := samerunCompiled{id: id}
	if engine := told.engine(c); engine != nil {
		return engine, nil
	}
	dec.samerun = nil // unless it succeeds
	engine, err := dec.getIgnoreEnginePtr(id)
	if err == nil {
		told.keep(c, engine)
		dec.samerun = told
	}
	return engine, err
}
