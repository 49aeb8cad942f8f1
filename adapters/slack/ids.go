package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// team names the install an event belongs to: the organisation for an install of a whole
// organisation, else the workspace.
func team(workspace, enterprise string, org bool) string {
	if org && enterprise != "" {
		return enterprise
	}
	if workspace == "" {
		return enterprise
	}
	return workspace
}

// splitMessage reads a message id: a timestamp, or channel and timestamp where the place that it
// was sent to does not name the channel (a DM opened by sending).
func splitMessage(id string) (channel, ts string) {
	if c, t, ok := strings.Cut(id, "/"); ok {
		return c, t
	}
	return "", id
}

// instant reads a Slack timestamp; the zero time when it is none. The digits after the point are
// kept as microseconds: a float would lose them.
func instant(ts string) time.Time {
	whole, frac, _ := strings.Cut(ts, ".")
	sec, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || sec <= 0 || sec > latest {
		return time.Time{}
	}
	var micro int64
	if frac != "" {
		micro, _ = strconv.ParseInt((frac + "000000")[:6], 10, 64)
	}
	return time.Unix(sec, micro*1000).UTC()
}

// latest is the year 2500: a stamp beyond it is none, and one beyond 9999 could not even be kept.
const latest = 16725225600

// digest names a payload that carries no id of its own.
func digest(raw []byte) string {
	h := sha256.Sum256(raw)
	return hex.EncodeToString(h[:12])
}

// seen builds the keys of an event, each with a letter for its kind.
func triggerKey(team, trigger, stamp string) string {
	if stamp == "" {
		return "t/" + team + "/" + trigger
	}
	return "t/" + team + "/" + trigger + "/" + stamp
}

func messageKey(team, channel, ts string) string { return "m/" + team + "/" + channel + "/" + ts }
