// Package storetest runs one contract over every Redis that store works with,
// and starts those Redis servers: a plain one, three with Sentinels, a
// Cluster, and a proxy that loses replies.
package storetest

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Redis is a server program that a test started and that ends with it.
type Redis struct {
	Addr string // host:port
	Dir  string

	t       testing.TB
	program string
	args    []string
	tls     bool
	mu      sync.Mutex
	cmd     *exec.Cmd
	gone    chan struct{}
}

// URL is the address in the form of RAPPORT_REDIS_URL.
func (r *Redis) URL() string {
	if r.tls {
		return "rediss://" + r.Addr
	}
	return "redis://" + r.Addr
}

// Pid is the process's id.
func (r *Redis) Pid() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cmd.Process.Pid
}

// Server starts a Redis on a free port with an append-only file that is
// written at once; conf are further arguments, which win.
func Server(t testing.TB, conf ...string) *Redis {
	t.Helper()
	return start(t, FreePort(t), conf...)
}

// ServerOf is Server by a program of that name; without it the test is skipped.
func ServerOf(t testing.TB, name string, conf ...string) *Redis {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not in PATH: nothing was run on it", name)
	}
	r := prepare(t, FreePort(t), conf...)
	r.program = program
	r.Restart()
	return r
}

// Program is the server program on this machine; without one the test is
// skipped, unless the machine is to have it (RAPPORT_NEED_REDIS=1).
func Program(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"valkey-server", "redis-server"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	if os.Getenv("RAPPORT_NEED_REDIS") == "1" {
		t.Fatal("neither valkey-server nor redis-server is installed")
	}
	t.Skip("neither valkey-server nor redis-server is installed")
	return ""
}

func start(t testing.TB, port int, conf ...string) *Redis {
	t.Helper()
	r := prepare(t, port, conf...)
	r.Restart()
	return r
}

func prepare(t testing.TB, port int, conf ...string) *Redis {
	r := &Redis{t: t, program: Program(t), Addr: fmt.Sprintf("127.0.0.1:%d", port), Dir: t.TempDir()}
	r.args = append([]string{"--port", fmt.Sprint(port), "--bind", "127.0.0.1", "--dir", r.Dir, "--appendonly", "yes", "--appendfsync", "always",
		"--save", "", "--daemonize", "no", "--logfile", filepath.Join(r.Dir, "log"), "--repl-diskless-sync-delay", "0"}, conf...)
	t.Cleanup(r.Kill)
	return r
}

// Restart starts the program and waits until it serves.
func (r *Redis) Restart() {
	r.t.Helper()
	r.start(func() bool { return r.serves(r.Pid()) })
}

// start starts the program and waits until it is as it should be.
func (r *Redis) start(ready func() bool) {
	r.t.Helper()
	cmd := exec.Command(r.program, r.args...)
	cmd.Dir = r.Dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	gone, started := make(chan struct{}), make(chan error)
	go func() {
		runtime.LockOSThread() // the death signal follows this thread
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
		close(gone)
	}()
	if err := <-started; err != nil {
		r.t.Fatalf("%s: %v", r.program, err)
	}
	r.mu.Lock()
	r.cmd, r.gone = cmd, gone
	r.mu.Unlock()
	for until := time.Now().Add(20 * time.Second); !ready(); time.Sleep(5 * time.Millisecond) {
		select {
		case <-gone:
			log, _ := os.ReadFile(filepath.Join(r.Dir, "log"))
			r.t.Fatalf("%s ended at start: %s", r.program, log)
		default:
		}
		if time.Now().After(until) {
			r.t.Fatalf("%s does not serve", r.program)
		}
	}
}

// Kill ends the program like a power cut; it waits until it is gone.
func (r *Redis) Kill() {
	r.mu.Lock()
	cmd, gone := r.cmd, r.gone
	r.mu.Unlock()
	if cmd == nil {
		return
	}
	_ = cmd.Process.Kill()
	<-gone
}

// Gone waits until the program was killed by somebody else.
func (r *Redis) Gone(t testing.TB, limit time.Duration) {
	t.Helper()
	r.mu.Lock()
	gone := r.gone
	r.mu.Unlock()
	select {
	case <-gone:
	case <-time.After(limit):
		t.Fatal("Redis lives on")
	}
}

// Pause stops the program in its tracks until Resume.
func (r *Redis) Pause() { _ = r.cmd.Process.Signal(syscall.SIGSTOP) }

// Resume lets a paused program go on.
func (r *Redis) Resume() { _ = r.cmd.Process.Signal(syscall.SIGCONT) }

// serves says whether the program answers, and not another on the same port; of
// one that speaks TLS, whether it listens.
func (r *Redis) serves(pid int) bool {
	if !r.tls {
		return serves(r.Addr) && field(r.Addr, "INFO server", "process_id") == fmt.Sprint(pid)
	}
	conn, err := net.DialTimeout("tcp", r.Addr, time.Second)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}

func serves(addr string) bool {
	said, err := ask(addr, "PING")
	return err == nil && said == "+PONG"
}

// ask sends one inline command and returns the first line of the answer.
func ask(addr, command string) (string, error) {
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := fmt.Fprintf(conn, "%s\r\n", command); err != nil {
		return "", err
	}
	said, err := bufio.NewReader(conn).ReadString('\n')
	if len(said) > 1 {
		said = said[:len(said)-2]
	}
	return said, err
}

// FreePort is a port that nothing listens on, below those that the system gives
// to connections, with room for a cluster's bus port above it.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		port := 10240 + rand.IntN(12000)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		l.Close()
		return port
	}
	t.Fatal("no free port")
	return 0
}

// Until waits for ok, at most for a time.
func Until(t testing.TB, limit time.Duration, what string, ok func(ctx context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	for !ok(ctx) {
		select {
		case <-ctx.Done():
			t.Fatalf("%s: not within %v", what, limit)
		case <-time.After(10 * time.Millisecond):
		}
	}
}
