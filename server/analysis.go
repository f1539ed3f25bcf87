package server

import (
	"context"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"jingzhong/org"
	"jingzhong/quiz"
)

func (s *Server) showAnalysis(ctx context.Context, by org.Actor, in *ByID) (analysisView, error) {
	a, err := s.cfg.Contests.Analyse(ctx, by, in.ID)
	return analysisOf(a), err
}

func (s *Server) exportAnalysis(ctx context.Context, by org.Actor, in *ByID) (*fileOut, error) {
	a, err := s.cfg.Contests.Analyse(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	body, err := analysisWorkbook(by, a, s.cfg.Zone)
	return workbook(a.Title+" "+sentence(by.Lang, "export.analysis.title", nil)+".xlsx", body), err
}

func (s *Server) showQuestionStatistics(ctx context.Context, by org.Actor, in *ByID) (questionStatisticsView, error) {
	q, err := s.cfg.Bank.QuestionStatistics(ctx, by, in.ID)
	return questionStatisticsOf(q), err
}

type keyAlarmsIn struct {
	Paging
	ContestID int64 `query:"contest" minimum:"0" doc:"Only this contest's"`
}

func (s *Server) listKeyAlarms(ctx context.Context, by org.Actor, in *keyAlarmsIn) (list[keyAlarmView], error) {
	alarms, err := s.cfg.Contests.KeyAlarms(ctx, by, in.ContestID)
	if err != nil {
		return list[keyAlarmView]{}, err
	}
	return pageOf(in.Paging, alarms, keyAlarmOf)
}

// plain is a cell with a number of two decimals; nil is an empty cell.
type plain *float64

// analysisWorkbook is the analysis for people who work on it with pen and paper: the whole paper, each
// question, who picked which option, and how to read the figures.
func analysisWorkbook(by org.Actor, a quiz.Analysis, zone *time.Location) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	look, err := newLooks(f)
	if err != nil {
		return nil, err
	}
	say := func(code string) string { return sentence(by.Lang, "export.analysis."+code, nil) }
	source := sentence(by.Lang, "export.analysis.source", map[string]any{"at": time.UnixMilli(a.At).In(zone).Format("2006-01-02 15:04"),
		"attempts": a.Paper.Attempts, "who": by.Name})
	for i, part := range []struct {
		name  string
		write func(*sheet)
	}{
		{say("items"), func(s *sheet) { analysisItems(s, by.Lang, say, a) }},
		{say("distractors"), func(s *sheet) { analysisOptions(s, by.Lang, say, a) }},
		{say("paper"), func(s *sheet) { analysisPaper(s, say, a.Paper) }},
		{say("notes"), func(s *sheet) { analysisNotes(s, say) }},
	} {
		if i == 0 {
			err = f.SetSheetName("Sheet1", part.name)
		} else {
			_, err = f.NewSheet(part.name)
		}
		if err != nil {
			return nil, err
		}
		s := &sheet{file: f, name: part.name, look: look}
		s.write(look.title, a.Title+" · "+part.name)
		s.write(look.source, source)
		part.write(s)
		if s.err != nil {
			return nil, s.err
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// stemOf names an item in a sheet, with its place in a group.
func stemOf(lang string, i quiz.ItemStatistics) string {
	if i.Part == 0 {
		return i.Stem
	}
	return i.Stem + sentence(lang, "export.analysis.part", map[string]any{"n": i.Part})
}

func analysisItems(s *sheet, lang string, say func(string) string, a quiz.Analysis) {
	s.table([]float64{8, 60, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 44}, say("no_"), say("stem"), say("kind"), say("answers"), say("expected"),
		say("facility"), say("corrected"), say("spread"), say("index"), say("efficiency"), say("weight"), say("upper_lower"), say("flags"))
	for n, i := range a.Items {
		expected, facility := float64(i.Expected)/100, i.Facility
		var flags []string
		seen := map[string]bool{}
		for _, flag := range i.Flags {
			if !seen[flag.Code] {
				seen[flag.Code] = true
				flags = append(flags, say("flag_"+flag.Code))
			}
		}
		s.write(s.look.text, int64(n+1), stemOf(lang, i), sentence(lang, "export.kind_"+i.Kind, nil), int64(i.Attempts), share(&expected), share(&facility),
			share(i.Corrected), plain(i.Deviation), plain(i.Index), plain(i.Efficiency), plain(i.Weight), plain(i.UpperLower), strings.Join(flags, "\n"))
	}
}

func analysisOptions(s *sheet, lang string, say func(string) string, a quiz.Analysis) {
	s.table([]float64{8, 50, 40, 8, 10, 10, 10, 10, 12}, say("no_"), say("stem"), say("option"), say("key"), say("picked"), say("hi"), say("mid"), say("lo"), say("share"))
	row := func(n int, i quiz.ItemStatistics, text, key string, g quiz.Groups) {
		part := float64(g.All()) / float64(max(1, i.Attempts))
		s.write(s.look.text, int64(n+1), stemOf(lang, i), text, key, int64(g.All()), int64(g.Hi), int64(g.Mid), int64(g.Lo), share(&part))
	}
	for n, i := range a.Items {
		for _, o := range i.Options {
			key := ""
			if o.Key {
				key = "✓"
			}
			row(n, i, o.Text, key, o.Picked)
		}
		if len(i.Options) > 0 {
			row(n, i, say("blank"), "", i.Blank)
		}
	}
}

func analysisPaper(s *sheet, say func(string) string, p quiz.PaperStatistics) {
	s.table([]float64{40, 30}, say("measure"), say("value"))
	same := say("no")
	if p.Same {
		same = say("yes")
	}
	s.write(s.look.text, say("attempts"), int64(p.Attempts))
	s.write(s.look.text, say("same"), same)
	for _, line := range []struct {
		name  string
		value *float64
		per   float64
	}{{"mean", &p.Mean, 100}, {"deviation", p.Deviation, 100}, {"cic", p.CIC, 1}, {"error_ratio", p.ErrorRatio, 1}, {"sem", p.SEM, 100},
		{"skewness", p.Skewness, 1}, {"kurtosis", p.Kurtosis, 1}} {
		value := line.value
		if value != nil {
			v := *value / line.per
			value = &v
		}
		s.write(s.look.text, say(line.name), plain(value))
	}
}

func analysisNotes(s *sheet, say func(string) string) {
	s.table([]float64{110}, say("notes"))
	for _, note := range []string{"note_d", "note_index", "note_random", "note_cic", "flag_too_easy", "flag_too_hard", "flag_low_discrimination",
		"flag_wrong_key", "flag_dead_distractor"} {
		s.write(s.look.text, say(note))
	}
}
