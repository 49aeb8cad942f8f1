package store

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/redis/go-redis/v9"
)

// Why says in a sentence what is wrong with a Redis that gave err, and what to
// do; without a full stop. What it does not know it repeats.
func Why(err error) string {
	var (
		unknown x509.UnknownAuthorityError
		host    x509.HostnameError
		invalid x509.CertificateInvalidError
		plain   tls.RecordHeaderError
		name    *net.DNSError
		answer  redis.Error
		late    interface{ Timeout() bool }
	)
	switch {
	case errors.As(err, &unknown):
		return "its certificate is signed by an authority that this machine does not trust. Name the authority's file by SSL_CERT_FILE"
	case errors.As(err, &host):
		return "its certificate is for another host. Use the name that stands in it"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "its certificate has run out or is not valid yet. Renew it, or set this machine's clock"
	case errors.As(err, &plain):
		return "it does not speak TLS. Use redis:// instead of rediss://"
	case errors.As(err, &name):
		return "there is no host called " + name.Name
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there. Is Redis running, and is the port right?"
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return "it hangs up. If it speaks TLS, use rediss:// instead of redis://"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &late) && late.Timeout():
		return "it does not answer. Is the address right, and if it begins with rediss://, does Redis speak TLS there?"
	case errors.As(err, &answer):
		return refused(answer.Error())
	}
	return err.Error()
}

// refused is what a Redis means that answers and will not serve.
func refused(words string) string {
	for _, w := range []struct{ begins, means string }{
		{"NOAUTH", "it wants a password. Put it into RAPPORT_REDIS_URL: redis://:password@host"},
		{"WRONGPASS", "it refuses the user or password in RAPPORT_REDIS_URL"},
		{"NOPERM", "the user in RAPPORT_REDIS_URL may not do what Rapport needs: " + words},
		{"LOADING", "it is still reading its files. Try again in a minute"},
		{"READONLY", "it is a replica that takes no writes. Name its master, or the Sentinels"},
		{"MISCONF", "it takes no writes because it cannot save to its disk. Look at its log and its free space"},
		{"OOM", "it is full. Raise its maxmemory"},
		{"NOREPLICAS", "it takes no writes while too few replicas follow it. Look at its replicas, or lower its min-replicas-to-write"},
		{"CLUSTERDOWN", "the cluster is not whole: some of its slots have no master"},
		{"MASTERDOWN", "it is a replica that has lost its master"},
	} {
		if strings.HasPrefix(words, w.begins) {
			return w.means
		}
	}
	return words
}
