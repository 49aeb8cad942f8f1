package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A job that cannot be opened keeps its rows aside; the others come in.
func TestAnImportGoesOnWithoutAJobThatCannotBe(t *testing.T) {
	t.Parallel()
	i := newImporting(t)
	long := strings.Repeat("x", 300)
	var b strings.Builder
	b.WriteString("name,email,job,stage\nAda Okafor,ada@mail.example,Baker,Tasting\nBo Chen,bo@mail.example," + long + ",Applied\n")
	for n := range 25 {
		fmt.Fprintf(&b, "Person %d,p%d@mail.example,Everything,Step %d\n", n, n, n)
	}
	b.WriteString("Cy Diaz,cy@mail.example,Cook,Applied\n")
	out, said := i.run(b.String(), "--create-jobs")
	has(t, out, "2 added", "26 kept aside", "Opened the job “Baker”", "Opened the job “Cook”")
	has(t, said, "line 3: The job “xxxx", "The title has 300 characters; 100 is the most.", "line 4: The job “Everything” cannot be opened: ", "20 is the most")
	if strings.Contains(said, "Jobs that do not exist") {
		t.Error("the way out that is named is the one just taken:", said)
	}
	aside, err := os.ReadFile(filepath.Join(i.dir, "people.rejected.csv"))
	if err != nil || strings.Count(string(aside), "\n") != 27 {
		t.Error(err, string(aside))
	}
	if all := i.all(); len(all) != 2 {
		t.Error(len(all))
	}
}

// A stage's name that would be read as several makes no stage.
func TestAnImportMakesNoTwoStagesOfOneName(t *testing.T) {
	t.Parallel()
	i := newImporting(t)
	out, said := i.run("name,email,job,stage\nAda Okafor,ada@mail.example,Baker,\"Phone, first\"\nBo Chen,bo@mail.example,Baker,Tasting\n"+
		"Cy Diaz,cy@mail.example,Baker,Phone > Oven\nDi Eze,di@mail.example,Baker,"+strings.Repeat("y", 60)+"\nEd Fry,ed@mail.example,Baker,Rejected\n", "--create-jobs")
	has(t, out, "2 added", "3 kept aside", "with the stages Applied, Screen, Interview, Tasting, Offer, Hired, Rejected, Withdrawn.")
	has(t, said, "line 2: “Phone, first” would be several stages. Write the stage's name without a comma", "line 4: “Phone > Oven” would be", "line 5: The stage name")
}

func TestTheNameOfWhatIsKeptAsideCountsItsRounds(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"x.csv":                               "x.rejected",
		"x.rejected.csv":                      "x.rejected-2",
		"x.rejected-2.csv":                    "x.rejected-3",
		"x.rejected-9999.csv":                 "x.rejected-10000",
		"x.rejected-99999999999999999999.csv": "x.rejected-99999999999999999999.rejected",
	} {
		if got := asideOf(file); got != want {
			t.Errorf("%s: %s, not %s", file, got, want)
		}
	}
}

// Lines may end in CR alone, and what is kept aside of them can be read again.
func TestAnImportReadsLinesThatEndInCR(t *testing.T) {
	t.Parallel()
	i := newImporting(t)
	out, said := i.run("name,email\rAda Okafor,ada@mail.example\rBo Chen,bo at mail\r")
	has(t, out, "1 added", "1 kept aside")
	has(t, said, "line 3, column “email”")
	if aside, err := os.ReadFile(filepath.Join(i.dir, "people.rejected.csv")); err != nil || string(aside) != "name,email\nBo Chen,bo at mail\n" {
		t.Errorf("%v: %q", err, aside)
	}
}
