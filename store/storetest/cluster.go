package storetest

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// Nodes is a Redis Cluster.
type Nodes struct {
	Servers []*Redis
	t       testing.TB
}

// Cluster starts three masters and replicas for each of them, and waits until
// the cluster is whole.
func Cluster(t testing.TB, replicas int) *Nodes {
	t.Helper()
	c := &Nodes{t: t}
	for range 3 * (1 + replicas) {
		c.Servers = append(c.Servers, Server(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "1500", "--cluster-replica-validity-factor", "0"))
	}
	for _, r := range c.Servers {
		host, port, _ := strings.Cut(c.Servers[0].Addr, ":")
		c.ask(r, fmt.Sprintf("CLUSTER MEET %s %s", host, port))
	}
	const slots = 16384
	for i, r := range c.Servers[:3] {
		c.ask(r, fmt.Sprintf("CLUSTER ADDSLOTSRANGE %d %d", slots*i/3, slots*(i+1)/3-1))
	}
	Until(t, 30*time.Second, "the nodes meet", func(context.Context) bool {
		for _, r := range c.Servers {
			if field(r.Addr, "CLUSTER INFO", "cluster_known_nodes") != fmt.Sprint(len(c.Servers)) {
				return false
			}
		}
		return true
	})
	for i, r := range c.Servers[3:] {
		id, _ := bulk(c.Servers[i%3].Addr, "CLUSTER MYID")
		Until(t, 10*time.Second, "a replica", func(context.Context) bool {
			said, _ := ask(r.Addr, "CLUSTER REPLICATE "+strings.TrimSpace(id))
			return said == "+OK"
		})
	}
	c.Whole()
	return c
}

// URL is the address in the form of RAPPORT_REDIS_URL.
func (c *Nodes) URL() string {
	var addrs []string
	for _, r := range c.Servers {
		addrs = append(addrs, r.Addr)
	}
	return "redis+cluster://" + strings.Join(addrs, ",")
}

// Whole waits until all living nodes say that the cluster is whole.
func (c *Nodes) Whole() {
	c.t.Helper()
	Until(c.t, 30*time.Second, "the cluster", func(context.Context) bool {
		for _, r := range c.Servers {
			if serves(r.Addr) && field(r.Addr, "CLUSTER INFO", "cluster_state") != "ok" {
				return false
			}
		}
		return true
	})
}

// Failover kills the first master, or who has its place on a busy machine, and
// waits until its replica has it: one that has not caught up is never elected.
func (c *Nodes) Failover() {
	c.t.Helper()
	old, next := c.Servers[0], c.Servers[3]
	if field(old.Addr, "INFO replication", "role") != "master" {
		old, next = next, old
	}
	Until(c.t, 30*time.Second, "the replica has caught up", func(context.Context) bool {
		return field(next.Addr, "INFO replication", "master_link_status") == "up"
	})
	old.Kill()
	Until(c.t, 60*time.Second, "the fail-over", func(context.Context) bool {
		return field(next.Addr, "INFO replication", "role") == "master"
	})
	c.Whole()
}

func (c *Nodes) ask(r *Redis, command string) {
	c.t.Helper()
	if said, err := ask(r.Addr, command); err != nil || said != "+OK" {
		c.t.Fatalf("%s: %s %v", command, said, err)
	}
}

// bulk sends an inline command and reads a text, or the lines of a list.
func bulk(addr, command string) (string, error) {
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := fmt.Fprintf(conn, "%s\r\n", command); err != nil {
		return "", err
	}
	r := bufio.NewReader(conn)
	return answer(r)
}

func answer(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimSpace(line)
	var n int
	_, _ = fmt.Sscan(line[1:], &n)
	switch line[0] {
	case '$':
		b := make([]byte, max(0, n)+2)
		if n < 0 {
			return "", nil
		}
		for got := 0; got < len(b); {
			m, err := r.Read(b[got:])
			if err != nil {
				return "", err
			}
			got += m
		}
		return string(b[:n]), nil
	case '*':
		var out []string
		for range n {
			s, err := answer(r)
			if err != nil {
				return "", err
			}
			out = append(out, s)
		}
		return strings.Join(out, "\n"), nil
	}
	return line[1:], nil
}

// field reads one field of an answer in lines: "name:value", or a name and in
// the next line its value.
func field(addr, command, name string) string {
	text, err := bulk(addr, command)
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
	for i, l := range lines {
		if v, ok := strings.CutPrefix(l, name+":"); ok {
			return v
		}
		if l == name && i+1 < len(lines) {
			return lines[i+1]
		}
	}
	return ""
}
