package org

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jingzhong/fault"
)

func TestARefreshTokenIsSpentOnce(t *testing.T) {
	h := newHouse(t)
	first := h.activated(h.person(h.finance, "高山", "F1"), plainPassword)
	second, err := h.Refresh(ctx, first.RefreshToken, "", "")
	must(t, err)
	third, err := h.Refresh(ctx, second.RefreshToken, "", "")
	must(t, err)
	if third.ID != first.ID || third.RefreshToken == second.RefreshToken {
		t.Fatalf("%+v", third)
	}
	h.signedIn(third)
	// The first comes back: somebody copied it. The family ends, the rightful one included.
	_, err = h.Refresh(ctx, first.RefreshToken, "", "")
	want(t, err, ErrSessionReused)
	_, err = h.Refresh(ctx, third.RefreshToken, "", "")
	want(t, err, ErrSessionEnded)
	_, err = h.Authenticate(ctx, third.ID, third.PersonID, third.Epoch)
	want(t, err, ErrSessionEnded)
	h.wantAction("session.reuse")
	_, err = h.Refresh(ctx, "no such token", "", "")
	want(t, err, ErrSessionEnded)
}

func TestALostAnswerToARefreshIsForgivenForTenSeconds(t *testing.T) {
	h := newHouse(t)
	first := h.activated(h.person(h.finance, "高山", "F1"), plainPassword)
	lost, err := h.Refresh(ctx, first.RefreshToken, "", "")
	must(t, err)
	h.clock.Advance(9 * time.Second)
	again, err := h.Refresh(ctx, first.RefreshToken, "", "")
	must(t, err)
	if again.ID != first.ID {
		t.Fatal("another family")
	}
	// Whichever of the two the browser kept works.
	next, err := h.Refresh(ctx, lost.RefreshToken, "", "")
	must(t, err)
	h.clock.Advance(11 * time.Second)
	_, err = h.Refresh(ctx, again.RefreshToken, "", "")
	want(t, err, ErrSessionReused)
	_, err = h.Refresh(ctx, next.RefreshToken, "", "")
	want(t, err, ErrSessionEnded)
}

func TestConcurrentRefreshesOfOneTokenAllSucceed(t *testing.T) {
	h := newHouse(t)
	first := h.activated(h.person(h.finance, "高山", "F1"), plainPassword)
	var wg sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		wg.Go(func() { _, errs[i] = h.Refresh(ctx, first.RefreshToken, "", "") })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
}

func TestSessionsRunOutAndAreEndedByTheirOwner(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	phone := h.activated(p, plainPassword)
	desk, err := h.SignIn(ctx, SignIn{Username: p.Username, Password: plainPassword, Agent: "desk"})
	must(t, err)
	by := h.signedIn(desk)
	list, err := h.ListSessions(ctx, by)
	must(t, err)
	if len(list) != 2 || !(list[0].Current || list[1].Current) || list[0].Current == list[1].Current {
		t.Fatalf("%+v", list)
	}
	want(t, h.EndSession(ctx, h.owner, phone.ID), ErrSessionNotFound)
	must(t, h.EndSession(ctx, by, phone.ID))
	_, err = h.Authenticate(ctx, phone.ID, p.ID, phone.Epoch)
	want(t, err, ErrSessionEnded)
	h.signedIn(desk)
	must(t, h.SignOutToken(ctx, desk.RefreshToken, ""))
	must(t, h.SignOutToken(ctx, desk.RefreshToken, ""))
	_, err = h.Authenticate(ctx, desk.ID, p.ID, desk.Epoch)
	want(t, err, ErrSessionEnded)
	old, err := h.SignIn(ctx, SignIn{Username: p.Username, Password: plainPassword})
	must(t, err)
	h.clock.Advance(refreshIdle + time.Second)
	_, err = h.Refresh(ctx, old.RefreshToken, "", "")
	want(t, err, ErrSessionEnded)
	_, err = h.Authenticate(ctx, old.ID, p.ID, old.Epoch)
	want(t, err, ErrSessionEnded)
	h.clock.Advance(endedLife + time.Hour)
	must(t, h.Sweep(ctx))
	var left int64
	must(t, h.db.Read(ctx).Table("sessions").Where("person_id = ?", p.ID).Count(&left).Error)
	if left != 0 {
		t.Errorf("%d sessions left", left)
	}
}

func TestDisablingActsAtOnce(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	session := h.activated(p, plainPassword)
	h.signedIn(session)
	_, err := h.UpdatePerson(ctx, h.owner, p.ID, PersonChange{Status: ptr(StatusDisabled)})
	must(t, err)
	_, err = h.Authenticate(ctx, session.ID, p.ID, session.Epoch)
	want(t, err, ErrSessionEnded)
	_, err = h.Refresh(ctx, session.RefreshToken, "", "")
	want(t, err, ErrSessionEnded)
	_, err = h.SignIn(ctx, SignIn{Username: p.Username, Password: plainPassword})
	want(t, err, ErrCredentials)
	_, err = h.IssueSlips(ctx, h.owner, h.finance.ID, []int64{p.ID})
	want(t, err, ErrPersonNotFound)
}

// What another process changes is believed for at most a second.
func TestTheCacheOfActorsIsShort(t *testing.T) {
	h := newHouse(t)
	session := h.activated(h.person(h.finance, "高山", "F1"), plainPassword)
	h.signedIn(session)
	other, err := New(h.db, h.clock.Now, Config{Secret: secret})
	must(t, err)
	t.Cleanup(other.Close)
	must(t, other.EndSession(ctx, h.signedIn(session), session.ID))
	h.clock.Advance(time.Second)
	_, err = h.Authenticate(ctx, session.ID, session.PersonID, session.Epoch)
	want(t, err, ErrSessionEnded)
}

func TestASessionIsOfItsPersonOnly(t *testing.T) {
	h := newHouse(t)
	session := h.activated(h.person(h.finance, "高山", "F1"), plainPassword)
	_, err := h.Authenticate(ctx, session.ID, h.owner.PersonID, session.Epoch)
	want(t, err, ErrSessionEnded)
	h.signedIn(session)
	_, err = h.Authenticate(ctx, session.ID, h.owner.PersonID, session.Epoch)
	want(t, err, ErrSessionEnded)
}

func TestFailuresLockForAGrowingWhileAndOpenSessionsGoOn(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	session := h.activated(p, plainPassword)
	wrong := SignIn{Username: p.Username, Password: "not this one"}
	for range freeFailures {
		_, err := h.SignIn(ctx, wrong)
		want(t, err, ErrCredentials)
	}
	right := SignIn{Username: p.Username, Password: plainPassword}
	_, err := h.SignIn(ctx, right)
	want(t, err, ErrAccountLocked)
	if f, _ := fault.As(err); f.RetryAfter != 30 {
		t.Errorf("retry after %d s", f.RetryAfter)
	}
	h.signedIn(session)
	session, err = h.Refresh(ctx, session.RefreshToken, "", "")
	must(t, err)
	h.signedIn(session)
	h.clock.Advance(31 * time.Second)
	_, err = h.SignIn(ctx, wrong)
	want(t, err, ErrCredentials)
	h.clock.Advance(31 * time.Second)
	_, err = h.SignIn(ctx, right)
	want(t, err, ErrAccountLocked)
	must(t, h.Unlock(ctx, h.owner, p.ID))
	_, err = h.SignIn(ctx, right)
	must(t, err)
	_, err = h.SignIn(ctx, wrong)
	want(t, err, ErrCredentials)
	_, err = h.SignIn(ctx, right)
	must(t, err)
	h.wantAction("session.fail")
	h.wantAction("person.unlock")
}

func TestAnUnknownNameIsAnsweredLikeAKnownOne(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	h.activated(p, plainPassword)
	never := h.person(h.finance, "李木子", "F2")
	for i := range freeFailures + 1 {
		var codes []string
		for _, username := range []string{p.Username, never.Username, "nobody", "没有这个人"} {
			_, err := h.SignIn(ctx, SignIn{Username: username, Password: "not this one"})
			f, ok := fault.As(err)
			if !ok {
				t.Fatal(err)
			}
			codes = append(codes, f.Error())
		}
		for _, code := range codes {
			if code != codes[0] {
				t.Fatalf("attempt %d: %v", i, codes)
			}
		}
	}
}

// Guesses that wait side by side must not all slip in before the lock falls.
func TestParallelGuessesDoNotOutrunTheLock(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	h.activated(p, plainPassword)
	for range freeFailures - 1 {
		_, err := h.SignIn(ctx, SignIn{Username: p.Username, Password: "not this one"})
		want(t, err, ErrCredentials)
	}
	// The right guess has passed the first look at the lock and waits for a slot when the fifth failure falls.
	for range cap(h.hashes.slots) {
		h.hashes.slots <- struct{}{}
	}
	done := make(chan error)
	go func() {
		_, err := h.SignIn(ctx, SignIn{Username: p.Username, Password: plainPassword})
		done <- err
	}()
	for len(h.hashes.queue) == 0 {
		time.Sleep(time.Millisecond)
	}
	row, err := h.byUsername(ctx, p.Username)
	must(t, err)
	want(t, h.failed(ctx, Actor{PersonID: p.ID}, row, p.Username, "session.fail"), ErrCredentials)
	for range cap(h.hashes.slots) {
		<-h.hashes.slots
	}
	want(t, <-done, ErrCredentials)
}

// Sign-ins must not take the cores of contestants: while a contest is open one password is hashed at a time.
func TestOnePasswordIsHashedWhileAContestIsOpen(t *testing.T) {
	var open atomic.Bool
	const slots = 4
	p := newHashPool(slots, open.Load)
	var running atomic.Int32
	atOnce := func() int32 {
		release := make(chan struct{})
		var done sync.WaitGroup
		for range slots {
			done.Go(func() {
				must(t, p.run(ctx, func() { running.Add(1); <-release; running.Add(-1) }))
			})
		}
		for len(p.slots) < slots {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(50 * time.Millisecond)
		n := running.Load()
		close(release)
		done.Wait()
		return n
	}
	if n := atOnce(); n != slots {
		t.Errorf("%d at once without a contest, want %d", n, slots)
	}
	open.Store(true)
	if n := atOnce(); n != 1 {
		t.Errorf("%d at once during a contest, want 1", n)
	}
	for range 1 + waiting {
		p.queue <- struct{}{}
	}
	want(t, p.run(ctx, func() {}), ErrPasswordBusy)
	open.Store(false)
	must(t, p.run(ctx, func() {}))
}

func TestPasswordsAreHashedBehindABoundedQueue(t *testing.T) {
	h := newHouse(t)
	for range cap(h.hashes.queue) {
		h.hashes.queue <- struct{}{}
	}
	_, err := h.SignIn(ctx, SignIn{Username: "admin", Password: ownerPassword})
	want(t, err, ErrPasswordBusy)
	if f, _ := fault.As(err); f.RetryAfter == 0 || f.Kind != fault.Unavailable {
		t.Errorf("%+v", f)
	}
	<-h.hashes.queue
	_, err = h.SignIn(ctx, SignIn{Username: "admin", Password: ownerPassword})
	must(t, err)
}

func TestChangingAPasswordEndsTheOtherSessions(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	phone := h.activated(p, plainPassword)
	desk, err := h.SignIn(ctx, SignIn{Username: p.Username, Password: plainPassword})
	must(t, err)
	by := h.signedIn(desk)
	_, err = h.ChangePassword(ctx, by, PasswordChange{Current: "not this one", Password: "tunafish-swims"})
	want(t, err, ErrCredentials)
	_, err = h.ChangePassword(ctx, by, PasswordChange{Current: plainPassword, Password: "12345678"})
	want(t, err, ErrPasswordCommon)
	next, err := h.ChangePassword(ctx, by, PasswordChange{Current: plainPassword, Password: "tunafish-swims"})
	must(t, err)
	h.signedIn(next)
	for _, old := range []Session{phone, desk} {
		if _, err := h.Authenticate(ctx, old.ID, p.ID, old.Epoch); !errors.Is(err, ErrSessionEnded) {
			t.Error(err)
		}
	}
	_, err = h.SignIn(ctx, SignIn{Username: p.Username, Password: plainPassword})
	want(t, err, ErrCredentials)
	_, err = h.SignIn(ctx, SignIn{Username: p.Username, Password: "tunafish-swims"})
	must(t, err)
}

func TestACodeWorksOnceAndForItsTime(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	manager := h.actor(h.school, RoleManager, h.county)
	first, err := h.IssueSlips(ctx, h.owner, h.finance.ID, nil)
	must(t, err)
	if len(first) != 1 || first[0].ExpiresAt.Sub(h.clock.Now()) != firstSlipLife {
		t.Fatalf("%+v", first)
	}
	second, err := h.IssueSlips(ctx, manager, h.finance.ID, []int64{p.ID})
	must(t, err)
	if second[0].ExpiresAt.Sub(h.clock.Now()) != resetSlipLife || second[0].Username != "f1" {
		t.Fatalf("%+v", second)
	}
	_, err = h.Activate(ctx, Activation{Code: first[0].Code, Password: plainPassword})
	want(t, err, ErrCodeSpent)
	_, err = h.Activate(ctx, Activation{Code: "0000-0000-0000", Password: plainPassword})
	want(t, err, ErrCodeUnknown)
	_, err = h.Activate(ctx, Activation{Code: second[0].Code, Password: "short"})
	want(t, err, ErrPasswordShort)
	session, err := h.Activate(ctx, Activation{Code: second[0].Code, Password: plainPassword})
	must(t, err)
	_, err = h.Activate(ctx, Activation{Code: second[0].Code, Password: plainPassword})
	want(t, err, ErrCodeSpent)
	// The reset without e-mail: what was open before it ends.
	reset, err := h.IssueSlips(ctx, manager, h.finance.ID, []int64{p.ID})
	must(t, err)
	h.signedIn(session)
	_, err = h.Activate(ctx, Activation{Code: reset[0].Code, Password: "tunafish-swims"})
	must(t, err)
	_, err = h.Authenticate(ctx, session.ID, p.ID, session.Epoch)
	want(t, err, ErrSessionEnded)
	late, err := h.IssueSlips(ctx, manager, h.finance.ID, []int64{p.ID})
	must(t, err)
	h.clock.Advance(resetSlipLife)
	_, err = h.Activate(ctx, Activation{Code: late[0].Code, Password: plainPassword})
	want(t, err, ErrCodeSpent)
}

func TestOneCodeActivatesOnceUnderParallelUse(t *testing.T) {
	h := newHouse(t)
	p := h.person(h.finance, "高山", "F1")
	slips, err := h.IssueSlips(ctx, h.owner, h.finance.ID, []int64{p.ID})
	must(t, err)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { _, errs[i] = h.Activate(ctx, Activation{Code: slips[0].Code, Password: plainPassword}) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, ErrCodeSpent) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d activations", won)
	}
}
