package recruiting

// Kind names an act: in rules, permissions, the log of deeds and the audit.
type Kind string

// The kinds of acts.
const (
	DoMove     Kind = "move"
	DoHire     Kind = "hire" // a Move to the hired stage
	DoApply    Kind = "apply"
	DoTransfer Kind = "transfer"
	DoWithdraw Kind = "withdraw"

	DoAskReference     Kind = "reference.ask"
	DoSendReference    Kind = "reference.send"
	DoReceiveReference Kind = "reference.receive"
	DoCancelReference  Kind = "reference.cancel"
	DoRecordYes        Kind = "yes"

	DoDraftOffer    Kind = "offer.draft"
	DoSendOffer     Kind = "offer.send"
	DoAcceptOffer   Kind = "offer.accept"
	DoDeclineOffer  Kind = "offer.decline"
	DoWithdrawOffer Kind = "offer.withdraw"

	DoReject           Kind = "reject"
	DoSignRejection    Kind = "reject.sign"
	DoReleaseRejection Kind = "reject.release"
	DoStopRejection    Kind = "reject.stop"
	DoResumeRejection  Kind = "reject.resume"
	DoCancelRejection  Kind = "reject.cancel"
	DoSendRejection    Kind = "reject.send"

	DoInvite          Kind = "interview.invite"
	DoBook            Kind = "interview.book"
	DoRemindInterview Kind = "interview.remind"
	DoCancelInterview Kind = "interview.cancel"
	DoEndInterview    Kind = "interview.end"

	DoFileScorecard Kind = "scorecard"
	DoFileDecision  Kind = "decision"

	DoSurvey       Kind = "survey.send"
	DoRemindSurvey Kind = "survey.remind"
	DoEndSurvey    Kind = "survey.end"
	DoCampaign     Kind = "campaign.send"

	DoUndo Kind = "undo"
)

// kindSaid says what a kind of act is called in sentences: doing it, and having done it.
var kindSaid = map[Kind][2]string{
	DoMove:             {"Moving people", "moved"},
	DoHire:             {"Hiring", "hired"},
	DoApply:            {"Adding people", "added to a job"},
	DoTransfer:         {"Moving people between jobs", "moved to another job"},
	DoWithdraw:         {"Withdrawing applications", "withdrawn"},
	DoAskReference:     {"Asking for references", "reference asked"},
	DoSendReference:    {"Sending reference requests", "reference request sent"},
	DoReceiveReference: {"Filing references", "reference received"},
	DoCancelReference:  {"Cancelling references", "reference cancelled"},
	DoRecordYes:        {"Recording a candidate's yes", "yes recorded"},
	DoDraftOffer:       {"Drafting offers", "offer drafted"},
	DoSendOffer:        {"Sending offers", "offer sent"},
	DoAcceptOffer:      {"Marking offers accepted", "offer accepted"},
	DoDeclineOffer:     {"Marking offers declined", "offer declined"},
	DoWithdrawOffer:    {"Withdrawing offers", "offer withdrawn"},
	DoReject:           {"Rejecting", "rejection staged"},
	DoSignRejection:    {"Signing rejections", "rejection signed"},
	DoReleaseRejection: {"Releasing rejections", "rejection ready to send"},
	DoStopRejection:    {"Stopping rejections", "rejection stopped"},
	DoResumeRejection:  {"Resuming rejections", "rejection resumed"},
	DoCancelRejection:  {"Cancelling rejections", "rejection cancelled"},
	DoSendRejection:    {"Sending rejections", "rejection sent"},
	DoInvite:           {"Inviting to interviews", "invited to an interview"},
	DoBook:             {"Booking interviews", "interview booked"},
	DoRemindInterview:  {"Reminding of interviews", "reminded of an interview"},
	DoCancelInterview:  {"Cancelling interviews", "interview cancelled"},
	DoEndInterview:     {"Closing interviews", "interview closed"},
	DoFileScorecard:    {"Filing scorecards", "scorecard filed"},
	DoFileDecision:     {"Deciding", "decision filed"},
	DoSurvey:           {"Sending surveys", "survey sent"},
	DoRemindSurvey:     {"Reminding of surveys", "reminded of a survey"},
	DoEndSurvey:        {"Closing surveys", "survey closed"},
	DoCampaign:         {"Sending campaigns", "campaign sent"},
	DoUndo:             {"Taking back", "taken back"},
}

// Said is the act as a thing of the past: "offer sent".
func (k Kind) Said() string { return kindSaid[k][1] }
