package bot

// Form asks for what is missing. Its fields come from an act's struct tags.
type Form struct {
	Title  string
	Intro  string
	Submit string // the button's word; "Send" when empty
	Fields []Field
	Token  string // the act so far, sealed by the kernel; comes back in Filled
	// Act is the act so far. A Shape may complete what is not asked of it: ids and
	// revisions of what the form was made from.
	Act any
}

// FieldKind says what is typed into a field.
type FieldKind int

const (
	Line   FieldKind = iota // a short text
	Long                    // text of several lines
	Choice                  // one of Options
	Search                  // one of what Suggest offers while typing
	Member                  // an account of the network (a person of the team)
	Number                  // a whole number
	Flag                    // yes or no: "true" or "false"
	Email
	Date // 2006-01-02
	Upload
)

// Field is one thing to fill in.
type Field struct {
	Name     string // what it is called in text: to:
	Label    string
	Hint     string
	Kind     FieldKind
	Required bool
	Many     bool     // several values, one a line
	Options  []Option // of a Choice
	Value    string   // filled in already
	Shown    string   // how Value reads, where it is an id
	Max      int      // most characters; 0 = the network's limit
}

// FieldErrors says what is wrong, by field name.
type FieldErrors map[string]string
