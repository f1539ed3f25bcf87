package server

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"jingzhong/org"
	"jingzhong/quiz"
	"jingzhong/store"
)

// places are the five relations of an object to an actor who stands in unit A: the actor's own, of the own
// unit A, of its child A1, of its parent (the root), of its sibling B.
var places = []struct {
	letter       byte
	name         string
	unit, person string
}{{'s', "self", "A", ""}, {'u', "unit", "A", "a2"}, {'c', "child", "A1", "a11"}, {'p', "parent", "root", "root0"}, {'b', "sibling", "B", "b0"}}

// actors are who asks: every role over unit A, the bureau manager and the owner over the root.
var actors = map[byte]string{'e': "a1", 't': "trainer", 'r': "reviewer", 'm': "manager", 'M': "bureau", 'i': "invigilator",
	's': "sysadmin", 'c': "secadmin", 'a': "auditor", 'o': "owner"}

// world is a county with one object of every kind in every place. Objects are made when first asked for and
// again after an act that used one up; a refusal changes nothing, so refused requests share them.
type world struct {
	*county
	made   map[string]string
	stems  map[string]string // of questions, by number
	spares int
}

func newWorld(t *testing.T) *world {
	c := newCounty(t)
	w := &world{county: c, made: map[string]string{}, stems: map[string]string{}}
	c.person("root0", "root", "")
	c.person("bureau", "root", org.RoleManager)
	for _, place := range places[2:] { // somebody else's session stands in each place
		c.must(c.svc.Org.SetPassword(c.ctx, org.System, c.people[place.person].ID, pass))
	}
	c.must(c.svc.Org.SetPassword(c.ctx, org.System, c.people["a2"].ID, pass))
	for _, place := range places[1:] {
		w.contest("running", place.unit)
		w.contest("ended", place.unit)
	}
	c.clock.Advance(2 * time.Minute)
	c.must(c.svc.Contests.Sweep(c.ctx))
	for _, place := range places[1:] {
		_, err := c.svc.Contests.CloseNow(c.ctx, w.over(place.unit), w.id("ended", place.unit), "结束")
		c.must(err)
	}
	return w
}

// over is an actor of mode quick who trains over exactly this unit, and is nobody of those who ask.
func (w *world) over(unit string) org.Actor {
	u := w.units[unit]
	return org.Actor{PersonID: w.people["b4"].ID, Name: "人b4", UnitID: u.ID, UnitPath: u.Path, Mode: org.ModeQuick,
		Grants: []org.Grant{{Role: org.RoleTrainer, UnitID: u.ID, UnitPath: u.Path}}}
}

// learner is a person as contestants act.
func (w *world) learner(username string) org.Actor {
	p := w.people[username]
	u, err := w.svc.Org.FindUnit(w.ctx, w.owner, p.UnitID)
	w.must(err)
	return org.Actor{PersonID: p.ID, Name: p.Name, UnitID: u.ID, UnitPath: u.Path, Mode: org.ModeQuick, SessionID: "s" + username}
}

// keep is the object made once for kind and place.
func (w *world) keep(kind, place string, make func() string) string {
	key := kind + "/" + place
	if w.made[key] == "" {
		w.made[key] = make()
	}
	return w.made[key]
}

func (w *world) id(kind, unit string) int64 {
	var id int64
	_, err := fmt.Sscan(w.made[kind+"/"+unit], &id)
	w.must(err)
	return id
}

// object is the number of the object of this kind in this place, seen from the actor. A kind without an own
// place answers "" for it.
func (w *world) object(kind string, actor byte, place int) string {
	p := places[place]
	self := p.letter == 's'
	who := p.person
	if self {
		who = actors[actor]
	}
	switch kind {
	case "person":
		return number(w.people[who].ID)
	case "session":
		return w.keep(kind, who, func() string {
			s, err := w.svc.Org.SignIn(w.ctx, org.SignIn{Username: who, Password: pass})
			w.must(err)
			return s.ID
		})
	case "leaver":
		if self {
			return ""
		}
		return w.keep(kind, p.unit, func() string {
			w.spares++
			name := fmt.Sprintf("spare%d", w.spares)
			w.person(name, p.unit, "")
			return number(w.people[name].ID)
		})
	case "grant":
		if self {
			return w.keep(kind, who, func() string { return w.grantOf(who) })
		}
		return w.keep(kind, p.unit, func() string {
			g, err := w.svc.Org.GrantRole(w.ctx, w.owner, org.GrantInput{PersonID: w.people[p.person].ID, Role: org.RoleReviewer,
				UnitID: w.units[p.unit].ID, Reason: "测试"})
			w.must(err)
			return number(g.ID)
		})
	case "people import", "question import":
		return w.imported(kind, who)
	case "topic": // of the whole installation: the same wherever one stands
		if self {
			return ""
		}
		return "2"
	case "attempt", "act":
		return w.attempt(kind, actor, p.unit, who, self)
	}
	if kind == "practice run" {
		return w.keep(kind, who, func() string { return w.practice(who) })
	}
	if self {
		return ""
	}
	switch kind {
	case "appeal":
		return w.keep(kind, p.unit, func() string { return w.appeal(p.unit) })
	case "unit":
		return number(w.units[p.unit].ID)
	case "draft question", "public question":
		return w.keep(kind, p.unit, func() string { return w.question(p.unit, kind == "public question") })
	case "drawing":
		return w.keep(kind, p.unit, func() string { return w.drawing(p.unit) })
	}
	return w.contest(kind, p.unit)
}

// drawing is a picture of its own in a draft question of the unit, brought by somebody who is not asked.
func (w *world) drawing(unit string) string {
	w.spares++
	img := image.NewGray(image.Rect(0, 0, w.spares, 7))
	var file bytes.Buffer
	w.must(png.Encode(&file, img))
	p, err := w.svc.Bank.UploadPicture(w.ctx, w.over(unit), "图.png", file.Bytes())
	w.must(err)
	topics, err := w.svc.Bank.Topics(w.ctx, w.owner)
	w.must(err)
	truth := true
	_, err = w.svc.Bank.CreateQuestion(w.ctx, w.over(unit), quiz.QuestionInput{Kind: quiz.KindTrueFalse, Truth: &truth,
		Stem: fmt.Sprintf("第%d道有图的题 ![灰色方块](picture:%s)", w.spares, p.Hash), TopicID: topics[0].ID, UnitID: w.units[unit].ID})
	w.must(err)
	return p.Hash
}

// grantOf is the first grant somebody holds; a learner is given none and so has none to name.
func (w *world) grantOf(who string) string {
	page, err := w.svc.Org.ListGrants(w.ctx, w.owner, org.GrantFilter{PersonID: w.people[who].ID})
	w.must(err)
	if len(page.Items) == 0 {
		return "999999"
	}
	return number(page.Items[0].ID)
}

func (w *world) question(unit string, publish bool) string {
	w.spares++
	topics, err := w.svc.Bank.Topics(w.ctx, w.owner)
	w.must(err)
	truth, stem := true, fmt.Sprintf("第%d道备用题", w.spares)
	q, err := w.svc.Bank.CreateQuestion(w.ctx, w.over(unit), quiz.QuestionInput{Kind: quiz.KindTrueFalse, Stem: stem,
		Truth: &truth, Statute: "BMF", Article: "26", TopicID: topics[0].ID, UnitID: w.units[unit].ID, Publish: publish, Use: quiz.UsePractice})
	w.must(err)
	w.stems[number(q.ID)] = stem
	return number(q.ID)
}

// practice is today's five of somebody.
func (w *world) practice(who string) string {
	w.keep("public question", "root", func() string { return w.question("root", true) })
	run, err := w.svc.Practice.Begin(w.ctx, w.learner(who), quiz.PracticeStart{Mode: quiz.PracticeDaily})
	w.must(err)
	return number(run.ID)
}

// appeal is one against a new question of the unit.
func (w *world) appeal(unit string) string {
	var version, id int64
	w.must(w.db.Read(w.ctx).Raw(`SELECT current_version_id FROM questions WHERE id = ?`, w.question(unit, true)).Row().Scan(&version))
	w.spares++
	who := fmt.Sprintf("appellant%d", w.spares)
	w.person(who, unit, "")
	w.must(w.db.Tx(w.ctx, func(tx *gorm.DB) error {
		_, err := store.Writing(tx).QueryRow(`INSERT INTO appeals (person_id, question_id, version_id, part, context, attempt_id, text, state, created_at)
			SELECT ?, question_id, id, 0, 'practice', 0, '题目有误', 'filed', 1 FROM question_versions WHERE id = ? RETURNING id`,
			[]any{w.people[who].ID, version}, &id)
		return err
	}))
	return number(id)
}

// contest is one of the unit's: draft, proposed, scheduled, running or ended.
func (w *world) contest(kind, unit string) string {
	return w.keep(kind, unit, func() string {
		now, by := store.MS(w.clock.Now()), w.over(unit)
		opens := now + 86_400_000
		if kind == "running" || kind == "ended" {
			opens = now + 60_000
		}
		made, err := w.svc.Contests.CreateContest(w.ctx, by, quiz.ContestInput{Title: kind + unit, OpensAt: opens, ClosesAt: opens + 36_000_000,
			Limit: 18_000_000, AttemptsTotal: 9, Kept: quiz.KeptBest, Scoring: quiz.ScoringM0, PassMark: 6000, ExcellentMark: 9000,
			Takeover: quiz.TakeoverFree, ScoreShow: quiz.ShowSubmit, ReviewShow: quiz.ShowClose, Audience: org.Audience{All: true},
			Rows: []quiz.Row{{Kinds: []string{quiz.KindSingle}, Count: 1, Points: 2000}}})
		w.must(err)
		if kind == "proposed" {
			by.Mode = org.ModeTwoPerson
		}
		if kind != "draft" {
			_, err = w.svc.Contests.Publish(w.ctx, by, made.ID)
			w.must(err)
		}
		return number(made.ID)
	})
}

// attempt is a running one of a person of the place in its unit's running contest, and an act a proposal to
// void such a one. One's own attempt is in the root's contest, where nobody of A knows the keys.
func (w *world) attempt(kind string, actor byte, unit, who string, self bool) string {
	if self && (kind == "act" || strings.IndexByte("sca", actor) >= 0) { // administrators do not compete
		return ""
	}
	if self {
		unit = "root"
	}
	return w.keep(kind, unit+who, func() string {
		if kind == "act" {
			w.spares++
			who = fmt.Sprintf("contestant%d", w.spares)
			w.person(who, unit, "")
		}
		started, err := w.svc.Contests.Start(w.ctx, w.learner(who), w.id("running", unit))
		w.must(err)
		if kind == "attempt" {
			return number(started.ID)
		}
		by := w.over(unit)
		by.Mode = org.ModeTwoPerson
		_, err = w.svc.Contests.VoidAttempt(w.ctx, by, started.ID, "代答")
		w.must(err)
		var id int64
		w.must(w.db.Read(w.ctx).Raw(`SELECT id FROM attempt_proposals WHERE attempt_id = ?`, started.ID).Row().Scan(&id))
		return number(id)
	})
}

// unitOf is the name of the person's unit.
func (w *world) unitOf(who string) string {
	for name, u := range w.units {
		if u.ID == w.people[who].UnitID {
			return name
		}
	}
	return ""
}

// imported is an upload of the person: imports belong to whoever brought the file.
func (w *world) imported(kind, who string) string {
	return w.keep(kind, who, func() string {
		by := w.over(w.unitOf(who))
		by.PersonID = w.people[who].ID
		if kind == "people import" {
			i, err := w.svc.Org.PrepareImport(w.ctx, by, org.ImportFile{Name: "p.csv", Data: []byte("姓名,单位,工号\n新来的,单位A,N" + number(by.PersonID) + "\n")})
			w.must(err)
			_, err = w.svc.Org.WaitImport(w.ctx, by, i.ID)
			w.must(err)
			return number(i.ID)
		}
		i, err := w.svc.Bank.PrepareImport(w.ctx, by, quiz.QuestionFile{Name: "q.csv",
			Data: []byte("题型,题干,选项A,选项B,答案\n单选题,备用题" + number(by.PersonID) + "？,甲,乙,A\n")})
		w.must(err)
		return number(i.ID)
	})
}

// upload sends a small file as the form a browser would.
func (w *world) upload(path, token string) reply {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", "q.csv")
	w.must(err)
	_, err = part.Write([]byte("题型,题干,选项A,选项B,答案\n单选题,上传题？,甲,乙,A\n"))
	w.must(err)
	w.must(form.Close())
	req := httptest.NewRequest("POST", path, &b)
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := w.app.Test(req, 30_000)
	w.must(err)
	defer res.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(res.Body)
	w.must(err)
	return reply{res.StatusCode, res.Header, body.String()}
}

// open asks for a stream. One that is let through does not end, so no answer within two seconds counts as 200.
func (w *world) open(path, token string) reply {
	req := httptest.NewRequest("GET", path, nil)
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := w.app.Test(req, 2_000)
	if err != nil {
		return reply{status: 200}
	}
	defer res.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(res.Body)
	w.must(err)
	return reply{res.StatusCode, res.Header, body.String()}
}
