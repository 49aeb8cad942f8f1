package store

// CrashPoints are the places at which a process that dies leaves the most
// behind: just before and just after everything that Redis is told. Tests end
// the process, or Redis, at each of them (Options.Crash) and compare what is
// left with a run that nobody disturbed.
//
//	commit   an act: before the script is sent, after it was answered
//	inbox    an event is kept that takes longer than its network waits; taken:
//	         somebody finishes what another left; clear: it is taken out again
//	due      timers were handed out; timer: the commit that takes one off
//	news     news was handed out; done: it is taken off the stream
//	out      messages were marked as being sent; sent, later, doubt: the
//	         network has answered and Redis does not know yet; noted: it does
var CrashPoints = []string{
	"commit.before", "commit.after",
	"inbox.commit.before", "inbox.commit.after", "inbox.taken", "clear.commit.before", "clear.commit.after",
	"due.taken", "timer.commit.before", "timer.commit.after",
	"news.taken", "news.done.before", "news.done.after",
	"out.taken", "out.sent", "out.later", "out.doubt", "out.noted",
}

func (db *DB) crash(point string) {
	if db.opt.Crash != nil {
		db.opt.Crash(point)
	}
}

// crashAt names the crash points around this commit.
func (b *Batch) crashAt(name string) *Batch { b.crash = name; return b }
