package main

// Everybody in the demo is invented; every address ends in .example.

var demoTeam = []struct {
	id, name, zone, hours string
	roles                 string
}{
	{"m_rita", "Rita Lindqvist", "Europe/Berlin", "09:00-17:30", "recruiter"},
	{"m_max", "Max Rowe", "America/New_York", "09:00-18:00", "manager"},
	{"m_ines", "Inés Carrasco", "Europe/Madrid", "09:30-18:30", "manager"},
	{"m_tomo", "Tomo Hayashi", "Asia/Tokyo", "09:00-18:00", "interviewer"},
	{"m_priya", "Priya Raman", "Asia/Kolkata", "10:00-18:30", "interviewer"},
	{"m_sam", "Sam Adeyemi", "Africa/Lagos", "08:30-17:00", "support"},
	{"m_lena", "Lena Fischer", "Europe/Vienna", "09:00-17:00", "recruiter"},
	{"m_ann", "Ann Whitcombe", "Europe/London", "09:00-17:30", "admin"},
}

var demoJobs = []struct {
	id, title, team, city, stages string
	manager                       string
	closed                        bool
}{
	{"j_backend", "Backend Engineer", "Platform", "Berlin", "Applied, Screen, Onsite, Offer, Hired", "m_max", false},
	{"j_design", "Product Designer", "Design", "Madrid", "Applied, Portfolio, Onsite, Offer, Hired", "m_ines", false},
	{"j_success", "Customer Success Lead", "Success", "Remote", "Applied, Call, Case, Offer, Hired", "m_ines", false},
	{"j_data", "Data Analyst", "Platform", "London", "Applied, Screen, Onsite, Offer, Hired", "m_max", true},
}

var demoFirst = []string{"Ada", "Mateo", "Yuki", "Zanele", "Oskar", "Leila", "Bishal", "Clara", "Noah", "Aroha", "Ravi", "Ingrid", "Chidi", "Sofía", "Tariq", "Mei", "Jonas", "Amina", "Pierre", "Nadia"}
var demoLast = []string{"Okafor", "Herrera", "Tanaka", "Dlamini", "Nyström", "Haddad", "Gurung", "Weiss", "Bennett", "Parata", "Iyer", "Solberg", "Eze", "Navarro", "Aziz", "Chen", "Meyer", "Diallo", "Laurent", "Petrova"}

var demoZones = []struct{ zone, city string }{
	{"Africa/Lagos", "Lagos"}, {"America/Bogota", "Bogotá"}, {"Asia/Tokyo", "Osaka"}, {"Africa/Johannesburg", "Durban"},
	{"Europe/Stockholm", "Malmö"}, {"Asia/Beirut", "Beirut"}, {"Asia/Kathmandu", "Kathmandu"}, {"Europe/Berlin", "Leipzig"},
	{"America/St_Johns", "St. John's"}, {"Pacific/Auckland", "Wellington"}, {"Asia/Kolkata", "Pune"}, {"Australia/Adelaide", "Adelaide"},
}

var demoTags = []string{"go", "referral", "design systems", "speaks Spanish", "open to move", "redis", "met at meetup", "leadership"}

// demoNotes are what colleagues wrote down; {name} is the candidate's first name.
var demoNotes = []struct{ by, text string }{
	{"m_lena", "First call went well. {name} asked good questions about how we decide things, and wants to hear by the end of the month."},
	{"m_max", "Strong on failure modes: took a queue apart on the whiteboard and found the case we forgot in spring."},
	{"m_priya", "Paired for an hour. Careful with tests, a little slow to ask for help. I would work with {name}."},
	{"m_tomo", "Portfolio is honest about what was a team's work. Let us talk about research on the onsite."},
	{"m_rita", "Notice period is two months. Salary expectation is inside the band."},
	{"m_ines", "Handled the angry-customer case calmly, and wrote the follow-up I would have wanted to send."},
	{"m_rita", "Away until Monday; prefers calls after 17:00 local time."},
}

// demoCount is how many candidates there are; every fifteenth stays at a stage for
// so long that the board shows them as stuck.
const demoCount = 60
