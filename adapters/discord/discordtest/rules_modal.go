package discordtest

// checkModal adds what the schema does not say about a modal
// (docs.discord.com/developers/components/reference, "using modals").
func checkModal(data obj, f *form) {
	tops := objects(list(data, "components"))
	if len(tops) > 5 {
		f.length("data.components", 1, 5)
	}
	c := components{form: f, draft: &draft{}, ids: map[string]bool{}, numbers: map[int]bool{}}
	for i, top := range tops {
		at := "data.components." + itoa(i)
		switch integer(top, "type", 0) {
		case compRow:
			inner := objects(list(top, "components"))
			if len(inner) != 1 {
				f.length(at+".components", 1, 1)
			}
			for j, in := range inner {
				if str(in, "label") == "" {
					f.required(at + ".components." + itoa(j) + ".label")
				}
				c.input(in, at+".components."+itoa(j))
			}
		case compLabel:
			if in := sub(top, "component"); in != nil {
				if has(in, "label") && integer(in, "type", 0) == compInput {
					f.add(at+".component.label", "COMPONENT_LABEL_NOT_ALLOWED", "A text input inside a label has no label of its own")
				}
				c.input(in, at+".component")
			}
		}
	}
}

// input checks what a person fills in.
func (c *components) input(o obj, at string) {
	kind := integer(o, "type", 0)
	switch {
	case kind == compInput:
		c.custom(o, at)
		least, most := integer(o, "min_length", 0), integer(o, "max_length", 4000)
		if least > most {
			c.form.add(at+".min_length", "TEXT_INPUT_MIN_LENGTH_EXCEEDS_MAX_LENGTH", "min_length cannot be larger than max_length")
		}
		if n := size(str(o, "value")); n > 0 && (n < least || n > most) {
			c.form.length(at+".value", least, most)
		}
	case isSelect(kind):
		if truth(o, "disabled") {
			c.form.add(at+".disabled", "COMPONENT_DISABLED_IN_MODAL", "Components in a modal cannot be disabled")
		}
		c.needed(o, at)
		c.selects(o, at)
	case kind == compUpload || kind == compChecks:
		c.custom(o, at)
		c.needed(o, at)
		least, most := integer(o, "min_values", 1), integer(o, "max_values", 1)
		if kind == compChecks {
			most = integer(o, "max_values", len(list(o, "options")))
		}
		if least > most {
			c.form.add(at, "SELECT_COMPONENT_MIN_VALUES_EXCEEDS_MAX_VALUES", "min_values cannot be larger than max_values")
		}
		checkOptions(c.form, o, at, most)
	case kind == compRadio:
		c.custom(o, at)
		checkOptions(c.form, o, at, 1)
	case kind == compCheck:
		c.custom(o, at)
	}
}

// needed: what is required cannot be left at zero.
func (c *components) needed(o obj, at string) {
	required := true
	if v, ok := o["required"].(bool); ok {
		required = v
	}
	if required && integer(o, "min_values", 1) == 0 {
		c.form.add(at+".min_values", "COMPONENT_REQUIRED_MIN_VALUES", "min_values must be at least 1 when the component is required")
	}
}
