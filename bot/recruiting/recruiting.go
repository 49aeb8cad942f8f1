// Package recruiting is the pure vocabulary of hiring: who may do what, what a
// candidate, a job and a process are, which acts there are, and the guard that
// keeps one person from hearing two things at once.
//
// The path of an act:
//
//	a handler reads  → Situation: the candidate, the process, the jobs it touches
//	Decide           → may they? Guard: does it contradict anything? run: a new Process
//	a handler keeps  → Change.Process (compare and bump its revision), tells Change.News,
//	                   stages Change.Letters, asks Change.Questions
//
// One candidate has one Process. Everything the guard reads about a person lies
// in it, so that two different acts in the same second meet at one revision.
//
// Nothing here reads a clock, a store or a network: times and ids are
// arguments, every function returns new values and leaves its arguments as they
// were. Sentences are for the person who asked, and say what to do next.
package recruiting
