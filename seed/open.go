package seed

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"jingzhong/org"
	"jingzhong/quiz"
	"jingzhong/ranking"
)

// The contests of today and tomorrow.
const (
	OpenTitle      = "国家安全教育日保密知识竞赛"
	ScheduledTitle = "领导干部保密知识测试"
	DraftTitle     = "出国（境）人员行前保密测试"
)

const (
	openSince = -8 // days
	openFor   = 60 // days from the day of loading
)

// holdOpen opens the county's contest eight days ago and lets most of the county take part.
func (l *loader) holdOpen(ctx context.Context) error {
	l.at(openSince-1, 15, 0)
	if err := l.announceOpen(ctx); err != nil {
		return err
	}
	l.at(openSince, 8, 30)
	if err := l.sweep(ctx); err != nil {
		return err
	}
	if err := l.exempt(ctx); err != nil {
		return err
	}
	if err := l.playOpen(ctx, l.openSittings()); err != nil {
		return err
	}
	return l.running(ctx)
}

// playOpen plays the sittings day by day; each evening everything that was begun is written and graded. What
// came after yesterday's evening moves today's ranks.
func (l *loader) playOpen(ctx context.Context, sittings []*sitting) error {
	for day := openSince; day <= 0; day++ {
		n := slices.IndexFunc(sittings, func(s *sitting) bool { return s.start.After(l.moment(day, 20, 20)) })
		if n < 0 || day == 0 {
			n = len(sittings)
		}
		if err := l.playDay(ctx, sittings[:n]); err != nil {
			return err
		}
		sittings = sittings[n:]
		if day == 0 {
			return l.sweep(ctx)
		}
		if err := l.evening(ctx, day); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) playDay(ctx context.Context, sittings []*sitting) error {
	for part := range slices.Chunk(sittings, writing) {
		for wave := range slices.Chunk(part, beginning) {
			if err := l.beginAll(ctx, wave); err != nil {
				return err
			}
		}
		if err := l.writeAll(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// evening grades the day and keeps its ranks, so that the next day can show who rose.
func (l *loader) evening(ctx context.Context, day int) error {
	l.at(day, 20, 30)
	if err := l.sweep(ctx); err != nil {
		return err
	}
	return l.Ranking.KeepDay(ctx, l.open.BoardID)
}

func (l *loader) announceOpen(ctx context.Context) error {
	in, err := presetOf("county")
	if err != nil {
		return err
	}
	topics, err := l.topics(ctx)
	if err != nil {
		return err
	}
	in.Title = OpenTitle
	in.Notes = "每份卷子 20 题，20 分钟，满分 100 分；可答 3 次，取最好成绩。每人的卷子不同，难度相当。"
	in.OpensAt, in.ClosesAt = ms(l.moment(openSince, 8, 30)), ms(l.moment(openFor, 17, 30))
	in.Audience = org.Audience{All: true}
	single := []string{quiz.KindSingle}
	in.Rows = []quiz.Row{
		{TopicIDs: topics.of("总则"), Kinds: single, Count: 3, Points: 500},
		{TopicIDs: topics.of("定密"), Kinds: single, Count: 3, Points: 500},
		{TopicIDs: topics.of("载体管理", "涉密人员"), Kinds: []string{quiz.KindMultiple}, Count: 4, Points: 500},
		{TopicIDs: topics.of("信息系统与网络", "人工智能与网盘"), Kinds: single, Count: 4, Points: 500},
		{TopicIDs: topics.of("手机与社交媒体", "办公场景", "家庭与社交"), Kinds: []string{quiz.KindTrueFalse}, Count: 2, Points: 500},
		{TopicIDs: topics.of("监督管理", "法律责任"), Kinds: single, Count: 4, Points: 500},
	}
	if l.open, err = l.Contests.CreateContest(ctx, l.trainer, in); err != nil {
		return err
	}
	l.open, err = l.Contests.Publish(ctx, l.trainer, l.open.ID)
	return err
}

// exempt takes two people off the expected, each with the bureau's reason.
func (l *loader) exempt(ctx context.Context) error {
	l.at(openSince, 8, 50)
	reasons := map[string]string{"C18": "产假", "C08": "在省财政厅跟班学习，已在当地参加"}
	for _, p := range l.people {
		reason := reasons[p.Unit.Code]
		if reason == "" || p.Status != org.StatusActive || p.Turnout != "" || slices.Contains(p.Audiences, groupLeader) {
			continue
		}
		delete(reasons, p.Unit.Code)
		p.Turnout = turnoutNo
		err := l.Ranking.Exempt(ctx, l.manager, l.open.BoardID, ranking.Exemption{PersonID: p.id, Exempt: true, Reason: reason})
		if err != nil {
			return err
		}
	}
	return nil
}

// openSittings decides who takes part, when and how often: as large a part of each unit as its turnout says.
func (l *loader) openSittings() []*sitting {
	r := chance(7)
	byUnit := map[string][]*Person{}
	for _, p := range l.people {
		if p.Status == org.StatusActive && (p.Turnout == "" || p.Turnout == turnoutYes) {
			byUnit[p.Unit.Code] = append(byUnit[p.Unit.Code], p)
		}
	}
	var sittings []*sitting
	for _, u := range l.units {
		people := byUnit[u.Code]
		r.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
		slices.SortStableFunc(people, func(a, b *Person) int { return len(b.Turnout) - len(a.Turnout) }) // who surely comes, first
		for _, p := range people[:min(len(people), (u.Size*u.Turnout+50)/100)] {
			p.tookPart = true
			sittings = append(sittings, l.tries(p, r)...)
		}
	}
	slices.SortStableFunc(sittings, func(a, b *sitting) int { return a.start.Compare(b.start) })
	return sittings
}

// tries are one person's attempts: most are content with the first, who failed tries again.
func (l *loader) tries(p *Person, r *rand.Rand) []*sitting {
	n := 1
	for n < 3 && r.Float64() < .5-.2*float64(n-1)-(p.Skill-.7) {
		n++
	}
	first, late := openSince+r.IntN(-openSince-n+1), n == 1 && r.IntN(14) == 0
	var tries []*sitting
	for i := range n {
		start := l.moment(first+i, 8, 35).Add(time.Duration(r.IntN(11*60*60)) * time.Second)
		if late {
			start = l.lately(r)
		}
		tries = append(tries, &sitting{person: p, contest: l.open.ID, start: start, score: -1, bonus: .06 * float64(i),
			length: 6*time.Minute + time.Duration(r.IntN(12*60))*time.Second, r: chance(uint64(p.id*10 + int64(i)))})
	}
	return tries
}

// lately is some time since yesterday evening: at home that night or, once the day of loading has begun, this
// morning; everybody has handed in by now.
func (l *loader) lately(r *rand.Rand) time.Time {
	yesterday := l.moment(-1, 20, 45).Add(time.Duration(r.IntN(100*60)) * time.Second)
	begun, until := l.moment(0, 7, 0), l.Clock.Real().Add(-25*time.Minute)
	if span := int(until.Sub(begun).Seconds()); span > 0 && r.IntN(2) == 0 {
		return begun.Add(time.Duration(r.IntN(span)) * time.Second)
	}
	return yesterday
}

// runningNow is how many people are in the middle of an attempt when the demo begins.
const runningNow = 6

// running starts attempts that are under way at this moment; they end by the clock like any other.
func (l *loader) running(ctx context.Context) error {
	now := l.Clock.Real()
	var sittings []*sitting
	for _, p := range l.people {
		idle := !p.tookPart && p.Turnout == "" && p.Status == org.StatusActive && p.Unit.Code == "C12"
		if p.Turnout == turnoutRunning || (idle && len(sittings) < runningNow-1) {
			i := len(sittings)
			sittings = append(sittings, &sitting{person: p, contest: l.open.ID, start: now.Add(time.Duration(i-9) * time.Minute),
				score: -1, length: 4 * time.Minute, unsent: true, share: .2 + .1*float64(i), r: chance(uint64(8000 + i))})
		}
	}
	for _, s := range sittings {
		if err := l.beginAll(ctx, []*sitting{s}); err != nil {
			return err
		}
	}
	return l.writeAll(ctx, sittings)
}

// planContests makes the contest of next month, for leaders only, and a draft whose blueprint asks for more
// than the bank holds.
func (l *loader) planContests(ctx context.Context) error {
	groups, err := l.Org.Audiences(ctx, l.trainer)
	if err != nil {
		return err
	}
	topics, err := l.topics(ctx)
	if err != nil {
		return err
	}
	in, err := presetOf("county")
	if err != nil {
		return err
	}
	in.Title, in.AttemptsTotal = ScheduledTitle, 1
	in.Notes = "对象：全县领导干部。20 题，20 分钟，一次作答。"
	in.OpensAt, in.ClosesAt = ms(l.day.AddDate(0, 1, 0).Add(9*time.Hour)), ms(l.day.AddDate(0, 1, 3).Add(18*time.Hour))
	in.Audience = org.Audience{All: true}
	for _, g := range groups {
		if g.Name == groupLeader {
			in.Audience.AudienceIDs = []int64{g.ID}
		}
	}
	scheduled, err := l.Contests.CreateContest(ctx, l.trainer, in)
	if err != nil {
		return err
	}
	if _, err := l.Contests.Publish(ctx, l.trainer, scheduled.ID); err != nil {
		return err
	}
	in.Title, in.Notes, in.Audience = DraftTitle, "", org.Audience{All: true}
	in.OpensAt, in.ClosesAt = ms(l.day.AddDate(0, 2, 0).Add(9*time.Hour)), ms(l.day.AddDate(0, 2, 7).Add(18*time.Hour))
	in.Rows = []quiz.Row{
		{TopicIDs: topics.of("出国出境"), Kinds: []string{quiz.KindSingle}, DifficultyLo: 50, DifficultyHi: 70, Count: 8, Points: 500},
		{TopicIDs: topics.of("涉密人员", "家庭与社交"), Count: 12, Points: 500},
	}
	_, err = l.Contests.CreateContest(ctx, l.trainer, in)
	return err
}
