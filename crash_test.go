package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"jingzhong/store"
)

const (
	crashCycles   = 20
	crashPeople   = 24
	demoPassword  = "Bell-at-the-gate-2026"
	learnPassword = "Reed-by-the-river-7"
)

// contestant answers as a phone would and remembers only what was acknowledged.
type contestant struct {
	token   string
	attempt int64
	lease   string
	slots   []paperSlot
	seq     int64
	acked   map[int]ack
}

type ack struct {
	seq     int64
	choice  []int
	receipt string
}

type paperSlot struct {
	Slot    int    `json:"slot"`
	Kind    string `json:"kind"`
	Options []struct {
		ID int `json:"id"`
	} `json:"options"`
}

// TestAcknowledgedAnswersSurviveSIGKILL kills the real program under load, twenty times, and each time
// compares what contestants were told is in store with what is (P1 of security.md).
func TestAcknowledgedAnswersSurviveSIGKILL(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	env := []string{"JINGZHONG_DEMO_PASSWORD=" + demoPassword}
	args := []string{"serve", "--demo", "--data", data, "--addr", "127.0.0.1:0", "--log-level", "error"}
	p := run(t, program(t), env, args...)
	people := enter(t, p)
	total := 0
	for cycle := range crashCycles {
		total += p.answerUntilKilled(people, time.Duration(50+rand.IntN(300))*time.Millisecond)
		p = run(t, program(t), env, args...)
		for i, c := range people {
			if lost := c.compare(t, p); lost > 0 {
				t.Fatalf("cycle %d: contestant %d lost %d acknowledged answers", cycle, i, lost)
			}
		}
	}
	if total < crashCycles*crashPeople {
		t.Fatalf("only %d answers were acknowledged: this was no load", total)
	}
	t.Logf("%d acknowledged answers in %d kills, none lost", total, crashCycles)
	p.kill()
	inspect(t, filepath.Join(data, databaseFile))
}

// enter activates the people of one unit from their slips and starts their attempts.
func enter(t *testing.T, p *process) []*contestant {
	t.Helper()
	manager := p.signIn("unit01", demoPassword)
	var slips struct {
		Items []struct {
			Code string `json:"code"`
		} `json:"items"`
	}
	p.must(201, "POST", fmt.Sprintf("/api/v1/units/%d/activation-slips", manager.Person.Unit.ID), manager.AccessToken, map[string]any{}, &slips)
	var contests struct {
		Items []struct {
			ID int64 `json:"id"`
		} `json:"items"`
	}
	var people []*contestant
	for _, slip := range slips.Items {
		if len(people) == crashPeople {
			break
		}
		var s signedIn
		p.must(201, "POST", "/api/v1/activations", "", map[string]string{"code": slip.Code, "password": learnPassword}, &s)
		if contests.Items == nil {
			p.must(200, "GET", "/api/v1/contests?state=open", s.AccessToken, nil, &contests)
		}
		c := &contestant{token: s.AccessToken, acked: map[int]ack{}}
		if c.start(p, contests.Items[0].ID) {
			people = append(people, c)
		}
	}
	if len(people) < crashPeople {
		t.Fatalf("only %d of %d people could start", len(people), crashPeople)
	}
	return people
}

// start begins the next attempt, or takes the running one over; false if the person has used them up.
func (c *contestant) start(p *process, contestID int64) bool {
	var st struct {
		ID    int64  `json:"id"`
		Lease string `json:"lease"`
		Paper struct {
			Items []paperSlot `json:"items"`
		} `json:"paper"`
	}
	status, err := p.call("POST", fmt.Sprintf("/api/v1/contests/%d/attempts", contestID), c.token, nil, nil, &st)
	if err != nil || status > 201 {
		return false
	}
	if st.Lease == "" {
		p.must(200, "POST", fmt.Sprintf("/api/v1/attempts/%d/lease", st.ID), c.token, nil, &st)
	}
	c.attempt, c.lease, c.slots = st.ID, st.Lease, st.Paper.Items
	return true
}

// answerUntilKilled has everybody answer without pause, kills the program in the middle of it and returns
// how many answers were acknowledged.
func (p *process) answerUntilKilled(people []*contestant, after time.Duration) int {
	var wg sync.WaitGroup
	counts := make([]int, len(people))
	for i, c := range people {
		wg.Go(func() {
			for c.answer(p) {
				counts[i]++
			}
		})
	}
	time.Sleep(after)
	p.kill()
	wg.Wait()
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}

// answer saves one answer; false once the program is gone.
func (c *contestant) answer(p *process) bool {
	slot := c.slots[rand.IntN(len(c.slots))]
	c.seq++
	a := map[string]any{"slot": slot.Slot, "seq": c.seq}
	choice := []int{}
	if len(slot.Options) > 0 {
		choice = []int{1 + rand.IntN(len(slot.Options))}
		a["choice"] = choice
	} else {
		a["text"] = []string{fmt.Sprint("答", c.seq)}
	}
	var saved struct {
		Saved []struct {
			Slot    int    `json:"slot"`
			Seq     int64  `json:"seq"`
			Receipt string `json:"receipt"`
		} `json:"saved"`
	}
	status, err := p.call("PUT", fmt.Sprintf("/api/v1/attempts/%d/answers", c.attempt), c.token, map[string]string{"X-Lease": c.lease},
		map[string]any{"answers": []any{a}}, &saved)
	if err != nil {
		return false
	}
	if status != 200 || len(saved.Saved) != 1 {
		p.t.Errorf("a save answered %d", status)
		return false
	}
	c.acked[slot.Slot] = ack{saved.Saved[0].Seq, choice, saved.Saved[0].Receipt}
	return true
}

// compare counts acknowledged answers that are not in store as they were acknowledged. An answer newer than
// the acknowledged one may be there: it was committed and its acknowledgement died with the program.
func (c *contestant) compare(t *testing.T, p *process) (lost int) {
	t.Helper()
	var v struct {
		Answers []struct {
			Slot    int    `json:"slot"`
			Seq     int64  `json:"seq"`
			Choice  []int  `json:"choice"`
			Receipt string `json:"receipt"`
		} `json:"answers"`
	}
	p.must(200, "GET", fmt.Sprintf("/api/v1/attempts/%d", c.attempt), c.token, nil, &v)
	stored := map[int]ack{}
	for _, a := range v.Answers {
		stored[a.Slot] = ack{a.Seq, a.Choice, a.Receipt}
	}
	for slot, told := range c.acked {
		got := stored[slot]
		same := got.receipt == told.receipt && slices.Equal(got.choice, told.choice)
		if got.seq < told.seq || (got.seq == told.seq && !same) {
			t.Logf("slot %d: told %+v, stored %+v", slot, told, got)
			lost++
		}
	}
	return lost
}

// inspect asks the database itself whether it is whole.
func inspect(t *testing.T, path string) {
	t.Helper()
	db, err := store.Open(context.Background(), store.Config{Path: path, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var integrity string
	if err := db.Read(context.Background()).Raw("PRAGMA integrity_check").Scan(&integrity).Error; err != nil || integrity != "ok" {
		t.Fatalf("integrity: %s %v", integrity, err)
	}
	var broken []map[string]any
	if err := db.Read(context.Background()).Raw("PRAGMA foreign_key_check").Scan(&broken).Error; err != nil || len(broken) > 0 {
		t.Fatalf("foreign keys: %v %v", broken, err)
	}
}
