// Package pipeline is candidates on their way through jobs: adding and finding
// people, opening jobs, moving somebody on, taking it back, and seeing where
// everybody stands.
//
// The path of a move: the typed line becomes Move (its candidate and stage looked
// up in lookup.go), rules decide in bot/recruiting (Decide, with the guard inside),
// tables.Stage writes the process, its indexes, news and audit in one commit, and
// the answer offers Undo. Watchers hear of it from the news (watch.go).
//
// It decides nothing itself: every rule about people and jobs stands in
// bot/recruiting.
package pipeline

import (
	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/bot/scheduling"
)

// hiring is everybody who may look at candidates; which ones, MaySee decides.
const hiring = recruiting.Admin | recruiting.Recruiter | recruiting.Manager | recruiting.Interviewer | recruiting.Support

// onJobs is everybody who works on jobs; on which, MaySeeJob decides.
const onJobs = hiring &^ recruiting.Support

// moving is everybody who may change a process; whose, Decide decides.
const moving = recruiting.Admin | recruiting.Recruiter | recruiting.Manager

// Add declares the feature. zones is the database in force; nil is the one that the
// program carries.
func Add(b *bot.Bot, zones *scheduling.DB) {
	if zones == nil {
		zones = scheduling.Default()
	}
	w := atlas{zones}
	addLookups(b)
	addJobs(b)
	addHome(b)
	w.addCandidates(b)
	addFinds(b)
	w.addEdits(b)
	addNotes(b)
	addSources(b)
	addTags(b)
	addAttachments(b)
	addApplying(b)
	addMerges(b)
	addRehanging(b)
	addFollows(b)
	addHistory(b)
	addExports(b)
	addErasing(b)
	addRetention(b)
	addMoves(b)
	addUndo(b)
	addGuard(b)
	w.addReject(b)
	addRejections(b)
	w.addOffers(b)
	addReferences(b)
	addVerdicts(b)
	w.addInterviews(b)
	addWithdrawals(b)
	addBulk(b)
	addLetters(b)
	addQuestions(b)
	addWatch(b)
	addAttached(b)
}
