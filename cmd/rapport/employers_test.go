package main

import (
	"os"
	"testing"

	"rapport/store/storetest"
)

func TestSetupCodeMakesAnEmployer(t *testing.T) {
	t.Parallel()
	env := map[string]string{"RAPPORT_REDIS_URL": storetest.Server(t).URL()}
	out, said, code := prints(t, env, "setup-code", "--employer", "Globex")
	if code != 0 {
		t.Fatal(said)
	}
	has(t, out, "setup code: ", "/console/?setup in a browser", "It is for Globex (tenant globex) alone")
	out, said, code = prints(t, env, "setup-code", "--employer", "Globex")
	if code != 0 {
		t.Fatal("nobody is Admin of it yet:", said)
	}
	has(t, out, "setup code: ")
	file := t.TempDir() + "/people.csv"
	if err := os.WriteFile(file, []byte(people), 0o600); err != nil {
		t.Fatal(err)
	}
	_, said, code = prints(t, env, "import", "--csv", "--tenant", "initech", file)
	if code == 0 {
		t.Error("people went to nobody")
	}
	has(t, said, `no tenant "initech"`, "rapport setup-code --employer NAME")
	if _, said, code = prints(t, env, "import", "--csv", "--create-jobs", "--tenant", "globex", file); code != 3 { // some rows are meant to be kept aside
		t.Error(code, said)
	}
	help, _, _ := prints(t, nil, "setup-code", "--help")
	has(t, help, "--employer", "Several employers")
}
