//samerun:allow float: a whole file that carries numbers for others
package float

type carried struct{ x float64 }

func carry(c carried) float32 { return float32(c.x) }
