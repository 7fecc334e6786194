package labcopy

import (
	"fmt"
	"go/ast"
	"go/types"
)

// wanted are the methods of labrpc that a copy must have, with their parameters, and what the
// runtime is told when they are called.
//
//samerun:allow global: constant table
var wanted = []struct {
	typ, name string
	params    string // a: anything; s: a text; b: a truth; S: *Server
	tells     string // with %[1]s, the receiver, %[2]s, the first parameter, and %[3]s, the second
}{
	{"ClientEnd", "Call", "saa", ""},
	{"Network", "MakeEnd", "a", "samerunLabTold(1, %[1]s, %[2]s, nil); "},
	{"Network", "Connect", "aa", "samerunLabTold(2, %[1]s, %[2]s, %[3]s); "},
	{"Network", "Enable", "ab", "samerunLabEnabled(%[1]s, %[2]s, %[3]s); "},
	{"Network", "AddServer", "aS", "samerunLabTold(5, %[1]s, nil, %[2]s); "},
	{"Network", "DeleteServer", "a", "samerunLabTold(6, %[1]s, nil, %[2]s); "},
}

// api finds these methods. The error says what is not as in labrpc.
func (p *pkg) api() error {
	p.methods = make(map[string]*ast.FuncDecl)
	for _, w := range wanted {
		name := w.typ + "." + w.name
		fn := p.method(w.typ, w.name)
		if fn == nil {
			return fmt.Errorf("(*%s).%s is missing", w.typ, w.name)
		}
		params := paramsOf(fn)
		sig := p.info.Defs[fn.Name].(*types.Func).Signature()
		if sig.Variadic() || sig.Params().Len() != len(w.params) || len(params) != len(w.params) {
			return fmt.Errorf("(*%s).%s has other parameters", w.typ, w.name)
		}
		for i, kind := range w.params {
			if !p.isKind(sig.Params().At(i).Type(), kind) {
				return fmt.Errorf("(*%s).%s has other parameters", w.typ, w.name)
			}
		}
		if receiverOf(fn) == "" || hasUnnamed(params) {
			return fmt.Errorf("(*%s).%s has a parameter without a name", w.typ, w.name)
		}
		p.methods[name] = fn
	}
	call := p.info.Defs[p.methods["ClientEnd.Call"].Name].(*types.Func).Signature()
	if call.Results().Len() != 1 || !types.Identical(call.Results().At(0).Type(), types.Typ[types.Bool]) || resultOf(p.methods["ClientEnd.Call"]) == "_" {
		return fmt.Errorf("(*ClientEnd).Call does not return a bool")
	}
	return p.findEndName()
}

// isKind reports whether a type is of a kind of wanted.
func (p *pkg) isKind(t types.Type, kind rune) bool {
	switch kind {
	case 'a':
		return isAny(t)
	case 's':
		return types.Identical(t, types.Typ[types.String])
	case 'b':
		return types.Identical(t, types.Typ[types.Bool])
	}
	return p.isPointerTo(t, "Server")
}

// findEndName finds the field of an end that has its name: the only one that can be anything.
func (p *pkg) findEndName() error {
	s, ok := p.types.Scope().Lookup("ClientEnd").Type().Underlying().(*types.Struct)
	if !ok {
		return fmt.Errorf("ClientEnd is no struct")
	}
	for f := range s.Fields() {
		if isAny(f.Type()) {
			if p.endName != "" {
				return fmt.Errorf("ClientEnd has two fields that may be its name, %s and %s", p.endName, f.Name())
			}
			p.endName = f.Name()
		}
	}
	if p.endName == "" {
		return fmt.Errorf("ClientEnd has no field for its name")
	}
	return nil
}

// paramsOf are the names of the parameters of a function, as far as they have some.
func paramsOf(fn *ast.FuncDecl) (names []string) {
	for _, f := range fn.Type.Params.List {
		for _, n := range f.Names {
			names = append(names, n.Name)
		}
	}
	return names
}

func hasUnnamed(params []string) bool {
	for _, name := range params {
		if name == "_" {
			return true
		}
	}
	return false
}

// receiverOf is the name of the receiver, empty if it has none.
func receiverOf(fn *ast.FuncDecl) string {
	if names := fn.Recv.List[0].Names; len(names) == 1 && names[0].Name != "_" {
		return names[0].Name
	}
	return ""
}

// resultOf is the name of the only result, empty if it has none.
func resultOf(fn *ast.FuncDecl) string {
	if r := fn.Type.Results.List[0]; len(r.Names) == 1 {
		return r.Names[0].Name
	}
	return ""
}

// nameResult gives the only result of a function a name, unless it has one, and returns the name.
func (p *pkg) nameResult(fn *ast.FuncDecl, name string) string {
	if has := resultOf(fn); has != "" {
		return has
	}
	results := fn.Type.Results
	if results.Opening.IsValid() {
		p.insert(results.List[0].Type.Pos(), "%s ", name)
	} else {
		p.insert(results.Pos(), "(%s ", name)
		p.insert(results.End(), ")")
	}
	return name
}

// hooks are the declarations of what is in package runtime.
const hooks = `
//go:linkname samerunLabTold runtime.samerunLabTold
//go:noescape
func samerunLabTold(what int, net *Network, end, server interface{})

//go:linkname samerunLabEnabled runtime.samerunLabEnabled
//go:noescape
func samerunLabEnabled(net *Network, end interface{}, on bool)

//go:linkname samerunLabCalls runtime.samerunLabCalls
//go:noescape
func samerunLabCalls(end interface{}, method string) uint64

//go:linkname samerunLabReturns runtime.samerunLabReturns
//go:noescape
func samerunLabReturns(call uint64, end interface{}, ok *bool)
`

const hooksOfMessages = `
//go:linkname samerunLabSends runtime.samerunLabSends
//go:noescape
func samerunLabSends(call uint64, args []byte)

//go:linkname samerunLabHandles runtime.samerunLabHandles
//go:noescape
func samerunLabHandles(args []byte) uint64

//go:linkname samerunLabAnswers runtime.samerunLabAnswers
//go:noescape
func samerunLabAnswers(call uint64, reply *[]byte)
`

// tellAPI adds what tells the runtime.
func (p *pkg) tellAPI(messages bool) {
	for _, w := range wanted {
		fn := p.methods[w.typ+"."+w.name]
		if w.tells != "" {
			names := append(paramsOf(fn), "")
			p.insert(fn.Body.Lbrace+1, w.tells, receiverOf(fn), names[0], names[1])
		}
	}
	call := p.methods["ClientEnd.Call"]
	end, method := receiverOf(call)+"."+p.endName, paramsOf(call)[0]
	ok := p.nameResult(call, "samerunOK")
	p.insert(call.Body.Lbrace+1, "samerunCall := samerunLabCalls(%s, %s); defer samerunLabReturns(samerunCall, %s, &%s); ", end, method, end, ok)
	more := ""
	if messages {
		p.insert(p.handover.Pos(), "samerunLabSends(samerunCall, %s); ", p.sent)
		p.insert(p.dispatch.Body.Lbrace+1, "defer samerunLabAnswers(samerunLabHandles(%s), &%s%s); ", p.given, p.nameResult(p.dispatch, "samerunReply"), p.answer)
		more = hooksOfMessages
	}
	for _, f := range p.files {
		if f.FileStart <= call.Pos() && call.Pos() < f.FileEnd {
			p.insert(f.Name.End(), `; import _ "unsafe"`)
			p.insert(f.FileEnd, "\n%s", hooks+more)
		}
	}
}
