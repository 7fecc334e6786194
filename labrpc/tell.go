package labrpc

import (
	"bytes"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"samerun/internal/text"
	"samerun/labrpc/labgob"
	"samerun/sim"
)

var (
	_ sim.Teller = (*request)(nil)
	_ sim.Teller = (*response)(nil)
)

// Tell says for a trace what the arguments are.
func (r *request) Tell(*sim.Message) string { return inWords(r.req.args, r.req.argsType) }

// Tell says for a trace what the reply is.
func (r *response) Tell(*sim.Message) string { return inWords(r.rep.reply, r.rep.replyType) }

// inWords decodes a letter and writes it as package fmt would by %+v, but without the methods of
// its types: these are the program's. It is empty for what cannot be decoded.
func inWords(data []byte, t reflect.Type) (words string) {
	if t == nil {
		return ""
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	defer func() {
		if recover() != nil {
			words = "" // a decoding of the program's own
		}
	}()
	v := reflect.New(t)
	if labgob.Unmarshal(data, v.Interface()) != nil {
		return ""
	}
	var b strings.Builder
	tell(&b, v.Elem(), 0)
	return text.Line(b.String())
}

// isText says whether bytes are words for people.
func isText(data []byte) bool {
	return len(data) > 0 && utf8.Valid(data) && !bytes.ContainsFunc(data, func(r rune) bool { return !unicode.IsPrint(r) })
}

// Limits of what is told of a letter.
const (
	mostTold  = 2000 // bytes
	deepTold  = 8
	itemsTold = 32
)

// tell writes a value.
func tell(b *strings.Builder, v reflect.Value, depth int) {
	if b.Len() > mostTold || depth > deepTold {
		b.WriteString("…")
		return
	}
	switch k := v.Kind(); {
	case !v.IsValid():
		b.WriteString("nil")
	case k == reflect.Pointer || k == reflect.Interface:
		if v.IsNil() {
			b.WriteString("nil")
			return
		}
		tell(b, v.Elem(), depth+1)
	case k == reflect.Struct:
		b.WriteByte('{')
		for i := range v.NumField() {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(v.Type().Field(i).Name + ":")
			tell(b, v.Field(i), depth+1)
		}
		b.WriteByte('}')
	case k == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 && isText(v.Bytes()):
		b.WriteString(strconv.Quote(text.Cut(string(v.Bytes()), 200)))
	case k == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 && v.Len() > 16:
		b.WriteString(text.Count(v.Len(), "byte"))
	case k == reflect.Slice || k == reflect.Array:
		b.WriteByte('[')
		for i := range min(v.Len(), itemsTold) {
			if i > 0 {
				b.WriteByte(' ')
			}
			tell(b, v.Index(i), depth+1)
		}
		if v.Len() > itemsTold {
			b.WriteString(" … " + strconv.Itoa(v.Len()) + " in all")
		}
		b.WriteByte(']')
	case k == reflect.Map:
		b.WriteString(text.Count(v.Len(), "entry of a map")) // whose order no run may depend on
	case k == reflect.String:
		b.WriteString(strconv.Quote(text.Cut(v.String(), 200)))
	case v.CanInt():
		b.WriteString(strconv.FormatInt(v.Int(), 10))
	case v.CanUint():
		b.WriteString(strconv.FormatUint(v.Uint(), 10))
	case k == reflect.Bool:
		b.WriteString(strconv.FormatBool(v.Bool()))
	case v.CanFloat():
		b.WriteString(strconv.FormatFloat(v.Float(), 'g', -1, 64)) //samerun:allow float: it is written down as it was sent
	default:
		b.WriteString(v.Type().String())
	}
}
