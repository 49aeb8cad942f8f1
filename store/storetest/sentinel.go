package storetest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"context"
)

// Sentinels is a master with two replicas, watched by three Sentinels.
type Sentinels struct {
	Servers []*Redis // the first was the first master
	addrs   []string
	t       testing.TB
}

// Sentinel starts a master, two replicas and three Sentinels, and waits until
// all know each other.
func Sentinel(t testing.TB) *Sentinels {
	t.Helper()
	s := &Sentinels{t: t}
	master := Server(t, "--min-replicas-max-lag", "2")
	s.Servers = append(s.Servers, master)
	host, port, _ := strings.Cut(master.Addr, ":")
	for range 2 {
		s.Servers = append(s.Servers, Server(t, "--replicaof", host+" "+port))
	}
	for range 3 {
		s.addrs = append(s.addrs, s.watcher(host, port))
	}
	Until(t, 30*time.Second, "the Sentinels", func(context.Context) bool {
		for _, a := range s.addrs {
			if field(a, "SENTINEL MASTER mymaster", "num-slaves") != "2" || field(a, "SENTINEL MASTER mymaster", "num-other-sentinels") != "2" {
				return false
			}
		}
		return true
	})
	return s
}

// URL is the address in the form of RAPPORT_REDIS_URL.
func (s *Sentinels) URL() string {
	return "redis+sentinel://" + strings.Join(s.addrs, ",") + "/mymaster"
}

// Master is the server that the Sentinels call the master now.
func (s *Sentinels) Master() *Redis {
	s.t.Helper()
	port := field(s.addrs[0], "SENTINEL MASTER mymaster", "port")
	for _, r := range s.Servers {
		if strings.HasSuffix(r.Addr, ":"+port) {
			return r
		}
	}
	s.t.Fatalf("no server has port %q", port)
	return nil
}

// Failover kills the master and waits until there is another.
func (s *Sentinels) Failover() {
	s.t.Helper()
	old := s.Master()
	old.Kill()
	Until(s.t, 30*time.Second, "the fail-over", func(context.Context) bool { return s.Master() != old && serves(s.Master().Addr) })
}

func (s *Sentinels) watcher(host, port string) string {
	s.t.Helper()
	own := FreePort(s.t)
	dir := s.t.TempDir()
	conf := filepath.Join(dir, "sentinel.conf")
	text := fmt.Sprintf("port %d\nbind 127.0.0.1\ndir %s\nsentinel monitor mymaster %s %s 2\nsentinel down-after-milliseconds mymaster 1500\nsentinel failover-timeout mymaster 6000\n", own, dir, host, port)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.Command(Program(s.t), conf, "--sentinel")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started, gone := make(chan error), make(chan struct{})
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
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-gone
	})
	addr := fmt.Sprintf("127.0.0.1:%d", own)
	Until(s.t, 10*time.Second, "a Sentinel", func(context.Context) bool { return serves(addr) })
	return addr
}
