package strictjson

import (
	"encoding/json"
	"strconv"
	"time"

	"samerun/internal/text"
)

// Text reads a text.
func (r *Reader) Text(field string, into *string) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	v, ok := t.(string)
	if !ok {
		return r.Errorf("%s is %s; it must be a text in quotes", field, describe(t))
	}
	*into = v
	return nil
}

// Int reads a whole number that is neither above most nor below -most.
func (r *Reader) Int(field string, into *int64, most int64) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	v, ok := t.(json.Number)
	if !ok {
		return r.Errorf("%s is %s; it must be a whole number", field, describe(t))
	}
	n, err := strconv.ParseInt(v.String(), 10, 64)
	if err != nil || n > most || n < -most {
		return r.Errorf("%s is %s; it must be a whole number of at most %d", field, text.Clip(v.String()), most)
	}
	*into = n
	return nil
}

// Uint reads a whole number from 0 to most.
func (r *Reader) Uint(field string, into *uint64, most uint64) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	v, _ := t.(json.Number)
	n, err := strconv.ParseUint(v.String(), 10, 64)
	if err != nil || n > most {
		return r.Errorf("%s is %s; it must be a whole number from 0 to %d", field, describe(t), most)
	}
	*into = n
	return nil
}

// Bool reads true or false.
func (r *Reader) Bool(field string, into *bool) error {
	tok, err := r.token()
	if err != nil {
		return err
	}
	b, ok := tok.(bool)
	if !ok {
		return r.Errorf("%s is %s; it must be true or false", field, describe(tok))
	}
	*into = b
	return nil
}

// Duration reads a time such as "1.5s". A number without a unit is refused: it
// would be guesswork.
func (r *Reader) Duration(field string, into *time.Duration) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	s, ok := t.(string)
	if !ok {
		return r.Errorf(`%s is %s; it must be a duration in quotes, such as "1.5s" or "300ms"`, field, describe(t))
	}
	v, err := time.ParseDuration(s)
	if err != nil {
		return r.Errorf(`%s is %s, which is not a duration; write it like "1.5s" or "300ms"`, field, text.Clip(s))
	}
	*into = v
	return nil
}
