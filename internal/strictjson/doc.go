// Package strictjson reads JSON that people edit and that must not be misread: an
// unknown field, one that stands twice, a value of a wrong type and anything behind
// the end are errors, each told in one sentence that says the line. Schedules of
// package fault and replay files are read by it.
//
// A Reader goes through the text token by token, and only as deep as its caller
// asks for, so that deep nesting costs nothing. The caller names what it reads, for
// the sentences, and says which fields there are:
//
//	r, err := strictjson.NewReader(data)
//	…
//	err = r.Object("the point", func(key string) error {
//		switch key {
//		case "x":
//			return r.Int(key, &p.X, 1000)
//		case "name":
//			return r.Text(key, &p.Name)
//		}
//		return r.Errorf("%q is no field of a point", key)
//	})
//	if err == nil {
//		err = r.End("point")
//	}
//
// Where the meaning of fields depends on one that may stand behind them, such as a
// version, Fields takes an object apart first, and each Field has a Reader of its
// own, which knows in which line it begins.
package strictjson
