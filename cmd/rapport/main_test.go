package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rapport/store/storetest"
)

// The test binary is the program too: run with this variable set it is main, with
// the race detector where the test has it, and dies where the test wants it to.
const (
	asProgram = "RAPPORT_TEST_PROGRAM"
	crashAt   = "RAPPORT_TEST_CRASH" // what happens at named points: see crasher
	shiftBy   = "RAPPORT_TEST_SHIFT" // how far its clock is ahead
)

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	shift, _ := time.ParseDuration(os.Getenv(shiftBy))
	p := &Main{Args: os.Args[1:], Env: os.Getenv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Now: func() time.Time { return time.Now().Add(shift) }, Crash: crasher(os.Getenv(crashAt))}
	code := p.Run(ctx)
	stop()
	os.Exit(code)
}

// newMain is one run of the program with an environment of its own.
func newMain(stdout, stderr io.Writer, env map[string]string, args ...string) *Main {
	return &Main{Args: args, Env: func(name string) string { return env[name] }, Stdin: strings.NewReader(""), Stdout: stdout, Stderr: stderr, Now: time.Now}
}

// heard collects what a program prints.
type heard struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.buf.Write(p)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.buf.String()
}

// forget begins anew.
func (h *heard) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.buf.Reset()
}

// find waits for a line and returns what the pattern's group holds.
func (h *heard) find(t testing.TB, pattern string, limit time.Duration) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	for end := time.Now().Add(limit); ; time.Sleep(2 * time.Millisecond) {
		if f := re.FindStringSubmatch(h.String()); f != nil {
			return f[len(f)-1]
		}
		if time.Now().After(end) {
			t.Fatalf("%s was not printed; this was:\n%s", pattern, h)
		}
	}
}

// running is a program at work: in this process, or as a process of its own.
type running struct {
	said *heard
	url  string
	stop func() // as by an operator
	cmd  *exec.Cmd
}

const startLine = `rapport \S+ on (http://\S+) `

// serve runs the program here until the test ends.
func serve(t *testing.T, env map[string]string) *running {
	t.Helper()
	env = with(env, "RAPPORT_LISTEN", freeAddr(t), "RAPPORT_LOG", "warn")
	r := &running{said: &heard{}}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if code := newMain(r.said, r.said, env, "serve").Run(ctx); code != 0 {
			fmt.Fprintln(r.said, "ended with", code)
		}
	}()
	r.stop = func() { cancel(); <-done }
	t.Cleanup(func() {
		r.stop()
		if t.Failed() {
			t.Logf("the program said:\n%s", r.said)
		}
	})
	r.url = r.said.find(t, startLine, 20*time.Second)
	return r
}

// spawn runs the program as a process that can be killed.
func spawn(t *testing.T, env map[string]string) *running {
	t.Helper()
	r := &running{said: &heard{}, cmd: program(t, with(env, "RAPPORT_LISTEN", freeAddr(t), "RAPPORT_LOG", "warn"), "serve")}
	r.cmd.Stdout, r.cmd.Stderr = r.said, r.said
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	go func() { _ = r.cmd.Wait(); close(gone) }()
	r.stop = func() { _ = r.cmd.Process.Signal(syscall.SIGTERM); <-gone }
	t.Cleanup(func() {
		r.kill()
		<-gone
		if t.Failed() {
			t.Logf("the program said:\n%s", r.said)
		}
	})
	r.url = r.said.find(t, startLine, 30*time.Second)
	return r
}

// program is the program as a process of its own, in an empty folder.
func program(t *testing.T, env map[string]string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), asProgram+"=1")
	for k, v := range env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	return cmd
}

// kill ends the process without a word.
func (r *running) kill() { _ = r.cmd.Process.Kill() }

// dead waits until the process has ended.
func (r *running) dead(t *testing.T, limit time.Duration) {
	t.Helper()
	for end := time.Now().Add(limit); ; time.Sleep(5 * time.Millisecond) {
		if err := r.cmd.Process.Signal(syscall.Signal(0)); err != nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the process lives on")
		}
	}
}

// code is the setup code it printed.
func (r *running) code(t *testing.T) string {
	t.Helper()
	return r.said.find(t, `setup code: (\S+)`, 5*time.Second)
}

func with(env map[string]string, more ...string) map[string]string {
	out := map[string]string{}
	for k, v := range env {
		out[k] = v
	}
	for i := 0; i+1 < len(more); i += 2 {
		if _, ok := out[more[i]]; !ok {
			out[more[i]] = more[i+1]
		}
	}
	return out
}

func freeAddr(t testing.TB) string {
	t.Helper()
	return fmt.Sprintf("127.0.0.1:%d", storetest.FreePort(t))
}
