package fixture

import "testing"

func TestClamp(t *testing.T) {
	if Clamp(1, 2, 4) != 2 || Clamp(3, 2, 4) != 3 {
		t.Error("Clamp is wrong")
	}
}

func TestCount(t *testing.T) {
	if Count(3) != 3 {
		t.Error("Count is wrong")
	}
}
