package store

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alicebob/miniredis/v2"
)

const (
	tick         = time.Second
	snapshotMin  = 2 * time.Second // between snapshots, and at least
	snapshotRest = 20              // times the length of the last one
)

// memory is the in-process server. It is one process's own, holds everything
// in memory and, given a directory, writes it to a file every few seconds and
// at the end: a crash loses what came after the last one.
type memory struct {
	m    *miniredis.Miniredis
	file string // "" keeps nothing
	lock *os.File
	log  *slog.Logger

	dirty atomic.Bool
	stop  chan struct{}
	done  sync.WaitGroup
	every time.Duration
}

func startMemory(dir string, lock *os.File, log *slog.Logger) (*memory, error) {
	s := &memory{m: miniredis.NewMiniRedis(), lock: lock, log: log, stop: make(chan struct{}), every: snapshotMin}
	first, err := s.m.Dial() // starts it without a port
	if err != nil {
		return nil, err
	}
	_ = first.Close()
	if dir != "" {
		s.file = filepath.Join(dir, "snapshot")
		if err := s.load(); err != nil {
			s.m.Close()
			return nil, err
		}
	}
	s.done.Go(s.run)
	return s, nil
}

func (s *memory) dial(context.Context, string, string) (net.Conn, error) {
	srv := s.m.Server()
	if srv == nil {
		return nil, net.ErrClosed
	}
	c, end := newPipe()
	srv.ServeConn(end)
	return c, nil
}

// run lets keys grow old, which that server does not do by itself, and takes
// the snapshots.
func (s *memory) run() {
	t := time.NewTicker(tick)
	defer t.Stop()
	last := time.Now()
	saved := last
	for {
		select {
		case <-s.stop:
			return
		case now := <-t.C:
			s.m.FastForward(now.Sub(last))
			last = now
			if now.Sub(saved) >= s.every && s.dirty.Swap(false) {
				begun := time.Now()
				if err := s.save(); err != nil {
					s.log.Error("snapshot", "err", err)
					s.dirty.Store(true)
				}
				saved = time.Now()
				s.every = max(snapshotMin, snapshotRest*saved.Sub(begun))
			}
		}
	}
}

// Close writes a last snapshot.
func (s *memory) Close(context.Context) error {
	close(s.stop)
	s.done.Wait()
	err := s.save() //nolint:contextcheck // the last snapshot is written whole, however long that takes
	s.m.Close()
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
	}
	return err
}
