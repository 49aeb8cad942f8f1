package store

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// own starts a Redis for this process: a child where there is a program for
// it and a directory to keep its file, else the in-process server.
func (db *DB) own(ctx context.Context) (address, error) {
	var a address
	dir := db.opt.Data
	var lock *os.File
	if dir != "" {
		var err error
		if lock, err = lockDir(dir); err != nil {
			return a, err
		}
	}
	program := ""
	if !db.opt.Memory && dir != "" {
		program = findServer()
	}
	if program != "" {
		c, err := startChild(ctx, program, dir, lock, db.log)
		if err != nil {
			_ = lock.Close()
			return a, err
		}
		db.backend = c
		a.kind, a.opt.Addrs = "child", []string{c.socket}
		return a, nil
	}
	m, err := startMemory(dir, lock, db.log) //nolint:contextcheck // it talks to itself, and is whole or not there
	if err != nil {
		if lock != nil {
			_ = lock.Close()
		}
		return a, err
	}
	db.backend = m
	a.kind, a.opt.Addrs, a.opt.Dialer = "memory", []string{"in-process"}, m.dial
	return a, nil
}

// findServer looks for a server program.
func findServer() string {
	for _, name := range []string{"valkey-server", "redis-server"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	return ""
}

// child is a server program that lives and dies with this process and keeps
// every acknowledged write (append-only file, appendfsync always).
type child struct {
	program, dir, socket string
	tmp                  string // directory of the socket, if not dir
	lock                 *os.File
	log                  *slog.Logger

	mu   sync.Mutex
	cmd  *exec.Cmd
	gone chan struct{} // closed when cmd has ended
	stop bool
	done sync.WaitGroup
}

// maxSocket is the length of a socket's path that every system takes.
const maxSocket = 100

func startChild(ctx context.Context, program, dir string, lock *os.File, log *slog.Logger) (*child, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	c := &child{program: program, dir: dir, socket: filepath.Join(dir, "redis.sock"), lock: lock, log: log}
	if len(c.socket) > maxSocket {
		if c.tmp, err = os.MkdirTemp("", "rapport"); err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
		c.socket = filepath.Join(c.tmp, "redis.sock")
	}
	if err := c.outlive(); err != nil {
		return nil, err
	}
	if err := c.start(ctx); err != nil {
		c.clear()
		return nil, err
	}
	c.done.Go(c.watch)
	return c, nil
}

// start runs the program and waits until it answers.
func (c *child) start(ctx context.Context) error {
	_ = os.Remove(c.socket)
	//nolint:noctx // ctx is for the start alone; what runs is ended by Close
	cmd := exec.Command(c.program, "--port", "0", "--unixsocket", c.socket, "--unixsocketperm", "600", "--dir", c.dir,
		"--appendonly", "yes", "--appendfsync", "always", "--save", "", "--daemonize", "no",
		"--maxmemory-policy", "noeviction", "--logfile", "", "--loglevel", "warning")
	cmd.SysProcAttr = dieWithParent()
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &tail{b: &said}, &tail{b: &said}
	started, gone := make(chan error), make(chan struct{})
	go func() {
		// The death signal follows the thread that started the child.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
			close(gone)
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("store: %s: %w", c.program, err)
	}
	c.mu.Lock()
	c.cmd, c.gone = cmd, gone
	c.mu.Unlock()
	if err := os.WriteFile(c.pidFile(), []byte(strconv.Itoa(cmd.Process.Pid)), 0o600); err != nil {
		_ = cmd.Process.Kill()
		return fmt.Errorf("store: %w", err)
	}
	for {
		if c.answers(ctx) {
			return nil
		}
		select {
		case <-gone:
			return fmt.Errorf("store: %s ended at start: %s", c.program, bytes.TrimSpace(said.Bytes()))
		case <-ctx.Done():
			_ = cmd.Process.Kill()
			return fmt.Errorf("store: %s does not answer: %w", c.program, ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (c *child) pidFile() string { return filepath.Join(c.dir, "redis.pid") }

// outlive waits for the child of a killed process, which may still be closing
// its file, and then ends it: two servers must never write one file.
func (c *child) outlive() error {
	text, err := os.ReadFile(c.pidFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	pid, _ := strconv.Atoi(string(text))
	if pid <= 1 {
		return nil
	}
	for i := range 200 {
		// A process of that number which was not started here is none of ours.
		line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if !bytes.Contains(line, []byte(filepath.Base(c.program))) {
			return nil
		}
		if cwd, _ := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid)); cwd != c.dir {
			return nil
		}
		switch i {
		case 0:
			_ = syscall.Kill(pid, syscall.SIGTERM)
		case 150:
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("store: an old %s (process %d) still uses %s", filepath.Base(c.program), pid, c.dir)
}

// answers says whether the program serves: not while it still loads its file.
func (c *child) answers(ctx context.Context) bool {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", c.socket)
	if err != nil {
		return false
	}
	defer conn.Close()
	until := time.Now().Add(time.Second)
	if d, ok := ctx.Deadline(); ok && d.Before(until) {
		until = d
	}
	_ = conn.SetDeadline(until)
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	said, _ := bufio.NewReader(conn).ReadString('\n')
	return said == "+PONG\r\n"
}

// watch starts the program again when it dies.
func (c *child) watch() {
	pause := 50 * time.Millisecond
	for {
		c.mu.Lock()
		gone, stop := c.gone, c.stop
		c.mu.Unlock()
		if stop {
			return
		}
		<-gone
		c.mu.Lock()
		stop = c.stop
		c.mu.Unlock()
		if stop {
			return
		}
		c.log.Error("the Redis child has died and is started again", "program", c.program)
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		err := c.start(ctx)
		cancel()
		if err == nil {
			pause = 50 * time.Millisecond
			continue
		}
		c.log.Error("the Redis child does not start", "err", err)
		time.Sleep(pause)
		pause = min(2*pause, 5*time.Second)
	}
}

// Close ends the program after it has written everything.
func (c *child) Close(ctx context.Context) error {
	c.mu.Lock()
	c.stop = true
	cmd, gone := c.cmd, c.gone
	c.mu.Unlock()
	_ = cmd.Process.Signal(syscall.SIGTERM)
	var err error
	select {
	case <-gone:
	case <-ctx.Done():
		err = errors.Join(ctx.Err(), cmd.Process.Kill())
		<-gone
	}
	c.done.Wait()
	c.clear()
	return errors.Join(err, c.lock.Close())
}

func (c *child) clear() {
	_ = os.Remove(c.pidFile())
	_ = os.Remove(c.socket)
	if c.tmp != "" {
		_ = os.RemoveAll(c.tmp)
	}
}

// Pid is the child's process id, for tests that kill it.
func (db *DB) Pid() int {
	c, ok := db.backend.(*child)
	if !ok {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cmd.Process.Pid
}

// tail keeps the last words of a program.
type tail struct {
	mu sync.Mutex
	b  *bytes.Buffer
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.b.Len() > 4096 {
		t.b.Reset()
	}
	return t.b.Write(p)
}
