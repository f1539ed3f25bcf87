// Package seed is the demo county, 清川县: 44 units and 6 enterprises, about 1,900 people, more than 1,000
// questions, 44 cases and four contests, all invented. Load puts them into an empty database through the
// services and importers a user works with, in the order in which a county would have done it, so what the
// demo shows is what the program does. Names, units and questions are embedded tables; the same seed of chance makes the same
// county each time, with dates counted from the day of loading.
package seed
