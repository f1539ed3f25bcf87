package seed

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jingzhong/org"
	"jingzhong/quiz"
)

//go:embed county/final.tsv
var finalTSV string

// FinalTitle is the finished contest: 127 finalists at the party school.
const FinalTitle = "保密知识竞赛决赛"

// The story of the final, by person: who gets more time, loses the connection, is found out, runs out of
// time. Scores are in county/final.tsv; "-" did not come.
const (
	finalDay        = -14
	writesSlowly    = "谢长河"
	lostConnection  = "蒋文博"
	leftTheRoom     = "罗晓梅"
	expelledUnit    = "C05" // the last of its finalists
	outOfTimeUnit   = "Q04" // the last of its finalists
	expelledBecause = "经监考现场核实，考试中使用手机查找答案，按竞赛规则作废"
)

// tiedUnits have the same scores, and people who took the same time: they share a rank.
var tiedUnits = []string{"C06", "C07"}

const finalLimit = 60 * time.Minute // of the preset

// finalist is one of the named people; score -1 = absent.
type finalist struct {
	person *Person
	score  int64
}

// finalists picks who stands in the final: the learner, so that somebody who tries the demo has a result to
// review, then the people the story names, then others of the unit; no other account.
func (l *loader) finalists() ([]finalist, error) {
	rows, err := table("county/final.tsv", finalTSV, 2)
	if err != nil {
		return nil, err
	}
	var list []finalist
	for _, c := range rows {
		var unit []*Person
		for _, p := range l.people {
			if p.Unit.Code == c[0] && p.Status == org.StatusActive && p.finalPlace() > 0 {
				unit = append(unit, p)
			}
		}
		slices.SortStableFunc(unit, func(a, b *Person) int { return b.finalPlace() - a.finalPlace() })
		for i, cell := range strings.Fields(c[1]) {
			if i >= len(unit) {
				return nil, fmt.Errorf("unit %s has too few people for the final", c[0])
			}
			score := int64(-1)
			if cell != "-" {
				points, err := strconv.Atoi(cell)
				if err != nil {
					return nil, fmt.Errorf("county/final.tsv: %w", err)
				}
				score = int64(points) * 100
			}
			list = append(list, finalist{unit[i], score})
		}
	}
	return list, nil
}

// finalPlace says who of a unit is sent to the final first; 0 = never.
func (p *Person) finalPlace() int {
	switch {
	case p.Account == "learner":
		return 3
	case p.Account != "" || p.Turnout == turnoutNo || p.Turnout == turnoutRunning:
		return 0
	case p.Turnout == turnoutYes:
		return 2
	}
	return 1
}

func presetOf(code string) (quiz.ContestInput, error) {
	for _, p := range quiz.Presets() {
		if p.Code == code {
			in := p.Input
			in.Preset = code
			return in, nil
		}
	}
	return quiz.ContestInput{}, fmt.Errorf("no preset %q", code)
}

// holdFinal lets the final happen two weeks ago: announced a week before, written at the party school,
// graded, one attempt voided, and in public notice since.
func (l *loader) holdFinal(ctx context.Context) error {
	list, err := l.finalists()
	if err != nil {
		return err
	}
	if err := l.announceFinal(ctx, list); err != nil {
		return err
	}
	l.at(finalDay, 9, 0)
	if err := l.sweep(ctx); err != nil {
		return err
	}
	var sittings []*sitting
	for i, f := range list {
		if f.score >= 0 {
			sittings = append(sittings, l.seat(f, i, list))
		}
	}
	if err := together(sittings, func(s *sitting) error { return l.begin(ctx, s) }); err != nil {
		return err
	}
	if err := l.incidents(ctx, sittings); err != nil {
		return err
	}
	slices.SortStableFunc(sittings, func(a, b *sitting) int { return int(a.length - b.length) })
	if err := l.writeAll(ctx, sittings); err != nil {
		return err
	}
	return l.closeFinal(ctx, sittings)
}

func (l *loader) announceFinal(ctx context.Context, list []finalist) error {
	l.at(finalDay-8, 14, 20)
	in, err := presetOf("final")
	if err != nil {
		return err
	}
	in.Title = FinalTitle
	in.Notes = "地点：县委党校 2 号楼机房 A、B。请带工作证，8:40 起入场；手机存放在考场外。单选、多选、判断、填空共 50 题，满分 100 分，60 分钟。"
	in.OpensAt, in.ClosesAt = ms(l.moment(finalDay, 9, 0)), ms(l.moment(finalDay, 10, 40))
	var slow int64
	for _, f := range list {
		in.Audience.PersonIDs = append(in.Audience.PersonIDs, f.person.id)
		if f.person.Name == writesSlowly {
			slow = f.person.id
		}
	}
	if l.final, err = l.Contests.CreateContest(ctx, l.trainer, in); err != nil {
		return err
	}
	err = l.Contests.SetTimeFactors(ctx, l.trainer, l.final.ID, []quiz.TimeFactor{{PersonID: slow, Percent: 150, Reason: "右手骨折，持县医院诊断证明"}})
	if err != nil {
		return err
	}
	l.final, err = l.Contests.Publish(ctx, l.trainer, l.final.ID)
	return err
}

// seat plans a finalist's hour: the time grows as the score falls, and at the top equal scores take equal time.
func (l *loader) seat(f finalist, i int, list []finalist) *sitting {
	s := &sitting{person: f.person, contest: l.final.ID, start: l.moment(finalDay, 9, 0), score: f.score, hall: true,
		r: chance(uint64(5000 + i))}
	s.length = 30*time.Minute + time.Duration(100-f.score/100)*35*time.Second + time.Duration(f.score/100%7)*11*time.Second
	switch tied := slices.Contains(tiedUnits, f.person.Unit.Code); {
	case tied:
		s.exact = finalLimit
	case f.score < 9500:
		s.length += time.Duration(s.r.IntN(240)) * time.Second
	}
	if f.person.Name == writesSlowly {
		s.length = 71*time.Minute + 20*time.Second
	}
	last := i+1 == len(list) || list[i+1].person.Unit != f.person.Unit
	if last && f.person.Unit.Code == outOfTimeUnit {
		s.unsent, s.length = true, 55*time.Minute
	}
	return s
}

// incidents are what the invigilator had to deal with while people wrote.
func (l *loader) incidents(ctx context.Context, sittings []*sitting) error {
	l.at(finalDay, 9, 9)
	for _, s := range sittings {
		var err error
		switch s.person.Name {
		case lostConnection:
			_, err = l.Contests.Extend(ctx, l.invigilator, l.final.ID, quiz.Extension{Scope: "person", TargetID: s.person.id, Minutes: 2,
				Reason: "B52 机位断网 1 分 52 秒，已恢复"})
		case leftTheRoom:
			if err = l.Contests.SuspendAttempt(ctx, l.invigilator, s.attempt, "机位断电，换座"); err != nil {
				return err
			}
			l.at(finalDay, 9, 11)
			err = l.Contests.ResumeAttempt(ctx, l.invigilator, s.attempt, "已换到备用机位")
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.person.Name, err)
		}
	}
	return nil
}

// closeFinal ends the final by the clock, voids one attempt and publishes the results for objections.
func (l *loader) closeFinal(ctx context.Context, sittings []*sitting) error {
	for _, minute := range []int{62, 73, 101} { // the clock hands in; the last papers; the close
		l.at(finalDay, 9, minute)
		if err := l.sweep(ctx); err != nil {
			return err
		}
	}
	var expelled *sitting
	for _, s := range sittings {
		if s.person.Unit.Code == expelledUnit && (expelled == nil || s.score < expelled.score) {
			expelled = s
		}
	}
	l.at(finalDay, 11, 20)
	if _, err := l.Contests.VoidAttempt(ctx, l.trainer, expelled.attempt, expelledBecause); err != nil {
		return err
	}
	if err := l.sweep(ctx); err != nil {
		return err
	}
	l.at(finalDay+5, 9, 0)
	var err error
	l.final, err = l.Contests.Notice(ctx, l.manager, l.final.ID)
	return err
}
