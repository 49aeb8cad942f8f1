package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

type exportCmd struct {
	File  string `arg:"" help:"File to write; it holds personal data and is readable by you alone." type:"path"`
	Force bool   `help:"Write over a file that is there."`
}

func (e exportCmd) Run(ctx context.Context, m *Main, c *commands) (err error) {
	file, there, err := e.target()
	if err != nil {
		return err
	}
	if there && !e.Force {
		return fmt.Errorf("%s is there already. Choose another name, or write over it with --force", e.File)
	}
	if cfg, _ := ReadConfig(m.Env, c.Config); !kept(cfg) { // opening would make one
		return nothingIn(cfg)
	}
	cfg, db, err := m.bare(ctx, c)
	if err != nil {
		return err
	}
	defer shut(ctx, db, &err)
	tmp, err := os.CreateTemp(filepath.Dir(file), ".rapport-export-*")
	if err != nil {
		return e.cannot(err)
	}
	defer os.Remove(tmp.Name())
	w := bufio.NewWriter(tmp)
	n, err := db.Export(ctx, w)
	if err == nil && n == 0 {
		err = nothingIn(cfg)
	}
	if err != nil {
		return errors.Join(e.cannot(err), tmp.Close())
	}
	if err := errors.Join(w.Flush(), tmp.Chmod(0o600), tmp.Sync(), tmp.Close()); err != nil {
		return e.cannot(err)
	}
	if err := os.Rename(tmp.Name(), file); err != nil {
		return e.cannot(err)
	}
	if others, err := db.Serving(ctx); err == nil && others {
		fmt.Fprintln(m.Stdout, "Rapport is running: what changed while this was written may be in it or not. For an exact copy stop it first.")
	}
	fmt.Fprintf(m.Stdout, "Wrote %s. It holds personal data: keep it as safe as the store.\n", e.File)
	return nil
}

// target is the file to write, links followed, and whether something is there. What is
// no plain file is never written over: a device would become a file.
func (e exportCmd) target() (file string, there bool, err error) {
	file = e.File
	for range 40 { // links, as far as any system follows them
		info, err := os.Lstat(file)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return file, file != e.File, nil
		case err != nil:
			return "", false, e.cannot(err)
		case info.Mode().IsRegular():
			return file, true, nil
		case info.Mode()&fs.ModeSymlink == 0:
			return "", false, fmt.Errorf("%s is no plain file, and an export is not written over it. Choose another name", e.File)
		}
		to, err := os.Readlink(file)
		if err != nil {
			return "", false, e.cannot(err)
		}
		if !filepath.IsAbs(to) {
			dir, err := filepath.EvalSymlinks(filepath.Dir(file))
			if err != nil {
				return "", false, e.cannot(err)
			}
			to = filepath.Join(dir, to)
		}
		file = to
	}
	return "", false, fmt.Errorf("%s is a link that leads in a circle. Choose another name", e.File)
}

// cannot names the file that was asked for in an error of the file system, which knows
// another one.
func (e exportCmd) cannot(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	default:
		return err
	}
	return fmt.Errorf("%s cannot be written: %w", e.File, err)
}

// nothingIn says that a store is empty, and which one was read.
func nothingIn(cfg Config) error {
	if cfg.RedisURL != "" {
		return errors.New("there is nothing to export: the Redis at RAPPORT_REDIS_URL keeps nothing of Rapport. Set it to the one serve uses")
	}
	dir, err := filepath.Abs(cfg.Data)
	if err != nil {
		dir = cfg.Data
	}
	return fmt.Errorf("there is nothing to export: no data is in the folder %s. Set RAPPORT_DATA to the one serve uses, or RAPPORT_REDIS_URL", dir)
}
