// Package report makes the report of a sweep (samerun test -report): what was run, each distinct
// failure with its story, what was covered and what was not, and how coverage grew, as a page,
// as JSON and as Markdown (docs/report.md).
//
// A [Collector] takes in runs in whatever order they end, and comes to the same for all orders. A
// [Folder] is where a report is written, over an earlier report and over nothing else.
package report
