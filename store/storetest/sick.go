package storetest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Sickness is a way in which a Redis does not do its work.
type Sickness struct {
	Name string
	Fall func(t testing.TB, r *Redis)
	Heal func(t testing.TB, r *Redis)
}

// Sicknesses of a Redis that Server started.
var Sicknesses = []Sickness{
	{"away", func(_ testing.TB, r *Redis) { r.Kill() }, func(_ testing.TB, r *Redis) { r.Restart() }},
	{"hung", func(_ testing.TB, r *Redis) { r.Pause() }, func(_ testing.TB, r *Redis) { r.Resume() }},
	{"a replica that takes no writes", tells("REPLICAOF 127.0.0.1 1"), tells("REPLICAOF NO ONE")},
	{"full", tells("CONFIG SET maxmemory 1mb", "CONFIG SET maxmemory-policy noeviction"), tells("CONFIG SET maxmemory 0")},
	{"unable to save", cannotSave, tells("CONFIG SET stop-writes-on-bgsave-error no", `CONFIG SET save ""`)},
	{"still loading", loading, func(t testing.TB, r *Redis) {
		Until(t, 30*time.Second, "it is loaded", func(context.Context) bool { return serves(r.Addr) })
	}},
}

func tells(commands ...string) func(testing.TB, *Redis) {
	return func(t testing.TB, r *Redis) {
		t.Helper()
		for _, c := range commands {
			if said, err := ask(r.Addr, c); err != nil || !strings.HasPrefix(said, "+") {
				t.Fatalf("%s: %s %v", c, said, err)
			}
		}
	}
}

// cannotSave lets a dump fail: a folder lies where its file should be.
func cannotSave(t testing.TB, r *Redis) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(r.Dir, "dump.rdb", "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	tells(`CONFIG SET save "3600 1"`, "CONFIG SET stop-writes-on-bgsave-error yes", "BGSAVE")(t, r)
	Until(t, 10*time.Second, "the dump fails", func(context.Context) bool {
		return field(r.Addr, "INFO persistence", "rdb_last_bgsave_status") == "err"
	})
}

// loading starts the server again so that it reads its file for some seconds. It
// answers while it reads only once in a thousand commands, so there must be many.
func loading(t testing.TB, r *Redis) {
	t.Helper()
	const commands = 8000
	conn, err := net.Dial("tcp", r.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, strings.Repeat("SET filler x\r\n", commands)+"PING\r\n"); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(conn); lines.Scan() && lines.Text() != "+PONG"; {
	}
	r.Kill()
	args := r.args
	r.args = append(r.args[:len(r.args):len(r.args)], "--key-load-delay", fmt.Sprint(5_000_000/commands))
	r.start(func() bool {
		said, err := ask(r.Addr, "PING")
		return err == nil && strings.HasPrefix(said, "-LOADING")
	})
	r.args = args
}
