package server

import (
	"context"
	"time"

	"github.com/xuri/excelize/v2"

	"jingzhong/org"
	"jingzhong/ranking"
)

type exportIn struct {
	ByID
	Reason string `query:"reason" maxLength:"200" doc:"Needed for more than 200 names"`
}

func (s *Server) exportBoard(ctx context.Context, by org.Actor, in *exportIn) (*fileOut, error) {
	id, err := s.boardID(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	book, err := s.cfg.Ranking.Export(ctx, by, id, in.Reason)
	if err != nil {
		return nil, err
	}
	body, err := boardWorkbook(by, book, s.cfg.Zone)
	return workbook(book.Title+".xlsx", body), err
}

// sheet writes one table of the workbook: a title, a line that says where it comes from, a header, rows.
// Every text is a typed string cell, so nothing in it runs as a formula.
type sheet struct {
	file *excelize.File
	name string
	row  int
	look looks
	err  error
}

type looks struct{ title, source, head, text, number, share, points int }

// boardWorkbook is the board as a leader can be handed it: units, people, who is missing, and how it counts.
func boardWorkbook(by org.Actor, book ranking.Book, zone *time.Location) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	look, err := newLooks(f)
	if err != nil {
		return nil, err
	}
	say := func(code string) string { return sentence(by.Lang, "export."+code, nil) }
	source := sentence(by.Lang, "export.source", map[string]any{"at": time.UnixMilli(book.At).In(zone).Format("2006-01-02 15:04"),
		"version": book.Version, "state": say("state_" + book.State), "who": by.Name})
	sheets := []struct {
		name  string
		write func(*sheet)
	}{
		{say("units"), func(s *sheet) { unitRows(s, say, book) }},
		{say("people"), func(s *sheet) { personRows(s, say, book, zone) }},
		{say("missing"), func(s *sheet) { missingRows(s, say, book) }},
		{say("rules"), func(s *sheet) { ruleRows(s, by.Lang, say, book) }},
	}
	for i, part := range sheets {
		if i == 0 {
			err = f.SetSheetName("Sheet1", part.name)
		} else {
			_, err = f.NewSheet(part.name)
		}
		if err != nil {
			return nil, err
		}
		s := &sheet{file: f, name: part.name, look: look}
		s.write(look.title, book.Title+" · "+part.name)
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

func newLooks(f *excelize.File) (l looks, err error) {
	line := []excelize.Border{{Type: "bottom", Color: "D9DDD6", Style: 1}}
	for _, s := range []struct {
		to    *int
		style excelize.Style
	}{
		{&l.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}}},
		{&l.source, excelize.Style{Font: &excelize.Font{Size: 10, Color: "55635D"}}},
		{&l.head, excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Color: []string{"0B5D4B"}, Pattern: 1},
			Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}}},
		{&l.text, excelize.Style{Border: line, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}}},
		{&l.number, excelize.Style{Border: line, NumFmt: 1}},
		{&l.share, excelize.Style{Border: line, NumFmt: 10}},
		{&l.points, excelize.Style{Border: line, NumFmt: 2}},
	} {
		if *s.to, err = f.NewStyle(&s.style); err != nil {
			return l, err
		}
	}
	return l, nil
}

// share and points are cells with a format of their own; a nil one is an empty cell.
type (
	share  *float64
	points *int64
)

func (s *sheet) write(style int, cells ...any) {
	s.row++
	for i, value := range cells {
		cell, err := excelize.CoordinatesToCellName(i+1, s.row)
		if err != nil {
			s.err = err
			return
		}
		look := style
		switch v := value.(type) {
		case string:
			err = s.file.SetCellStr(s.name, cell, v)
		case share:
			look = s.look.share
			if v != nil {
				err = s.file.SetCellFloat(s.name, cell, *v, 6, 64)
			}
		case points:
			look = s.look.points
			if v != nil {
				err = s.file.SetCellFloat(s.name, cell, float64(*v)/100, 2, 64)
			}
		case plain:
			look = s.look.points
			if v != nil {
				err = s.file.SetCellFloat(s.name, cell, *v, 6, 64)
			}
		case *int:
			look = s.look.number
			if v != nil {
				err = s.file.SetCellInt(s.name, cell, int64(*v))
			}
		case int64:
			look = s.look.number
			err = s.file.SetCellInt(s.name, cell, v)
		}
		if err == nil {
			err = s.file.SetCellStyle(s.name, cell, cell, look)
		}
		if err != nil {
			s.err = err
			return
		}
	}
}

// table writes the header, freezes it and sets the columns' widths.
func (s *sheet) table(widths []float64, head ...any) {
	s.write(s.look.head, head...)
	for i, w := range widths {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err == nil {
			err = s.file.SetColWidth(s.name, name, name, w)
		}
		if err != nil {
			s.err = err
			return
		}
	}
	top, err := excelize.CoordinatesToCellName(1, s.row+1)
	if err == nil {
		err = s.file.SetPanes(s.name, &excelize.Panes{Freeze: true, YSplit: s.row, TopLeftCell: top, ActivePane: "bottomLeft"})
	}
	if err != nil {
		s.err = err
	}
}

func unitRows(s *sheet, say func(string) string, book ranking.Book) {
	s.table([]float64{8, 34, 10, 10, 10, 12, 12, 12, 12, 10}, say("rank"), say("unit"), say("band"), say("expected"), say("participants"),
		say("participation"), say("average"), say("pass_rate"), say("score"), say("lacking"))
	for _, u := range book.Units {
		s.write(s.look.text, u.Rank, u.Unit.Name, u.Band, u.Expected, u.Participants, share(u.ParticipationRate), points(u.Average),
			share(u.PassRate), points(u.Score), u.Missing)
	}
}

func personRows(s *sheet, say func(string) string, book ranking.Book, zone *time.Location) {
	s.table([]float64{8, 14, 34, 12, 12, 10, 20}, say("rank"), say("name"), say("unit"), say("score"), say("time"), say("attempts"), say("submitted"))
	for _, p := range book.People {
		spent := (time.Duration(p.TimeMS) * time.Millisecond).Truncate(time.Second)
		s.write(s.look.text, p.Rank, p.Person.Name, p.Unit.Name, points(&p.Score), spent.String(), p.Attempts,
			time.UnixMilli(p.SubmittedAt).In(zone).Format("2006-01-02 15:04:05"))
	}
}

func missingRows(s *sheet, say func(string) string, book ranking.Book) {
	s.table([]float64{14, 34, 20, 16}, say("name"), say("unit"), say("position"), say("progress"))
	for _, m := range book.Missing {
		s.write(s.look.text, m.Person.Name, m.Unit.Name, m.Position, say("progress_"+m.State))
	}
}

func ruleRows(s *sheet, lang string, say func(string) string, book ranking.Book) {
	s.table([]float64{100}, say("rules"))
	for _, w := range book.Words {
		s.write(s.look.text, sentence(lang, w.Code, w.Args))
	}
}
