package quiz

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/law"
	"jingzhong/org"
	"jingzhong/quiz/exchange"
)

// judge turns parsed rows into checked questions.
type judge struct {
	topics  map[string]int64
	topicID int64 // for rows that name none; 0 = there must be one
	use     string
	place   func(*content) error // finds the pictures a question shows
	notes   []ImportProblem      // about the whole file
}

func (b *Bank) newJudge(tx *gorm.DB, by org.Actor, use string, topicID int64) (*judge, error) {
	topics, err := topicsOf(tx)
	if err != nil {
		return nil, err
	}
	j := &judge{topics: map[string]int64{}, topicID: topicID, use: use,
		place: func(c *content) error { return placePictures(tx, by, b.db.Now(), c) }}
	known := topicID == 0
	for _, t := range topics {
		j.topics[searchFold(t.Name)] = t.ID
		known = known || t.ID == topicID
	}
	if !known {
		return nil, errTopicUnknown.At("topicId")
	}
	return j, nil
}

// judged is a row with its question, if it makes one.
type judged struct {
	content  content
	ok       bool
	problems []ImportProblem
	warnings []ImportProblem
	broken   error // the database could not be asked
}

// row checks one row: what the reader of the file found, then everything a question must keep.
func (j *judge) row(row exchange.Row) judged {
	out := judged{problems: importProblems(row.Problems), warnings: importProblems(row.Warnings)}
	add := func(list *[]ImportProblem, field exchange.Field, f *fault.Error) {
		*list = append(*list, ImportProblem{Sheet: row.Sheet, Line: row.Line, Column: exchange.HeaderOf(field), Code: f.Code, Args: f.Args})
	}
	in := j.input(row.Item, func(field exchange.Field, f *fault.Error) { add(&out.warnings, field, f) },
		func(field exchange.Field, f *fault.Error) { add(&out.problems, field, f) })
	if len(row.Problems) > 0 {
		return out
	}
	c, err := checkQuestion(in)
	if err == nil {
		err = j.place(&c)
	}
	if err != nil {
		f, ok := fault.As(err)
		if !ok {
			out.broken = err
			return out
		}
		for _, each := range f.Fields {
			field := fieldOfInput(each.Field)
			said := func(p ImportProblem) bool { return p.Column == exchange.HeaderOf(field) }
			if !slices.ContainsFunc(out.problems, said) {
				add(&out.problems, field, each)
			}
		}
		return out
	}
	for _, w := range c.warnings {
		if w.Code == warnOptionFixed.Code && !row.Exact {
			continue // the reader of the file has said so
		}
		args := map[string]any{"phrase": w.Phrase, "statute": w.Statute, "article": w.Article, "note": w.Note}
		out.warnings = append(out.warnings, ImportProblem{Sheet: row.Sheet, Line: row.Line,
			Column: exchange.HeaderOf(fieldOfInput(w.Field)), Code: w.Code, Args: args, Message: w.Note})
	}
	out.content, out.ok = c, len(out.problems) == 0
	return out
}

// fieldOfInput finds the column of an input field such as options[2].text.
func fieldOfInput(field string) exchange.Field {
	var n int
	if _, err := fmt.Sscanf(field, "options[%d]", &n); err == nil && n >= 0 && n < 10 {
		return exchange.Field("ABCDEFGHIJ"[n : n+1])
	}
	switch {
	case field == "options", field == "truth", field == "rubric", strings.HasPrefix(field, "blanks"), strings.HasPrefix(field, "pairs"):
		return exchange.FieldAnswer
	case field == "topicId":
		return exchange.FieldTopic
	}
	return exchange.Field(field)
}

// input is the item as an author would have given it.
func (j *judge) input(it exchange.Item, warn, fail func(exchange.Field, *fault.Error)) QuestionInput {
	in := QuestionInput{Kind: it.Kind, Stem: it.Stem, Explanation: it.Explanation, LawQuote: it.LawQuote,
		Use: it.Use, Difficulty: it.Difficulty, Tags: slices.Clone(it.Tags)}
	if in.Use == "" {
		in.Use = j.use
	}
	if k, ok := kinds[it.Kind]; ok {
		k.read(it, &in)
	}
	j.topic(it, &in, warn, fail)
	j.cite(it, &in, warn)
	if it.Points > 0 && len(j.notes) == 0 {
		j.notes = append(j.notes, ImportProblem{Column: exchange.HeaderOf(exchange.FieldPoints), Code: warnPoints.Code})
	}
	return in
}

// topic finds the row's topic by name: in its own column, else among its tags, else the import's. Words of
// the topic column that are no topic are kept as tags.
func (j *judge) topic(it exchange.Item, in *QuestionInput, warn, fail func(exchange.Field, *fault.Error)) {
	words := []string{it.Topic}
	if _, whole := j.topics[searchFold(it.Topic)]; !whole {
		words = strings.FieldsFunc(it.Topic, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("、,，;；|/>", r) })
	}
	for _, word := range words {
		if id, ok := j.topics[searchFold(word)]; ok && in.TopicID == 0 {
			in.TopicID = id
		} else if word != "" && !slices.Contains(in.Tags, word) {
			in.Tags = append(in.Tags, word)
		}
	}
	for _, tag := range it.Tags {
		if id, ok := j.topics[searchFold(tag)]; ok && in.TopicID == 0 {
			in.TopicID = id
		}
	}
	switch {
	case in.TopicID != 0:
	case j.topicID != 0:
		in.TopicID = j.topicID
		if it.Topic != "" {
			warn(exchange.FieldTopic, warnTopicGuessed.With("topic", it.Topic))
		}
	case it.Topic != "":
		fail(exchange.FieldTopic, errTopicUnknown.With("topic", it.Topic))
	}
}

// cite reads the reference. What the statute columns cannot hold (a statute outside the index, a 项, a
// second citation) is kept at the end of the explanation, so that nothing is lost.
func (j *judge) cite(it exchange.Item, in *QuestionInput, warn func(exchange.Field, *fault.Error)) {
	in.Statute, in.Article, in.Paragraph = it.Statute, it.Article, it.Paragraph
	if it.Statute != "" || it.Reference == "" {
		return
	}
	cited := law.Citations(it.Reference)
	whole := len(cited) == 1 && cited[0].Item == 0
	if len(cited) > 0 {
		in.Statute, in.Article, in.Paragraph = cited[0].Code, cited[0].Article, cited[0].Paragraph
	}
	if !whole {
		in.Explanation = strings.TrimSpace(in.Explanation + "\n依据：" + it.Reference)
		warn(exchange.FieldReference, warnReference.With("reference", it.Reference))
	}
}

// lines judges every row of a file and makes the rows to be stored.
func (j *judge) lines(rows []exchange.Row) ([]importLine, error) {
	lines := make([]importLine, len(rows))
	for i, row := range rows {
		lines[i] = importLine{N: i + 1, Sheet: row.Sheet, Line: row.Line}
		if err := lines[i].set(row, j.row(row)); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// set writes the outcome of a judgement into the stored row.
func (l *importLine) set(row exchange.Row, out judged) error {
	if out.broken != nil {
		return out.broken
	}
	l.State, l.TextHash, l.DuplicateOf = ImportRowError, "", 0
	if out.ok {
		l.State, l.TextHash, l.simhash = ImportRowReady, out.content.textHash(), out.content.simHash()
	}
	item, err := json.Marshal(storedCells{Exact: row.Exact, Cells: row.Cells, Text: row.Text})
	if err != nil {
		return fmt.Errorf("quiz: import row: %w", err)
	}
	problems, err := json.Marshal(listed(out.problems))
	if err != nil {
		return fmt.Errorf("quiz: import row: %w", err)
	}
	warnings, err := json.Marshal(listed(out.warnings))
	if err != nil {
		return fmt.Errorf("quiz: import row: %w", err)
	}
	l.Item, l.Problems, l.Warnings = string(item), string(problems), string(warnings)
	return nil
}

// listed keeps an empty list from being written as null.
func listed(list []ImportProblem) []ImportProblem {
	if list == nil {
		return []ImportProblem{}
	}
	return list
}

func importProblems(problems []exchange.Problem) []ImportProblem {
	out := make([]ImportProblem, 0, len(problems))
	for _, p := range problems {
		column := p.Column
		if column == "" {
			column = exchange.HeaderOf(p.Field)
		}
		out = append(out, ImportProblem{Sheet: p.Sheet, Line: p.Line, Column: column, Code: p.Code, Args: p.Args, Message: p.Message, Text: p.Text})
	}
	return out
}

// markDuplicates finds rows that ask what an earlier row of the file or a question the reader may see asks
// already. Retired questions do not count.
func (b *Bank) markDuplicates(tx *gorm.DB, r *reach, lines []importLine) error {
	first := map[string]int{}
	var hashes []string
	for i := range lines {
		l := &lines[i]
		if l.State != ImportRowReady {
			continue
		}
		if n, ok := first[l.TextHash]; ok {
			l.State, l.DuplicateOf = ImportRowDuplicate, -int64(n)
			continue
		}
		first[l.TextHash] = l.N
		hashes = append(hashes, l.TextHash)
	}
	known, err := b.knownHashes(tx, r, hashes)
	if err != nil {
		return err
	}
	for i := range lines {
		if id, ok := known[lines[i].TextHash]; ok && lines[i].State == ImportRowReady {
			lines[i].State, lines[i].DuplicateOf = ImportRowDuplicate, id
		}
	}
	return nil
}

// knownHashes finds questions of the bank by what they ask.
func (b *Bank) knownHashes(tx *gorm.DB, r *reach, hashes []string) (map[string]int64, error) {
	known := map[string]int64{}
	for start := 0; start < len(hashes); start += bankChunk {
		var found []struct {
			ID       int64
			TextHash string
		}
		err := r.visible(tx.Table("questions AS q").Select("q.id, q.text_hash"), b.db.Now()).
			Where("q.state <> ? AND q.text_hash IN ?", QuestionRetired, hashes[start:min(start+bankChunk, len(hashes))]).
			Find(&found).Error
		if err != nil {
			return nil, fmt.Errorf("quiz: duplicates: %w", err)
		}
		for _, q := range found {
			known[q.TextHash] = q.ID
		}
	}
	return known, nil
}

// UpdateImportRow mends a row in place: cells replaces what the row said, by field, and the row is judged
// again. Only an import that has not been applied can be mended, by its own author.
func (b *Bank) UpdateImportRow(ctx context.Context, by org.Actor, id int64, n int, cells exchange.Cells) (QuestionImportRow, error) {
	var out QuestionImportRow
	clean := exchange.Cells{}
	for field, text := range cells {
		if exchange.HeaderOf(field) == "" && field != exchange.FieldOptions && field != exchange.FieldItems {
			return out, ErrImportField.At(string(field))
		}
		if text = strings.TrimSpace(text); text != "" {
			clean[field] = text
		}
	}
	err := b.db.Tx(ctx, func(tx *gorm.DB) error {
		r, err := reachOf(tx, by)
		if err != nil {
			return err
		}
		imp, err := ownImport(tx, by, id)
		if err != nil {
			return err
		}
		if imp.State != ImportReady {
			return ErrImportState.With("state", imp.State)
		}
		var line importLine
		if err := tx.Limit(1).Find(&line, "import_id = ? AND n = ?", id, n).Error; err != nil {
			return fmt.Errorf("quiz: import row: %w", err)
		}
		if line.N == 0 {
			return ErrImportRow
		}
		old, err := line.row()
		if err != nil {
			return err
		}
		j, err := b.newJudge(tx, by, imp.Use, imp.TopicID)
		if err != nil {
			return err
		}
		old.Cells = clean
		row := exchange.Parse(old)
		if err := line.set(row, j.row(row)); err != nil {
			return err
		}
		if err := b.againstOthers(tx, r, &line); err != nil {
			return err
		}
		if err := saveLine(tx, line); err != nil {
			return err
		}
		e := b.entry(by, "question_import.mend", id, imp.UnitID)
		e.ObjectKind, e.After = "question_import", map[string]any{"row": n, "state": line.State}
		if err := audit.Append(ctx, tx, e); err != nil {
			return err
		}
		out, err = line.view()
		return err
	})
	return out, err
}

// againstOthers looks for the mended row's question among the other rows and in the bank.
func (b *Bank) againstOthers(tx *gorm.DB, r *reach, line *importLine) error {
	if line.State != ImportRowReady {
		return nil
	}
	var twin []int
	err := tx.Model(&importLine{}).Where("import_id = ? AND n <> ? AND text_hash = ? AND state = ?", line.ImportID, line.N,
		line.TextHash, ImportRowReady).Limit(1).Pluck("n", &twin).Error
	if err != nil {
		return fmt.Errorf("quiz: import row: %w", err)
	}
	if len(twin) > 0 {
		line.State, line.DuplicateOf = ImportRowDuplicate, -int64(twin[0])
		return nil
	}
	one := []importLine{*line}
	if err := b.markDuplicates(tx, r, one); err != nil {
		return err
	}
	if err := b.markNear(tx, r, one); err != nil {
		return err
	}
	*line = one[0]
	return nil
}

func saveLine(tx *gorm.DB, l importLine) error {
	res := tx.Model(&importLine{}).Where("import_id = ? AND n = ?", l.ImportID, l.N).Updates(map[string]any{
		"state": l.State, "item": l.Item, "problems": l.Problems, "warnings": l.Warnings, "text_hash": l.TextHash,
		"duplicate_of": l.DuplicateOf})
	if res.Error != nil {
		return fmt.Errorf("quiz: mend row: %w", res.Error)
	}
	if res.RowsAffected != 1 {
		return ErrImportRow
	}
	return nil
}
