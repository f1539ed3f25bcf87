package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"gorm.io/gorm"

	"jingzhong/org"
	"jingzhong/quiz"
	"jingzhong/ranking"
	"jingzhong/server"
	"jingzhong/store"
)

// contestants is how many people the hall holds.
const contestants = 2000

var siteKey = []byte("bench-key-bench-key-bench-key-32")

// hall is the real server on a real database on disk, with a contest open to everybody.
type hall struct {
	dir      string
	db       *store.DB
	org      *org.Service
	contests *quiz.Contests
	server   *server.Server
	addr     string
	tokens   []string
	trainer  org.Actor
	actors   map[int64]org.Actor
}

func newHall() (*hall, error) {
	dir, err := os.MkdirTemp("", "jingzhong-bench")
	if err != nil {
		return nil, err
	}
	h := &hall{dir: dir, actors: map[int64]org.Actor{}}
	ctx := context.Background()
	if h.db, err = store.Open(ctx, store.Config{Path: filepath.Join(dir, "jingzhong.db"), Now: time.Now}); err != nil {
		return nil, err
	}
	if h.org, err = org.New(h.db, time.Now, org.Config{Secret: siteKey}); err != nil {
		return nil, err
	}
	boards := ranking.New(h.db, time.Now)
	bank := quiz.NewBank(h.db, time.Now)
	h.contests = quiz.NewContests(quiz.ContestsConfig{DB: h.db, Org: h.org, Ranking: boards, Now: time.Now, Key: siteKey})
	if err := h.populate(ctx, bank); err != nil {
		return nil, err
	}
	h.server, err = server.New(server.Config{Version: "bench", Now: time.Now, TokenKey: siteKey, Services: server.Services{Org: h.org, Bank: bank,
		Contests: h.contests, Ranking: boards},
		Authenticate: func(_ context.Context, sessionID string, personID, _ int64) (org.Actor, error) {
			return h.actors[personID], nil
		},
		Denied: func(context.Context, org.Actor, string, string) error { return nil }})
	if err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	h.addr = ln.Addr().String()
	go h.server.Serve(ln)
	return h, nil
}

func (h *hall) close() {
	h.server.Shutdown(context.Background())
	h.org.Close()
	h.db.Close()
	os.RemoveAll(h.dir)
}

func (h *hall) populate(ctx context.Context, bank *quiz.Bank) error {
	err := h.db.Tx(ctx, func(tx *gorm.DB) error {
		w := store.Writing(tx)
		if _, err := w.Exec(`INSERT INTO units (id, name, kind, tier, path, created_at, updated_at) VALUES (1, '清川县', 'agency', 1, '/1/', 1, 1)`); err != nil {
			return err
		}
		for i := range contestants + 1 {
			if _, err := w.Exec(`INSERT INTO people (id, name, username, unit_id, status, created_at, updated_at) VALUES (?, ?, ?, 1, 'active', 1, 1)`,
				i+1, fmt.Sprint("学员", i), fmt.Sprint("p", i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	h.trainer = org.Actor{PersonID: contestants + 1, Name: "教员", UnitID: 1, UnitPath: "/1/", Mode: org.ModeQuick, SessionID: "t",
		Grants: []org.Grant{{Role: org.RoleTrainer, UnitID: 1, UnitPath: "/1/"}}}
	for i := range int64(contestants) {
		h.actors[i+1] = org.Actor{PersonID: i + 1, Name: "学员", UnitID: 1, UnitPath: "/1/", Mode: org.ModeQuick, SessionID: "s" + strconv.FormatInt(i, 10)}
		h.tokens = append(h.tokens, token(i+1))
	}
	topics, err := bank.Topics(ctx, h.trainer)
	if err != nil {
		return err
	}
	for i := range 300 {
		_, err := bank.CreateQuestion(ctx, h.trainer, quiz.QuestionInput{Kind: quiz.KindSingle, TopicID: topics[i%len(topics)].ID, Use: quiz.UseBoth, Publish: true,
			Statute: "BMF", Article: "26", Explanation: "《保密法》第二十六条。", Difficulty: 40 + 20*(i%3),
			Stem: fmt.Sprintf("第%d题：小陈要把一份机密级文件送到市局，路上需要在服务区停留半小时。下列做法中，符合保密规定的是哪一项？", i),
			Options: []quiz.OptionInput{{Text: "由两人护送，文件不离开人的视线，停留时留一人看护", Correct: true}, {Text: "把文件锁进后备箱，两人一起到餐厅用餐后再出发"},
				{Text: "用手机拍照留底后，把原件寄存在服务区的前台"}, {Text: "联系普通快递上门取件，保价后寄往市局收发室"}}})
		if err != nil {
			return err
		}
	}
	return nil
}

// open publishes a contest of 30 questions that is open now.
func (h *hall) open() (int64, error) {
	ctx := context.Background()
	now := time.Now().UnixMilli()
	c, err := h.contests.CreateContest(ctx, h.trainer, quiz.ContestInput{Title: "测速", OpensAt: now - 1000, ClosesAt: now + 86_400_000, Limit: 3_600_000,
		Kept: quiz.KeptBest, Scoring: quiz.ScoringM0, PassMark: 6000, ExcellentMark: 9000, Takeover: quiz.TakeoverFree, ScoreShow: quiz.ShowClose,
		ReviewShow: quiz.ShowClose, Audience: org.Audience{All: true}, Rows: []quiz.Row{{Count: 30, Points: 100}}})
	if err != nil {
		return 0, err
	}
	if _, err := h.contests.Publish(ctx, h.trainer, c.ID); err != nil {
		return 0, err
	}
	return c.ID, h.contests.Sweep(ctx)
}

// token is an access token of the server's making, signed here so that two thousand people need no password.
func token(personID int64) string {
	part := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	now := time.Now().Unix()
	text := part(map[string]any{"alg": "HS256", "typ": "at+jwt"}) + "." + part(map[string]any{"sub": strconv.FormatInt(personID, 10), "sid": "s", "ep": 1,
		"iss": "jingzhong", "aud": []string{"jingzhong-api"}, "iat": now, "exp": now + 599})
	mac := hmac.New(sha256.New, siteKey)
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
