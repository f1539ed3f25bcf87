package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"jingzhong/org"
	"jingzhong/quiz"
	"jingzhong/store"
)

// The bank that is searched: five files of ten thousand questions.
const (
	bankFiles    = 5
	bankFileRows = 10_000
)

// Pieces that the stems are put together from, so that words are as common and as rare as in a real bank.
var (
	benchWho   = strings.Fields("定密责任人 涉密人员 机关工作人员 承办人 保密干部 打字员 机要员 驾驶员 外包人员 实习生 网络管理员 会议工作人员")
	benchThing = strings.Fields("绝密级文件 机密级文件 秘密级图纸 涉密光盘 涉密计算机 工作秘密清单 会议录音 传真件 移动硬盘 内部资料 涉密笔记本 测绘成果")
	benchAct   = strings.Fields("复印 销毁 携带外出 拍照 扫描 邮寄 借阅 移交 下载 上传网盘 发到微信群 交给维修公司 带回家中 用人工智能润色")
	benchWhen  = strings.Fields("出差途中 会议期间 离岗时 节假日 夜间值班 外宾来访时 机构合并时 设备报废时 脱密期内 接受采访时")
)

func benchFile(n int) []byte {
	var out strings.Builder
	out.WriteString("题型,题干,选项A,选项B,选项C,选项D,答案,主题,解析\n")
	for i := range bankFileRows {
		k := n*bankFileRows + i
		pick := func(list []string, step int) string { return list[k/step%len(list)] }
		fmt.Fprintf(&out, "单选题,案例%d：%s在%s想把%s%s，正确的做法是,先报批再办理第%d号,直接办理,请同事代办,事后补办手续,A,%s,%s应当履行审批手续\n", k,
			pick(benchWho, 1), pick(benchWhen, 7), pick(benchThing, 3), pick(benchAct, 11), k, []string{"定密", "载体管理", "涉密人员"}[k%3], pick(benchWho, 1))
	}
	return []byte(out.String())
}

// bank measures the import of 10,000 questions and searches over 50,000, both through the service as the server
// calls it, on a database on disk.
func bank(rounds int, _ time.Duration) ([]figure, error) {
	dir, err := os.MkdirTemp("", "jingzhong-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	db, err := store.Open(ctx, store.Config{Path: filepath.Join(dir, "jingzhong.db"), Now: time.Now})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	w := func(b *store.Batch) error {
		_, err := b.Exec(`INSERT INTO units (id, name, kind, tier, path, created_at, updated_at) VALUES (1, '清川县', 'agency', 1, '/1/', 1, 1)`)
		return err
	}
	if err := db.Committer.Do(ctx, 0, w); err != nil {
		return nil, err
	}
	by := org.Actor{PersonID: 1, Name: "教员", UnitID: 1, UnitPath: "/1/", Mode: org.ModeQuick,
		Grants: []org.Grant{{Role: org.RoleTrainer, UnitID: 1, UnitPath: "/1/"}}}
	questions := quiz.NewBank(db, time.Now)
	var imported float64
	for n := range bankFiles {
		begun := time.Now()
		read, err := questions.PrepareImport(ctx, by, quiz.QuestionFile{Name: "bank.csv", Data: benchFile(n)})
		if err != nil {
			return nil, err
		}
		done, err := questions.ApplyImport(ctx, by, read.ID, quiz.ApplyInput{})
		if err != nil {
			return nil, err
		}
		if done.Counts.Imported != bankFileRows {
			return nil, fmt.Errorf("%d of %d imported", done.Counts.Imported, bankFileRows)
		}
		if n == 0 {
			imported = time.Since(begun).Seconds()
		}
	}
	page, counted, err := searches(ctx, questions, by, rounds)
	if err != nil {
		return nil, err
	}
	return []figure{
		{"10,000 questions imported, read to published", imported, 30, false, " s", "CSV, one file"},
		{"bank search over 50,000 questions, p95", page, 50, false, " ms", "a page of 50 by words of one to five characters, with and without filters"},
		{"the same with its total and facets, p95", counted, 150, false, " ms", "one pass over all that match"},
	}, nil
}

// searches returns the 95th percentiles in ms of a page alone and of a page with its counts.
func searches(ctx context.Context, bank *quiz.Bank, by org.Actor, rounds int) (page, counted float64, err error) {
	filters := []quiz.QuestionFilter{{}, {Kinds: []string{quiz.KindSingle}}, {TopicIDs: []int64{2}}, {States: []string{quiz.QuestionDraft}}}
	words := strings.Fields("定密 密 人 保 光盘 微信群 责任人 4999 案例 驾驶员 工作秘密 审批 定密审批 脱密期 不存在的词 脱")
	var times [2][]float64
	for range rounds {
		for _, word := range words {
			for i, f := range filters {
				f.Query = word
				for side := range times {
					f.WithCount = side == 1
					if f.WithCount && i > 0 {
						continue
					}
					begun := time.Now()
					if _, err := bank.ListQuestions(ctx, by, f); err != nil {
						return 0, 0, err
					}
					times[side] = append(times[side], float64(time.Since(begun).Microseconds())/1000)
				}
			}
		}
	}
	for _, t := range times {
		slices.Sort(t)
	}
	at := func(t []float64) float64 { return t[len(t)*95/100] }
	return at(times[0]), at(times[1]), nil
}
