package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// crasher makes the program, run as a process of its own, come to harm at named
// points of the store. where is a list, with commas, of
//
//	out.sent:2               it dies like by a power cut, the second time it passes there
//	out.sent:1=stop          it is stopped in its tracks (until SIGCONT)
//	out.sent:1=kill:4711     another process dies so, such as its Redis
//	commit.before:1=hold:2s  it takes its time there
//	out.sent:0=note:FILE     each point that is passed is written into the file, once
func crasher(where string) func(string) {
	if where == "" {
		return nil
	}
	var mu sync.Mutex
	passed := map[string]int{}
	return func(point string) {
		mu.Lock()
		passed[point]++
		n := passed[point]
		mu.Unlock()
		for _, one := range strings.Split(where, ",") {
			at, deed, _ := strings.Cut(one, "=")
			deed, arg, _ := strings.Cut(deed, ":")
			if deed == "note" && n == 1 {
				note(arg, point)
			}
			if at == fmt.Sprint(point, ":", n) {
				harm(deed, arg)
			}
		}
	}
}

func harm(deed, arg string) {
	switch deed {
	case "":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case "stop":
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		time.Sleep(10 * time.Millisecond) // until the signal is here
	case "kill":
		pid, _ := strconv.Atoi(arg)
		_ = syscall.Kill(pid, syscall.SIGKILL)
	case "hold":
		d, _ := time.ParseDuration(arg)
		time.Sleep(d)
	}
}

func note(file, point string) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	fmt.Fprintln(f, point)
}
