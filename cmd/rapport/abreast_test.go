package main

import (
	"sync"
	"testing"
)

// abreast runs cases side by side, more of them than -parallel lets: nearly all of
// their time is waiting for leases, clocks and a Redis that is away.
type abreast struct {
	t     *testing.T
	slots chan struct{} // nil: as many as there are
	wg    sync.WaitGroup
}

// waiting is how many such cases of one test run at once.
const waiting = 5

func (a *abreast) run(name string, f func(t *testing.T)) {
	a.wg.Go(func() {
		if a.slots != nil {
			a.slots <- struct{}{}
			defer func() { <-a.slots }()
		}
		a.t.Run(name, f)
	})
}

// wait is called before the test ends.
func (a *abreast) wait() { a.wg.Wait() }
