// Package cspin calls C from a goroutine that goes by single steps.
package cspin

/*
#include <pthread.h>

static void *nothing(void *p) { return p; }

// thread starts a thread and waits for its end; all signals are blocked in between.
static int thread(void) {
	pthread_t t;
	int err = pthread_create(&t, 0, nothing, 0);
	return err ? err : pthread_join(t, 0);
}
*/
import "C"

func thread() int { return int(C.thread()) }
