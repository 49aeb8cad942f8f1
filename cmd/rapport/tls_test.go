package main

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	"rapport/store/storetest"
)

// asDoctor runs `rapport doctor` as a process of its own: which authorities a program
// trusts is read once in its life.
func asDoctor(t *testing.T, env map[string]string) (said string, code int) {
	t.Helper()
	cmd := program(t, with(env, "RAPPORT_LOG", "warn"), "doctor")
	out, err := cmd.CombinedOutput()
	if err != nil {
		if !errors.As(err, new(*exec.ExitError)) {
			t.Fatal(err)
		}
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// Redis behind TLS: an authority that this machine trusts, or one of one's own, named
// by SSL_CERT_FILE; anything else is one sentence that says what to do.
func TestRedisBehindTLS(t *testing.T) {
	t.Parallel()
	ca, other := storetest.NewAuthority(t), storetest.NewAuthority(t)
	soon := time.Now().Add(24 * time.Hour)
	good := ca.Redis("127.0.0.1", soon)
	env := func(url, authority string) map[string]string {
		return map[string]string{"RAPPORT_REDIS_URL": url, "SSL_CERT_FILE": authority, "SSL_CERT_DIR": t.TempDir()}
	}
	for _, x := range []struct {
		name string
		env  map[string]string
		says string // "" is well
	}{
		{"its own authority", env(good.URL(), ca.File), ""},
		{"an authority that nobody knows", env(good.URL(), other.File), "its certificate is signed by an authority that this machine does not trust. Name the authority's file by SSL_CERT_FILE"},
		{"another host's certificate", env(ca.Redis("redis.acme.example", soon).URL(), ca.File), "its certificate is for another host"},
		{"a certificate that ran out", env(ca.Redis("127.0.0.1", time.Now().Add(-time.Hour)).URL(), ca.File), "its certificate has run out or is not valid yet"},
		{"TLS where there is none", env(strings.Replace(storetest.Server(t).URL(), "redis://", "rediss://", 1), ca.File), "it does not answer. Is the address right, and if it begins with rediss://, does Redis speak TLS there?"},
		{"no TLS where there is some", env(strings.Replace(good.URL(), "rediss://", "redis://", 1), ca.File), "it hangs up"},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			said, code := asDoctor(t, x.env)
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("said after %v", took)
			}
			if x.says == "" {
				if code != 0 {
					t.Fatal(said)
				}
				has(t, said, "ok   Store: Redis", "as a server")
				r := spawn(t, x.env)
				has(t, r.said.String(), "store: server")
				return
			}
			if code != 1 {
				t.Errorf("exit %d", code)
			}
			has(t, said, "BAD  Store: Redis at RAPPORT_REDIS_URL could not be opened: ", x.says)
			if n := strings.Count(said, "\n"); strings.Contains(said, "x509") || strings.Contains(said, "tls:") || n > 8 {
				t.Errorf("this is not one plain sentence:\n%s", said)
			}
		})
	}
}
