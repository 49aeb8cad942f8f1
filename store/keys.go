package store

import (
	"hash/fnv"
	"strconv"
	"strings"
)

// Every key of the store is made in this file.
//
//	{3}:acme:row:<table>                  hash    id → "rev schema json"; field "" holds the highest revision ever deleted
//	{3}:acme:set:<table>:<index>:<value>  set     ids (Index.Exact)
//	{3}:acme:ord:<table>:<index>:<value>  zset    score → id (Index.Order)
//	{3}:acme:word:<table>                 zset    score 0, "token\0id" and "=ref\0id" (Index.Words, Index.Ref)
//	{3}:acme:tok:<table>                  hash    id → " token token " for filtering
//	{3}:acme:uniq:<table>                 hash    "system\0id" → row id (Index.Unique)
//	{3}:acme:whose:<person>               set     "table\0id": rows with that person's data
//	{3}:acme:audit                        stream  e = JSON of Audit
//	{3}:acme:hist:<record>                list    ids in the audit stream
//	{3}:acme:seen:<key>                   string  "op reply", 25 h
//	{3}:acme:op:<op>                      string  "op ", 5 min
//	{3}:acme:token:<id>                   string  body, with its own life
//	{3}:acme:count                        hash    counters
//	{3}:acme:secret                       hash    name → sealed bytes
//	{3}:acme:sent:<out>                   string  id of the message sent, 25 h
//	{3}:acme:doubt                        hash    out id → item in doubt
//	{3}:acme:dead                         hash    id → dead letter
//
// and per shard, for the loops:
//
//	{3}:~:news      stream  t tenant, k kind, b body; an entry lives until it is done
//	{3}:~:newstry   hash    entry id → how often it was found again
//	{3}:~:due       zset    "tenant\x1ftimer" by time in ms
//	{3}:~:timer     hash    "tenant\x1ftimer" → body
//	{3}:~:timertry  hash    "tenant\x1ftimer" → attempts
//	{3}:~:inbox     zset    "tenant\x1fevent" by time in ms
//	{3}:~:inbody    hash    "tenant\x1fevent" → body
//	{3}:~:intry     hash    "tenant\x1fevent" → attempts
//	{3}:~:outitem   hash    "tenant\x1fid" → state and item
//	{3}:~:outqueue  zset    score 0, "tenant\x1fplace\x1fdue\x1fstamp\x1fid"
//	{3}:~:outdue    zset    "tenant\x1fplace" by the time its head is due, ms
//	{3}:~:outbusy   zset    "tenant\x1fid" being sent, by the token of its sender
//	{3}:~:outlast   string  last stamp given, µs
//	{3}:~:tenants   set     tenants of the shard
//	{3}:~:import    string  last line of an unfinished import that is in
//	{3}:~:fence     hash    lease name → highest token
//	{3}:~:lease:<name>  string  "token owner", with the lease's life
//	{3}:~:pace:<key>    string  theoretical arrival time, µs
//
// The global part is {g}::… and {g}:~:…; it also holds
//
//	{g}::meta         hash    shards
//	{g}::import       hash    file: digest of a file whose import is unfinished; over: all its lines are in
//	{g}::procs        set     processes that ever beat
//	{g}::proc:<name>  string  alive, 6 s
//
// A table is one hash and its words one sorted set, so that a script which
// finds ids may read their rows without naming keys that it did not declare.

// sep separates the parts of a member; names never hold it (see clean).
const sep = "\x1f"

// space is where one tenant's keys lie.
type space struct {
	tenant string
	shard  int    // index of the shard; the global part comes after the last
	own    string // prefix of the tenant's keys
	loop   string // prefix of the shard's keys
	member string // prefix of the tenant's members in the shard's keys
}

var global = newSpace("", 0)

func newSpace(tenant string, shards int) *space {
	if tenant == "" {
		return &space{shard: shards, own: "{g}::", loop: "{g}:~:", member: sep}
	}
	h := fnv.New32a()
	h.Write([]byte(tenant))
	n := int(h.Sum32() % uint32(shards))
	tag := shardTag(n, shards)
	return &space{tenant: tenant, shard: n, own: tag + ":" + escape(tenant) + ":", loop: tag + ":~:", member: clean(tenant) + sep}
}

// shardTag is the hash tag of a shard; index shards is the global part.
func shardTag(n, shards int) string {
	if n == shards {
		return "{g}"
	}
	return "{" + strconv.Itoa(n) + "}"
}

func (s *space) key(kind string) string   { return s.own + kind }
func (s *space) rows(table string) string { return s.own + "row:" + table }
func (s *space) exact(t, index, value string) string {
	return s.own + "set:" + t + ":" + index + ":" + value
}
func (s *space) order(t, index, value string) string {
	return s.own + "ord:" + t + ":" + index + ":" + value
}
func (s *space) words(table string) string  { return s.own + "word:" + table }
func (s *space) tokens(table string) string { return s.own + "tok:" + table }
func (s *space) uniq(table string) string   { return s.own + "uniq:" + table }
func (s *space) whose(person string) string { return s.own + "whose:" + person }
func (s *space) hist(record string) string  { return s.own + "hist:" + record }
func (s *space) seen(key string) string     { return s.own + "seen:" + key }
func (s *space) op(op string) string        { return s.own + "op:" + op }
func (s *space) token(id string) string     { return s.own + "token:" + id }
func (s *space) sent(out string) string     { return s.own + "sent:" + out }

// shardKey is a key of shard n's loops.
func (db *DB) shardKey(n int, kind string) string {
	return shardTag(n, db.shards) + ":~:" + kind
}

// escape keeps tenants apart from each other and from "~".
func escape(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		plain = plain && plainByte(s[i])
	}
	if plain {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if plainByte(s[i]) {
			b.WriteByte(s[i])
		} else {
			b.WriteByte('%')
			b.WriteString(strconv.FormatUint(uint64(s[i])|0x100, 16)[1:])
		}
	}
	return b.String()
}

func plainByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.'
}

// clean takes control characters out of a name that becomes part of a member.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '_'
		}
		return r
	}, s)
}
