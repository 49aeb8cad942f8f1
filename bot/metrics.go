package bot

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are counted per process; labels are names from declarations, never ids.
type metrics struct {
	reg        *prometheus.Registry
	events     *prometheus.CounterVec
	seconds    prometheus.Histogram
	acts       *prometheus.CounterVec
	faults     *prometheus.CounterVec
	refused    *prometheus.CounterVec
	retries    prometheus.Counter
	troubles   prometheus.Counter
	away       prometheus.Counter
	unanswered prometheus.Counter
	tooFast    prometheus.Counter
	sent       prometheus.Counter
	doubts     prometheus.Counter
	dead       prometheus.Counter
}

func newMetrics() *metrics {
	r := prometheus.NewRegistry()
	counter := func(name, help string) prometheus.Counter {
		c := prometheus.NewCounter(prometheus.CounterOpts{Name: "rapport_" + name, Help: help})
		r.MustRegister(c)
		return c
	}
	vec := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rapport_" + name, Help: help}, labels)
		r.MustRegister(c)
		return c
	}
	m := &metrics{reg: r,
		events:     vec("events_total", "Events received, by network and kind.", "network", "kind"),
		acts:       vec("acts_total", "Acts done, by command.", "command"),
		faults:     vec("faults_total", "Answers that said no, by kind.", "kind"),
		refused:    vec("refused_total", "Requests refused at a door, by reason.", "reason"),
		retries:    counter("commit_retries_total", "Commits tried again because a record had changed."),
		troubles:   counter("troubles_total", "Events that failed inside Rapport; each is logged under a reference."),
		away:       counter("store_away_total", "Events that met an unreachable store."),
		unanswered: counter("answers_lost_total", "Answers a network did not take."),
		tooFast:    counter("too_fast_total", "Events refused because one account sent too many."),
		sent:       counter("messages_sent_total", "Messages delivered from the outbox."),
		doubts:     counter("messages_in_doubt_total", "Messages that ended in doubt or cannot be delivered."),
		dead:       counter("dead_letters_total", "News, timers and events given up."),
	}
	m.seconds = prometheus.NewHistogram(prometheus.HistogramOpts{Name: "rapport_event_seconds", Help: "Time from receipt to answer.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 1.5, 3}})
	r.MustRegister(m.seconds)
	return m
}

// Metrics is the registry to serve.
func (b *Bot) Metrics() *prometheus.Registry { return b.metrics.reg }

func (m *metrics) event(ev Event, d time.Duration) {
	var kind string
	switch ev.Body.(type) {
	case Asked:
		kind = "asked"
	case Pressed:
		kind = "pressed"
	case Filled:
		kind = "filled"
	case Suggest:
		kind = "suggest"
	case Said:
		kind = "said"
	case Opened:
		kind = "opened"
	default:
		kind = "other"
	}
	m.events.WithLabelValues(ev.From.Network, kind).Inc()
	m.seconds.Observe(d.Seconds())
}

// log writes the one line of an act, without personal data.
func (t *turn) log(ctx context.Context, cmd *command, call *Call, how string) {
	t.bot.metrics.acts.WithLabelValues(cmd.Name).Inc()
	if !t.bot.log.Enabled(ctx, slog.LevelInfo) {
		return
	}
	t.bot.log.InfoContext(ctx, "act", "command", cmd.Name, "event", t.ev.ID, "network", t.ev.From.Network, "tenant", call.Tenant,
		"by", call.Person.ID, "records", strings.Join(call.records, " "), "took", t.bot.now().Sub(t.start), "how", how)
}
