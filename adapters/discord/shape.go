package discord

// payload is one Discord message. Every key is always sent, so that an edit takes
// away what was there before; allowed_mentions is closed but for the people named.
type payload struct {
	Content    string     `json:"content"`
	Embeds     []embed    `json:"embeds"`
	Components []row      `json:"components"`
	Mentions   mentions   `json:"allowed_mentions"`
	Flags      int        `json:"flags,omitempty"`
	Nonce      string     `json:"nonce,omitempty"`
	Enforce    bool       `json:"enforce_nonce,omitempty"`
	Reference  *reference `json:"message_reference,omitempty"`
}

type mentions struct {
	Parse []string `json:"parse"`
	Users []string `json:"users,omitempty"`
}

type reference struct {
	MessageID string `json:"message_id"`
	FailIfNot bool   `json:"fail_if_not_exists"`
}

type embed struct {
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	Fields      []embedField `json:"fields,omitempty"`
	Image       *embedImage  `json:"image,omitempty"`
	Footer      *embedFooter `json:"footer,omitempty"`
}

type embedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline"`
}

type embedImage struct {
	URL string `json:"url"`
}

type embedFooter struct {
	Text string `json:"text"`
}

type row struct {
	Kind       int   `json:"type"`
	Components []any `json:"components"`
}

type button struct {
	Kind     int    `json:"type"`
	Style    int    `json:"style"`
	Label    string `json:"label"`
	CustomID string `json:"custom_id,omitempty"`
	URL      string `json:"url,omitempty"`
}

type menu struct {
	Kind        int          `json:"type"`
	CustomID    string       `json:"custom_id"`
	Options     []menuOption `json:"options"`
	Placeholder string       `json:"placeholder,omitempty"`
	Min         *int         `json:"min_values,omitempty"`
	Max         int          `json:"max_values,omitempty"`
	Required    *bool        `json:"required,omitempty"` // in forms only
}

type menuOption struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Default     bool   `json:"default,omitempty"`
}
