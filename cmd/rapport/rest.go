package main

import (
	"context"
	"errors"
)

func (i importCmd) candidates(ctx context.Context, m *Main, c *commands) error {
	return errors.New("not yet")
}

type (
	doctorCmd   struct{}
	manifestCmd struct{}
	docsCmd     struct{}
)

func (doctorCmd) Run() error   { return nil }
func (manifestCmd) Run() error { return nil }
func (docsCmd) Run() error     { return nil }
