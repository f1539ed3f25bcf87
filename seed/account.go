package seed

import (
	"crypto/rand"
	"fmt"
	"strings"
	"text/tabwriter"
)

// randomPassword makes one of 20 letters and digits in groups, without those that look alike.
func randomPassword() string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	raw := make([]byte, 20)
	rand.Read(raw)
	var b strings.Builder
	for i, r := range raw {
		if i > 0 && i%5 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[int(r)%len(letters)])
	}
	return b.String()
}

// shownSlips is how many activation codes are printed, to try a first sign-in with.
const shownSlips = 3

// printAccounts shows who can sign in. The password is printed only if it was made here, and only now.
func (l *loader) printAccounts() {
	fmt.Fprintf(l.Out, "\n演示县 %s：%d 个单位，%d 人，%d 道题。本系统为非涉密系统，严禁存储、处理、传输国家秘密。\n\n",
		CountyName, len(l.units), len(l.people)+1, len(l.questions))
	w := tabwriter.NewWriter(l.Out, 0, 0, 3, ' ', 0)
	for _, c := range l.cast {
		fmt.Fprintf(w, "%s\t%s\t%s\n", c.Account, c.Name, c.About)
	}
	w.Flush()
	if l.chosen {
		fmt.Fprintf(l.Out, "\n以上账号的密码（只显示这一次）：%s\n", l.Password)
	} else {
		fmt.Fprintln(l.Out, "\n以上账号的密码：环境变量 JINGZHONG_DEMO_PASSWORD 的值")
	}
	if len(l.slips) > 0 {
		fmt.Fprintln(l.Out, "其他人用激活码首次登录，例如：")
		for _, s := range l.slips {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.Username, s.Name, s.UnitName, s.Code)
		}
		w.Flush()
	}
}
