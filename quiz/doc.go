// Package quiz is the question bank and the contests that draw from it: questions with immutable versions
// and their keys apart, blueprints proven and frozen into editions, papers drawn from a seed, attempts whose
// answers are acknowledged after COMMIT, scoring, and the clock that opens, closes and grades
// (rules-contest.md 5.0-5.6).
package quiz
