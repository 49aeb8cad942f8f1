package store_test

import (
	"testing"

	"rapport/store"
	"rapport/store/storetest"
)

func TestSentinelFailOver(t *testing.T) {
	t.Parallel()
	s := storetest.Sentinel(t)
	db := opened(t, store.Options{URL: s.URL()})
	if db.Kind() != "sentinel" {
		t.Errorf("kind %s", db.Kind())
	}
	l := underLoad(t, db, 8)
	l.await(t, 100)
	s.Failover()
	l.await(t, 100)
	l.end(t, db)
	if soak() {
		storetest.Run(t, func(*testing.T) *store.DB { return db })
	}
}

func TestClusterOfThreeMasters(t *testing.T) {
	t.Parallel()
	replicas := 0
	if soak() {
		replicas = 1
	}
	c := storetest.Cluster(t, replicas)
	db := opened(t, store.Options{URL: c.URL()})
	if db.Kind() != "cluster" {
		t.Errorf("kind %s", db.Kind())
	}
	storetest.Run(t, func(*testing.T) *store.DB { return db })
	if !soak() {
		return
	}
	db = opened(t, store.Options{URL: c.URL()})
	l := underLoad(t, db, 16)
	l.await(t, 100)
	c.Failover()
	l.await(t, 100)
	l.end(t, db)
}
