package slacktest

// content is what a message says, checked.
type content struct {
	text     string
	blocks   []any
	attached []any
	metadata obj
	given    struct{ text, blocks, attached bool }
}

const (
	longText     = 4000  // advised; beyond it Slack may split the message
	truncateText = 40000 // beyond it Slack cuts
)

// readContent checks text, blocks, attachments and metadata of a message. The lock is held.
func (s *Server) readContent(args obj, where string) (content, *trouble) {
	var c content
	if raw, there := args["text"]; there && raw != nil {
		text, isText := raw.(string)
		if !isText {
			return c, invalid("invalid_arguments", "must be a string [json-pointer:/text]")
		}
		c.text, c.given.text = text, true
	}
	if md, there := args["markdown_text"].(string); there && md != "" {
		if c.text != "" || args["blocks"] != nil {
			return c, refuse("markdown_text_conflict")
		}
		if runes(md) > 12000 {
			return c, refuse("msg_too_long")
		}
		c.text, c.given.text = md, true
	}
	if raw, there := args["blocks"]; there && raw != nil && raw != "" {
		blocks, isList := raw.([]any)
		if !isList {
			return c, refuse("invalid_blocks_format")
		}
		if wrong := checkBlocks(blocks, onMessage, "/blocks"); len(wrong) > 0 {
			return c, invalid("invalid_blocks", wrong...)
		}
		c.blocks, c.given.blocks = clone(blocks), true
		s.lint(where, blocks)
	}
	if raw, there := args["attachments"]; there && raw != nil && raw != "" {
		t := s.readAttachments(&c, raw)
		if t != nil {
			return c, t
		}
	}
	if raw := args["metadata"]; raw != nil && raw != "" {
		if wrong := checkMetadata(raw); len(wrong) > 0 {
			return c, invalid("invalid_metadata_format", wrong...)
		}
		if len(marshal(raw)) > 16_000 {
			return c, refuse("metadata_too_large")
		}
		c.metadata = clone(object(raw))
	}
	if runes(c.text) > truncateText {
		s.fault("text_truncated", where, "%d characters of text, Slack keeps %d", runes(c.text), truncateText)
		c.text = string([]rune(c.text)[:truncateText])
	} else if runes(c.text) > longText {
		s.fault("long_text", where, "%d characters of text, Slack may split what is longer than %d", runes(c.text), longText)
	}
	if len(c.blocks) > 0 && c.text == "" {
		s.fault("missing_text_in_message", where, "blocks without a text for notifications and screen readers")
	}
	return c, nil
}

func (s *Server) readAttachments(c *content, raw any) *trouble {
	attached, isList := raw.([]any)
	if !isList || len(attached) > 100 {
		return refuse("invalid_attachments")
	}
	for i, a := range attached {
		inner := object(a)
		if inner == nil {
			return refuse("invalid_attachments")
		}
		if blocks := list(inner["blocks"]); blocks != nil {
			if wrong := checkBlocks(blocks, onMessage, pointer("/attachments", i)+"/blocks"); len(wrong) > 0 {
				return invalid("invalid_blocks", wrong...)
			}
		}
	}
	c.attached, c.given.attached = clone(attached), true
	return nil
}

// lint tells what Slack accepts today but the documentation warns of.
func (s *Server) lint(where string, blocks []any) {
	tables := 0
	for _, b := range blocks {
		if str(object(b)["type"]) == "table" {
			tables++
		}
	}
	if tables > 1 {
		s.fault("only_one_table_allowed", where, "%d tables in one message", tables)
	}
}

func (c content) empty() bool { return c.text == "" && len(c.blocks) == 0 && len(c.attached) == 0 }

func (c content) into(m *message) {
	m.text, m.blocks, m.attached, m.metadata = c.text, named(c.blocks), c.attached, c.metadata
	m.state = m.state.keep(m.blocks)
}

func invalid(code string, messages ...string) *trouble {
	return &trouble{code: code, messages: messages}
}
