// Package traceview makes something to look at of traces (internal/tracefile): a page, and
// files for Perfetto, ShiViz and Mermaid. docs/trace.md shows them.
//
// All forms of one trace have the same events, messages and faults, and equal traces are
// equal byte by byte in each.
package traceview
