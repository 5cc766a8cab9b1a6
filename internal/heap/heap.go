// Package heap is about memory: how it is collected in a program that serves, and for tests, how much something takes.
package heap

import (
	"runtime"
	"time"
)

// every is how often it is looked at.
const every = 5 * time.Millisecond

// Growth is by how many bytes the heap of the whole process was larger at most while work went on. What else
// runs in the process counts as well, so such a test runs by itself.
func Growth(work func()) int64 {
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() { peak <- watch(stop) }()
	work()
	close(stop)
	return int64(<-peak) - int64(before.HeapInuse)
}

// watch is the most that was in use until it is told to stop.
func watch(stop <-chan struct{}) (most uint64) {
	var m runtime.MemStats
	for {
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapInuse)
		select {
		case <-stop:
			return most
		case <-time.After(every):
		}
	}
}
