package picture

import "strings"

// source is the line of the program at a frame, cut short, or nothing.
func (p *Picture) source(f Frame) string {
	if p.Source == nil || !f.User {
		return ""
	}
	const most = 80
	line := strings.TrimSpace(p.Source(f.File, f.Line))
	if strings.HasPrefix(line, "}") {
		return "" // where deferred calls are made
	}
	if r := []rune(line); len(r) > most {
		line = string(r[:most]) + "…"
	}
	return line
}

func (p *Picture) sourceOf(frames []Frame) string {
	for _, f := range frames {
		if f.User {
			return p.source(f)
		}
	}
	return ""
}

// word is the variable or field that a line of the program uses, by what stands behind
// or before it there; nothing if that cannot be told.
func (p *Picture) word(frames []Frame, find func(line string) string) string {
	line := ""
	for _, f := range frames {
		if f.User {
			if p.Source != nil {
				line = p.Source(f.File, f.Line)
			}
			break
		}
	}
	return find(strings.TrimSpace(line))
}

// lockWords finds x.mu in x.mu.Lock(), and x.once in x.once.Do(f).
func lockWords(line string) string {
	found := ""
	line, _, _ = strings.Cut(line, " //")
	for _, call := range []string{".Lock()", ".RLock()", ".TryLock()", ".TryRLock()", ".Do("} {
		switch strings.Count(line, call) {
		case 0:
		case 1:
			if found != "" {
				return ""
			}
			found = operandBefore(line, strings.Index(line, call))
		default:
			return ""
		}
	}
	return found
}

// channelWords finds x.c in <-x.c and in x.c <- v.
func channelWords(line string) string {
	if strings.Contains(line, "<-make(") {
		return ""
	}
	i := strings.Index(line, "<-")
	if i < 0 {
		if _, after, ok := strings.Cut(line, " range "); ok {
			return operandBehind(after)
		}
		return ""
	}
	if strings.LastIndex(line, "<-") != i {
		return ""
	}
	if i > 0 && line[i-1] == ' ' {
		if word := operandBefore(line, i-1); word != "" && !strings.HasSuffix(line[:i-1], "return") && !strings.HasSuffix(line[:i-1], "case") {
			return word
		}
	}
	return operandBehind(line[i+2:])
}

// makeWords finds c in c := make(chan int), and in c: make(chan int),.
func makeWords(line string) string {
	i := strings.Index(line, "make(chan")
	if i < 0 || strings.LastIndex(line, "make(chan") != i {
		return ""
	}
	left := strings.TrimRight(line[:i], " ")
	for _, sign := range []string{":=", "=", ":"} {
		if rest, ok := strings.CutSuffix(left, sign); ok {
			rest = strings.TrimRight(rest, " ")
			return operandBefore(rest, len(rest))
		}
	}
	return ""
}

// operandBefore is the operand that ends before index i: names, selectors, and indices.
func operandBefore(line string, i int) string {
	j, depth := i, 0
	for j > 0 {
		c := line[j-1]
		switch {
		case c == ']' || c == ')':
			depth++
		case c == '[' || c == '(':
			if depth == 0 {
				return line[j:i]
			}
			depth--
		case depth > 0, c == '.', c == '_', c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= 0x80:
		default:
			return line[j:i]
		}
		j--
	}
	return line[:i]
}

// operandBehind is the operand at the begin of a text.
func operandBehind(text string) string {
	i, depth := 0, 0
	for ; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '[' || c == '(':
			depth++
		case c == ']' || c == ')':
			if depth == 0 {
				return text[:i]
			}
			depth--
		case depth > 0, c == '.', c == '_', c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= 0x80:
		default:
			return text[:i]
		}
	}
	return text
}

// selectWords are the cases of a select, as they stand in the source, by their indices as
// in Case.
func (p *Picture) selectWords(g *Goroutine) map[int]string {
	words := make(map[int]string)
	for _, f := range g.Stack {
		if !f.User {
			continue
		}
		if p.Source == nil {
			break
		}
		head := p.Source(f.File, f.Line)
		margin := head[:len(head)-len(strings.TrimLeft(head, "\t "))]
		if !strings.HasPrefix(strings.TrimSpace(head), "select") {
			break
		}
		sends, receives := 0, 0
		const longest = 300
		for i := 1; i < longest; i++ {
			line := p.Source(f.File, f.Line+i)
			if strings.HasPrefix(line, margin+"}") {
				break
			}
			text, ok := strings.CutPrefix(line, margin+"case ")
			if !ok {
				continue
			}
			text, _, _ = strings.Cut(text, ": ")
			text = strings.TrimSuffix(strings.TrimSpace(text), ":")
			if at := strings.Index(text, "<-"); at == 0 || strings.Contains(text, "= <-") {
				receives--
				words[receives] = text
			} else if at > 0 {
				sends++
				words[sends] = text
			}
		}
		break
	}
	return words
}
