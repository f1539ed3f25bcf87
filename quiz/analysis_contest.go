package quiz

import (
	"context"
	"fmt"
	"sync"
	"time"

	"jingzhong/org"
)

// Analysis is a contest's item analysis over its graded attempts (rules-contest 5.13).
type Analysis struct {
	ContestID int64
	Title     string
	State     ContestState
	At        int64 // when it was formed, ms UTC
	Version   int64 // of the board it belongs to
	Paper     PaperStatistics
	Items     []ItemStatistics // in the order of the pool, those that somebody had
}

// analysisFresh is how long an analysis serves although the board has moved: people hand in all the time.
const analysisFresh = time.Minute

// maxAnalyses bounds the cache.
const maxAnalyses = 16

// analysisCache keeps analyses by contest until the board's version moves. One is formed at a time.
type analysisCache struct {
	mu    sync.Mutex
	items map[int64]Analysis
	form  sync.Mutex
}

func newAnalysisCache() *analysisCache { return &analysisCache{items: map[int64]Analysis{}} }

func (c *analysisCache) get(id, version, now int64) (Analysis, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok := c.items[id]
	return a, ok && (a.Version == version || (now >= a.At && now-a.At < analysisFresh.Milliseconds()))
}

func (c *analysisCache) put(a Analysis) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.items) >= maxAnalyses {
		clear(c.items)
	}
	c.items[a.ContestID] = a
}

// Analyse returns the contest's analysis for whoever may see its keys.
func (s *Contests) Analyse(ctx context.Context, by org.Actor, contestID int64) (Analysis, error) {
	c, err := s.organised(ctx, by, contestID, org.SeeKeys)
	if err != nil {
		return Analysis{}, err
	}
	version, err := s.boardVersion(ctx, c)
	if err != nil {
		return Analysis{}, err
	}
	now := s.db.Now()
	a, ok := s.analyses.get(c.ID, version, now)
	if !ok {
		s.analyses.form.Lock()
		defer s.analyses.form.Unlock()
		if a, ok = s.analyses.get(c.ID, version, now); !ok {
			if a, err = s.analysis(ctx, c, version); err != nil {
				return Analysis{}, err
			}
		}
	}
	a.Title, a.State = c.Title, c.state(now)
	return a, nil
}

// boardVersion moves with every result; 0 = the contest has no board yet.
func (s *Contests) boardVersion(ctx context.Context, c contestRow) (int64, error) {
	if c.BoardID == 0 {
		return 0, nil
	}
	b, err := s.ranking.FindBoard(ctx, c.BoardID)
	return b.Version, err
}

// analysis forms the statistics and remembers them.
func (s *Contests) analysis(ctx context.Context, c contestRow, version int64) (Analysis, error) {
	a := Analysis{ContestID: c.ID, Title: c.Title, State: c.state(s.db.Now()), Version: version, Items: []ItemStatistics{}}
	study, leaves, err := s.studyAttempts(ctx, c, 0)
	if err != nil {
		return a, err
	}
	if a.Paper, a.Items, err = s.named(ctx, study, leaves); err != nil {
		return a, err
	}
	a.At = s.db.Now()
	s.analyses.put(a)
	return a, nil
}

// named closes a study and gives its items their words.
func (s *Contests) named(ctx context.Context, study *study, leaves map[leafKey]frozenQuestion) (PaperStatistics, []ItemStatistics, error) {
	paper, items := study.statistics()
	ids := make([]int64, 0, len(items))
	seen := map[int64]bool{}
	for _, item := range items {
		if !seen[item.VersionID] {
			seen[item.VersionID] = true
			ids = append(ids, item.VersionID)
		}
	}
	versions, err := loadVersions(s.db.Read(ctx), ids)
	if err != nil {
		return paper, nil, err
	}
	for i := range items {
		item, q := &items[i], leaves[study.items[i].key]
		v, ok := versions[item.VersionID]
		if !ok {
			return paper, nil, fmt.Errorf("quiz: version %d is gone", item.VersionID)
		}
		leaf := v.leaves()[q.part]
		item.QuestionID, item.Kind, item.Stem, item.Expected = q.questionID, q.kind, leaf.stem, v.difficulty
		if q.of > 1 || v.kind == KindGroup {
			item.Part = q.part + 1
		}
		for k := range item.Options {
			item.Options[k].Text = leaf.options[k].text
		}
	}
	return paper, items, nil
}
