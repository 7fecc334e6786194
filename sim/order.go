package sim

import "fmt"

func parseOrder(text string) (string, error) {
	if text != "" && text != "fifo" {
		return "", fmt.Errorf("there is no strategy %q", text)
	}
	return text, nil
}
