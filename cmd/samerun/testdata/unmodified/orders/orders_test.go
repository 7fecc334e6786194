package orders

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"
)

func TestOrders(t *testing.T) {
	shop := new(Shop)
	server := httptest.NewServer(shop)
	defer server.CloseClientConnections()
	for i := range 10 {
		if err := Place(server.URL, fmt.Sprint(i)); err != nil {
			t.Error(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// TestNoNetwork has nothing that -faults could befall.
func TestNoNetwork(t *testing.T) { time.Sleep(time.Second) }
