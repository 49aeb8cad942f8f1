package bot

// Role is a set of kinds of people. Values are declared by the vocabulary of the
// product (recruiting); the kernel knows only the three below.
type Role uint32

const (
	// Anyone may: also strangers without a person.
	Anyone Role = 1 << 31
	// Known may: every person of the tenant, whatever their roles.
	Known Role = 1 << 30
	// Stranger is whoever has no role yet; only Command.For names them.
	Stranger Role = 1 << 28
	// Machine may: only timers, news and the bot itself.
	Machine Role = 1 << 29
)

// Person is ours: one human of a tenant, over all their accounts.
type Person struct {
	ID       string    `json:"id"`
	Tenant   string    `json:"-"`
	Name     string    `json:"name"`
	Email    string    `json:"email,omitempty"`
	Roles    Role      `json:"roles"`
	Zone     string    `json:"zone,omitempty"`   // IANA; "" = not known, ask
	Locale   string    `json:"locale,omitempty"` // BCP 47
	Hours    string    `json:"hours,omitempty"`  // working hours "09:00-17:00"; "" = 09:00-17:30 Monday to Friday
	Accounts []Account `json:"accounts,omitempty"`
	Prefer   Place     `json:"prefer,omitzero"` // where they want their cards; zero = direct, at the account used last
	Gone     bool      `json:"gone,omitempty"`  // removed: no rights, name kept for history
}

// Is reports whether the person may use a command declared for who.
func (p Person) Is(who Role) bool {
	switch {
	case who&Anyone != 0:
		return true
	case p.ID == "" || p.Gone:
		return false
	case who&Known != 0:
		return true
	}
	return p.Roles&who != 0
}
